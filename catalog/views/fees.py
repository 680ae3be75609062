"""Fees: the list, one of them, and the forms of who manages it."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.filters import FeeFilter
from catalog.forms.fees import FeeForm, FeeSwitchForm, FeeVersionForm
from catalog.models import Fee
from catalog.selectors import fees as selectors
from catalog.selectors.managers import managed, managers
from catalog.services.fees import change_fee, create_fee, revise_fee
from catalog.tables.fees import FeeTable, FeeVersionTable, charged
from catalog.views.switches import switches
from catalog.views.uses import use_sections
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import FormPage, OperationForm, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.houses import currency_of
from tenants.views.events import activity_of


@page("catalog.view")
def fees(request: PageRequest) -> HttpResponseBase:
    return render_list(request, fees_page(request))


def fees_page(request: PageRequest) -> ListPage:
    """What a bulk action takes its chosen rows from, too."""
    new = Action(_("New fee"), shell_url(request, "fee_create"), "plus", "catalog.edit")
    return ListPage(
        key="fees",
        title=_("Fees"),
        queryset=selectors.fees(request.actor, day_of(timezone.now())),
        table_class=FeeTable,
        filterset_class=FeeFilter,
        order=("name",),
        actions=[new],
        bulk_actions=switches(request, "fees", "catalog.edit"),
        empty=Empty(_("No fees yet"), _("A fee says what is charged for a package, again and again."), new),
    )


@page("catalog.view")
def fee(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(selectors.fees_in_force(request.actor, day_of(timezone.now())), pk=pk)
    return render_detail(
        request,
        DetailPage(
            title=row.name,
            subtitle=row.get_kind_display(),
            reference=row.pk,
            state="active" if row.is_active else "closed",
            state_label=_("Active") if row.is_active else _("Not active"),
            parent="fees",
            actions=_actions(request, row),
            tabs=[Tab("overview", _("Overview"), lambda: _sections(request, row))],
        ),
    )


def _actions(request: PageRequest, row: Fee) -> list[Action]:
    if not request.actor.manages(row.tenant_id):
        return []
    return [
        Action(_("Edit"), shell_url(request, "fee_edit", row.pk), "edit", "catalog.edit"),
        Action(_("Change what it charges"), shell_url(request, "fee_revise", row.pk), "", "catalog.edit", primary=True),
    ]


def _sections(request: PageRequest, row: Any) -> list[Section]:
    now = row.current
    facts = [
        (_("Kind"), row.get_kind_display()),
        (_("Managed by"), row.manager_name),
        (_("Charges today"), charged(now, row.currency) if now else ""),
        (_("Currency"), row.currency),
        (_("Created"), row.created_at),
    ]
    if row.kind == Fee.Kind.ACCOUNT:
        facts.insert(3, (_("Share with resellers"), _("Yes") if row.is_shared else _("No")))
    else:
        facts.insert(3, (_("May be applied more than once"), _("Yes") if row.applies_more_than_once else _("No")))
    versions = FeeVersionTable(row.versions.select_related("fee").newest_first())
    if row.kind == Fee.Kind.RESELLER:
        versions.exclude = ("credits",)
    return [
        Section(title=_("Fee"), facts=facts),
        Section(title=_("What it charges, from which day"), table=versions),
        *use_sections(request, "fee", row.pk),
        Section(title=_("Activity"), activity=activity_of(request, row)),
    ]


@page("catalog.edit")
def fee_create(request: PageRequest) -> HttpResponse:
    initial = {"currency": currency_of(request.actor)}
    form = FeeForm(request.POST or None, managers=managers(request.actor), initial=initial)
    cancel = shell_url(request, "fees")
    intro = _("A reseller fee is what you charge the resellers you sell to; an account fee is what the holder pays.")
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("New fee"),
            submit=_("Create fee"),
            cancel_url=cancel,
            parent="fees",
            intro=intro,
            fieldsets=form.fieldsets,
        ),
        lambda _values: create_fee(actor=request.actor, now=timezone.now(), **form.arguments),
        lambda made: _("%(name)s was created.") % {"name": made.name},
        lambda made: shell_url(request, "fee", made.pk),
    )


@page("catalog.edit")
def fee_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = managed(request.actor, Fee.objects.visible_to(request.actor), pk)
    form = FeeSwitchForm(request.POST or None, fee=row)
    return answer_form(
        request,
        _page(request, row, form, _("Edit %(name)s") % {"name": row.name}),
        lambda _values: change_fee(actor=request.actor, fee_id=row.pk, now=timezone.now(), **form.arguments),
        _("%(name)s was changed.") % {"name": row.name},
    )


@page("catalog.edit")
def fee_revise(request: PageRequest, pk: int) -> HttpResponse:
    row = managed(request.actor, Fee.objects.visible_to(request.actor), pk)
    now = timezone.now()
    standing = row.versions.in_force(day_of(now)).first()
    form = FeeVersionForm(
        request.POST or None, fee=row, standing=standing, initial={"effective_on": day_of(now).isoformat()}
    )
    title = _("Change what %(name)s charges") % {"name": row.name}
    intro = _("It counts for what is sold from that day on, and for what is held when its next term begins.")
    return answer_form(
        request,
        _page(request, row, form, title, intro=intro, fieldsets=form.fieldsets),
        lambda values: revise_fee(
            actor=request.actor,
            fee_id=row.pk,
            charging=form.charging,
            effective_on=values["effective_on"],
            now=timezone.now(),
        ),
        _("%(name)s was changed.") % {"name": row.name},
    )


def _page(request: PageRequest, row: Fee, form: OperationForm, title: str, **more: Any) -> FormPage:
    back = shell_url(request, "fee", row.pk)
    return FormPage(form=form, title=title, submit=_("Save"), cancel_url=back, parent="fees", **more)
