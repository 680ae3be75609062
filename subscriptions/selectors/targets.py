"""Jobs over subscriptions: in which order the targets have their turn, and what is read of them afterwards."""

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, Func, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils.translation import gettext as _

from resellerhub.kernel.models import JobItem
from subscriptions.models import Subscription
from subscriptions.naming import called
from tenants.naming import numbered, shown

if TYPE_CHECKING:
    from tenants.actor import Actor


def frozen(targets: QuerySet[Subscription]) -> tuple[str, tuple[Any, ...]]:
    """SQL and values of (position, subscription_id): sellers before those who buy from them, and those of one seller
    and of one source side by side, so that two workers seldom want the same holding; among those in order of id.
    """
    depth = Func(F("tenant__ancestors"), function="cardinality", output_field=IntegerField())
    columns = ("pk", "seller_id", "source_id", depth)
    select, values = targets.order_by().values_list(*columns).query.sql_with_params()
    order = "chosen.depth, chosen.seller_id, chosen.source_id NULLS FIRST, chosen.id"
    numbered = (
        f"SELECT row_number() OVER (ORDER BY {order}), chosen.id"
        f" FROM ({select}) AS chosen (id, seller_id, source_id, depth)"
    )
    return numbered, values


def named_targets(actor: "Actor", job_id: int) -> QuerySet[Any]:
    """The targets of a job that was found in scope: whoever may see it may see its targets, with names as far as the
    actor may read them. One that has left since is a number: `seen` and `holder` are null."""
    subject = Subscription.objects.visible_to(actor).filter(pk=OuterRef("subject_id"))
    gone = numbered(_("Subscription %(id)s"), "subject_id")
    return JobItem.objects.filter(job=job_id).annotate(
        seen=Subquery(subject.values("pk")),
        subscription_name=Coalesce(Subquery(subject.values(title=called(actor))), gone),
        holder=Subquery(subject.values("tenant_id")),
        holder_name=Coalesce(Subquery(subject.values(called=shown(actor))), Value("–")),
        package_name=Coalesce(Subquery(subject.values("package__name")), Value("–")),
    )


def with_reasons(rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each with how many of the targets of its job were skipped or failed for which reason."""
    items = JobItem.objects.filter(job=OuterRef("job_id")).exclude(reason="").order_by("reason").values("reason")
    counts = items.annotate(number=Count("pk")).values(each=JSONObject(reason="reason", number="number"))
    reasoned: QuerySet[Any] = rows.annotate(reasons=ArraySubquery(counts))
    return reasoned
