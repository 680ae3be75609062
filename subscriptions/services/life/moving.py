"""What a tenant holds follows it to another seller: it is drawn from what the new seller holds, and counted there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Package
from subscriptions import hooks
from subscriptions.models import Holding, PlannedChange, Subscription
from subscriptions.naming import title_of
from subscriptions.selectors.offers import chosen_for, is_prepaid, sources
from subscriptions.services.allocation import MISSING
from subscriptions.services.drawing import lock_use, pass_up, with_sources
from subscriptions.services.life.phases import go_on_elsewhere
from subscriptions.services.usage.crossings import note_crossings
from tenants.actor import Actor
from tenants.hooks import LISTED, Following, Part, Parts
from tenants.models import Event, ResellerTerms, Tenant
from tenants.models.scope import below
from tenants.services.obstacles import CannotFollow

SOLD = """
UPDATE subscriptions_holding h SET sold = h.sold + %(sign)s * moved.amount
  FROM (SELECT s.source_id, d.resource_id, sum(d.allocated)::bigint AS amount
          FROM subscriptions_holding d JOIN subscriptions_subscription s ON s.id = d.subscription_id
         WHERE s.id = ANY (%(ids)s) AND s.source_id IS NOT NULL GROUP BY 1, 2) AS moved
 WHERE h.subscription_id = moved.source_id AND h.resource_id = moved.resource_id
