"""Price lists for tests, made by the services."""

from datetime import date
from decimal import Decimal

from catalog.models import PriceList, PriceListHolder, PriceRule
from catalog.services.price_lines import Line, preview_prices, set_prices
from catalog.services.prices import assign_price_list, change_price_list, create_price_list, unassign_price_list
from tests.world import NOW, Player


def make(player: Player, audience: str = "customer", **options) -> PriceList:
    values = {"name": f"List {PriceList.objects.count()}", "currency": "EUR", "now": NOW} | options
    return create_price_list(actor=player.actor, audience=audience, **values)


def change(player: Player, row: PriceList, now=NOW, **changes) -> PriceList:
    values = {name: getattr(row, name) for name in ("name", "is_default", "is_active")} | changes
    return change_price_list(actor=player.actor, price_list_id=row.pk, now=now, **values)


def assign(player: Player, row: PriceList, *buyers: Player) -> int:
    ids = [buyer.id for buyer in buyers]
    return assign_price_list(actor=player.actor, price_list_id=row.pk, tenant_ids=ids, now=NOW)


def release(player: Player, row: PriceList, *buyers: Player) -> int:
    ids = [buyer.id for buyer in buyers]
    return unassign_price_list(actor=player.actor, price_list_id=row.pk, tenant_ids=ids, now=NOW)


def line(method: str, value: str = "0", on: date | None = None, **about) -> Line:
    bounds = {name: Decimal(about.pop(name)) for name in ("floor", "ceiling") if name in about}
    return Line(method, Decimal(value), effective_on=on, **about, **bounds)


def put(player: Player, row: PriceList, *lines: Line, now=NOW) -> list[PriceRule]:
    return set_prices(actor=player.actor, price_list_id=row.pk, lines=lines, now=now)


def preview(player: Player, row: PriceList, *lines: Line, now=NOW):
    return preview_prices(actor=player.actor, price_list_id=row.pk, lines=lines, now=now)


def held(*buyers: Player) -> list[int | None]:
    rows = dict(PriceListHolder.objects.values_list("tenant_id", "price_list_id"))
    return [rows.get(buyer.id) for buyer in buyers]
