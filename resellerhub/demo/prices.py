"""Two tiers of the demo's provider for its resellers, one of them assigned, and a list of a reseller's own."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from catalog.models import PriceList
from catalog.services.price_lines import Line, set_prices
from catalog.services.prices import assign_price_list, create_price_list
from resellerhub.demo.sellers import Seller, Stage

NEXT_PRICES = timedelta(days=60)


def make_price_lists(stage: Stage, sellers: Sequence[Seller]) -> None:
    """Before anything is sold: what is held keeps what was agreed. `sellers`: the provider, then its resellers."""
    _provider, first, second, *_more = sellers
    mail = stage.catalogue.types["mail"].pk
    business = stage.catalogue.packages["Exchange Business"].pk
    later = (stage.now + NEXT_PRICES).date()
    gold = _make(
        stage,
        "Gold",
        Line("off", Decimal(45)),
        Line("off", Decimal(50), service_type_id=mail),
        Line("fixed", Decimal(58), package_id=business, floor=Decimal(64), ceiling=Decimal(99)),
        Line("fixed", Decimal(60), package_id=business, floor=Decimal(64), ceiling=Decimal(99), effective_on=later),
    )
    _make(stage, "Silver", Line("off", Decimal(40)), Line("off", Decimal(42), service_type_id=mail))
    assign_price_list(actor=stage.provider, price_list_id=gold.pk, tenant_ids=[first.id], now=stage.now)
    own = create_price_list(
        actor=second.actor, audience="customer", name="Standard", currency="EUR", is_default=True, now=stage.now
    )
    set_prices(actor=second.actor, price_list_id=own.pk, lines=[Line("off", Decimal(5))], now=stage.now)


def _make(stage: Stage, name: str, *lines: Line) -> PriceList:
    row = create_price_list(actor=stage.provider, audience="reseller", name=name, currency="EUR", now=stage.now)
    set_prices(actor=stage.provider, price_list_id=row.pk, lines=lines, now=stage.now)
    return row
