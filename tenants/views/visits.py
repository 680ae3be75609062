"""Logging in as somebody else, and who has done so."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import found
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.lists import Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors, visiting
from tenants.filters.people import VisitFilter
from tenants.forms.people import VisitForm
from tenants.naming import name_of
from tenants.services.visits import visitable
from tenants.tables.people import VisitTable
from tenants.views.members import parent_of


@page("user.visit")
def user_visit(request: PageRequest, pk: int) -> HttpResponseBase:
    """Asks for the reason; from then on this browser acts as the member."""
    member = found(visitable(request.actor).select_related("tenant__profile"), pk=pk)
    form = VisitForm(request.POST or None)

    def begin(values: dict[str, str]) -> bool:
        visiting.begin(request, request.actor, pk, values["reason"], timezone.now())
        return True

    if operate(request, form, begin):
        return redirect("home")
    names = {"name": member.user.get_full_name(), "tenant": name_of(request.actor, member.tenant)}
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Log in as %(name)s") % names,
            intro=_("You see what this user of %(tenant)s sees. What you do is noted under both names.") % names,
            submit=_("Log in as this user"),
            cancel_url=shell_url(request, "user", pk),
            parent=parent_of(request, member.tenant),
        ),
    )


@require_POST
@page()
def visit_end(request: PageRequest) -> HttpResponseBase:
    """Back in one's own name."""
    visiting.end(request, request.actor, timezone.now())
    messages.success(request, _("You act in your own name again."))
    return redirect("home")


@page("event.view")
def visits(request: PageRequest) -> HttpResponseBase:
    """Who acted as whom, in one's own organisation and beneath."""
    return render_list(
        request,
        ListPage(
            key="visits",
            title=_("Logins as somebody else"),
            queryset=selectors.visits(request.actor),
            table_class=VisitTable,
            filterset_class=VisitFilter,
            order=("-started",),
            intro=_("Staff who support an organisation may act as one of its users for a while."),
            empty=Empty(_("Nobody has acted as another user")),
        ),
    )
