"""Documents as files, for pages and API: from the frozen paper, so that it is the same file in ten years."""

from django.http import HttpResponse

from invoicing.lacking_words import told
from invoicing.models import Document
from invoicing.papers.einvoice import lacking
from invoicing.papers.files import Format, file_of, offered
from invoicing.refusals import NamesOnIt, NotOffered
from invoicing.selectors.papers import is_readable_to, logo_of, paper_of
from tenants.actor import Actor


def answer(actor: Actor, document: Document, kind: str) -> HttpResponse:
    """Refused: `NamesOnIt` to whom a name on it is hidden, `NotOffered` where it is no e-invoice."""
    if not is_readable_to(actor, document):
        raise NamesOnIt()
    paper = paper_of(document)
    if Format(kind) not in offered(paper):
        raise NotOffered(lacking=told(lacking(paper)) or document.get_kind_display())
    made = file_of(paper, Format(kind), logo_of(paper, document.provider_id))
    return HttpResponse(
        made.content,
        content_type=made.content_type,
        headers={"Content-Disposition": f'attachment; filename="{made.name}"', "X-Content-Type-Options": "nosniff"},
    )
