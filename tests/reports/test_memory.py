"""An export streams: three times the rows do not take more memory."""

import tracemalloc

import pytest
from django.db import connection
from django.urls import reverse

from catalog.models import Resource
from subscriptions.models import Holding
from tests.reports.callers import get

LIST = "/console/reports/usage/quota-over-usage/"
MANY = """
INSERT INTO subscriptions_holding (provider_id, tenant_id, seller_id, subscription_id, resource_id, basis, allocated,
                                   sold, used)
SELECT s.provider_id, s.tenant_id, s.seller_id, s.id, r.id, 'used', 1, 0, 1 + r.id
FROM subscriptions_subscription s JOIN catalog_resource r USING (service_type_id) WHERE r.code LIKE 'many%%'
ON CONFLICT DO NOTHING
"""


def fill(oversold, count):
    exchange = oversold.market.exchange
    start = Resource.objects.filter(service_type=exchange).count()
    Resource.objects.bulk_create(
        Resource(service_type=exchange, code=f"many_{n}", name=f"Resource number {n}")
        for n in range(start, start + count)
    )
    with connection.cursor() as cursor:
        cursor.execute(MANY)


def peak(browser, kind):
    """The most that one export holds at once, and how many bytes it sends."""
    get(browser, LIST)  # what is loaded once does not count
    tracemalloc.start()
    response = get(browser, LIST, export=kind)
    size = sum(len(part) for part in response)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most, size


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_memory_stays_flat(oversold, kind):
    """From more rows than two chunks have: they are held while they are handed on."""
    browser = oversold.market.world.provider.browser()
    browser.post(reverse("console:list_columns"), {"list": "over_usage", "columns": ["subscription", "remaining"]})
    fill(oversold, 800)
    few, small = peak(browser, kind)
    fill(oversold, 1_600)
    assert Holding.objects.over_quota().count() > 6 * 2_400
    many, large = peak(browser, kind)
    assert large > 2.5 * small
    assert many < 1.2 * few + 200_000