"""


@dataclass(frozen=True, slots=True)
class Leg:
    """One open subscription, and what it draws on at the new seller: None where that need not hold anything."""

    subscription: Subscription
    source: Subscription | None


def following(actor: Actor, tenant: Tenant, seller: Tenant) -> Following:
    """Open subscriptions come along where the new seller offers the package and has room for them."""
    legs, blocked = _plan(actor, tenant, seller)
    return Following(along=[_along(actor, legs)], blocked=blocked)


def take_along(actor: Actor, tenant: Tenant, seller: Tenant, now: datetime) -> dict[str, Any]:
    """The tenant stands beneath its new seller: so do its open subscriptions. Closed ones stay with who sold them.

    What the old source had sold, and what it used through them, goes to the new one. Judged again under the locks. Of
    what is sold beneath the tenant another line of sellers is owed, so new phases begin there too. What is planned
    stays planned, at the price of the new seller on its day; a change to what it could not sell is withdrawn.
    """
    held = _held(tenant, seller)
    beneath = list(Subscription.objects.open().filter(below([tenant.pk], "seller_id")).values_list("pk", flat=True))
    ids = with_sources([*beneath, *held.values_list("pk", flat=True), *sources(seller).values_list("pk", flat=True)])
    list(Subscription.objects.filter(pk__in=ids).locked().values_list("pk", flat=True))
    resources = Holding.objects.filter(subscription__in=held).order_by().values_list("resource_id", flat=True)
    lock_use(ids, set(resources))
    legs, blocked = _plan(actor, tenant, seller)
    if blocked:
        raise CannotFollow(blocked)
    _hand_over(legs, seller, now)
    moved = [*beneath, *(leg.subscription.pk for leg in legs)]
    go_on_elsewhere(moved, now)
    for take_part in hooks.ELSEWHERE:
        take_part(actor, moved, now)
    _withdraw_plans(actor, tenant, seller, now)
    _plan_anew(legs, now)
    Event.objects.bulk_create(
        actor.event(
            "subscription.moved",
            leg.subscription,
            at=now,
            before={"seller": leg.subscription.seller_id, "source": leg.subscription.source_id},
            facts={"seller": seller.pk, "source": leg.source.pk if leg.source else None},
        )
        for leg in legs
    )
    return {"subscriptions": len(legs)}


def _held(tenant: Tenant, seller: Tenant) -> Any:
    """Those beneath the tenant keep their sellers, and are no matter of this move."""
    return Subscription.objects.open().filter(tenant=tenant).exclude(seller=seller).order_by("pk")


def _plan(actor: Actor, tenant: Tenant, seller: Tenant) -> tuple[list[Leg], list[Parts]]:
    """From where each would be drawn, and those that cannot come, with the reason."""
    rows = list(_held(tenant, seller).select_related("package", "tenant"))
    needed = _amounts(Holding.objects.filter(subscription__in=[row.pk for row in rows]))
    chosen = _chosen(seller, {row.package_id for row in rows})
    room = _Room(seller)
    legs: list[Leg] = []
    stuck = [*_strange_packages(actor, tenant, seller)]
    for row in rows:
        if not _is_offered(row.package, seller, chosen):
            stuck.append(
                Part("subscription", row.pk, title_of(actor, row), _("The new seller does not offer this package."))
            )
        elif not room.is_needed:
            legs.append(Leg(row, None))
        elif source := room.take(row, needed.get(row.pk, {})):
            legs.append(Leg(row, source))
        else:
            note = _("The new seller holds no active subscription on the same service instance with room for it.")
            stuck.append(Part("subscription", row.pk, title_of(actor, row), note))
    blocked = [Parts(gettext_lazy("Subscriptions"), len(stuck), stuck[:LISTED])] if stuck else []
    return legs, blocked


def _is_offered(package: Package, seller: Tenant, chosen: set[int]) -> bool:
    known = package.tenant_id == seller.pk or (package.is_shared and package.tenant_id in seller.ancestors)
    return known and package.pk in chosen


def _chosen(seller: Tenant, packages: Iterable[int]) -> set[int]:
    """Without those that the new seller, being a commission reseller, was not given to offer."""
    return set(Package.objects.filter(chosen_for(seller), pk__in=packages).values_list("pk", flat=True))


def _strange_packages(actor: Actor, tenant: Tenant, seller: Tenant) -> Iterable[Part]:
    """Subscriptions beneath, of packages whose owner would no longer stand above."""
    strangers = Subscription.objects.open().within(tenant.pk).exclude(tenant=tenant)
    known = Q(package__tenant__in=seller.ancestors) | Q(below([tenant.pk], "package__tenant_id"))
    for row in strangers.exclude(known).select_related("tenant").order_by("pk"):
        yield Part("subscription", row.pk, title_of(actor, row), _("Its package belongs to a seller that it leaves."))


def _withdraw_plans(actor: Actor, tenant: Tenant, seller: Tenant, now: datetime) -> None:
    """Changes to packages that could not come along, of the tenant and of those beneath it: nobody there would know of
    them, so they are no longer planned."""
    changes = PlannedChange.objects.open().filter(kind=PlannedChange.Kind.CHANGE, subscription__in=_of_branch(tenant))
    plans = list(changes.select_related("version__package", "subscription").order_by("pk"))
    packages = {plan.pk: plan.version.package for plan in plans if plan.version}
    chosen, known = _chosen(seller, {package.pk for package in packages.values()}), set(seller.ancestors)
    beneath = set(Tenant.objects.filter(below([tenant.pk], "id")).values_list("pk", flat=True)) if plans else set()
    gone = [
        plan
        for plan in plans
        if not (
            _is_offered(packages[plan.pk], seller, chosen)
            if plan.subscription.tenant_id == tenant.pk
            else packages[plan.pk].tenant_id in known | beneath
        )
    ]
    PlannedChange.objects.filter(pk__in=[plan.pk for plan in gone]).update(
        state=PlannedChange.State.WITHDRAWN, settled_at=now
    )
    Event.objects.bulk_create(
        actor.event(
            "subscription.kept", plan.subscription, at=now, facts={"planned": plan.kind, "on": plan.on.isoformat()}
        )
        for plan in gone
    )


def _plan_anew(legs: Sequence[Leg], now: datetime) -> None:
    """What was planned at the price of the old seller is planned at that of the new one, which is known on its day."""
    priced = PlannedChange.objects.open().filter(unit_price__isnull=False)
    plans = list(priced.filter(subscription__in=[leg.subscription.pk for leg in legs]).order_by("pk"))
    priced.filter(pk__in=[plan.pk for plan in plans]).update(state=PlannedChange.State.WITHDRAWN, settled_at=now)
    for plan in plans:
        plan.pk, plan.unit_price, plan.made_at = None, None, now
        plan.price_rule = plan.fee_version = None
    PlannedChange.objects.bulk_create(plans)


def _of_branch(tenant: Tenant) -> Any:
    return Subscription.objects.open().within(tenant.pk).values("pk")


class _Room:
    """What the new seller has left to sell, taken from as the plan goes on."""

    def __init__(self, seller: Tenant) -> None:
        self.is_needed = seller.kind == "reseller" and is_prepaid(seller.pk)
        self.is_endless = ResellerTerms.objects.filter(pk=seller.pk, may_oversell=True).exists()
        self.sources = list(sources(seller)) if self.is_needed else []
        holdings = Holding.objects.filter(subscription__in=[source.pk for source in self.sources])
        self.left = {
            (row.subscription_id, row.resource_id): max(row.allocated - row.sold, 0) for row in holdings.order_by("pk")
        }

    def take(self, row: Subscription, needed: Mapping[int, int]) -> Subscription | None:
        """The oldest on the same instance that has enough of everything."""
        for source in self.sources:
            keys = {(source.pk, resource_id): amount for resource_id, amount in needed.items() if amount}
            enough = self.is_endless or all(self.left.get(key, 0) >= amount for key, amount in keys.items())
            if source.service_instance_id == row.service_instance_id and enough:
                for key, amount in keys.items():
                    self.left[key] = self.left.get(key, 0) - amount
                return source
        return None


def _amounts(holdings: Any) -> dict[int, dict[int, int]]:
    found: dict[int, dict[int, int]] = {}
    for subscription_id, resource_id, allocated in holdings.values_list("subscription_id", "resource_id", "allocated"):
        found.setdefault(subscription_id, {})[resource_id] = allocated
    return found


def _along(actor: Actor, legs: Sequence[Leg]) -> Parts:
    first = [
        Part(
            "subscription",
            leg.subscription.pk,
            title_of(actor, leg.subscription),
            _("drawn from %(name)s") % {"name": leg.source.name} if leg.source else "",
        )
        for leg in legs[:LISTED]
    ]
    return Parts(gettext_lazy("Subscriptions"), len(legs), first)


def _hand_over(legs: Sequence[Leg], seller: Tenant, now: datetime) -> None:
    """The caller holds the locks: of the subscriptions, of all they draw on and will, and of the holdings of these."""
    ids = [leg.subscription.pk for leg in legs]
    left = [leg.subscription.source_id for leg in legs if leg.subscription.source_id]
    rows = list(Holding.objects.filter(subscription__in=ids).values_list("subscription_id", "resource_id", "used"))
    pairs = {"subscriptions": [row[0] for row in rows], "resources": [row[1] for row in rows]}
    pass_up([(subscription_id, resource_id, -used) for subscription_id, resource_id, used in rows])
    with connection.cursor() as cursor:
        cursor.execute(SOLD, {"ids": ids, "sign": -1})
        for leg in legs:
            Subscription.objects.filter(pk=leg.subscription.pk).update(seller=seller, source=leg.source)
        cursor.execute(MISSING, pairs)
        cursor.execute(SOLD, {"ids": ids, "sign": 1})
    pass_up(rows)
    resources = {row[1] for row in rows}
    note_crossings([(pk, resource_id) for pk in {*ids, *left} for resource_id in resources], now)
