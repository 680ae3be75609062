"""The life of a subscription over REST: each step with its preview."""

from typing import Any

from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi
from subscriptions.models import Subscription
from subscriptions.quoting import Quote
from subscriptions.selectors.planned import with_plans
from subscriptions.selectors.subscriptions import subscriptions
from subscriptions.serializers.life import (
    CancelIn,
    ChangeIn,
    CoTermIn,
    HandOverIn,
    PreviewIn,
    QuoteOut,
    RenewalIn,
    RenewIn,
    SealedIn,
    SuspendStepIn,
    step_of,
)
from subscriptions.serializers.subscriptions import SubscriptionOut
from subscriptions.services.life.steps.taking import preview_step, take_step
from subscriptions.timeline import with_figures

EDIT = "subscription.edit"


def rows_for(actor: Any) -> Any:
    """As the list shows them."""
    return with_plans(with_figures(subscriptions(actor), actor))


def shown(call: Call, subscription: Subscription) -> Subscription:
    row: Subscription = rows_for(call.actor).get(pk=subscription.pk)
    return row


class LifeApi(ReadApi):
    """What can become of a subscription. Each operation says what is to be: repeated, it changes nothing more.

    `POST …/preview` says beforehand what it costs and when it takes effect; with its `seal` the doing is held to that.
    """

    def take(self, call: Call, operation: str) -> Subscription:
        step, seal = step_of(operation, call.values), call.values.get("seal", "")
        row = take_step(actor=call.actor, subscription_id=call.pk, step=step, seal=seal, now=call.now)
        return shown(call, row)

    @operation_endpoint(input=PreviewIn, output=QuoteOut, detail=True, path="preview", permission=EDIT)
    def preview(self, call: Call) -> Quote:
        """Say what an operation would do: lines and total, day, price, limits before and after.

        Doing it right after yields the same numbers, and refuses the same. Nothing is written.
        """
        step = step_of(call.values["operation"], call.values)
        return preview_step(actor=call.actor, subscription_id=call.pk, step=step, now=call.now)

    @operation_endpoint(
        input=ChangeIn, output=SubscriptionOut, detail=True, path="change", permission=EDIT, idempotency="required"
    )
    def change(self, call: Call) -> Subscription:
        """Hold another quantity, another package of the same service, or both.

        At once the rest of the billing period is credited and charged; at the end of the term it is planned, and
        nothing is reserved until then. Refused: `oversell-refused`, `below-utilised`, `cancellation-window-closed` with
        the day until which it was possible, `already-planned`, `does-not-renew`, `not-offered`, `price-out-of-bounds`.
        """
        return self.take(call, "change")

    @operation_endpoint(input=SuspendStepIn, output=SubscriptionOut, detail=True, path="suspend", permission=EDIT)
    def suspend(self, call: Call) -> Subscription:
        """Suspend a subscription: it keeps its allocation, and nothing is added to it."""
        return self.take(call, "suspend")

    @operation_endpoint(input=SealedIn, output=SubscriptionOut, detail=True, path="resume", permission=EDIT)
    def resume(self, call: Call) -> Subscription:
        """Resume a suspended subscription."""
        return self.take(call, "resume")

    @operation_endpoint(input=CancelIn, output=SubscriptionOut, detail=True, path="cancel", permission=EDIT)
    def cancel(self, call: Call) -> Subscription:
        """End a subscription for good, now or at the end of its term.

        What it was allocated goes back to where it was drawn from. Refused while open subscriptions draw on it:
        `still-drawn`; now, outside its window: `cancellation-window-closed`, unless an early fee is agreed.
        """
        return self.take(call, "cancel")

    @operation_endpoint(input=SealedIn, output=SubscriptionOut, detail=True, path="keep", permission=EDIT)
    def keep(self, call: Call) -> Subscription:
        """Withdraw what is planned. Refused where nothing is: `nothing-planned`."""
        return self.take(call, "keep")

    @operation_endpoint(input=RenewalIn, output=SubscriptionOut, detail=True, path="renewal", permission=EDIT)
    def renewal(self, call: Call) -> Subscription:
        """Let it renew by itself, or end with the term that runs."""
        return self.take(call, "renewal")

    @operation_endpoint(
        input=RenewIn, output=SubscriptionOut, detail=True, path="renew", permission=EDIT, idempotency="required"
    )
    def renew(self, call: Call) -> Subscription:
        """Prolong the term that runs by another one."""
        return self.take(call, "renew")

    @operation_endpoint(
        input=CoTermIn, output=SubscriptionOut, detail=True, path="co-term", permission=EDIT, idempotency="required"
    )
    def co_term(self, call: Call) -> Subscription:
        """End the term together with that of another subscription of the same holder; what is added is charged by days.

        Refused: `cannot-end-together`, `ends-earlier`, `already-planned`.
        """
        return self.take(call, "co_term")

    @operation_endpoint(input=HandOverIn, output=SubscriptionOut, detail=True, path="move", permission=EDIT)
    def move(self, call: Call) -> Subscription:
        """Give it to another customer of the same seller, with its add-ons and what is planned.

        Its past stays with the old holder. Refused: `cannot-hand-over`.
        """
        return self.take(call, "move")
