"""Orders: who buys orders what its seller lists; it is theirs at once, or when the seller approves.

The price is that of the moment of the order, and holds until it is decided.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import FeeVersion
from resellerhub.kernel.money import plain
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Invalid, Refusal, RequestReused, found
from resellerhub.kernel.text import has_forbidden, is_blank
from subscriptions.models import Listing, Order, Subscription
from subscriptions.refusals import NoSource, OversellRefused
from subscriptions.services.life.phases import TERMS
from subscriptions.services.ordering.mails import tell_holder, tell_seller
from subscriptions.services.ordering.orderable import TEXT_MAX, NotOrderable, listing_for, orderable
from subscriptions.services.selling.agreeing import Price, Terms, agree
from subscriptions.services.selling.opening import Offer, open_ordered, sell_subscription, subscribe_reseller
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind
from tenants.services.tree import lock_branches

State = Order.State


class OwnOrder(Refusal):
    code, status = "own-order", 403
    message = gettext_lazy("What you ordered yourself is decided by whoever sells to you.")


class OrderDecided(Refusal):
    code, message = "order-decided", gettext_lazy("This order was decided already.")


class TermsChanged(Refusal):
    code = "terms-changed"
    message = gettext_lazy(
        "What the package grants or on which terms it is charged has changed since it was ordered. Reject the order:"
        " it can be ordered anew as it is now."
    )


@operation
def place_order(
    *,
    actor: Actor,
    listing_id: int,
    quantity: int = 1,
    note: str = "",
    cycle: str = "",
    request_id: UUID | None = None,
    now: datetime,
) -> Order:
    """Order for the actor's own tenant, to be paid by this cycle. Repeating a request id repeats nothing.

    Where no approval is needed it is a subscription at once; if its seller has nothing left to draw on, the order waits
    for the seller, who is told why. Refused: `NotOrderable` for whatever else the seller could not sell,
    `AlreadyOrdered` while one of the same waits, `CommissionReseller`, `CycleNotOffered`.
    """
    actor.require("subscription.order")
    holder = lock_branches(actor, actor.tenant_id)[actor.tenant_id]
    if request_id and (earlier := Order.objects.filter(tenant=holder, request_id=request_id).first()):
        is_same = (earlier.listing_id, earlier.quantity, earlier.note) == (listing_id, quantity, note.strip())
        if not is_same or cycle not in {"", earlier.cycle}:
            raise RequestReused()
        return earlier
    listing = listing_for(actor, holder, listing_id)
    terms = orderable(holder, listing, quantity, note, cycle, now)
    order = _frozen(holder, listing, terms, quantity=quantity, note=note.strip(), made_at=now)
    order.made_by_id, order.request_id = actor.user_id, request_id
    if not listing.needs_approval:
        _fulfil(actor, holder, order, now)
    order.save(force_insert=True)
    facts: dict[str, Any] = {
        "package": order.package_id,
        "quantity": quantity,
        "state": order.state,
        "subscription": _opened(order),
    }
    actor.record("order.placed", order, at=now, **facts, **_price(order))
    tell_seller(order, now)
    return order


def _frozen(holder: Tenant, listing: Listing, terms: Terms, **asked: Any) -> Order:
    """An order with what it would cost, and on which terms, as they are now."""
    account = terms.account(holder.pk)
    return Order(
        provider_id=holder.house_id,
        tenant=holder,
        seller=listing.tenant,
        listing=listing,
        package=listing.package,
        version=terms.version,
        fee_version=account.terms,
        service_instance=listing.service_instance,
        public_name=account.terms.public_name if account.terms else listing.package.name,
        unit_price=account.amount,
        currency=account.currency,
        cycle=account.cycle,
        **asked,
    )


@operation
def approve_order(
    *, actor: Actor, order_id: int, comment: str = "", source_id: int | None = None, now: datetime
) -> Order:
    """Sell what was ordered, at the price of the order; drawn from the subscription that is named, else as a sale is.
    Of two who decide at once one does.

    Refused as a sale is, and `OrderDecided`, `OwnOrder`, `TermsChanged`.
    """
    order, holder = _waiting(actor, order_id, "subscription.create")
    _must_hold(actor, order, holder, now)
    parts: dict[str, Any] = {"actor": actor, "offer": offer_of(order, source_id), "now": now}
    if holder.kind == Kind.RESELLER:
        order.subscription = subscribe_reseller(reseller_id=holder.pk, **parts)
    else:
        order.subscription = sell_subscription(customer_id=holder.pk, **parts)
    _decide(actor, order, State.APPROVED, comment, now)
    tell_holder(order, "order_approved", now)
    return order


@operation
def reject_order(*, actor: Actor, order_id: int, comment: str, now: datetime) -> Order:
    """Say no, and why: the comment goes to who ordered."""
    order, _holder = _waiting(actor, order_id, "subscription.create")
    if is_blank(comment):
        raise Invalid({"comment": [_("A reason is needed: it goes to who ordered.")]})
    _decide(actor, order, State.REJECTED, comment, now)
    tell_holder(order, "order_rejected", now)
    return order


@operation
def withdraw_order(*, actor: Actor, order_id: int, now: datetime) -> Order:
    """Take back one's own order before it is decided."""
    actor.require("subscription.order")
    found(Order.objects.visible_to(actor).filter(tenant=actor.tenant_id), pk=order_id)
    order: Order = found(Order.objects.filter(tenant=actor.tenant_id).locked(), pk=order_id)
    if order.state != State.PENDING:
        raise OrderDecided()
    return _decide(actor, order, State.WITHDRAWN, "", now)


