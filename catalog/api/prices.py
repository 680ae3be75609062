"""Price lists, what they say, who holds them, and how a price comes about, over REST."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from catalog.filters import PriceListFilter
from catalog.models import PriceList, PriceRule
from catalog.refusals import BadLines
from catalog.selectors import prices as selectors
from catalog.selectors.explaining import Explained, explain
from catalog.serializers import prices as shapes
from catalog.services.price_lines import Repriced, preview_prices, set_prices
from catalog.services.prices import (
    assign_price_list,
    change_price_list,
    create_price_list,
    unassign_price_list,
)
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import Api, ReadApi
from tenants.models import Tenant


class PriceListApi(ReadApi):
    """What a seller charges those it sells to, where that is not what the fee says. Who holds one does not see it."""

    singular, permission, out = "price_list", "catalog.view", shapes.PriceListOut
    filterset_class = PriceListFilter
    ordering_fields = {"name": "name", "created_at": "created_at"}

    def rows(self, actor: Any) -> QuerySet[PriceList]:
        return selectors.price_lists(actor)

    def shown(self, call: Call, row: PriceList) -> PriceList:
        return self.rows(call.actor).get(pk=row.pk)

    @operation_endpoint(input=shapes.PriceListIn, output=shapes.PriceListOut, status=201, permission="catalog.edit")
    def create(self, call: Call) -> PriceList:
        """Make a price list of your own, without a rule. Its audience and its currency never change."""
        return self.shown(call, create_price_list(actor=call.actor, now=call.now, **call.values))

    @operation_endpoint(
        input=shapes.PriceListChangeIn,
        output=shapes.PriceListOut,
        detail=True,
        method="patch",
        permission="catalog.edit",
    )
    def change(self, call: Call) -> PriceList:
        """Rename a price list, make it the default or switch it off.

        Refused: `managed-by-another`, `list-assigned` while somebody holds it, `list-not-active`.
        """
        row = found(PriceList.objects.visible_to(call.actor), pk=call.pk)
        values = {name: getattr(row, name) for name in ("name", "is_default", "is_active")} | call.values
        return self.shown(call, change_price_list(actor=call.actor, price_list_id=row.pk, now=call.now, **values))

    @operation_endpoint(
        input=shapes.LinesIn, output=[shapes.RepricedOut], detail=True, path="preview", permission="catalog.edit"
    )
    def preview(self, call: Call) -> list[Repriced]:
        """Say which prices these lines would change, for a buyer who holds the list. Nothing is written.

        The same is refused as when they are set: `managed-by-another`, `list-not-active`, and 422 at the line.
        """
        row = found(PriceList.objects.visible_to(call.actor), pk=call.pk)
        lines = shapes.lines_of(call.values, row.currency)
        try:
            return preview_prices(actor=call.actor, price_list_id=row.pk, lines=lines, now=call.now)
        except BadLines as refused:
            raise shapes.in_their_words(refused, call.values) from refused


class PriceRuleApi(ReadApi):
    """What a list says, has said and will say: the newest first. Rules are only ever added."""

    singular, plural, permission, out = "price_rule", "price_rules", "catalog.view", shapes.PriceRuleOut
    reads = ("list",)
    ordering = ("-effective_on", "-pk")

    def rows(self, actor: Any) -> QuerySet[PriceRule]:
        row = found(PriceList.objects.visible_to(actor), pk=self.kwargs["price_list"])
        return selectors.price_rules(row, day_of(timezone.now()))

    @operation_endpoint(input=shapes.LinesIn, output=[shapes.PriceRuleOut], permission="catalog.edit")
    def set(self, call: Call) -> QuerySet[PriceRule]:
        """Set many prices at once, from a day on: all or nothing. The answer is what was added; a line that changes
        nothing on its day adds nothing. What is held keeps what was agreed until its next term.

        Refused: `managed-by-another`, `list-not-active`, and 422 at the line that cannot be taken.
        """
        row = found(PriceList.objects.visible_to(call.actor), pk=call.kwargs["price_list"])
        lines = shapes.lines_of(call.values, row.currency)
        try:
            made = set_prices(actor=call.actor, price_list_id=row.pk, lines=lines, now=call.now)
        except BadLines as refused:
            raise shapes.in_their_words(refused, call.values) from refused
        return self.rows(call.actor).filter(pk__in=[rule.pk for rule in made]).order_by("pk")


class PriceListHolderApi(ReadApi):
    """Who holds a list. A buyer holds at most one of its seller's."""

    singular, plural, permission, out = "price_list_holder", "price_list_holders", "catalog.view", shapes.HolderOut
    reads = ("list",)
    ordering = ("pk",)

    def rows(self, actor: Any) -> QuerySet[Tenant]:
        return selectors.holders(actor, found(PriceList.objects.visible_to(actor), pk=self.kwargs["price_list"]))

    @operation_endpoint(input=shapes.HoldersIn, permission="catalog.edit")
    def assign(self, call: Call) -> None:
        """Assign a list to buyers of its seller; another that one had is taken from it. All or nothing.

        Refused: `managed-by-another`, `list-not-active`, `not-a-buyer`.
        """
        pk, buyers = call.kwargs["price_list"], call.values["buyers"]
        assign_price_list(actor=call.actor, price_list_id=pk, tenant_ids=buyers, now=call.now)

    @operation_endpoint(input=shapes.HoldersIn, path="release", permission="catalog.edit")
    def release(self, call: Call) -> None:
        """Take a list from buyers: for them the default list of their seller counts then."""
        pk, buyers = call.kwargs["price_list"], call.values["buyers"]
        unassign_price_list(actor=call.actor, price_list_id=pk, tenant_ids=buyers, now=call.now)


class PriceApi(Api):
    """Prices as they would be agreed."""

    singular, permission = "price", "catalog.view"

    @operation_endpoint(input=shapes.ExplainIn, output=shapes.ExplainedOut, path="explain", permission="catalog.view")
    def explain(self, call: Call) -> Explained:
        """Explain what a buyer would be charged for a package or an add-on on a day: which rule of which list counts,
        which do not and why. Nothing is written. 404 where the seller of the buyer does not sell this to it.
        """
        return explain(
            call.actor,
            buyer_id=call.values["buyer"],
            package_id=call.values.get("package"),
            add_on_id=call.values.get("add_on"),
            cycle=call.values.get("cycle", ""),
            on=call.values.get("on") or day_of(call.now),
        )
