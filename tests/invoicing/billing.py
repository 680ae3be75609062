"""What tests of charging share: an issuer charges everybody who owes it something, as often as one likes."""

from datetime import date, datetime
from decimal import Decimal

from invoicing.models import Charge, Mark
from invoicing.services.charging import charge, preview_charges
from resellerhub.kernel.periods import day_of
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
