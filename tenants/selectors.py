"""Reads that join: the directories, the team, the event log."""

from datetime import date, datetime, timedelta
from typing import Any, cast

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    JSONField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Now, NullIf

from resellerhub.kernel.refusals import found
from tenants import hooks, naming
from tenants.actor import Actor
from tenants.models import (
    ApiKey,
    Event,
    Mailbox,
    ManagedCustomer,
    Mapping,
    Membership,
    Profile,
    ProviderSettings,
    SupportLevel,
    Tenant,
    User,
    Visit,
)
from tenants.roles import Kind, Role
from tenants.support_prices import priced

SLACK = timedelta(minutes=1)


def memberships(user_id: int) -> list[Membership]:
    """Where a user may act, the oldest first; a closed tenant is gone."""
    rows = Membership.objects.filter(user_id=user_id, user__is_active=True).exclude(tenant__status=Tenant.Status.CLOSED)
    return list(rows.select_related("tenant", "tenant__profile", "user").order_by("pk"))


def house(actor: Actor) -> dict[str, str]:
    """What a new company begins with: the language, currency and time zone of the actor's provider."""
    settings = ProviderSettings.objects.select_related("tenant__profile").get(pk=actor.provider_id)
    zone = settings.tenant.profile.time_zone
    return {"language": settings.language, "currency": settings.currency, "time_zone": zone}


def suspension_of(tenant_id: int) -> str:
    """Why a tenant is suspended, as it was told; often nothing."""
    return str(Profile.objects.values_list("suspension_reason", flat=True).get(pk=tenant_id))


def directory(actor: Actor) -> QuerySet[Tenant]:
    """Tenants in scope other than the actor's own, with their names and addresses and the name of the seller.

    Rows carry what may be read of the profile (`name`, `owner_email` …) and `named`, whether it may; the profile itself
    is not loaded. `by_name` is the order of names. The house is named too, though scope implies it: so a provider's
    pages by name and by id each walk one index.
    """
    house = {"provider_id": actor.provider_id, "profile__provider_id": actor.provider_id}
    seller = Coalesce(F("parent_id"), F("provider_id"))
    name = Profile.objects.filter(pk=OuterRef("sold_by")).values("name")
    tenants: QuerySet[Tenant] = (
        Tenant.objects.visible_to(actor).filter(**house).exclude(pk=actor.tenant_id).order_by("pk")
    )
    texts: dict[str, Any] = {field: naming.shown(actor, field, "") for field in ("name", *naming.CONTACT)}
    texts["language"] = F("profile__language")
    rows = tenants.annotate(sold_by=seller, seller_name=Subquery(name), named=naming.is_named(actor, ""), **texts)
    return cast(QuerySet[Tenant], rows.annotate(by_name=F("name")))


def resellers(actor: Actor) -> QuerySet[Tenant]:
    """Resellers in scope, with their terms, how many customers each sells to directly, whether the actor reads the
    names of these, and whether it is mapped."""
    open_customers = Tenant.objects.customers().exclude(status=Tenant.Status.CLOSED)
    sold_to = open_customers.filter(parent_id=OuterRef("pk")).order_by().values("parent_id")
    count = sold_to.annotate(count=Count("pk")).values("count")
    rows = directory(actor).filter(kind=Kind.RESELLER).select_related("terms")
    open_to = ExpressionWrapper(Q(hides_customers_at=None, veil__lte=actor.depth), output_field=BooleanField())
    columns = {
        "customer_count": Coalesce(Subquery(count), 0),
        "customers_visible": open_to,
        "is_mapped": Exists(Mapping.objects.filter(pk=OuterRef("pk"))),
        "by_name": naming.seller_name(""),
    }
    return cast(QuerySet[Tenant], rows.annotate(**columns))


def customers(actor: Actor) -> QuerySet[Tenant]:
    """Customers in scope, with the name of their account, where names may be read, and who supports them."""
    account = Case(
        When(naming.readable(actor, ""), then=Coalesce(F("account__login__account_name"), Value(""))),
        default=Value(""),
        output_field=CharField(),
    )
    level = Coalesce(F("account__support_level__name"), Value(""))
    rows = directory(actor).filter(kind=Kind.CUSTOMER)
    return cast(QuerySet[Tenant], rows.annotate(account_name=account, support_level=level))


def counted(actor: Actor, kind: str) -> QuerySet[Tenant]:
    """The tenants of `directory`, to be counted: a provider's house by one index, no column but those of filters."""
    seen: QuerySet[Tenant] = Tenant.objects.visible_to(actor)
    rows = Tenant.objects.filter(provider_id=actor.provider_id) if actor.is_provider else seen
    of_kind = rows.filter(kind=kind).exclude(pk=actor.tenant_id).order_by()
    return cast(QuerySet[Tenant], of_kind.annotate(named=naming.is_named(actor, "")))


