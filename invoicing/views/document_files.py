"""A document as PDF, e-invoice or CSV."""

from django.http.response import HttpResponseBase

from invoicing.document_files import answer
from invoicing.selectors.documents import documents
from resellerhub.kernel.refusals import found
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest


@page("invoice.view")
def invoice_file(request: PageRequest, pk: int, kind: str) -> HttpResponseBase:
    return answer(request.actor, found(documents(request.actor), pk=pk), kind)
