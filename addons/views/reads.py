"""What the pages of add-ons read, joined to what they show."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from addons.models import AddOnSale, AddOnSaleQuerySet, BulkSale
from resellerhub.kernel.models import JobItem
from subscriptions.models import Grant, Subscription


def sales_with_grants(sales: AddOnSaleQuerySet) -> QuerySet[AddOnSale]:
    """Each sale with what it granted, from the ledger: the add-on may have changed since."""
    grants = Grant.objects.filter(
        subscription=OuterRef("subscription"), kind=Grant.Kind.ADD_ON, source_id=OuterRef("pk"), amount__gt=0
    )
    each = grants.order_by("resource__position", "pk").values(
        each=JSONObject(resource="resource__name", amount="amount")
    )
    return sales.annotate(granted=ArraySubquery(each)).select_related("subscription", "add_on", "tenant__profile")


def targets(sale: BulkSale) -> QuerySet[JobItem]:
    """The targets of a bulk sale that was found in scope, with names: whoever may see the sale may see its targets."""
    subject = Subscription.objects.filter(pk=OuterRef("subject_id"))

    def of_subject(path: str) -> Subquery:
        return Subquery(subject.values(path)[:1])

    return JobItem.objects.filter(job=sale.job_id).annotate(
        subscription_name=of_subject("name"),
        holder_name=of_subject("tenant__profile__name"),
        package_name=of_subject("package__name"),
        outcome=F("state"),
    )
