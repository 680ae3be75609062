"""The page of one add-on: what it grants and costs, where it may be sold, to whom it was, and what happened."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.models import AddOn, AddOnSale
from addons.owing import cost_of
from addons.selectors import sales as selectors
from addons.selectors.add_ons import add_on_versions, add_ons, add_ons_in_force
from addons.tables.add_ons import CopyTable, GrantTable, PackageTable, VersionTable
from addons.tables.sales import SaleTable
from catalog.models import Package
from catalog.tables.packages import PairTable
from catalog.views.uses import use_sections
from resellerhub.kernel.periods import Cycle, day_of
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.lists import Action, Empty
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.naming import maker_name
from tenants.roles import Kind
from tenants.views.events import activity_of

SHOWN = 100
"""Rows of a tab; the whole list is a page of its own."""


@page("add_on.view")
def add_on(request: PageRequest, add_on_id: int) -> HttpResponse:
    rows = add_ons_in_force(request.actor, day_of(timezone.now()))
    one = found(rows.select_related("service_type", "tenant", "copied_from"), pk=add_on_id)
    return render_detail(request, AddOnPage(request, one).page)


class AddOnPage:
    """What of an add-on the actor of a request may see."""

    def __init__(self, request: PageRequest, add_on: Any) -> None:
        self.request, self.actor, self.add_on = request, request.actor, add_on
        self.is_own = add_on.tenant_id == self.actor.tenant_id
        self.may_edit = self.actor.manages(add_on.tenant_id)
        self.may_sell = add_on.is_active and AddOn.objects.sellable_by(self.actor).filter(pk=add_on.pk).exists()
        self.on = day_of(timezone.now())
        self.is_customer = self.actor.kind == Kind.CUSTOMER
        self.packages = Package.objects.visible_to(self.actor).filter(add_ons=add_on)
        self.sales = selectors.sales(self.actor).filter(add_on=add_on)
        self.copies = AddOn.objects.visible_to(self.actor).filter(copied_from=add_on)

    @property
    def page(self) -> DetailPage:
        add_on = self.add_on
        return DetailPage(
            title=add_on.name,
            reference=add_on.pk,
            state="active" if add_on.is_active else "inactive",
            state_label=_("Active") if add_on.is_active else _("Inactive"),
            subtitle=add_on.service_type.name,
            parent="add_ons",
            actions=self.actions,
            counters=self.counters,
            tabs=self.tabs,
        )

    def url(self, name: str) -> str:
        return shell_url(self.request, name, self.add_on.pk)

    @property
    def actions(self) -> list[Action]:
        add_on, edit = self.add_on, "add_on.edit"
        actions = []
        if self.may_edit:
            switch = ("add_on_deactivate", _("Deactivate")) if add_on.is_active else ("add_on_activate", _("Activate"))
            actions = [
                Action(_("Edit"), self.url("add_on_edit"), "edit", edit),
                Action(switch[1], self.url(switch[0]), "", edit, post=True),
            ]
        if not self.may_sell:
            return actions
        chosen = f"?service_type={add_on.service_type_id}&add_on={add_on.pk}"
        to_customers, to_resellers = (
            f"{shell_url(self.request, f'bulk_sale_to_{who}')}{chosen}" for who in ("customers", "resellers")
        )
        return [
            *actions,
            Action(_("Sell to customers"), to_customers, "", "bulk_sale.run"),
            Action(_("Sell to resellers"), to_resellers, "", "bulk_sale.run", primary=True),
        ]

    @property
    def counters(self) -> list[Counter]:
        counters = [
            Counter(_("Active sales"), self.sales.filter(state=AddOnSale.State.ACTIVE).count(), "?tab=sales"),
            Counter(_("Packages"), self.packages.count(), "?tab=packages"),
        ]
        return counters if self.is_customer else [*counters, Counter(_("Copies"), self.copies.count(), "?tab=copies")]

    @property
    def tabs(self) -> list[Tab]:
        tabs = [
            Tab("overview", _("Overview"), self.overview),
            Tab("packages", _("Packages"), self.package_sections, self.packages.count()),
            Tab("sales", _("Sales"), self.sale_sections, self.sales.count()),
        ]
        if not self.is_customer:
            tabs.append(Tab("versions", _("Versions"), self.version_sections))
            tabs.append(Tab("copies", _("Copies"), self.copy_sections, self.copies.count()))
        return [*tabs, Tab("activity", _("Activity"), self.activity_sections)]

    def overview(self) -> Sequence[Section]:
        current = self.add_on.current
        pair = [fee for fee in (current.reseller_fee, current.account_fee) if fee] if current else []
        costs = [Section(title=_("Prices"), facts=self.prices)] if self.prices else []
        fees = Section(
            title=_("Fees"), table=PairTable(pair), empty=Empty(_("No fees"), _("Nothing is charged for it."))
        )
        return [
            Section(title=_("What one unit grants"), table=GrantTable(current.resources.all() if current else ())),
            *([] if self.is_customer else [fees]),
            *costs,
            Section(title=_("About"), facts=self.facts),
        ]

    @property
    def prices(self) -> list[tuple[Any, Any]]:
        """What a customer pays; and what it costs its owner, by what is agreed above."""
        add_on = self.add_on
        if self.is_customer:
            price = (_("Your price"), add_on.customer_price, add_on.currency, add_on.cycle)
            return [_priced(*price)] if add_on.customer_price is not None else []
        owed = cost_of(add_on, self.on) if self.may_edit else None
        if owed is None or owed.amount is None:
            return []
        label = _("What it costs you") if self.is_own else _("What it costs its owner")
        return [_priced(label, owed.amount, owed.currency, owed.cycle)]

    @property
    def facts(self) -> list[tuple[Any, Any]]:
        add_on = self.add_on
        facts: list[tuple[Any, Any]] = [
            (_("Description"), add_on.description),
            (_("Service type"), add_on.service_type.name),
        ]
        if not self.is_customer:
            facts += [
                (_("Managed by"), add_on.owner_name),
                (_("Shared with resellers"), formats.yes_no(add_on.is_shared)),
                (_("Created"), add_on.created_at),
            ]
        if self.may_edit and add_on.copied_from is not None:
            facts.append((_("Copy of"), add_on.copied_from.name))
        return facts

    def version_sections(self) -> Sequence[Section]:
        versions = add_on_versions(self.actor, self.add_on, self.on)
        return [
            Section(title=_("What it grants and costs, from which day"), table=VersionTable(versions)),
            *use_sections(self.request, "add_on", self.add_on.pk),
        ]

    def package_sections(self) -> Sequence[Section]:
        choose = Action(_("Choose packages"), self.url("add_on_associate"), "", "add_on.edit")
        mine = self.may_edit and self.actor.can("add_on.edit")
        named = self.packages.annotate(owner_name=maker_name(self.actor, "tenant"))
        rows = named.order_by("-audience", "name", "pk")
        nothing = Empty(_("No packages yet"), _("It cannot be sold before it is associated with a package."))
        return [
            Section(
                title=_("May be sold on subscriptions of"),
                table=PackageTable(rows, exclude=("owner",) if self.is_customer else ()),
                action=choose if mine else None,
                empty=nothing,
            )
        ]

    def sale_sections(self) -> Sequence[Section]:
        rows = self.sales.order_by("-pk")[:SHOWN]
        nothing = Empty(_("Not sold yet"), _("Each sale is listed here with what it granted."))
        return [Section(title=_("Sales, the latest first"), table=SaleTable(rows), empty=nothing)]

    def copy_sections(self) -> Sequence[Section]:
        rows: Any = add_ons(self.actor, self.on).filter(copied_from=self.add_on.pk)
        rows = rows.order_by("owner_name", "pk")[:SHOWN]
        nothing = Empty(_("No copies"), _("Selling to resellers can create a copy under each, to price and sell on."))
        return [Section(title=_("Copies under resellers"), table=CopyTable(rows), empty=nothing)]

    def activity_sections(self) -> Sequence[Section]:
        return [Section(title=_("Activity"), activity=activity_of(self.request, self.add_on))]


def _priced(label: Any, amount: Any, currency: str, cycle: str) -> tuple[Any, Any]:
    return label, f"{formats.money(amount, currency)} {Cycle(cycle).label}"
