"""Many invitations at once: the file, and how each of its rows ended."""

from typing import Any

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from resellerhub.kernel.models import Job
from resellerhub.kernel.refusals import found
from resellerhub.web.details import Counter
from resellerhub.web.exports import FORMATS, template_file
from resellerhub.web.formats import yes_no
from resellerhub.web.forms import Fieldset, FormPage, operate, render_form
from resellerhub.web.job_lists import TONES, JobPage, render_job
from resellerhub.web.lists import Action, Empty, ListPage
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.batch_rows import outcome_label, outcomes, rows_of
from tenants.filters.batches import BatchRowFilter
from tenants.forms.invitations import BatchForm
from tenants.models import InvitationBatch
from tenants.services.batches import COLUMNS, Terms, start_invitation_batch
from tenants.services.inviting import types_of
from tenants.services.reading import read_table
from tenants.tables.batches import BatchRowTable
from tenants.uploading import UploadErrors


@page("reseller.invite")
def batch_template(request: PageRequest) -> HttpResponseBase:
    kind = request.GET.get("format", "csv")
    if kind not in FORMATS:
        raise Http404
    return template_file([str(column.field.label) for column in COLUMNS], kind, "invitations")


@page("reseller.invite")
def batch_create(request: PageRequest) -> HttpResponseBase:
    """A file is taken as a whole or refused with every line that is wrong."""
    form = BatchForm(
        request.POST or None,
        request.FILES or None,
        sellers=selectors.sellers(request.actor),
        types=types_of(request.actor.provider_id),
        initial={"seller": request.actor.tenant_id, "language": get_language()},
    )
    errors = UploadErrors()
    made = operate(request, form, lambda values: errors.note(lambda: start(request, form, values)))
    if made is not None:
        return redirect(shell_url(request, "invitation_batch", made.pk))
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Invite many resellers"),
            intro=_("Fill in the template and upload it. Nothing is sent while a single row is wrong."),
            submit=_("Invite"),
            cancel_url=shell_url(request, "invitations"),
            parent="invitations",
            fieldsets=[
                Fieldset("", ("file", "mails_unregistered")),
                Fieldset(_("New resellers"), ("seller", "reseller_type", "language")),
            ],
            template="tenants/upload.html",
            context={"refused": errors.refused, "template_url": shell_url(request, "invitation_batch_template")},
        ),
    )


def start(request: PageRequest, form: BatchForm, values: dict[str, Any]) -> InvitationBatch:
    terms = Terms(
        seller_id=values["seller"].pk,
        language=values["language"],
        reseller_type=values["reseller_type"],
        mails_unregistered=values["mails_unregistered"],
        file_name=values["file"].name[:200],
    )
    table = read_table(values["file"], COLUMNS)
    now = timezone.now()
    return start_invitation_batch(actor=request.actor, terms=terms, table=table, request_id=form.request_uuid, now=now)


@page("job.view")
def batch(request: PageRequest, pk: int) -> HttpResponseBase:
    """How far it is, how the rows ended, and each of them. Asks for itself while it runs."""
    row = found(InvitationBatch.objects.visible_to(request.actor).select_related("job", "seller__profile"), pk=pk)
    url = shell_url(request, "invitation_batch", row.pk)
    return render_job(
        request,
        ListPage(
            key="invitation_batch_rows",
            title=_("Invitations from %(file)s") % {"file": row.file_name or row.pk},
            queryset=rows_of(row),
            table_class=BatchRowTable,
            filterset_class=BatchRowFilter,
            order=("line",),
            export_name=f"invitations-{row.pk}",
            parent="invitations",
            actions=actions(request, row.job),
            empty=Empty(_("No rows")),
        ),
        JobPage(
            job=row.job,
            url=url,
            heading=_("Rows"),
            nothing=_("No row matches."),
            counters=counters(row, url),
            asked=asked(row),
        ),
    )


def counters(row: InvitationBatch, url: str) -> list[Counter]:
    """How many rows ended in which way, each a link to them."""
    return [
        Counter(outcome_label(outcome), number, f"{url}?outcome={outcome}", tone=TONES.get(outcome, ""))
        for outcome, number in outcomes(row)
    ]


def asked(row: InvitationBatch) -> list[tuple[str, object]]:
    return [
        (_("Seller"), row.seller.profile.name),
        (_("Mail those who are not registered"), yes_no(row.mails_unregistered)),
        (_("Started"), row.created_at),
    ]


def actions(request: PageRequest, job: Job) -> list[Action]:
    """Stop it while it runs; afterwards give what failed another try."""
    if not request.actor.manages(job.tenant_id):
        return []
    if job.is_live and not job.cancel_asked_at:
        url = shell_url(request, "job_cancel", job.pk)
        return [Action(_("Cancel"), url, "", "reseller.invite", post=True, danger=True)]
    if not job.is_live and job.failed:
        url = shell_url(request, "job_retry", job.pk)
        return [Action(_("Try the failed again"), url, "", "reseller.invite", post=True)]
    return []


@page("job.view")
def batch_of_job(request: PageRequest, job_id: int) -> HttpResponse:
    """From the page of jobs to the page that tells more."""
    row = found(InvitationBatch.objects.visible_to(request.actor), job_id=job_id)
    return redirect(shell_url(request, "invitation_batch", row.pk))
