"""What a tenant can order from its seller, and what an order would be agreed at. Nothing is written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Invalid, Refusal, found
from resellerhub.kernel.text import has_forbidden
from subscriptions.models import Listing, Order
from subscriptions.owing import Owed
from subscriptions.quoting import Line, total_of
from subscriptions.refusals import CommissionReseller
from subscriptions.selectors.offers import is_prepaid, sellable
from subscriptions.services.allocation import wrong_quantity
from subscriptions.services.selling.agreeing import Price, Terms, agree, first_lines, must_be_offered
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind

TEXT_MAX = Order._meta.get_field("note").max_length or 0


class NotOrderable(Refusal):
    """One sentence, whatever the reason: how its seller stands is no business of who buys there."""

    code, message = "not-orderable", gettext_lazy("This cannot be ordered at the moment. Ask your seller.")


class AlreadyOrdered(Refusal):
    code = "already-ordered"
    message = gettext_lazy("Order {order} of this is still waiting. Withdraw it to order anew.")


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order would be agreed at: for one unit and one cycle, what one unit grants by resource, and what is
    charged at first."""

    quantity: int
    account: Owed
    limits: Mapping[int, int]
    lines: Sequence[Line]

    @property
    def first_total(self) -> Decimal:
        """Of the lines."""
        return total_of(self.lines)

    @property
    def total(self) -> Decimal | None:
        """Of all units, for one cycle."""
        return None if self.account.amount is None else self.account.amount * self.quantity


@operation
def preview_order(*, actor: Actor, listing_id: int, quantity: int = 1, cycle: str = "", now: datetime) -> Preview:
    """The same as an order would be agreed at, refused as that is but for what its seller has left. Nothing is
    written."""
    actor.require("subscription.order")
    holder: Tenant = Tenant.objects.get(pk=actor.tenant_id)
    terms = orderable(holder, listing_for(actor, holder, listing_id), quantity, "", cycle, now)
    limits = terms.version.granted()
    account = terms.account(holder.pk)
    return Preview(quantity, account, limits, first_lines(account, terms.version, quantity, day_of(now)))


def listing_for(actor: Actor, holder: Tenant, listing_id: int) -> Listing:
    """Of who sells to the actor's tenant, not one of its own."""
    rows = Listing.objects.visible_to(actor).active().filter(tenant=holder.seller_id)
    return found(rows.select_related("tenant", "package", "service_instance"), pk=listing_id)


def orderable(holder: Tenant, listing: Listing, quantity: int, note: str, cycle: str, now: datetime) -> Terms:
    errors = wrong_quantity(quantity)
    if len(note.strip()) > TEXT_MAX or has_forbidden(note):
        errors["note"] = [_("This is too long, or holds characters that nobody can see.")]
    if errors:
        raise Invalid(errors)
    if holder.kind == Kind.RESELLER and not is_prepaid(holder.pk):
        raise CommissionReseller()
    if waiting := Order.objects.pending().filter(tenant=holder, listing=listing).first():
        raise AlreadyOrdered(order=waiting.pk)
    is_active = all(one.status == Tenant.Status.ACTIVE for one in (holder, listing.tenant))
    is_sold = sellable(listing.tenant, holder.kind).filter(pk=listing.package_id).exists()
    if not (is_active and is_sold and listing.service_instance.is_active):
        raise NotOrderable()
    price = Price(listing.unit_price, listing.currency, listing.cycle)
    rather = cycle if listing.unit_price is None else ""
    try:
        terms = agree(listing.tenant, [holder], listing.package, price, day_of(now), rather=rather)
    except Refusal as refusal:
        raise NotOrderable() from refusal
    must_be_offered(terms.account(holder.pk), cycle)
    return terms
