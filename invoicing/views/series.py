"""Number series: how documents are called from the next one on."""

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from invoicing.filters.documents import SeriesFilter
from invoicing.forms.documents import SeriesForm
from invoicing.models import DocumentKind
from invoicing.selectors.documents import number_series as series_of
from invoicing.services.series import set_number_series, usual_pattern
from invoicing.tables.documents import SeriesTable
from resellerhub.kernel.refusals import NotFound
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.models import Profile


@page("settings.edit")
def number_series(request: PageRequest) -> HttpResponseBase:
    known = set(series_of(request.actor).filter(issuer=request.actor.tenant_id).values_list("kind", flat=True))
    actions = [
        Action(_("Say for: %(kind)s") % {"kind": label}, shell_url(request, "number_series_edit", kind), "edit")
        for kind, label in DocumentKind.choices
        if kind not in known
    ]
    return render_list(
        request,
        ListPage(
            key="number_series",
            title=_("Number series"),
            intro=_("Each kind of document has numbers of its own, one after the other without a gap."),
            queryset=series_of(request.actor),
            table_class=SeriesTable,
            filterset_class=SeriesFilter,
            order=("kind",),
            actions=actions,
            empty=Empty(_("No series yet"), _("Without one, numbers begin in the usual way with the first document.")),
        ),
    )


@page("settings.edit")
def number_series_edit(request: PageRequest, kind: str) -> HttpResponse:
    if kind not in DocumentKind.values:
        raise NotFound()
    actor = request.actor
    there = series_of(actor).filter(issuer=actor.tenant_id, kind=kind, retired_at=None).first()
    initial = {
        "pattern": usual_pattern(Profile.objects.get(pk=actor.tenant_id).language, kind),
        "digits": 4,
        "start": 1,
    }
    if there:
        initial = {"pattern": there.pattern, "digits": there.digits, "start": there.start}
    form = SeriesForm(request.POST or None, initial=initial)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Numbers of: %(kind)s") % {"kind": DocumentKind(kind).label},
            intro=_("The next number is %(number)s.") % {"number": there} if there else "",
            submit=_("Save"),
            cancel_url=shell_url(request, "number_series"),
            parent="number_series",
        ),
        lambda values: set_number_series(actor=actor, kind=kind, now=timezone.now(), **values),
        lambda made: _("The next number is %(number)s.") % {"number": made},
    )
