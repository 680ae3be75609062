"""What is read of add-ons, sales and bulk sales, joined to what is shown of them."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import JSONObject

from addons.models import AddOn, AddOnResource, AddOnSale, BulkSale
from resellerhub.kernel.models import JobItem
from subscriptions.models import Grant, Subscription
from subscriptions.naming import called
from tenants.actor import Actor
from tenants.naming import is_named, shown


def add_ons(actor: Actor) -> QuerySet[AddOn]:
    values = AddOnResource.objects.select_related("resource").order_by("resource__position", "resource_id")
    return AddOn.objects.visible_to(actor).prefetch_related(Prefetch("resources", values))


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


def bulk_sales(actor: Actor) -> QuerySet[BulkSale]:
    return BulkSale.objects.visible_to(actor).select_related("job", "add_on")


def targets(actor: Actor, sale: BulkSale) -> QuerySet[JobItem]:
    """The targets of a bulk sale that was found in scope: whoever may see the sale may see its targets, with names as
    far as the actor may read them."""
    subject = Subscription.objects.filter(pk=OuterRef("subject_id"))
    return JobItem.objects.filter(job=sale.job_id).annotate(
        subscription_name=Subquery(subject.values(title=called(actor))),
        holder=Subquery(subject.values("tenant_id")),
        holder_name=Subquery(subject.values(called=shown(actor))),
        package_name=Subquery(subject.values("package__name")),
    )


def with_reasons(bulk_sales: QuerySet[BulkSale]) -> QuerySet[BulkSale]:
    """Each with how many of its targets were skipped or failed for which reason."""
    items = JobItem.objects.filter(job=OuterRef("job_id")).exclude(reason="").order_by("reason").values("reason")
    counts = items.annotate(number=Count("pk")).values(each=JSONObject(reason="reason", number="number"))
    return bulk_sales.annotate(reasons=ArraySubquery(counts))
