"""Reads of the timeline: what was held when, at the prices that concern the reader."""

from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet, Value

from subscriptions.models import Phase, PhaseFee, Subscription

if TYPE_CHECKING:
    from tenants.actor import Actor


def phases(actor: "Actor") -> QuerySet[Phase]:
    """In scope, each with `seen`, the fees that the actor may see, from the holder upwards; its `figures` are made of
    these, for the actor's tenant. Two statements, however many."""
    fees = PhaseFee.objects.visible_to(actor).order_by("pk")
    rows = Phase.objects.visible_to(actor).annotate(reader_id=Value(actor.tenant_id))
    return rows.prefetch_related(Prefetch("fees", fees, to_attr="seen"))


def told(actor: "Actor", subscription_id: int) -> QuerySet[Phase]:
    """All of one subscription, with the package of each and the day from which its version counts."""
    return phases(actor).filter(subscription=subscription_id).select_related("version__package")


def with_figures(rows: QuerySet[Subscription], actor: "Actor") -> QuerySet[Subscription]:
    """Each with the `figures` of today, in two statements more. Of a closed one there are none."""
    return rows.prefetch_related(Prefetch("phases", phases(actor).filter(ends_on=None), to_attr="open_phases"))
