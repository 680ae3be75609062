"""How much slower are the lists of subscriptions with 100,000 of them than with 6,000?

    python bench/subscriptions.py [--rounds 7]

Starts a throw-away PostgreSQL and fills two databases, `small` and `large`, with as many resellers and full pages: what
is compared shows the same. A provider's administrator asks for first pages of the list, in a browser and over REST,
plain and by each kind of filter, of both databases by turns. Judged are the ratio of the medians, and that a page takes
as many queries in both. Beside it, printed and not judged: searches, which read every name, and an order by name.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.cluster import Cluster, throw_away
from bench.directory import by_turns, fill, queries, show

SIZES = {"small": (200, 30), "large": (200, 500)}
"""Resellers, and customers of each; each holds one subscription."""
SLOWER = 1.5
PAGE, REST = "/console/subscriptions/", "/api/v1/subscriptions"
JUDGED = {
    "page": PAGE,
    "page, active": f"{PAGE}?state=active",
    "page, of customers": f"{PAGE}?kind=customer",
    "page, of a seller": f"{PAGE}?seller=%(seller)s",
    "page, of a package": f"{PAGE}?package=%(package)s",
    "page, drawn from one": f"{PAGE}?source=%(source)s",
    "REST": f"{REST}?limit=50",
    "REST, expanded": f"{REST}?limit=50&expand=resources",
    "REST, active": f"{REST}?limit=50&state=active",
    "REST, of a seller": f"{REST}?limit=50&seller=%(seller)s",
}
TOLD = {
    "page, by number": f"{PAGE}?q=%(source)s",
    "page, part of a name": f"{PAGE}?q=exch",
    "page, by name": f"{PAGE}?sort=name",
    "REST, by name": f"{REST}?limit=50&ordering=name",
}


class Both:
    """A browser for pages, and a program for REST."""

    def __init__(self, browser: Any) -> None:
        from django.test import Client

        from bench.market import NOW
        from subscriptions.models import Subscription
        from tenants.actor import Actor
        from tenants.models import Membership
        from tenants.services.api_keys import create_api_key

        member = Membership.objects.select_related("tenant", "user").get()
        key = create_api_key(actor=Actor.of(member, ""), name="bench", scopes=["*"], now=NOW)[1]
        self.browser, self.program = browser, Client(headers={"Authorization": f"Bearer {key}"})
        source = Subscription.objects.filter(tenant__kind="reseller").order_by("pk")[3]
        package = source.drawn.values_list("package", flat=True)[0]
        self.ids = {"seller": source.tenant_id, "source": source.pk, "package": package}

    def get(self, url: str) -> Any:
        return (self.program if url.startswith("/api/") else self.browser).get(url % self.ids)


def measure(cluster: Cluster, rounds: int) -> bool:
    from django.core.cache import cache

    both = {}
    for name, size in SIZES.items():
        browser = fill(cluster, name, size)
        both[name] = Both(browser)
    held = {name: f"{resellers * (1 + each):,}" for name, (resellers, each) in SIZES.items()}
    print(f"first pages, ms, median of {3 * rounds}; small has {held['small']} subscriptions, large {held['large']}")
    met = True
    for label, url in JUDGED.items():
        counts = {}
        for name, each in both.items():
            cluster.use(name)
            cache.clear()
            each.get(url)
            counts[name] = queries(each, url)
        ratio = show(label, by_turns(cluster, both, url, rounds), f"{counts['small']}, {counts['large']} queries")
        met &= ratio <= SLOWER and counts["large"] <= counts["small"]
    for label, url in TOLD.items():
        show(label, by_turns(cluster, both, url, rounds))
    return met


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    os.environ.update(REQUIRE_TOTP_FOR_PROVIDERS="false", INSECURE_HTTP="true", ALLOWED_HOSTS="*")
    with throw_away() as cluster:
        met = measure(cluster, asked.rounds)
    print(f"\ntargets: ratio ≤ {SLOWER}, as many queries in both: {'met' if met else 'missed'}")
    sys.exit(not met)


if __name__ == "__main__":
    main()
