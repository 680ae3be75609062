"""The page of one add-on: what it grants and costs, where it may be sold, to whom it was, and what happened."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from addons import selectors
from addons.models import AddOn, AddOnSale
from addons.tables import CopyTable, GrantTable, PackageTable, SaleTable
from catalog.models import Package
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.lists import Action, Empty
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.naming import maker_name, name_of_seller, seller_name
from tenants.roles import Kind
from tenants.views.events import activity_of

SHOWN = 100
"""Rows of a tab; the whole list is a page of its own."""


@page("add_on.view")
def add_on(request: PageRequest, add_on_id: int) -> HttpResponse:
    rows = AddOn.objects.visible_to(request.actor)
    one = found(rows.select_related("service_type", "tenant__profile", "copied_from"), pk=add_on_id)
    return render_detail(request, AddOnPage(request, one).page)


class AddOnPage:
    """What of an add-on the actor of a request may see."""

    def __init__(self, request: PageRequest, add_on: AddOn) -> None:
        self.request, self.actor, self.add_on = request, request.actor, add_on
        self.is_own = add_on.tenant_id == self.actor.tenant_id
        self.is_customer = self.actor.kind == Kind.CUSTOMER
        self.shows_original = self.is_own or self.actor.is_provider
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
            actions=self.actions if self.is_own else (),
            counters=self.counters,
            tabs=self.tabs,
        )

    def url(self, name: str) -> str:
        return shell_url(self.request, name, self.add_on.pk)

    @property
    def actions(self) -> list[Action]:
        add_on = self.add_on
        if not add_on.is_active:
            return [
                Action(_("Edit"), self.url("add_on_edit"), "edit", "add_on.edit"),
                Action(_("Activate"), self.url("add_on_activate"), "", "add_on.edit", post=True),
            ]
        chosen = f"?service_type={add_on.service_type_id}&add_on={add_on.pk}"
        to_customers, to_resellers = (
            f"{shell_url(self.request, f'bulk_sale_to_{who}')}{chosen}" for who in ("customers", "resellers")
        )
        return [
            Action(_("Edit"), self.url("add_on_edit"), "edit", "add_on.edit"),
            Action(_("Deactivate"), self.url("add_on_deactivate"), "", "add_on.edit", post=True),
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
            tabs.append(Tab("copies", _("Copies"), self.copy_sections, self.copies.count()))
        return [*tabs, Tab("activity", _("Activity"), self.activity_sections)]

    def overview(self) -> Sequence[Section]:
        return [
            Section(title=_("What one unit grants"), table=GrantTable(self.granted())),
            Section(title=_("Prices"), facts=self.prices),
            Section(title=_("About"), facts=self.facts),
        ]

    def granted(self) -> Any:
        return self.add_on.resources.select_related("resource").order_by("resource__position", "pk")

    @property
    def prices(self) -> list[tuple[Any, Any]]:
        add_on = self.add_on
        cycle = add_on.get_cycle_display()
        rows = [(_("For customers"), add_on.customer_price)]
        if not self.is_customer:
            rows.insert(0, (_("For resellers"), add_on.reseller_price))
        if self.shows_original and add_on.copied_from is not None:
            label = _("What it costs you") if self.is_own else _("What it costs its owner")
            rows.insert(0, (label, add_on.copied_from.reseller_price))
        return [(label, f"{formats.money(price, add_on.currency)} {cycle}") for label, price in rows]

    @property
    def facts(self) -> list[tuple[Any, Any]]:
        add_on = self.add_on
        facts: list[tuple[Any, Any]] = [
            (_("Description"), add_on.description),
            (_("Service type"), add_on.service_type.name),
        ]
        if not self.is_customer:
            facts += [(_("Owner"), name_of_seller(add_on.tenant)), (_("Created"), add_on.created_at)]
        if self.shows_original and add_on.copied_from is not None:
            facts.append((_("Copy of"), add_on.copied_from.name))
        return facts

    def package_sections(self) -> Sequence[Section]:
        choose = Action(_("Choose packages"), self.url("add_on_associate"), "", "add_on.edit")
        mine = self.is_own and self.actor.can("add_on.edit")
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
        rows = self.copies.select_related("tenant__profile").order_by(seller_name("tenant"), "pk")[:SHOWN]
        nothing = Empty(_("No copies"), _("Selling to resellers can create a copy under each, to price and sell on."))
        return [Section(title=_("Copies under resellers"), table=CopyTable(rows), empty=nothing)]

    def activity_sections(self) -> Sequence[Section]:
        return [Section(title=_("Activity"), activity=activity_of(self.request, self.add_on))]
