"""Customers and resellers out of a file."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.web.exports import FORMATS, template_file
from resellerhub.web.formats import number
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.imports import ImportForm
from tenants.roles import Kind
from tenants.services.imports import COLUMNS, check_import, import_customers, import_resellers
from tenants.services.reading import read_table
from tenants.uploading import UploadErrors, own_headings

IMPORTS: dict[str, Any] = {Kind.CUSTOMER: import_customers, Kind.RESELLER: import_resellers}


@page("{kind}.create")
def import_template(request: PageRequest, kind: str) -> HttpResponseBase:
    wanted = request.GET.get("format", "csv")
    if wanted not in FORMATS:
        raise Http404
    return template_file([str(column.field.label) for column in COLUMNS[kind]], wanted, f"{kind}s")


@page("{kind}.create")
def import_file(request: PageRequest, kind: str) -> HttpResponseBase:
    """Checked as a whole; made as a whole, or refused with every line that is wrong."""
    form = ImportForm(
        request.POST or None,
        request.FILES or None,
        sellers=selectors.sellers(request.actor),
        initial={"seller": request.actor.tenant_id},
    )
    errors = UploadErrors()
    count = operate(request, form, lambda values: errors.note(lambda: carry_out(request, form, kind, values)))
    checked = ""
    if count is not None and form.values["dry_run"]:
        checked = _("All %(count)s rows can be imported. Nothing was saved yet.") % {"count": number(count)}
    elif count is not None:
        messages.success(request, _("%(count)s were imported.") % {"count": number(count)})
        return redirect(shell_url(request, f"{kind}s"))
    is_reseller = kind == Kind.RESELLER
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Import resellers") if is_reseller else _("Import customers"),
            intro=_("Fill in the template and upload it. All rows are saved, or with a single one wrong none."),
            submit=_("Import"),
            cancel_url=shell_url(request, f"{kind}s"),
            parent=f"{kind}s",
            template="tenants/upload.html",
            context={
                "refused": errors.refused,
                "checked": checked,
                "template_url": shell_url(request, f"{kind}_import_template"),
            },
        ),
    )


def carry_out(request: PageRequest, form: ImportForm, kind: str, values: dict[str, Any]) -> int:
    """How many rows were made, or can be."""
    table = read_table(values["file"], COLUMNS[kind], ignored=own_headings(kind))
    seller_id = values["seller"].pk
    if values["dry_run"]:
        return check_import(actor=request.actor, kind=kind, seller_id=seller_id, table=table, now=timezone.now())
    now = timezone.now()
    made = IMPORTS[kind](actor=request.actor, seller_id=seller_id, table=table, request_id=form.request_uuid, now=now)
    return len(made)
