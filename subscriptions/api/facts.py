"""The facts of a subscription beside its phases, the newest first."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.kernel.refusals import found
from resellerhub.rest.views import ReadApi
from subscriptions.models import OneOff, Subscription, SubscriptionTerm
from subscriptions.serializers.facts import OneOffOut, TermOut
from subscriptions.timeline import one_offs


class SubscriptionOneOffApi(ReadApi):
    """What is due once for a subscription, and from which day something of it was given back.

    Activation and early cancellation fees, of every level that you may see: what your organisation pays or is paid, and
    what is paid beneath it. A preview names them beforehand, as `one_offs`.
    """

    singular, plural = "subscription_one_off", "subscription_one_offs"
    permission, out = "subscription.view", OneOffOut
    reads = ("list",)

    def rows(self, actor: Any) -> QuerySet[OneOff]:
        subscription = found(Subscription.objects.visible_to(actor), pk=self.kwargs["subscription"])
        return one_offs(actor, subscription.pk)


class SubscriptionTermApi(ReadApi):
    """In which terms a subscription ran: each as often as something else was said of it."""

    singular, plural = "subscription_term", "subscription_terms"
    permission, out = "subscription.view", TermOut
    reads = ("list",)

    def rows(self, actor: Any) -> QuerySet[SubscriptionTerm]:
        subscription = found(Subscription.objects.visible_to(actor), pk=self.kwargs["subscription"])
        return SubscriptionTerm.objects.visible_to(actor).filter(subscription=subscription)
