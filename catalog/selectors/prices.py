"""Price lists as far as the asking actor sees them, who holds them, and what they make of what is sold."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber

from catalog.hooks import SOLD, Asked, Sold
from catalog.models import PriceList, PriceListHolder, PriceRule
from tenants.models import Tenant
from tenants.naming import maker_name
from tenants.selectors import directory

if TYPE_CHECKING:
    from tenants.actor import Actor

ANYBODY = 0


def price_lists(actor: "Actor") -> QuerySet[PriceList]:
    """With the name of the seller, and how many hold each."""
    held = PriceListHolder.objects.visible_to(actor).filter(price_list=OuterRef("pk")).order_by()
    count = held.values("price_list").annotate(number=Count("pk")).values("number")
    return (
        PriceList.objects.visible_to(actor)
        .select_related("tenant")
        .annotate(
            seller_name=maker_name(actor, "tenant"),
            holder_count=Coalesce(Subquery(count, output_field=IntegerField()), 0),
        )
    )


def price_rules(price_list: PriceList, on: date) -> QuerySet[Any]:
    """Of a list in sight, each with its `state` on a day: `planned`, `in_force`, or `replaced` by a later one about the
    same; what ends a rule is `ended` where nothing came after."""
    is_planned = Q(effective_on__gt=on)
    about = [F("package_id"), F("add_on_id"), F("service_type_id"), F("cycle")]
    place = Window(
        RowNumber(),
        partition_by=[Case(When(is_planned, then=Value(1)), default=Value(0)), *about],
        order_by=[F("effective_on").desc(), F("pk").desc()],
    )
    return (
        price_list.rules.annotate(place=place, currency=F("price_list__currency"))
        .annotate(
            state=Case(
                When(is_planned, then=Value("planned")),
                When(place__gt=1, then=Value("replaced")),
                When(method=PriceRule.Method.KEEP, then=Value("ended")),
                default=Value("in_force"),
                output_field=CharField(),
            )
        )
        .select_related("package", "service_type")
    )


def holders(actor: "Actor", price_list: PriceList) -> QuerySet[Tenant]:
    """Who holds a list, with the names that the actor reads."""
    held = PriceListHolder.objects.visible_to(actor).filter(price_list=price_list)
    return directory(actor).filter(pk__in=held.order_by().values("tenant"))


def buyers(actor: "Actor", price_list: PriceList) -> QuerySet[Tenant]:
    """To whom a list can be assigned, each with the list that it holds."""
    seller = price_list.tenant_id
    held = PriceListHolder.objects.filter(tenant=OuterRef("pk"), seller=seller)
    everybody = directory(actor).filter(kind=price_list.audience).exclude(status=Tenant.Status.CLOSED)
    rows: QuerySet[Tenant] = everybody.filter(sold_by=seller)
    found: QuerySet[Tenant] = rows.annotate(
        held_list=Subquery(held.values("price_list")[:1]),
        held_name=Subquery(held.values("price_list__name")[:1]),
        is_held=Case(
            When(held_list=price_list.pk, then=Value("this")),
            When(held_list__isnull=False, then=Value("another")),
            default=Value("none"),
            output_field=CharField(),
        ),
    )
    return found


def list_of(actor: "Actor", tenant_id: int) -> PriceList | None:
    """Which list a buyer holds, for its seller and those above; never for itself."""
    held = PriceListHolder.objects.visible_to(actor).filter(tenant=tenant_id).select_related("price_list")
    holder = held.first()
    return holder.price_list if holder else None


def anybody(audience: str) -> Tenant:
    """Who buys and holds no list: what stands beside the rules is the same for all of an audience."""
    return Tenant(pk=ANYBODY, kind=audience)


def sold(actor: "Actor", seller: Tenant, buyer: Tenant, on: date) -> list[Sold]:
    """What the seller sells to a buyer, by service and name."""
    asked = Asked(seller, buyer, on)
    things: Iterable[Any] = (thing for source in SOLD for thing in source(actor, asked))
    return sorted(things, key=lambda thing: (thing.about.service_type_id, thing.name.casefold()))
