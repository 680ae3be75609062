"""Reads that join: the directories, the team, the event log."""

from typing import Any, cast

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from tenants.actor import Actor
from tenants.models import ApiKey, Event, Membership, Profile, ProviderSettings, Tenant
from tenants.roles import Kind


def memberships(user_id: int) -> list[Membership]:
    """Where a user may act, the oldest first; a closed tenant is gone."""
    rows = Membership.objects.filter(user_id=user_id, user__is_active=True).exclude(tenant__status=Tenant.Status.CLOSED)
    return list(rows.select_related("tenant", "tenant__profile", "user").order_by("pk"))


def house(actor: Actor) -> dict[str, str]:
    """What a new company begins with: the language, currency and time zone of the actor's provider."""
    settings = ProviderSettings.objects.select_related("tenant__profile").get(pk=actor.provider_id)
    zone = settings.tenant.profile.time_zone
    return {"language": settings.language, "currency": settings.currency, "time_zone": zone}


def directory(actor: Actor) -> QuerySet[Tenant]:
    """Tenants in scope other than the actor's own, with profile, seller and the name of the seller.

    The house is named too, though scope implies it: so a provider's pages by name and by id each walk one index.
    """
    house = {"provider_id": actor.provider_id, "profile__provider_id": actor.provider_id}
    seller = Coalesce(F("parent_id"), F("provider_id"))
    name = Profile.objects.filter(pk=OuterRef("sold_by")).values("name")
    tenants: QuerySet[Tenant] = (
        Tenant.objects.visible_to(actor).filter(**house).exclude(pk=actor.tenant_id).order_by("pk")
    )
    rows = tenants.select_related("profile").annotate(sold_by=seller).annotate(seller_name=Subquery(name))
    return cast(QuerySet[Tenant], rows)


def resellers(actor: Actor) -> QuerySet[Tenant]:
    """Resellers in scope, with their terms and how many customers each sells to directly."""
    sold_to = Tenant.objects.customers().filter(parent_id=OuterRef("pk")).order_by().values("parent_id")
    count = sold_to.annotate(count=Count("pk")).values("count")
    rows = directory(actor).filter(kind=Kind.RESELLER).select_related("terms")
    return cast(QuerySet[Tenant], rows.annotate(customer_count=Coalesce(Subquery(count), 0)))


def customers(actor: Actor) -> QuerySet[Tenant]:
    """Customers in scope."""
    return directory(actor).filter(kind=Kind.CUSTOMER)


def sellers(actor: Actor) -> QuerySet[Tenant]:
    """Beneath whom the actor can put a new tenant: active resellers in scope, its provider or itself."""
    mine = Q(pk=actor.tenant_id)
    seen = Q(ancestors__overlap=list(actor.roots), kind=Kind.RESELLER)
    rows: QuerySet[Tenant] = Tenant.objects.filter(mine | seen, status=Tenant.Status.ACTIVE).exclude(kind=Kind.CUSTOMER)
    return rows.select_related("profile").order_by("kind", "profile__name", "pk")


def users(actor: Actor) -> QuerySet[Membership]:
    """Who works in the tenants in scope."""
    rows = Membership.objects.visible_to(actor).select_related("user", "tenant", "tenant__profile")
    return rows.order_by("user__email", "pk")


def team(actor: Actor) -> QuerySet[Membership]:
    """Who works in the actor's own tenant."""
    return users(actor).filter(tenant_id=actor.tenant_id)


def api_keys(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of the actor's own tenant: whoever sells to it has keys of its own."""
    keys = ApiKey.objects.visible_to(actor).filter(tenant_id=actor.tenant_id)
    return keys.select_related("user").order_by("-pk")


def events(actor: Actor) -> QuerySet[Any]:
    """What happened in scope, with the names of the tenants; who did it is named only where the actor sees them."""
    seen = Q(user_tenant__ancestors__overlap=list(actor.roots))
    who = Case(When(seen, then=F("user_name")), default=Value(""), output_field=CharField())
    rows = Event.objects.visible_to(actor).select_related("tenant", "tenant__profile")
    return rows.annotate(who=who).order_by("-pk")
