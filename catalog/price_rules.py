"""Which rules of which price list count for what a seller charges a buyer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Protocol

from catalog.models import PriceList, PriceListHolder, PriceRule


class Buyer(Protocol):
    """A tenant that buys."""

    pk: int
    kind: str


class RulesInForce:
    """Those that have taken effect by a day, of all that these sellers charge these buyers, in three statements."""

    def __init__(self, sellers: Iterable[int], buyers: Iterable[int], on: date) -> None:
        lists = PriceList.objects.filter(tenant__in=list(sellers), is_active=True)
        self._lists = {row.pk: row for row in lists.order_by("pk")}
        self._of_seller: dict[int, list[PriceList]] = {}
        for row in self._lists.values():
            self._of_seller.setdefault(row.tenant_id, []).append(row)
        held = PriceListHolder.objects.filter(tenant__in=list(buyers), price_list__in=list(self._lists))
        self._held = dict(held.values_list("tenant_id", "price_list_id")) if self._lists else {}
        self._rules: dict[int, list[PriceRule]] = {}
        used = {*self._held.values(), *(pk for pk, row in self._lists.items() if row.is_default)}
        if used:
            for rule in PriceRule.objects.filter(price_list__in=used, effective_on__lte=on).order_by("pk"):
                self._rules.setdefault(rule.price_list_id, []).append(rule)

    def between(self, seller_id: int, buyer: Buyer, currency: str) -> Sequence[PriceRule]:
        """Of the list that the seller assigned to the buyer, else of its default list; in this currency."""
        price_list = self.price_list(seller_id, buyer, currency)
        return self._rules.get(price_list.pk, []) if price_list else []

    def currency(self, seller_id: int, buyer: Buyer) -> str | None:
        """That of the list which counts, where no fee says one."""
        price_list = self.price_list(seller_id, buyer, None)
        return price_list.currency if price_list else None

    def assigned(self, buyer_id: int) -> int | None:
        """The id of the list that the buyer holds of one of these sellers."""
        return self._held.get(buyer_id)

    def price_list(self, seller_id: int, buyer: Buyer, currency: str | None) -> PriceList | None:
        """Which one counts."""
        mine = [row for row in self._of_seller.get(seller_id, ()) if row.audience == buyer.kind]
        fits = [row for row in mine if currency in {None, row.currency}]
        assigned = self._held.get(buyer.pk)
        return next((row for row in fits if row.pk == assigned), None) or next(
            (row for row in fits if row.is_default), None
        )
