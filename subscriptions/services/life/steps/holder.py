"""To another customer of the same seller."""

from dataclasses import dataclass

from resellerhub.kernel.refusals import found
from subscriptions import hooks
from subscriptions.models import PlannedChange, Subscription
from subscriptions.quoting import Line
from subscriptions.refusals import CannotHandOver
from subscriptions.services.life.phases import go_on
from subscriptions.services.life.steps.lines import beside, charge, credit, credit_beside
from subscriptions.services.life.steps.taking import Decision, Held, OfSubscription
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.services.tree import lock_branches


@dataclass(frozen=True, slots=True)
class Move(OfSubscription):
    """The subscription, with what it is allocated, its add-ons and what is planned for it, goes to another customer at
    the price that was agreed. What was stays with the old holder: its phases, its events, what it was billed."""

    customer_id: int

    def lock(self, actor: Actor, subscription: Subscription) -> list[int]:
        found(Tenant.objects.visible_to(actor), pk=self.customer_id)
        lock_branches(actor, subscription.tenant_id, self.customer_id)
        return []

    def decide(self, held: Held) -> Decision:
        """Refused: `CannotHandOver`."""
        row = held.subscription
        held.must_be_begun()
        holder = found(Tenant.objects.visible_to(held.actor), pk=self.customer_id)
        if holder.pk == row.tenant_id:
            return Decision(held.quote())
        is_fit = holder.kind == Kind.CUSTOMER and holder.status == Tenant.Status.ACTIVE
        if not is_fit or row.tenant.kind != Kind.CUSTOMER or holder.seller_id != row.seller_id:
            raise CannotHandOver(field="customer")
        before = row.tenant_id
        quote = held.quote(lines=self._lines(held))

        def write() -> None:
            self._hand_over(held, holder)
            facts = {"holder": holder.pk, "on": held.on.isoformat()}
            held.actor.record(
                "subscription.left", row, at=held.now, tenant_id=before, before={"holder": before}, **facts
            )

        return Decision(quote, "subscription.handed_over", write, {"holder": before}, {"holder": holder.pk})

    def _lines(self, held: Held) -> list[Line]:
        quantity = held.subscription.quantity
        lines: list[Line] = []
        if held.fee is not None:
            lines += [*credit(held, quantity, held.on), *charge(held, held.fee, quantity, held.period)]
        for one in beside(held):
            lines += credit_beside(held, one, held.on)
            lines += charge(held, one, one.quantity, held.period_of(one))
        return lines

    def _hand_over(self, held: Held, holder: Tenant) -> None:
        row = held.subscription
        row.tenant, row.suspended_with_holder = holder, False
        Subscription.objects.filter(pk=row.pk).update(tenant=holder, suspended_with_holder=False)
        PlannedChange.objects.filter(subscription=row).open().update(tenant=holder)
        go_on(row, held.now)
        for take_part in hooks.MOVED:
            take_part(held.actor, row, held.now)
