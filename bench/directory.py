"""How much slower are the lists of resellers and customers with 60,000 tenants than with 90?

    python bench/directory.py [--rounds 15]

Starts a throw-away PostgreSQL and fills two databases, `small` and `large`, with as many customers as the demo's sizes
of these names have, and enough resellers for a full page: what is compared shows the same number of rows. A provider's
administrator asks for the first page of each list, as a browser does, of both databases by turns. Judged is the ratio
of the medians, and how many queries a page takes; of the customers' page also where a reseller hides their names, which
no index has in order, and how much slower it is for that. Beside it, printed and not judged: a search, and an order by
another column.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.cluster import Cluster, throw_away

SIZES = {"small": (30, 2), "large": (200, 300)}
"""Resellers, and customers of each."""
SLOWER, QUERIES = 1.5, 12
JUDGED = {"resellers": "/console/resellers/", "customers": "/console/customers/"}
TOLD = {
    "customers, search": "/console/customers/?q=1234",
    "customers, by seller": "/console/customers/?sort=seller",
    "resellers, by over quota": "/console/resellers/?sort=-over_quota",
}
PROFILES = """
INSERT INTO tenants_profile (tenant_id, provider_id, name, owner_email, contact_name, phone, street, postal_code, city,
    country, language, time_zone, legal_name, vat_id, currency, payment_days, iban, billing_same, billing_name,
    billing_email, billing_street, billing_postal_code, billing_city, billing_country, memo, suspension_reason)
SELECT id, coalesce(provider_id, id), md5(id::text) || ' GmbH', 'owner' || id || '@example.org', 'Contact ' || id, '',
       'Street ' || id, '10115', 'City ' || id % 500, 'DE', 'en', 'Europe/Berlin', '', '', 'EUR', 14, '', true, '', '',
       '', '', '', '', '', '' FROM tenants_tenant;
UPDATE subscriptions_holding SET measured = 11, used = 11 WHERE id % 10 = 0;
"""
VEIL = """
UPDATE tenants_tenant SET hides_customers_at = now()
 WHERE id = (SELECT min(id) FROM tenants_tenant WHERE kind = 'reseller')
"""


def fill(cluster: Cluster, name: str, size: tuple[int, int] | None = None) -> Any:
    """A browser in which the provider's administrator is logged in."""
    from django.db import connection
    from django.test import Client

    from bench import market
    from resellerhub.kernel.owner import as_owner
    from tenants.models import Membership, User

    cluster.use(cluster.copy("rh", name))
    with as_owner():
        made = market.make(*(size or SIZES[name]))
        with connection.cursor() as cursor:
            cursor.execute(PROFILES)
            cursor.execute("VACUUM (ANALYZE)")
    user = User.objects.create_user("bench@example.org", "not used here", name="Bench")
    Membership.objects.create(
        user=user, tenant_id=made.provider, provider_id=made.provider, role="administrator", created_at=market.NOW
    )
    browser = Client()
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def timed(browser: Any, url: str) -> float:
    started = time.perf_counter()
    response = browser.get(url)
    assert response.status_code == 200, f"{url}: {response.status_code}"
    return time.perf_counter() - started


def queries(browser: Any, url: str) -> int:
    """Of two looks the one with fewer: once a minute a page notes that the login was used (`tenants.activity`), in five
    statements that have nothing to do with the page."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def counted() -> int:
        with CaptureQueriesContext(connection) as captured:
            browser.get(url)
        return len(captured)

    return min(counted(), counted())


def by_turns(cluster: Cluster, browsers: dict[str, Any], url: str, rounds: int) -> dict[str, float]:
    """Median seconds of the page in each database; the first answer after a change of databases is for warm caches."""
    seconds: dict[str, list[float]] = {name: [] for name in browsers}
    for _round in range(rounds):
        for name, browser in browsers.items():
            cluster.use(name)
            timed(browser, url)
            seconds[name] += [timed(browser, url) for _again in range(3)]
    return {name: median(taken) for name, taken in seconds.items()}


def show(label: str, taken: dict[str, float], note: str = "") -> float:
    ratio = taken["large"] / taken["small"]
    small, large = (taken[name] * 1e3 for name in ("small", "large"))
    print(f"  {label:28} small {small:7.1f}   large {large:7.1f}   ratio {ratio:.2f}  {note}")
    return ratio


def measure(cluster: Cluster, rounds: int) -> bool:
    browsers = {name: fill(cluster, name) for name in SIZES}

    def taking(url: str) -> dict[str, float]:
        return by_turns(cluster, browsers, url, rounds)

    tenants = {name: f"{resellers * (1 + each):,}" for name, (resellers, each) in SIZES.items()}
    print(f"first pages, ms, median of {3 * rounds}; small has {tenants['small']} tenants, large {tenants['large']}")
    met, plain = True, 0.0

    def judged(label: str, url: str, note: str = "") -> float:
        nonlocal met
        cluster.use("large")
        browsers["large"].get(url)
        count, taken = queries(browsers["large"], url), taking(url)
        note = note and note % (taken["large"] / plain)
        met &= show(label, taken, f"{count} queries{note}") <= SLOWER and count <= QUERIES
        return taken["large"]

    for label, url in JUDGED.items():
        plain = judged(label, url)
    for label, url in TOLD.items():
        show(label, taking(url))
    for name in browsers:
        hide(cluster, name)
    met &= judged("customers, some hidden", JUDGED["customers"], ", %.2f of the page without") <= SLOWER * plain
    return met


def hide(cluster: Cluster, name: str) -> None:
    """A reseller hides its customers."""
    from django.db import connection

    cluster.use(name)
    with connection.cursor() as cursor:
        cursor.execute(VEIL)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    asked = parser.parse_args()
    os.environ.update(REQUIRE_TOTP_FOR_PROVIDERS="false", INSECURE_HTTP="true", ALLOWED_HOSTS="*")
    with throw_away() as cluster:
        met = measure(cluster, asked.rounds)
    print(f"\ntargets: ratio ≤ {SLOWER}, at most {QUERIES} queries: {'met' if met else 'missed'}")
    sys.exit(not met)


if __name__ == "__main__":
    main()
