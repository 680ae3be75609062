"""The statement of a bank account, looked at first and then imported."""

from typing import Any

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from invoicing.forms.payments import StatementForm
from invoicing.services.statements import Line, import_statement, match_statement
from invoicing.statement_files import COLUMNS, read_statement
from invoicing.tables.payments import MatchTable
from resellerhub.web.exports import FORMATS, template_file
from resellerhub.web.formats import number
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.models import Tenant
from tenants.naming import name_of
from tenants.uploading import UploadErrors


@page("payment.edit")
def payments_import_template(request: PageRequest) -> HttpResponseBase:
    wanted = request.GET.get("format", "csv")
    if wanted not in FORMATS:
        raise Http404
    return template_file([str(column.field.label) for column in COLUMNS], wanted, "payments")


@page("payment.edit")
def payments_import(request: PageRequest) -> HttpResponseBase:
    """Checked as a whole; imported as a whole, or refused with every line that is wrong."""
    form = StatementForm(request.POST or None, request.FILES or None)
    errors = UploadErrors()
    lines = operate(request, form, lambda values: errors.note(lambda: carry_out(request, values)))
    url = shell_url(request, "payments")
    if lines is not None and not form.values["dry_run"]:
        words = {"count": number(_found(lines)), "left": number(len(lines) - _found(lines))}
        messages.success(request, _("%(count)s payments were recorded, %(left)s lines were left out.") % words)
        return redirect(url)
    checked = table = None
    if lines is not None:
        words = {"count": number(_found(lines)), "rows": number(len(lines))}
        checked = _("%(count)s of %(rows)s lines would be recorded. Nothing was saved yet.") % words
        table = MatchTable(lines, names=_names(request, lines), orderable=False)
        table.request = request
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Import a statement"),
            intro=_(
                "Each line is recorded once, however often it is imported. Its payer is found by the number of a "
                "document, by the bank account, or by name and amount; other lines are left out."
            ),
            submit=_("Go on"),
            cancel_url=url,
            parent="payments",
            template="invoicing/payment_import.html",
            context={
                "refused": errors.refused,
                "checked": checked,
                "table": table,
                "template_url": shell_url(request, "payments_import_template"),
            },
        ),
    )


def carry_out(request: PageRequest, values: dict[str, Any]) -> list[Line]:
    table = read_statement(values["file"])
    if values["dry_run"]:
        return match_statement(actor=request.actor, table=table, now=timezone.now())
    lines, _made = import_statement(actor=request.actor, table=table, now=timezone.now())
    return lines


def _found(lines: list[Line]) -> int:
    return sum(1 for line in lines if line.payer_id)


def _names(request: PageRequest, lines: list[Line]) -> dict[int, str]:
    rows = Tenant.objects.visible_to(request.actor).filter(pk__in={line.payer_id for line in lines})
    return {row.pk: name_of(request.actor, row) for row in rows.select_related("profile")}
