"""Reads of pools: lists with the status of the moment, and who holds, gives and takes them."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import (
    BigIntegerField,
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext as _

from catalog.models import ServiceType
from subscriptions.models import Pool, PoolAssignment, PoolSupply
from tenants import naming
from tenants.models import Mail, ResellerTerms, Tenant
from tenants.roles import Kind
from tenants.selectors import organisations

if TYPE_CHECKING:
    from tenants.actor import Actor


def pools(actor: "Actor", at: datetime) -> Any:
    """In scope, with numbers and names."""
    rows: Any = with_numbers(Pool.objects.visible_to(actor), at).select_related("service_type")
    return rows.annotate(holder_name=reseller_name(actor, "tenant"), grantor_name=reseller_name(actor, "grantor"))


def with_numbers(rows: Any, at: datetime) -> Any:
    """With `status`, and `available`, `waiting`, `given_on`: free, pending and allocated as they are at the instant,
    when what has ended is available again though nothing took it back yet; of what has ended itself nothing is."""
    return rows.with_status(at).annotate(
        waiting=F("pending") - _back(at, Pool.State.PENDING),
        given_on=F("allocated") - _back(at, Pool.State.ACTIVE),
        available=Case(
            When(goes_on(at), then=F("free") + _back(at, Pool.State.PENDING, Pool.State.ACTIVE)),
            default=0,
            output_field=BigIntegerField(),
        ),
    )


def goes_on(at: datetime) -> Q:
    """Not ended, and not taken back with one above it."""
    return Q(ends_at__gt=at, reclaimed_at=None)


def reseller_name(actor: "Actor", path: str) -> Any:
    """Of who holds pools or gives them. A supplier knows to whom it gives; to whom those give it on is of their branch:
    it reads no more than "Reseller" and the id."""
    if actor.is_provider:
        return naming.seller_name(path)
    key = f"{path}_id" if path else "pk"
    gave = Pool.objects.held_by(actor.tenant_id).exclude(grantor=None).order_by().values("grantor")
    supplied = PoolSupply.objects.filter(grantor=actor.tenant_id).order_by().values("tenant")
    known = _beneath(actor, path) | Q(**{f"{key}__in": gave}) | Q(**{f"{key}__in": supplied})
    return Case(
        When(known, then=naming.seller_name(path)),
        When(**{f"{key}__isnull": False}, then=naming.numbered(_("Reseller %(id)s"), key)),
        default=None,
        output_field=CharField(),
    )


def _back(at: datetime, *states: str) -> Case:
    """The seats of what was given of a pool and has ended, while the pool goes on."""
    ended = Pool.objects.ended(at).filter(parent=OuterRef("pk"), state__in=states).order_by().values("parent")
    seats = Coalesce(Subquery(ended.values(seats=Sum("seats"))), 0)
    return Case(When(ends_at__gt=at, then=seats), default=0, output_field=BigIntegerField())


def out_of_sight(actor: "Actor") -> Q:
    """Events of pools that a reseller does not see, though it sees their holder: another gave these."""
    seen = Pool.objects.visible_to(actor).order_by().values("pk")
    return Q(subject_type="pool") & ~Q(subject_id__in=seen)


def without_mails_of_others(actor: "Actor", rows: QuerySet[Mail]) -> QuerySet[Mail]:
    """A mail about a pool is read by who sees the pool: in whose name it goes may be somebody above, who does not."""
    seen = Pool.objects.visible_to(actor).order_by().values("pk")
    about = rows.annotate(pool_id=Cast(KT("facts__pool_id"), BigIntegerField()))
    return about.filter(~Q(kind__startswith="pool_") | Q(pool_id__in=seen))


def takers(actor: "Actor") -> QuerySet[Tenant]:
    """To whom the actor may give pools: the resellers beneath it, and those that it was made a supplier of."""
    supplied = PoolSupply.objects.open().filter(grantor=actor.tenant_id).order_by().values("tenant")
    beneath = Tenant.objects.visible_to(actor).resellers().order_by().values("pk")
    house: QuerySet[Tenant] = Tenant.objects.resellers().filter(provider_id=actor.provider_id)
    house = house.exclude(pk=actor.tenant_id)
    if actor.is_provider:
        return house
    return house.filter(Q(pk__in=beneath) | Q(pk__in=supplied))


def takers_by_name(actor: "Actor") -> Any:
    rows: Any = takers(actor)
    return rows.annotate(called=naming.seller_name("")).order_by("called", "pk")


def buyers(actor: "Actor", pool: Pool) -> QuerySet[Tenant]:
    """The customers in scope to whom seats of a pool can be assigned, by name: they are active, and buy from its
    holder."""
    seller = Q(parent=pool.tenant_id) | Q(parent=None, provider=pool.tenant_id)
    return organisations(actor).filter(seller, kind=Kind.CUSTOMER, status=Tenant.Status.ACTIVE)


def stock_holders(actor: "Actor") -> Any:
    """Who may hold purchased pools, as far as the actor enters purchases for them: itself, and a provider's staff for
    large account resellers."""
    rows: Any = Tenant.objects.filter(pk=actor.tenant_id)
    if actor.is_provider:
        large = {"provider": actor.provider_id, "terms__is_large": True, "status": Tenant.Status.ACTIVE}
        rows = rows | Tenant.objects.filter(**large)
    return rows.annotate(called=naming.seller_name("")).order_by("pk")


def is_large(tenant_id: int) -> bool:
    """Whether it is a large account reseller, who may hold purchased stock."""
    return ResellerTerms.objects.filter(pk=tenant_id, is_large=True).exists()


def services_for_stock(actor: "Actor") -> Any:
    rows: Any = ServiceType.objects.visible_to(actor).filter(is_active=True)
    return rows.order_by("name", "pk")


def seen_holders(actor: "Actor") -> Any:
    """Whose pools the actor may look at, by name: its own, those of its takers, and who has a pool in its sight."""
    holding = Pool.objects.visible_to(actor).order_by().values("tenant")
    seen = Q(pk=actor.tenant_id) | Q(pk__in=takers(actor).order_by().values("pk")) | Q(pk__in=holding)
    rows: Any = Tenant.objects.exclude(kind=Kind.CUSTOMER).filter(seen)
    return rows.annotate(called=reseller_name(actor, "")).order_by("called", "pk")


def givers(actor: "Actor") -> Any:
    """From whom the pools in sight are, by name."""
    giving = Pool.objects.visible_to(actor).order_by().values("grantor")
    rows: Any = Tenant.objects.filter(pk__in=giving)
    return rows.annotate(called=reseller_name(actor, "")).order_by("called", "pk")


def seen_givers(actor: "Actor") -> Any:
    """Who may be asked for as a giver, though it gave nothing."""
    known = Q(pk__in=givers(actor).order_by().values("pk")) | Q(pk__in=seen_holders(actor).order_by().values("pk"))
    rows: Any = Tenant.objects.filter(known)
    return rows.annotate(called=reseller_name(actor, "")).order_by("called", "pk")


def seated(actor: "Actor") -> Any:
    """The customers with pooled seats in sight, by the name that the actor may read."""
    hands = PoolAssignment.objects.visible_to(actor).current().order_by().values("tenant")
    rows: Any = Tenant.objects.customers().filter(pk__in=hands)
    return rows.annotate(called=name_shown(actor, "")).order_by("called", "pk")


def seen_customers(actor: "Actor") -> Any:
    """Who may be asked for as a customer, though it has no seats."""
    own = Tenant.objects.visible_to(actor).order_by().values("pk")
    rows: Any = Tenant.objects.customers().filter(Q(pk__in=own) | Q(pk__in=seated(actor).order_by().values("pk")))
    return rows.annotate(called=name_shown(actor, "")).order_by("called", "pk")


def supplies(actor: "Actor") -> Any:
    """Who supplies whom, in sight, with their names."""
    rows: Any = PoolSupply.objects.visible_to(actor)
    return rows.annotate(supplier_name=naming.seller_name("grantor"), reseller_name=naming.seller_name("tenant"))


def is_readable(actor: "Actor", tenant: str = "tenant") -> "ExpressionWrapper[Q]":
    """Whether the name of a customer may be read: within the actor's own branch, as ever. Who gives pools from
    elsewhere reads no names of customers."""
    return ExpressionWrapper(naming.readable(actor, tenant) & _beneath(actor, tenant), output_field=BooleanField())


def _beneath(actor: "Actor", tenant: str) -> Q:
    return Q(**{f"{tenant}__ancestors__contains" if tenant else "ancestors__contains": [actor.tenant_id]})


def _page_of(actor: "Actor", tenant: str) -> Case:
    """The customer's id where the actor has a page of it."""
    return Case(When(_beneath(actor, tenant), then=F(f"{tenant}_id" if tenant else "pk")), default=None)


