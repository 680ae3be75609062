"""What activates an add-on that is sold, before it is: the statement that writes the sale writes the same rows."""

from collections.abc import Sequence
from datetime import date

from addons.models import AddOn, AddOnOneOff, AddOnSale
from subscriptions.figures import is_seen
from subscriptions.models import Subscription
from subscriptions.owing import Owed
from tenants.actor import Actor


def activations(
    actor: Actor, subscription: Subscription, add_on: AddOn, owed: Sequence[Owed], on: date
) -> list[AddOnOneOff]:
    """At every level that the actor is to see, whatever the quantity. What its payer owes once, however many it sells,
    and owes already, is not due again."""
    sale = AddOnSale(provider_id=subscription.provider_id, tenant_id=subscription.tenant_id, add_on=add_on)
    rows = [row for row in (_activation(sale, one, on) for one in owed) if row]
    once = {row.once_of_id for row in rows if row.once_of_id}
    known = (
        AddOnOneOff.objects.filter(once_of__in=once).values_list("payer_id", "issuer_id", "once_of_id") if once else ()
    )
    due: set[tuple[int, int, int | None]] = set(known)
    fresh = (row for row in rows if (row.payer_id, row.issuer_id, row.once_of_id) not in due)
    return [row for row in fresh if is_seen(actor, subscription.seller, row)]


def _activation(sale: AddOnSale, owed: Owed, on: date) -> AddOnOneOff | None:
    if owed.amount is None or owed.terms is None or not owed.terms.activation_amount:
        return None
    is_once = owed.is_once and owed.payer_id != sale.tenant_id
    return AddOnOneOff(
        provider_id=sale.provider_id,
        sale=sale,
        kind=AddOnOneOff.Kind.ACTIVATION,
        on=on,
        payer_id=owed.payer_id,
        issuer_id=owed.issuer_id,
        fee_version=owed.terms,
        once_of=owed.fee if is_once else None,
        currency=owed.currency,
        amount=owed.terms.activation_amount,
    )
