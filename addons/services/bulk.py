"""One add-on over many subscriptions: preview, start, and the chunk that a worker runs."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from addons.models import BulkSale
from resellerhub.kernel.models import Job
from resellerhub.kernel.operation import operation
from tenants.actor import Actor


@dataclass(frozen=True, slots=True)
class Order:
    """What a bulk sale asks for. `resellers` counts for the audience "resellers"; `owner_id` for "customers": None is all."""

    audience: str
    service_type_id: int
    add_on_id: int
    quantity: int
    resellers: tuple[int, ...] = ()
    owner_id: int | None = None
    service_instance_id: int | None = None
    only_over_quota: bool = True
    skip_already_sold: bool = False
    create_copy: bool = False


@dataclass(frozen=True, slots=True)
class Charge:
    """What the targets that would be sold to are charged for one cycle, and what that costs the resellers who sell."""

    currency: str
    cycle: str
    amount: Decimal
    cost: Decimal


@dataclass(frozen=True, slots=True)
class Preview:
    """What would happen now. `counts` has every outcome: "sold" and each reason for which nothing is sold."""

    total: int
    counts: dict[str, int]
    charges: list[Charge] = field(default_factory=list)
    granted: dict[int, int] = field(default_factory=dict)
    """Resource id → how much all sales together would grant of it."""


def preview_bulk_sale(*, actor: Actor, order: Order) -> Preview:
    """The outcome of this order if it ran now, by the very SQL that will decide it; nothing is written.

    Refuses what `start_bulk_sale` refuses.
    """


@operation
def start_bulk_sale(*, actor: Actor, order: Order, request_id: UUID, now: datetime) -> BulkSale:
    """Freeze the selection and hand it to the workers; returns at once. A repeated request id starts nothing twice.

    Refused: `AddOnInactive`, `NoPackages`, `WrongServiceType`, `BelowMinimum`, `NothingSelected`; resellers, owner or
    instance out of sight are `NotFound`. Cancel and retry through the kernel's jobs, with `bulk_sale.job`.
    """


def run_chunk(job: Job, item_ids: Sequence[int]) -> None:
    """Decide and write these items, all in one statement; called by the job runner inside its transaction."""