def name_shown(actor: "Actor", tenant: str = "tenant") -> Case:
    """The name where it may be read, else "Customer" and the id."""
    other = naming.numbered(_("Customer %(id)s"), f"{tenant}_id" if tenant else "pk")
    own = When(_beneath(actor, tenant), then=naming.shown(actor, "name", tenant))
    return Case(own, default=other, output_field=CharField())


def assignments(actor: "Actor", at: datetime) -> Any:
    """What customers have, with the `status` of the pool it is of."""
    pool: Any = Pool.objects.with_status(at).filter(pk=OuterRef("pool")).order_by()
    return _handed(actor).annotate(status=Subquery(pool.values("status")))


def _handed(actor: "Actor") -> Any:
    """What customers have, with their names as far as the actor may read them. A customer reads the service for the
    pool: what that is called is between those above it."""
    rows: Any = PoolAssignment.objects.visible_to(actor).current().select_related("pool__service_type")
    title = "pool__service_type__name" if actor.kind == Kind.CUSTOMER else "pool__name"
    return rows.annotate(
        tenant_name=name_shown(actor), named=is_readable(actor), customer_seen=_page_of(actor, "tenant"), title=F(title)
    )


def pool_customers(actor: "Actor", at: datetime) -> Any:
    """Customers with seats of active pools in sight: how many pools, how much of each unit, the first end."""
    hands = PoolAssignment.objects.visible_to(actor).current().filter(tenant=OuterRef("pk"))
    active = hands.filter(pool__in=Pool.objects.active(at).order_by().values("pk")).order_by().values("tenant")

    def seats(unit: str) -> Subquery:
        return Subquery(active.filter(pool__unit=unit).values(total=Sum("seats")), output_field=BigIntegerField())

    rows: Any = Tenant.objects.customers().filter(Exists(active))
    return rows.annotate(
        shown_name=name_shown(actor, ""),
        named=is_readable(actor, ""),
        seen_pk=_page_of(actor, ""),
        pool_count=Subquery(active.values(count=Count("pk"))),
        ends_at=Subquery(active.values(first=Min("pool__ends_at"))),
        **{unit: seats(unit) for unit in Pool.Unit.values},
    )


