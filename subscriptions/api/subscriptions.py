"""Subscriptions over REST."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import Api, ReadApi
from subscriptions.api.life import LifeApi, rows_for, shown
from subscriptions.filters.subscriptions import SubscriptionFilter
from subscriptions.models import Holding, Subscription
from subscriptions.selectors.subscriptions import events_about, holdings_in_order
from subscriptions.serializers.subscriptions import (
    HoldingOut,
    OfferIn,
    SubscriptionIn,
    SubscriptionOut,
)
from subscriptions.services.selling.opening import Offer, sell_subscription, subscribe_reseller
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.serializers.events import EventOut


def offer(values: dict[str, Any]) -> Offer:
    price = values.get("unit_price")
    return Offer(
        package_id=values["package"],
        service_instance_id=values["service_instance"],
        quantity=values["quantity"],
        name=values["name"],
        source_id=values.get("source"),
        unit_price=price.amount if price else None,
        currency=price.currency if price else "",
        cycle=values.get("cycle", ""),
        starts_on=values.get("starts_on"),
    )


class SubscriptionApi(LifeApi):
    """The rights of tenants to packages, at which price, with what they hold of each resource (`expand=resources`)."""

    singular, permission, out = "subscription", "subscription.view", SubscriptionOut
    filterset_class = SubscriptionFilter
    ordering_fields = {"name": "title", "started_on": "started_on", "quantity": "quantity"}
    expandable = {"resources": (Prefetch("holdings", holdings_in_order()),)}  # type: ignore[dict-item]

    def rows(self, actor: Any) -> QuerySet[Subscription]:
        rows: QuerySet[Subscription] = rows_for(actor)
        return rows

    @operation_endpoint(
        input=SubscriptionIn,
        output=SubscriptionOut,
        status=201,
        permission="subscription.create",
        idempotency="required",
    )
    def create(self, call: Call) -> Subscription:
        """Sell a package to a customer, or subscribe a prepaid reseller.

        A customer of a prepaid reseller draws on what its reseller was allocated; `oversell-refused` says what remains.
        A commission reseller holds no subscriptions: `commission-reseller`, 403. The price is the seller's to say; who
        sells to it may set bounds: `price-out-of-bounds`. `POST /subscriptions/preview` says all of it beforehand.
        """
        holder = found(Tenant.objects.visible_to(call.actor), pk=call.values["tenant"])
        parts: dict[str, Any] = {"offer": offer(call.values), "request_id": call.request_id, "now": call.now}
        if holder.kind == Kind.RESELLER:
            made = subscribe_reseller(actor=call.actor, reseller_id=holder.pk, **parts)
        else:
            made = sell_subscription(actor=call.actor, customer_id=holder.pk, **parts)
        return shown(call, made)


class SubscriptionResourceApi(ReadApi):
    """What a subscription is allocated, has sold on, and uses of each resource. A closed one holds nothing."""

    singular, plural = "subscription_resource", "subscription_resources"
    permission, out = "subscription.view", HoldingOut
    reads = ("list",)
    ordering = ("resource_id",)

    def rows(self, actor: Any) -> QuerySet[Holding]:
        subscription = found(Subscription.objects.visible_to(actor), pk=self.kwargs["subscription"])
        return Holding.objects.filter(subscription=subscription).select_related("resource")


class SubscriptionEventApi(ReadApi):
    """What happened to a subscription, the sales of add-ons on it among it, the newest first."""

    singular, plural = "subscription_event", "subscription_events"
    permission, out = "event.view", EventOut
    reads = ("list",)

    def rows(self, actor: Any) -> QuerySet[Any]:
        subscription = found(Subscription.objects.visible_to(actor), pk=self.kwargs["subscription"])
        return events_about(actor, subscription)


class ResellerSubscribeApi(Api):
    """Subscribe As Reseller."""

    singular = "reseller"

    @operation_endpoint(
        input=OfferIn,
        output=SubscriptionOut,
        status=201,
        detail=True,
        path="subscribe",
        permission="subscription.create",
        idempotency="required",
        location="subscription",
    )
    def subscribe(self, call: Call) -> Subscription:
        """Give a prepaid reseller a package: what it grants is what the reseller can sell.

        Refused for a commission reseller: `commission-reseller`, 403.
        """
        made = subscribe_reseller(
            actor=call.actor,
            reseller_id=call.pk,
            offer=offer(call.values),
            request_id=call.request_id,
            now=call.now,
        )
        return shown(call, made)
