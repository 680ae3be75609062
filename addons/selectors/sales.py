"""What is read of sales and bulk sales, joined to what is shown of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, CharField, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import JSONObject

from addons.models import AddOnOneOff, AddOnSale, BulkPrice, BulkSale
from addons.models.bulk import SOLD
from resellerhub.kernel.models import JobItem
from subscriptions.models import Grant, Subscription
from subscriptions.naming import called
from subscriptions.selectors.targets import named_targets
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.models.scope import AnyOf
from tenants.naming import is_named, seller_name, seller_path, shown
from tenants.roles import Kind


def sales(actor: Actor) -> QuerySet[AddOnSale]:
    """Each with what it granted, from the ledger: the add-on may have changed since; and with names, as far as the
    actor may read them: `title` of the subscription, `tenant_name` of who holds it."""
    grants = Grant.objects.filter(
        subscription=OuterRef("subscription"), kind=Grant.Kind.ADD_ON, source_id=OuterRef("pk"), amount__gt=0
    )
    each = grants.order_by("resource_id", "pk").values(
        each=JSONObject(resource="resource_id", code="resource__code", name="resource__name", amount="amount")
    )
    visible = AddOnSale.objects.visible_to(actor).select_related("add_on", "seller", "tenant")
    names = {"title": called(actor, "subscription"), "tenant_name": shown(actor), "named": is_named(actor)}
    return visible.annotate(granted=ArraySubquery(each), **names)


def one_offs(actor: Actor) -> QuerySet[AddOnOneOff]:
    """What is due once for add-ons, as far as the actor may see it."""
    return AddOnOneOff.objects.visible_to(actor).select_related("sale__add_on", "fee_version")


def granted_by(sale: AddOnSale) -> dict[int, int]:
    """How much of each resource it grants still."""
    grants = Grant.objects.filter(subscription=sale.subscription_id, kind=Grant.Kind.ADD_ON, source_id=sale.pk)
    sums = grants.values_list("resource_id").annotate(amount=Sum("amount")).order_by("resource_id")
    return {resource_id: amount for resource_id, amount in sums if amount}


def bulk_sales(actor: Actor) -> QuerySet[BulkSale]:
    """Each with its `unit_price`, `currency` and `cycle` where it has one price for all."""
    prices = BulkPrice.objects.filter(bulk_sale=OuterRef("pk")).order_by().values("bulk_sale")
    one = prices.annotate(least=Min("unit_price"), most=Max("unit_price")).filter(least=F("most"))
    return (
        BulkSale.objects.visible_to(actor)
        .select_related("job", "add_on")
        .annotate(
            unit_price=Subquery(one.values("least")),
            currency=Subquery(prices.values(one=Min("currency"))),
            cycle=Subquery(prices.values(one=Min("cycle"))),
        )
    )


def targets(actor: Actor, sale: BulkSale) -> QuerySet[JobItem]:
    """The targets of a bulk sale that was found in scope: whoever may see the sale may see its targets, with names as
    far as the actor may read them. `ended` is the state in the words of a sale: what is done is sold."""
    sold = Case(When(state=JobItem.State.DONE, then=Value(SOLD)), default=F("state"), output_field=CharField())
    rows: QuerySet[JobItem] = named_targets(actor, sale.job_id).annotate(ended=sold)
    return rows


def unreached(actor: Actor, sale: BulkSale) -> QuerySet[Tenant]:
    """The resellers that were chosen for a bulk sale and held no subscription that fits when it started, by `name`.

    No target of the sale is theirs. The targets are frozen, so it stays so, whatever is sold to them later.
    """
    subjects = JobItem.objects.filter(job=sale.job_id).order_by().values("subject_id")
    held = Subscription.objects.filter(AnyOf(F("pk"), ArraySubquery(subjects))).order_by().values("tenant_id")
    chosen = Tenant.objects.visible_to(actor).filter(pk__in=sale.resellers).exclude(pk__in=held)
    rows: QuerySet[Tenant] = chosen.annotate(name=seller_name("")).order_by("name", "pk")
    return rows


def seller_names(actor: Actor, ids: Collection[int]) -> dict[int, str]:
    """Providers and resellers in sight by name."""
    rows = Tenant.objects.visible_to(actor).exclude(kind=Kind.CUSTOMER).filter(pk__in=ids).order_by()
    return dict(rows.values_list("pk", seller_path("")))


def sale_events(subscription: Subscription) -> Q:
    """The events of the sales on a subscription, as a condition on the event log."""
    sales = AddOnSale.objects.filter(subscription=subscription).order_by().values("pk")
    return Q(AnyOf(F("subject_id"), ArraySubquery(sales)), subject_type="addonsale")


@dataclass(frozen=True, slots=True)
class NamedTarget:
    """What would become of one target, and its subscription with `title`, `tenant_name` and package."""

    position: int
    subscription_id: int
    outcome: str
    facts: dict[str, Any]
    named: Any


def with_names(actor: Actor, targets: Sequence[Any]) -> list[NamedTarget]:
    """Targets of a preview with their subscriptions, as far as the actor sees them."""
    ids = [target.subscription_id for target in targets]
    rows: Any = Subscription.objects.visible_to(actor).filter(pk__in=ids).select_related("package").order_by()
    named = {row.pk: row for row in rows.annotate(title=called(actor), tenant_name=shown(actor))}
    return [
        NamedTarget(one.position, one.subscription_id, one.outcome, one.facts, named[one.subscription_id])
        for one in targets
        if one.subscription_id in named
    ]
