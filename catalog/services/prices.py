"""Price lists: making and changing them, and to whom they are assigned. What they say is in `services.price_lines`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from catalog.models import PriceList, PriceListHolder
from catalog.refusals import CommissionLists, ListAssigned, ListNotActive, ManagedByAnother, NotABuyer
from catalog.selectors.managers import managed
from catalog.services.writing import write
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import NotFound, found
from tenants.actor import Actor
from tenants.models import ResellerTerms, ResellerType, Tenant
from tenants.roles import Kind

BATCH = 2_000


@operation
def create_price_list(
    *, actor: Actor, audience: str, name: str, currency: str, is_default: bool = False, now: datetime
) -> PriceList:
    """A list of the actor's own, for the resellers or the customers it sells to, without a rule.

    Made the default, it takes the place of the one that was: of an audience and a currency there is one. Refused:
    `CommissionLists`.
    """
    actor.require("catalog.edit")
    if actor.kind == Kind.CUSTOMER:
        raise ManagedByAnother(name=name)
    if ResellerTerms.objects.filter(pk=actor.tenant_id, type=ResellerType.COMMISSION).exists():
        raise CommissionLists()
    row = PriceList(
        provider_id=actor.provider_id,
        tenant_id=actor.tenant_id,
        audience=audience,
        name=name.strip(),
        currency=currency,
        is_default=is_default,
        created_at=now,
    )
    if is_default:
        _give_way(actor, row, now)
    write(row)
    actor.record(
        "price_list.created",
        row,
        at=now,
        name=row.name,
        audience=audience,
        currency=currency,
        is_default=is_default,
    )
    return row


@operation
def change_price_list(
    *, actor: Actor, price_list_id: int, name: str, is_default: bool, is_active: bool, now: datetime
) -> PriceList:
    """Its name and its switches; whom it is for and its currency never change.

    Refused: `ManagedByAnother`; `ListAssigned` where somebody holds what is to be switched off; `ListNotActive` for a
    default that is switched off.
    """
    row = editable(actor, price_list_id)
    after: dict[str, Any] = {"name": name.strip(), "is_default": is_default, "is_active": is_active}
    before = {field: getattr(row, field) for field, value in after.items() if getattr(row, field) != value}
    if not before:
        return row
    if is_default and not is_active:
        raise ListNotActive(name=row.name, field="is_default")
    if "is_active" in before and not is_active and (count := row.holders.count()):
        raise ListAssigned(name=row.name, count=count, field="is_active")
    if "is_default" in before and is_default:
        _give_way(actor, row, now)
    for field in before:
        setattr(row, field, after[field])
    write(row, sorted(before))
    facts = {field: after[field] for field in before}
    actor.record("price_list.changed", row, at=now, before=before, **facts)
    return row


@operation
def assign_price_list(*, actor: Actor, price_list_id: int, tenant_ids: Sequence[int], now: datetime) -> int:
    """Give the list to buyers of its seller, who let go of another that they had; how many are new to it.

    All or nothing. Refused: `ManagedByAnother`, `ListNotActive`, `NotABuyer` for who is of another kind, deleted, or
    buys from somebody else.
    """
    row = _seen(actor, price_list_id)
    buyers = _buyers(actor, row, tenant_ids)
    row = editable(actor, price_list_id)
    if not row.is_active:
        raise ListNotActive(name=row.name)
    had = dict(PriceListHolder.objects.filter(tenant__in=buyers).values_list("tenant_id", "price_list_id"))
    fresh = [pk for pk in buyers if had.get(pk) != row.pk]
    PriceListHolder.objects.bulk_create(
        (
            PriceListHolder(provider_id=row.provider_id, price_list=row, tenant_id=pk, seller_id=row.tenant_id)
            for pk in fresh
        ),
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["tenant"],
        update_fields=["price_list", "seller", "provider"],
    )
    _record_lost(actor, {pk: had[pk] for pk in fresh if pk in had}, now)
    if fresh:
        actor.record("price_list.assigned", row, at=now, holders=fresh)
    return len(fresh)


@operation
def unassign_price_list(*, actor: Actor, price_list_id: int, tenant_ids: Sequence[int], now: datetime) -> int:
    """Take the list from buyers, for whom the default list of their seller counts then; how many held it."""
    row = _seen(actor, price_list_id)
    buyers = _buyers(actor, row, tenant_ids)
    row = editable(actor, price_list_id)
    rows = PriceListHolder.objects.filter(price_list=row, tenant__in=buyers)
    held = sorted(rows.values_list("tenant_id", flat=True))
    rows.delete()
    _record_lost(actor, dict.fromkeys(held, row.pk), now)
    return len(held)


def let_go(actor: Actor, tenant: Tenant, now: datetime) -> None:
    """Who leaves its seller, is deleted or becomes of another kind holds no list of that seller any more; who can sell
    no longer has none in use. The seller reads of it, the holder does not."""
    held = PriceListHolder.objects.filter(tenant=tenant)
    _record_lost(actor, dict(held.values_list("tenant_id", "price_list_id")), now)
    held.delete()
    if tenant.kind == Kind.CUSTOMER or tenant.is_closed:
        PriceList.objects.filter(tenant=tenant, is_active=True).update(is_active=False, is_default=False)


def editable(actor: Actor, price_list_id: int) -> PriceList:
    """Locked. A list is changed by its seller and by the provider's own staff; who only sees it may not."""
    row = _seen(actor, price_list_id)
    return found(PriceList.objects.filter(pk=row.pk).locked(), pk=row.pk)


def _seen(actor: Actor, price_list_id: int) -> PriceList:
    actor.require("catalog.edit")
    return managed(actor, PriceList.objects.visible_to(actor), price_list_id)


def _buyers(actor: Actor, row: PriceList, tenant_ids: Sequence[int]) -> list[int]:
    """Who is asked for, locked so that nobody moves or is deleted meanwhile, and buys from the seller of the list."""
    asked = sorted(set(tenant_ids))
    tenants = list(Tenant.objects.visible_to(actor).filter(pk__in=asked).exclude(pk=actor.tenant_id).locked())
    if len(tenants) != len(asked):
        raise NotFound()
    for tenant in tenants:
        if tenant.seller_id != row.tenant_id or tenant.kind != row.audience or tenant.is_closed:
            raise NotABuyer(id=tenant.pk, name=row.name, field="buyers")
    return asked


def _give_way(actor: Actor, row: PriceList, now: datetime) -> None:
    """What was the default of this audience and currency is so no longer."""
    others = PriceList.objects.filter(
        tenant=row.tenant_id, audience=row.audience, currency=row.currency, is_default=True
    )
    for other in others.exclude(pk=row.pk).locked():
        other.is_default = False
        other.save(update_fields=["is_default"])
        actor.record("price_list.changed", other, at=now, before={"is_default": True}, is_default=False)


def _record_lost(actor: Actor, lost: Mapping[int, int], now: datetime) -> None:
    """For each list that somebody held: buyer → list."""
    lists = PriceList.objects.filter(pk__in=set(lost.values())).order_by("pk")
    for row in lists:
        holders = sorted(tenant for tenant, price_list in lost.items() if price_list == row.pk)
        actor.record("price_list.unassigned", row, at=now, holders=holders)
