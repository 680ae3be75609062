"""Price lists: the list, one of them, and the forms of its name and switches."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.filters import PriceListFilter
from catalog.forms.prices import PriceListForm, PriceListSwitchForm
from catalog.hooks import ADD_ONS
from catalog.models import PriceList
from catalog.selectors import prices as selectors
from catalog.selectors.managers import managed
from catalog.services.prices import change_price_list, create_price_list
from catalog.tables.prices import HolderTable, PriceListTable, RuleTable, add_ons_of
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.formats import yes_no
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.houses import currency_of
from tenants.views.events import activity_of

SHOWN = 200
"""So many rules or holders of a tab; the API has all."""


@page("catalog.view")
def price_lists(request: PageRequest) -> HttpResponseBase:
    new = Action(_("New price list"), shell_url(request, "price_list_create"), "plus", "catalog.edit")
    explain = Action(_("Explain a price"), shell_url(request, "price_explain"), "search", "catalog.view")
    return render_list(
        request,
        ListPage(
            key="price_lists",
            title=_("Price lists"),
            queryset=selectors.price_lists(request.actor),
            table_class=PriceListTable,
            filterset_class=PriceListFilter,
            order=("name",),
            export_name="price-lists",
            actions=[explain, new],
            empty=Empty(
                _("No price lists yet"),
                _("A price list says what those who hold it are charged, where that is not what the fee says."),
                new,
            ),
        ),
    )


@page("catalog.view")
def price_list(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(selectors.price_lists(request.actor), pk=pk)
    return render_detail(
        request,
        DetailPage(
            title=row.name,
            subtitle=row.get_audience_display(),
            reference=row.pk,
            state="active" if row.is_active else "closed",
            state_label=_("Active") if row.is_active else _("Not active"),
            parent="price_lists",
            actions=_actions(request, row),
            tabs=[
                Tab("prices", _("Prices"), lambda: [_facts(row), _rules(request, row, "in_force")]),
                Tab("planned", _("Planned"), lambda: [_rules(request, row, "planned")]),
                Tab("history", _("History"), lambda: [_rules(request, row, "replaced", "ended")]),
                Tab("holders", _("Buyers"), lambda: [_holders(request, row)], count=row.holder_count),
                Tab("activity", _("Activity"), lambda: [Section(activity=activity_of(request, row))]),
            ],
        ),
    )


def add_on_names(request: PageRequest, ids: set[int]) -> Mapping[int, str]:
    """What the app of add-ons calls them."""
    return {pk: name for names in ADD_ONS for pk, name in names(request.actor, ids).items()} if ids else {}


def _actions(request: PageRequest, row: PriceList) -> list[Action]:
    if not request.actor.manages(row.tenant_id):
        return []
    edit = Action(_("Edit"), shell_url(request, "price_list_edit", row.pk), "edit", "catalog.edit", minor=True)
    if not row.is_active:
        return [edit]
    assign = shell_url(request, "price_list_buyers", row.pk)
    return [
        edit,
        Action(_("Assign"), assign, "users", "catalog.edit"),
        Action(_("Set prices"), shell_url(request, "price_list_prices", row.pk), "", "catalog.edit", primary=True),
    ]


def _facts(row: Any) -> Section:
    facts: Sequence[tuple[Any, Any]] = [
        (_("For"), row.get_audience_display()),
        (_("Seller"), row.seller_name),
        (_("Currency"), row.currency),
        (_("Default"), yes_no(row.is_default)),
        (_("Created"), row.created_at),
    ]
    return Section(title=_("Price list"), facts=facts)


def _rules(request: PageRequest, row: PriceList, *states: str) -> Section:
    """Those of these states, the wide ones last and the newest first."""
    rules = selectors.price_rules(row, day_of(timezone.now())).filter(state__in=states)
    some = list(rules.order_by("package__name", "service_type__name", "cycle", "-effective_on", "-pk")[:SHOWN])
    table = RuleTable(some, add_ons=add_on_names(request, add_ons_of(some)))
    titles = {"in_force": _("Prices in force today"), "planned": _("Prices to come")}
    empty = Empty(_("No prices here"), _("Where no rule says another, the price is what the fee says."))
    return Section(title=titles.get(states[0], _("Prices that were replaced or ended")), table=table, empty=empty)


def _holders(request: PageRequest, row: PriceList) -> Section:
    rows = selectors.buyers(request.actor, row).filter(is_held="this").order_by("name", "pk")
    table = HolderTable(list(rows[:SHOWN]))
    table.show_only(["name", "id", "status"])
    link = Action(_("Assign"), shell_url(request, "price_list_buyers", row.pk), "users", "catalog.edit")
    empty = Empty(_("Assigned to nobody yet"), _("Whoever holds it is charged its prices, and does not see the list."))
    may = request.actor.manages(row.tenant_id) and request.actor.can("catalog.edit") and row.is_active
    return Section(title=_("Buyers"), table=table, action=link if may else None, empty=empty)


@page("catalog.edit")
def price_list_create(request: PageRequest) -> HttpResponse:
    initial = {"currency": currency_of(request.actor), "audience": PriceList.Audience.CUSTOMER}
    form = PriceListForm(request.POST or None, initial=initial)
    cancel = shell_url(request, "price_lists")
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("New price list"),
            submit=_("Create price list"),
            cancel_url=cancel,
            parent="price_lists",
            intro=_("Its prices come next; then it is assigned to those who are to pay them."),
        ),
        lambda values: create_price_list(actor=request.actor, now=timezone.now(), **values),
        lambda made: _("%(name)s was created.") % {"name": made.name},
        lambda made: shell_url(request, "price_list_prices", made.pk),
    )


@page("catalog.edit")
def price_list_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = managed(request.actor, PriceList.objects.visible_to(request.actor), pk)
    initial = {name: getattr(row, name) for name in ("name", "is_default", "is_active")}
    form = PriceListSwitchForm(request.POST or None, initial=initial)
    back = shell_url(request, "price_list", row.pk)
    return answer_form(
        request,
        FormPage(
            form=form,
            title=_("Edit %(name)s") % {"name": row.name},
            submit=_("Save"),
            cancel_url=back,
            parent="price_lists",
        ),
        lambda values: change_price_list(actor=request.actor, price_list_id=row.pk, now=timezone.now(), **values),
        lambda changed: _("%(name)s was changed.") % {"name": changed.name},
    )
