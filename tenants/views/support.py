"""Support levels, under the provider's settings."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import Forbidden, found
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.lists import Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.accounts import SupportLevelForm
from tenants.services.support import change_support_level
from tenants.tables.accounts import SupportLevelTable


@page("settings.edit")
def support_levels(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="support_levels",
            title=_("Support levels"),
            intro=_("Who answers a customer's questions, and what that costs a month."),
            queryset=selectors.support_levels(request.actor),
            table_class=SupportLevelTable,
            order=("position",),
            empty=Empty(_("No support levels")),
        ),
    )


@page("settings.edit")
def support_level_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    level = found(selectors.support_levels(request.actor), pk=pk)
    if not request.actor.is_provider:
        raise Forbidden(permission="settings.edit", actor=request.actor)
    initial = {name: getattr(level, name) for name in ("name", "currency", "is_active")}
    form = SupportLevelForm(request.POST or None, initial=initial | {"monthly_fee": level.monthly_fee.normalize()})
    done = operate(
        request,
        form,
        lambda values: change_support_level(actor=request.actor, support_level_id=pk, **values, now=timezone.now()),
    )
    url = shell_url(request, "support_levels")
    if done is not None:
        messages.success(request, _("%(name)s was saved.") % {"name": done.name})
        return redirect(url)
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Support level %(name)s") % {"name": level.name},
            intro=_("A new fee counts from now on, for those who have the level, too."),
            submit=_("Save"),
            cancel_url=url,
            parent="support_levels",
        ),
    )