def some_hidden(actor: Actor) -> bool:
    """Whether there is a customer whose name the actor does not read."""
    return counted(actor, Kind.CUSTOMER).filter(veil__gt=actor.depth).exists()


def in_order(actor: Actor, customers: QuerySet[Tenant], *, hidden: bool | None = None) -> QuerySet[Tenant]:
    """The same customers with the quickest `by_name`: where nobody hides anything from the actor, names stand in an
    index; else what is shown of them has to be sorted (a page of it: see `tenants.by_name`)."""
    if hidden is None:
        hidden = some_hidden(actor)
    return customers if hidden else customers.annotate(by_name=naming.seller_name(""))


def organisations(actor: Actor) -> QuerySet[Tenant]:
    """Every tenant in scope and the actor's own, to be chosen by name: `called` is the one that the actor reads.

    The house is that of the profile: so the first of a provider's hundred thousand come out of the index of names.
    """
    seen = Q(ancestors__overlap=list(actor.roots)) | Q(pk=actor.tenant_id)
    rows = Tenant.objects.filter(seen, profile__provider_id=actor.provider_id)
    rows = rows.annotate(called=naming.shown(actor, "name", ""))
    by_name = "called" if some_hidden(actor) else naming.seller_name("")
    return cast(QuerySet[Tenant], rows.order_by(by_name, "profile__tenant_id"))


def selling(actor: Actor) -> QuerySet[Tenant]:
    """The actor's own tenant, where it is no customer, and the resellers in scope, to be chosen by name."""
    resellers = Q(ancestors__overlap=list(actor.roots), provider_id=actor.provider_id, kind=Kind.RESELLER)
    rows: QuerySet[Tenant] = Tenant.objects.filter(resellers | Q(pk=actor.tenant_id)).exclude(kind=Kind.CUSTOMER)
    return cast(QuerySet[Tenant], rows.annotate(called=naming.seller_name("")).order_by("called", "pk"))


def people(actor: Actor) -> QuerySet[User]:
    """Who works in scope or with the actor, by name."""
    seen = users(actor).order_by().values("user_id")
    name = Coalesce(NullIf(F("name"), Value("")), F("email"), output_field=CharField())
    return User.objects.filter(Q(pk__in=seen) | Q(pk=actor.user_id)).annotate(called=name).order_by("called", "pk")


def own_reseller(actor: Actor) -> Tenant:
    """The actor's own tenant, where it is a reseller."""
    reseller: Tenant = found(Tenant.objects.resellers(), pk=actor.tenant_id)
    return reseller


def last_hidden(actor: Actor) -> datetime | None:
    """When names were last hidden from the actor: what was written down for it before may hold them.

    By a reseller, or because a customer moved beneath one that hides. A minute is added: whoever hid them may have read
    the clock a while before it was so.
    """
    seen = Tenant.objects.visible_to(actor).order_by()
    closed = seen.filter(kind=Kind.RESELLER).exclude(pk=actor.tenant_id).aggregate(at=Max("hides_customers_at"))["at"]
    moved = seen.filter(kind=Kind.CUSTOMER, veil__gt=actor.depth).aggregate(at=Max("moved_at"))["at"]
    return max((moment + SLACK for moment in (closed, moved) if moment), default=None)


def hidden_since(actor: Actor, moment: datetime) -> bool:
    """Whether what was written down for the actor at that moment may hold names that are hidden from it by now."""
    last = last_hidden(actor)
    return last is not None and moment <= last


def sellers(actor: Actor) -> QuerySet[Tenant]:
    """Beneath whom the actor can put a new tenant: active resellers in scope, its provider or itself."""
    mine = Q(pk=actor.tenant_id)
    seen = Q(ancestors__overlap=list(actor.roots), kind=Kind.RESELLER)
    rows: QuerySet[Tenant] = Tenant.objects.filter(mine | seen, status=Tenant.Status.ACTIVE).exclude(kind=Kind.CUSTOMER)
    return rows.select_related("profile").order_by("kind", naming.seller_name(""), "pk")


def users(actor: Actor) -> QuerySet[Membership]:
    """Who works in the tenants in scope; of customers whose names are hidden, nobody is shown either."""
    rows = Membership.objects.visible_to(actor).filter(naming.readable(actor)).select_related("user", "tenant")
    return rows.order_by("user__email", "pk")


def team(actor: Actor) -> QuerySet[Membership]:
    """Who works in the actor's own tenant."""
    return users(actor).filter(tenant_id=actor.tenant_id)


def managers(actor: Actor) -> QuerySet[Membership]:
    """The account managers in scope, with the names of where they work."""
    return users(actor).filter(role=Role.ACCOUNT_MANAGER).select_related("tenant__profile")


