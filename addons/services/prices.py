"""The prices of a bulk sale, by seller and by price list of the buyer: frozen when it starts, or as they are now."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import connection

from addons.models import AddOnVersion, BulkPrice, BulkSale
from addons.owing import Key, Price, linked, prices_of
from resellerhub.kernel.money import AMOUNT_MAX, plain
from subscriptions.refusals import PriceTooLarge

KEYS = """
SELECT s.seller_id, coalesce(list.id, 0), min(s.tenant_id)
  FROM subscriptions_subscription s
  LEFT JOIN catalog_pricelistholder held ON held.tenant_id = s.tenant_id
  LEFT JOIN catalog_pricelist list
    ON list.id = held.price_list_id AND list.is_active AND list.tenant_id = s.seller_id
"""
OF_JOB = KEYS + " JOIN kernel_jobitem i ON i.subject_id = s.id WHERE i.job_id = %(job)s GROUP BY 1, 2"
FORESEEN = KEYS + " WHERE s.id IN (SELECT subscription_id FROM ({chosen}) AS c (n, subscription_id)) GROUP BY 1, 2"
UNKNOWN = (
    KEYS
    + """
  LEFT JOIN addons_bulkprice p
    ON p.bulk_sale_id = %(bulk_sale)s AND p.seller_id = s.seller_id AND p.price_list_id = coalesce(list.id, 0)
 WHERE s.id = ANY (%(subscriptions)s::bigint[]) AND p.id IS NULL GROUP BY 1, 2
"""
)


def freeze(sale: BulkSale, version: AddOnVersion, on: date) -> None:
    """What everybody who is a target will be charged, whatever becomes of fees and price lists meanwhile."""
    _write(sale, version, OF_JOB, {"job": sale.job_id}, on)


def freeze_others(sale: BulkSale, version: AddOnVersion, subscriptions: str, on: date) -> None:
    """For targets that have another seller or another list since the sale was started."""
    _write(sale, version, UNKNOWN, {"bulk_sale": sale.pk, "subscriptions": subscriptions}, on)


def foreseen(version: AddOnVersion, chosen: str, values: Sequence[Any], on: date) -> dict[Key, Price]:
    """What the targets of a statement would be charged if the sale started now."""
    with connection.cursor() as cursor:
        cursor.execute(FORESEEN.format(chosen=chosen), values)
        keys: Sequence[tuple[int, int, int]] = cursor.fetchall()
    return _priced(version, keys, on)


def _priced(version: AddOnVersion, keys: Sequence[tuple[int, int, int]], on: date) -> dict[Key, Price]:
    """Refused: `PriceTooLarge`."""
    prices = prices_of(version, keys, on)
    if any(price.is_too_large for price in prices.values()):
        raise PriceTooLarge(most=plain(AMOUNT_MAX))
    return prices


def _write(sale: BulkSale, version: AddOnVersion, statement: str, params: dict[str, Any], on: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        keys: Sequence[tuple[int, int, int]] = cursor.fetchall()
    if keys:
        (version,) = linked(AddOnVersion.objects.filter(pk=version.pk), on)
        BulkPrice.objects.bulk_create(
            [
                BulkPrice(bulk_sale=sale, seller_id=seller, price_list_id=price_list, **asdict(price))
                for (seller, price_list), price in _priced(version, keys, on).items()
            ],
            ignore_conflicts=True,
        )
