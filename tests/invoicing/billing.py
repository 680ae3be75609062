"""What tests of charging share: an issuer charges everybody who owes it something, as often as one likes."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from catalog.models import Package
from invoicing.models import Charge, Mark
from invoicing.services.charging import charge, preview_charges
from resellerhub.kernel.periods import day_of
from subscriptions.services.life.steps.ending import Cancel
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.standing import Resume, Suspend
from tenants.models import Tenant
from tests.world import Player, World


class Billing:
    """Of two levels: the provider's bills to North, and North's to its customers."""

    def __init__(self, world: World) -> None:
        self.world = world

    def run(self, now: datetime, until: date | None = None) -> int:
        """By all who bill in this house, as it was previewed."""
        written = 0
        for issuer in (self.world.provider, self.world.north, self.world.north_east):
            who = {"issuer_id": issuer.id, "payer_ids": self.payers, "until": until or day_of(now), "now": now}
            told = sorted((row.payer_id, row.kind, row.amount) for row in preview_charges(**who))
            last = Charge.objects.order_by("pk").values_list("pk", flat=True).last() or 0
            written += charge(**who)
            rows = Charge.objects.filter(pk__gt=last).values_list("payer_id", "kind", "amount")
            assert sorted(rows) == told, "the preview said something else"
        return written

    @property
    def payers(self) -> list[int]:
        return list(Tenant.objects.exclude(kind="provider").values_list("pk", flat=True))

    def new(self, payer: Player, now: datetime) -> list[str]:
        """What is billed of one now, in the order of their amounts."""
        last = Charge.objects.order_by("pk").values_list("pk", flat=True).last() or 0
        self.run(now)
        rows = Charge.objects.filter(payer=payer.id, pk__gt=last).values_list("amount", flat=True)
        return [f"{amount:.2f}" for amount in sorted(rows)]


def total(payer: Player) -> Decimal:
    return sum(Charge.objects.filter(payer=payer.id).values_list("amount", flat=True), Decimal(0))


def untouched() -> int:
    """How many streams need no comparison."""
    return Mark.objects.filter(since__isnull=False).count()


def a_life(large: Package) -> list[tuple[int, Any, list[str]]]:
    """Steps of a subscription of two at 30.00, on which day, and what its holder is billed then."""
    return [
        (3, ChangeQuantity(5), ["81.00"]),
        (5, ChangeQuantity(3), ["-50.00"]),
        (7, Suspend(), ["-46.00", "-23.00"]),
        (8, ChangeQuantity(2), []),
        (11, Resume(), ["38.00"]),
        (13, ChangePackage(large.pk), ["-34.00", "9.90", "56.66"]),
        (13, ChangeQuantity(7), ["141.64"]),
        (33, ChangeQuantity(4, when="now"), ["-135.46"]),
        (40, Cancel(), ["-135.46"]),
    ]