def managed_customers(actor: Actor, membership_id: int) -> QuerySet[Tenant]:
    """The customers that an account manager looks after, as far as the actor sees them."""
    looked_after = ManagedCustomer.objects.filter(membership_id=membership_id).values("tenant_id")
    return customers(actor).filter(pk__in=looked_after)


def visits(actor: Actor) -> QuerySet[Any]:
    """Who acted as whom in scope. The visitor is named to who sees where the visitor works; of a customer whose names
    are hidden nothing is told but that there was a visit."""
    seen, named = Q(visitor_tenant__ancestors__overlap=list(actor.roots)), naming.readable(actor)
    text: dict[str, Any] = {"default": Value(""), "output_field": CharField()}
    visitor = Coalesce(NullIf(F("visitor__name"), Value("")), F("visitor__email"))
    columns = {
        "who": Case(When(seen, then=visitor), **text),
        "as_whom": Case(When(named, then=F("member__email")), **text),
        "why": Case(When(named, then=F("reason")), **text),
        "tenant_name": naming.shown(actor),
        "until": Case(
            When(ended_at__isnull=False, then=F("ended_at")), When(ends_at__lte=Now(), then=F("ends_at")), default=None
        ),
    }
    rows = Visit.objects.visible_to(actor).annotate(**columns).order_by("-pk")
    return rows if actor.is_provider else rows.filter(_since_here(actor, "started_at"))


def api_keys(actor: Actor) -> QuerySet[ApiKey]:
    """The keys of the actor's own tenant: whoever sells to it has keys of its own."""
    keys = ApiKey.objects.visible_to(actor).filter(tenant_id=actor.tenant_id)
    return keys.select_related("user").order_by("-pk")


def _since_here(actor: Actor, moment: str = "at") -> Q:
    """What was before a tenant moved here is no business of its new seller; who moved along with it knows it."""
    mine = Tenant.objects.filter(pk=actor.tenant_id).order_by().values("moved_at")
    stayed = Q(tenant__moved_at=None) | Q(tenant_id=actor.tenant_id) | Q(tenant__moved_at__lte=Subquery(mine))
    return stayed | Q(**{f"{moment}__gte": F("tenant__moved_at")})


def events(actor: Actor) -> QuerySet[Any]:
    """What happened in scope, with the names of the tenants; who did it is named only where the actor sees them.

    Of a customer whose names are hidden only that something happened is told: `seen_before` and `seen_after` are what
    may be read of the values, which are not loaded. `as_whom` is who was visited by whoever did it: named to who sees
    the visitor, and to those that the visited works for or beneath.
    """
    seen = Q(user_tenant__ancestors__overlap=list(actor.roots))
    who = Case(
        When(seen & naming.readable(actor, "user_tenant"), then=F("user_name")),
        When(seen, then=naming.shown(actor, "name", "user_tenant")),
        default=Value(""),
        output_field=CharField(),
    )
    visited = Membership.objects.filter(
        naming.readable(actor), user_id=OuterRef("on_behalf_of_id"), tenant__ancestors__overlap=list(actor.roots)
    )
    known = Q(on_behalf_of__isnull=False) & ((seen & naming.readable(actor)) | Exists(visited))
    as_whom = Coalesce(NullIf(F("on_behalf_of__name"), Value("")), F("on_behalf_of__email"))
    columns = {
        "named": naming.is_named(actor),
        "tenant_name": naming.shown(actor),
        "who": who,
        "as_whom": Case(When(known, then=as_whom), default=Value(""), output_field=CharField()),
        "by_person": ExpressionWrapper(~Q(user_name=""), output_field=BooleanField()),
        "seen_before": Case(When(naming.readable(actor), then=F("before")), default=None, output_field=JSONField()),
        "seen_after": Case(
            When(naming.readable(actor), then=F("after")), default=Value({}, JSONField()), output_field=JSONField()
        ),
    }
    rows = Event.objects.visible_to(actor).defer("before", "after", "user_name")
    if not actor.is_provider:
        rows = rows.filter(_since_here(actor))
        for untold in hooks.UNTOLD:
            rows = rows.exclude(untold(actor))
    return rows.annotate(**columns).order_by("-pk")


def mailboxes(actor: Actor) -> QuerySet[Mailbox]:
    """Those that are there, of customers whose names may be read: an address tells who it is."""
    return Mailbox.objects.visible_to(actor).filter(naming.readable(actor), removed_at=None).order_by("pk")


def support_levels(actor: Actor, on: date) -> QuerySet[SupportLevel]:
    """Of the actor's house, in their order, with what customers of its tenant pay, and what it pays itself for them; to
    a customer, with what it would pay."""
    mine = Tenant.objects.get(pk=actor.tenant_id)
    seller = Tenant.objects.get(pk=mine.seller_id) if actor.kind == Kind.CUSTOMER else mine
    return priced(seller, on, cost_of=mine if actor.kind == Kind.RESELLER else None).order_by("position", "pk")
