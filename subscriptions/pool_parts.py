"""What pools add to pages, navigation, search, log and the life of tenants."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web.lists import BulkAction
from resellerhub.web.request import PageRequest
from resellerhub.web.search import Hit
from resellerhub.web.shells import shell_url
from resellerhub.web.tables import NumberColumn
from subscriptions.models import Pool, PoolAssignment
from subscriptions.services.pools.assigning import release_all
from tenants.actor import Actor
from tenants.directory_columns import Extra
from tenants.hooks import LISTED, Following, Part, Parts
from tenants.models import Tenant
from tenants.roles import Kind

WORDS = {
    "pool.purchased": gettext_lazy("Pool purchased"),
    "pool.stock_changed": gettext_lazy("Purchased pool changed"),
    "pool.extended": gettext_lazy("Pool extended"),
    "pool.renewed": gettext_lazy("Pool renewed"),
    "pool.offered": gettext_lazy("Pool offered"),
    "pool.edited": gettext_lazy("Pool edited"),
    "pool.accepted": gettext_lazy("Pool accepted"),
    "pool.declined": gettext_lazy("Pool declined"),
    "pool.returned": gettext_lazy("Pool returned"),
    "pool.renewal_changed": gettext_lazy("Renewal of a pool changed"),
    "pool.supplier_added": gettext_lazy("Supplier of pools added"),
    "pool.supplier_ended": gettext_lazy("Supplier of pools ended"),
    "pool.expired": gettext_lazy("Pool expired"),
    "pool.reclaimed": gettext_lazy("Seats of an expired pool went back"),
    "pool.seats_assigned": gettext_lazy("Seats assigned"),
    "pool.seats_changed": gettext_lazy("Seats of a customer changed"),
    "pool.seats_released": gettext_lazy("Seats released"),
}
FACTS: dict[str, Any] = {
    "seats": gettext_lazy("Number"),
    "unit": gettext_lazy("Unit"),
    "ends_at": gettext_lazy("Expires"),
    "payment_type": gettext_lazy("Payment type"),
    "pool.renews": gettext_lazy("Renew automatically"),
    "pool.term_months": gettext_lazy("Term in months"),
}
THINGS = {
    "pool": gettext_lazy("Pool"),
    "poolassignment": gettext_lazy("Assignment of seats"),
    "poolsupply": gettext_lazy("Supplier of pools"),
}
CODES = {
    "unit": dict(Pool.Unit.choices),
    "payment_type": dict(Pool.PaymentType.choices),
}


def register() -> None:
    """Called when the app is ready."""
    from resellerhub.kernel import verify
    from resellerhub.web import dashboard, navigation, search
    from resellerhub.web.navigation import NavItem
    from subscriptions.pool_verify import pools
    from subscriptions.services.pools.notices import KINDS
    from subscriptions.views import pool_dashboard
    from tenants import detail_parts, directory_actions, directory_columns, event_values, event_words, hooks, mail_kinds

    verify.register("subscriptions.pools", pools)
    mail_kinds.register(*KINDS)
    event_words.register(WORDS, FACTS, THINGS)
    event_values.register({}, CODES)
    hooks.ACTIVE.append(active_pools)
    hooks.CLOSING_TENANT.append(release_seats)
    hooks.CONVERTING.append(active_pools)
    hooks.FOLLOWING.append(seats_stay)
    hooks.UNTOLD.append(out_of_sight)
    directory_columns.register(pools_column)
    directory_actions.register(Kind.RESELLER, give_to_chosen)
    detail_parts.register(tabs=pool_dashboard.tabs)
    dashboard.register(panels=pool_dashboard.panels)
    navigation.register(NavItem(gettext_lazy("Pools"), "pools", "pool.view", "pools"))
    navigation.register(
        NavItem(gettext_lazy("Pooled seats"), "assignments", "subscription.view", "pools", kinds=("customer",)),
        shells=("portal",),
    )
    search.register(search.Source(gettext_lazy("Pools"), "pool.view", "pools", "pool", find_pools))


def active_pools(actor: Actor, tenant: Tenant, kind: str = "") -> Sequence[Parts]:
    """What a reseller holds of pools, and has not been taken back: while there is any, it is not deleted. What others
    gave it is there, and is not named."""
    rows = Pool.objects.held_by(tenant.pk).live(timezone.now()).order_by("pk")
    seen = Pool.objects.visible_to(actor).filter(pk__in=rows.order_by().values("pk")).order_by("name", "pk")
    first = [Part("pool", row.pk, f"{row.name} · {row.pk}", row.get_state_display()) for row in seen[:LISTED]]
    mine, others = Parts(_("Pools"), seen.count(), first), rows.count() - seen.count()
    return [mine, Parts(_("Pools from other suppliers"), others)] if others else [mine]


def out_of_sight(actor: Actor) -> Q:
    """Events of pools that a reseller does not see, though it sees their holder: another gave these."""
    seen = Pool.objects.visible_to(actor).order_by().values("pk")
    return Q(subject_type="pool") & ~Q(subject_id__in=seen)


def _held(actor: Actor) -> Any:
    """How many active pools a reseller holds, of those in sight."""
    active = Pool.objects.visible_to(actor).active(timezone.now()).filter(tenant=OuterRef("pk"))
    return Coalesce(Subquery(active.order_by().values("tenant").annotate(count=Count("pk")).values("count")), 0)


pools_column = Extra(
    "pool_count",
    _held,
    lambda: NumberColumn(verbose_name=gettext_lazy("Pools")),
    kinds=(Kind.RESELLER.value,),
    permission="pool.view",
    shown=True,
)


def give_to_chosen(request: PageRequest) -> list[BulkAction]:
    return [BulkAction(_("Add pool"), shell_url(request, "pools_give"), "plus", "pool.edit")]


def release_seats(actor: Actor, tenant: Tenant, now: datetime) -> dict[str, Any]:
    """Who ends has no seats any more."""
    count = release_all(actor=actor, tenant=tenant, now=now)
    return {"assignments": count} if count else {}


def seats_stay(actor: Actor, tenant: Tenant, seller: Tenant) -> Following:
    """A customer's seats are those of its seller's pools: they are released before it moves."""
    if tenant.kind != Kind.CUSTOMER:
        return Following()
    hands = PoolAssignment.objects.filter(tenant=tenant).current().select_related("pool").order_by("pk")
    first = [Part("pool", row.pool_id, row.pool.name) for row in hands[:LISTED]]
    return Following(blocked=[Parts(_("Seats of pools"), hands.count(), first)] if first else [])


def find_pools(actor: Any, words: str, limit: int) -> list[Hit]:
    """For the search over everything."""
    from subscriptions.filters.pools import PoolFilter
    from subscriptions.selectors.pools import pools
    from subscriptions.tables.pools import STATUS_WORDS

    rows: Any = PoolFilter({"q": words}, pools(actor, timezone.now())).qs.order_by("-pk")[:limit]
    return [Hit(row.name, row.holder_name, row.pk, row.status, STATUS_WORDS[row.status]) for row in rows]
