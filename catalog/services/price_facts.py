"""What events keep of the lines of a price list."""

from typing import Any

from catalog.models import PriceList, PriceRule
from resellerhub.kernel.money import plain

ABOUT = ("package_id", "add_on_id", "service_type_id")


def about_told(rule: PriceRule) -> dict[str, Any]:
    """What a rule is about, by its id."""
    facts: dict[str, Any] = {name.removesuffix("_id"): getattr(rule, name) for name in (*ABOUT, "cycle")}
    return {name: value for name, value in facts.items() if value}


def told(row: PriceList, rule: PriceRule) -> dict[str, Any]:
    """What it says: a price, or by how much it reckons, and its bounds."""
    said: dict[str, Any] = {"method": rule.method}
    if rule.price is not None:
        said |= {"unit_price": plain(rule.price), "currency": row.currency}
    if rule.percent is not None:
        said["percent"] = plain(rule.percent)
    bounds = {name: plain(amount) for name in ("floor", "ceiling") if (amount := getattr(rule, name)) is not None}
    return said | bounds | {"effective_on": rule.effective_on.isoformat()}