def movements(actor: "Actor", pool: Pool) -> Any:
    """Of the seats of a pool, with whom each had to do by the name that the actor may read, and whether it is the one
    with which it began."""
    party = Case(
        When(child__isnull=False, then=reseller_name(actor, "child__tenant")),
        When(assignment__isnull=False, then=name_shown(actor, "assignment__tenant")),
        When(pool__grantor__isnull=False, then=reseller_name(actor, "pool__grantor")),
        default=None,
        output_field=CharField(),
    )
    first = Q(pk=Subquery(pool.entries.order_by("pk").values("pk")[:1]))
    return pool.entries.annotate(party=party, is_first=ExpressionWrapper(first, output_field=BooleanField()))


def holders(actor: "Actor", pool: Pool) -> list[dict[str, Any]]:
    """Who has how many seats of a pool, resellers first, by the names that the actor may read."""
    given: Any = pool.children.filter(state__in=(Pool.State.PENDING, Pool.State.ACTIVE), reclaimed_at=None)
    resellers = given.order_by("pk").values_list("tenant_id", reseller_name(actor, "tenant"), "seats")
    hands = _handed(actor).filter(pool=pool).order_by("pk")
    customers = [(row.tenant_id, row.tenant_name, row.seats) for row in hands]
    found: dict[int, dict[str, Any]] = {}
    for pk, name, seats in [*resellers, *customers]:
        found.setdefault(pk, {"id": pk, "name": name, "seats": 0})["seats"] += seats
    return list(found.values())
