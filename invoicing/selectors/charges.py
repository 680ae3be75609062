"""Reads of charges, with the names that the actor may read."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext as _

from invoicing.models import Charge
from resellerhub.kernel.money import portion
from tenants.actor import Actor
from tenants.models import ResellerType, Tenant
from tenants.naming import free_text, is_named, maker_name, shown
from tenants.selectors import organisations

PLACES = Decimal("0.0001")
"""As finely as a book-keeping takes a price."""
RECONCILED = (
    *("row", "charge", "type", "kind", "issuer", "payer", "payer_name", "customer", "customer_name", "subscription"),
    *("description", "service_from", "service_until", "period_from", "period_until", "due_on", "gives_back"),
    *("quantity", "unit_price", "part", "whole", "amount", "currency"),
)
"""The columns of the file that a book-keeping computes again."""


def charges(actor: Actor) -> QuerySet[Charge]:
    """Each with `payer_name`, `holder_name`, `issuer_name`, `label_shown`: what was typed is hidden with the name."""
    names = {
        "payer_name": shown(actor, tenant="payer"),
        "holder_name": shown(actor, tenant="holder"),
        "issuer_name": maker_name(actor, "issuer"),
        "named": is_named(actor, "holder"),
        "label_shown": Case(
            When(~Q(stream=Charge.Stream.MANUAL), then=F("label")),
            default=free_text(actor, "label", _("Charge %(id)s"), tenant="holder"),
        ),
    }
    return Charge.objects.visible_to(actor).annotate(**names)


def billed_by(actor: Actor) -> QuerySet[Tenant]:
    """Whom the actor's tenant bills: who buys from it, and the customers of those who sell on commission. Whether
    somebody between bills these is told when one is charged."""
    buys = Q(parent=actor.tenant_id) | Q(parent__terms__type=ResellerType.COMMISSION)
    if actor.is_provider:
        buys |= Q(parent=None)
    return organisations(actor).filter(buys).exclude(pk=actor.tenant_id)


def reconciled(rows: QuerySet[Any]) -> Iterator[list[Any]]:
    """A line for each charge, in which quantity × price × part / whole, rounded, is the amount: negative quantities are
    given back. What that does not come to, as of a capped credit or a price of more than four places, is a line
    "rounding" of its own."""
    yield list(RECONCILED)
    for row in rows.iterator(chunk_size=2000):
        price, quantity = row.unit_price.quantize(PLACES), -row.quantity if row.amount < 0 else row.quantity
        explained = portion(price * quantity, row.part, row.whole, row.currency)
        told = [
            *(row.pk, row.stream, row.kind, row.issuer_id, row.payer_id, row.payer_name, row.holder_id),
            *(row.holder_name, row.subscription_id, row.label_shown, row.service_start, row.service_end),
            *(row.billing_start, row.billing_end, row.due_on, row.credits_id),
        ]
        yield ["charge", *told, quantity, price, row.part, row.whole, explained, row.currency]
        if rest := row.amount - explained:
            yield ["rounding", *told, 1, rest, 1, 1, rest, row.currency]


def of_period(start: Any, end: Any) -> Q:
    """Whose service has a day in [start, end], or is of one of these days."""
    found = Q()
    if start:
        found &= Q(service_end__gt=start) | Q(service_start__gte=start)
    if end:
        found &= Q(service_start__lte=end)
    return found
