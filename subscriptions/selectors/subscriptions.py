"""Subscriptions, as far as the reader may read them, and what happened to them."""

from typing import TYPE_CHECKING, Any

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, When

from subscriptions import hooks
from subscriptions.models import Holding, Subscription
from subscriptions.naming import called
from tenants import naming
from tenants.selectors import events

if TYPE_CHECKING:
    from tenants.actor import Actor


def subscriptions(actor: "Actor") -> QuerySet[Subscription]:
    """In scope, with names as far as the actor may read them: `title` is that of the subscription, `tenant_name` that
    of its holder. `source_shown` is empty where the actor does not see what is drawn on."""
    return (
        subscriptions_alone(actor)
        .select_related("tenant", "package", "service_type", "service_instance")
        .annotate(
            title=called(actor),
            tenant_name=naming.shown(actor),
            seller_name=naming.seller_name("seller"),
        )
    )


def subscriptions_alone(actor: "Actor", *, names: bool = True) -> QuerySet[Subscription]:
    """The same with no more than filters ask for, to be counted; whose names can be read only for a search."""
    rows = Subscription.objects.visible_to(actor)
    if names:
        rows = rows.annotate(named=naming.is_named(actor))
    if actor.is_provider:
        return rows.annotate(source_shown=F("source_id"))
    seen = Subscription.objects.visible_to(actor).filter(pk=OuterRef("source_id"))
    return rows.annotate(source_shown=Case(When(Exists(seen), then=F("source_id")), output_field=BigIntegerField()))


def holdings_in_order() -> QuerySet[Holding]:
    """For prefetching: with their resources, in the order of these."""
    return Holding.objects.select_related("resource").order_by("resource__position", "resource_id")


def events_about(actor: "Actor", subscription: Subscription) -> QuerySet[Any]:
    """What happened to a subscription, and what apps above say is about it: the sales on it, say."""
    about = Q(subject_type="subscription", subject_id=subscription.pk)
    for also in hooks.EVENTS:
        about |= also(subscription)
    return events(actor).filter(about)