def withdraw_orders(actor: Actor, tenant: Tenant, now: datetime) -> int:
    """All that a tenant has ordered and that nobody decided: it goes elsewhere or ends. Part of an operation that has
    locked its branch."""
    orders = list(Order.objects.pending().filter(tenant=tenant).locked())
    for order in orders:
        _decide(actor, order, State.WITHDRAWN, "", now)
    return len(orders)


def _fulfil(actor: Actor, holder: Tenant, order: Order, now: datetime) -> None:
    """At once; where nothing is left to draw on, the order waits, and says by which code."""
    try:
        order.subscription = _open(actor, holder, order, now)
    except (OversellRefused, NoSource) as refusal:
        order.held_by = refusal.code
    except Refusal as refusal:
        raise NotOrderable() from refusal
    else:
        order.state, order.decided_at = State.APPROVED, now


@operation
def _open(actor: Actor, holder: Tenant, order: Order, now: datetime) -> Subscription:
    """In a savepoint of its own: what is refused leaves nothing behind."""
    return open_ordered(actor=actor, holder=holder, offer=offer_of(order), now=now)


def offer_of(order: Order, source_id: int | None = None) -> Offer:
    return Offer(
        source_id=source_id,
        package_id=order.package_id,
        service_instance_id=order.service_instance_id,
        quantity=order.quantity,
        unit_price=order.unit_price,
        currency="" if order.unit_price is None else order.currency,
        cycle=order.cycle,
    )


def _waiting(actor: Actor, order_id: int, permission: str) -> tuple[Order, Tenant]:
    """An order that the actor may decide, with who ordered: its branch locked before the order, as for every sale."""
    actor.require(permission)
    seen: Order = found(Order.objects.visible_to(actor), pk=order_id)
    if seen.tenant_id == actor.tenant_id:
        raise OwnOrder()
    holder = lock_branches(actor, seen.tenant_id)[seen.tenant_id]
    order: Order = found(Order.objects.visible_to(actor).locked(), pk=order_id)
    if order.state != State.PENDING:
        raise OrderDecided()
    return order, holder


def _must_hold(actor: Actor, order: Order, holder: Tenant, now: datetime) -> None:
    """The price of the order holds; that it grants the same, on the same terms, is what the price was asked for."""
    seller: Tenant = Tenant.objects.get(pk=order.seller_id)
    currency = "" if order.unit_price is None else order.currency
    price = Price(order.unit_price, currency, by_id=actor.tenant_id)
    terms = agree(seller, [holder], order.package, price, day_of(now), rather=order.cycle)
    account = terms.account(holder.pk)
    ordered = (order.currency, order.cycle, _conditions(order.fee_version), _limits(order.version))
    if ordered != (account.currency, account.cycle, _conditions(account.terms), _limits(terms.version)):
        raise TermsChanged()


def _conditions(terms: FeeVersion | None) -> tuple[Any, ...]:
    return tuple(getattr(terms or FeeVersion(), name) for name in TERMS)


def _limits(version: Any) -> dict[int, int]:
    return dict(version.granted())


def _decide(actor: Actor, order: Order, state: str, comment: str, now: datetime) -> Order:
    comment = comment.strip()
    if len(comment) > TEXT_MAX or has_forbidden(comment):
        raise Invalid({"comment": [_("This is too long, or holds characters that nobody can see.")]})
    order.state, order.comment, order.decided_at, order.decided_by_id = state, comment, now, actor.user_id
    order.save(update_fields=["state", "comment", "decided_at", "decided_by", "subscription"])
    facts = {"package": order.package_id, "quantity": order.quantity, "subscription": _opened(order)}
    told: dict[str, Any] = {name: value for name, value in (facts | {"comment": comment}).items() if value}
    actor.record(f"order.{state}", order, at=now, before={"state": State.PENDING.value}, state=state, **told)
    return order


def _opened(order: Order) -> int | None:
    return order.subscription.pk if order.subscription else None


def _price(order: Order) -> dict[str, Any]:
    if order.unit_price is None:
        return {}
    return {"unit_price": plain(order.unit_price), "currency": order.currency, "cycle": order.cycle}
