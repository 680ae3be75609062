"""The same for many packages or fees: share them, stop sharing, sell them no more. Each is done or refused alone."""

from collections.abc import Callable, Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from django.db.models import QuerySet

from catalog.models import Fee, Package
from catalog.refusals import NeverShared, TooMany
from catalog.services.fees import change_fee
from catalog.services.packages import deactivate_package, share_package
from resellerhub.kernel.operation import operation, undone
from resellerhub.kernel.refusals import NotFound, Refusal
from tenants.actor import Actor

Switch = Literal["share", "unshare", "deactivate"]
SWITCHES: Mapping[str, dict[str, bool]] = {
    "share": {"is_shared": True},
    "unshare": {"is_shared": False},
    "deactivate": {"is_active": False},
}
"""What a row says afterwards."""
MOST = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one row, or beforehand what would: `changed`, `unchanged` where it was so already, or `refused`."""

    row: Any
    state: str
    refusal: Refusal | None = None

    @property
    def code(self) -> str:
        return self.refusal.code if self.refusal else ""

    @property
    def detail(self) -> str:
        return self.refusal.detail if self.refusal else ""


@operation
def switch_packages(
    *, actor: Actor, package_ids: Collection[int], switch: Switch, now: datetime, preview: bool = False
) -> list[Outcome]:
    """Packages and plans in sight; `NotFound` if one is not, `TooMany`."""
    actor.require("catalog.edit")

    def change(row: Package) -> None:
        if switch == "deactivate":
            deactivate_package(actor=actor, package_id=row.pk, now=now)
        else:
            share_package(actor=actor, package_id=row.pk, is_shared=switch == "share", now=now)

    return each(Package.objects.visible_to(actor), package_ids, switch, change, preview=preview)


@operation
def switch_fees(
    *, actor: Actor, fee_ids: Collection[int], switch: Switch, now: datetime, preview: bool = False
) -> list[Outcome]:
    """Fees in sight; `NotFound` if one is not, `TooMany`. Of a reseller fee `NeverShared`."""
    actor.require("catalog.edit")

    def change(row: Fee) -> None:
        had = {name: getattr(row, name) for name in ("name", "is_shared", "applies_more_than_once", "is_active")}
        changed = change_fee(actor=actor, fee_id=row.pk, now=now, **had | SWITCHES[switch])
        if changed.kind == Fee.Kind.RESELLER and switch != "deactivate":
            raise NeverShared()

    return each(Fee.objects.visible_to(actor), fee_ids, switch, change, preview=preview)


def each(
    rows: QuerySet[Any], ids: Collection[int], switch: Switch, change: Callable[[Any], None], *, preview: bool
) -> list[Outcome]:
    """The change on each of these rows, in the order of their ids, undone where it is a preview."""
    if len(asked := sorted(set(ids))) > MOST:
        raise TooMany(most=MOST, field="ids")
    chosen = list(rows.filter(pk__in=asked).order_by("pk"))
    if len(chosen) < len(asked):
        raise NotFound(field="ids")
    with undone() if preview else nullcontext():
        return [_outcome(row, SWITCHES[switch], change) for row in chosen]


def _outcome(row: Any, wanted: Mapping[str, bool], change: Callable[[Any], None]) -> Outcome:
    try:
        change(row)
    except Refusal as refusal:
        return Outcome(row, "refused", refusal)
    was_so = all(getattr(row, name) == value for name, value in wanted.items())
    return Outcome(row, "unchanged" if was_so else "changed")
