"""What is sold for a day to come: it is pending, holds nothing, and begins on that day for what was agreed."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from resellerhub.kernel.periods import add_months, day_of
from resellerhub.kernel.refusals import Invalid
from subscriptions.models import PlannedChange, Subscription
from subscriptions.owing import Owed
from subscriptions.quoting import told
from subscriptions.services.selling.agreeing import Terms, first_lines, made_by
from subscriptions.terms import Term, months_of
from tenants.actor import Actor
from tenants.models import Event

AHEAD_MONTHS = 24
"""How far ahead something can be sold."""


def start_of(asked: date | None, now: datetime) -> date:
    """The day on which a sale begins. Refused: a day in the past, or too far ahead."""
    today = day_of(now)
    if asked is None or asked == today:
        return today
    if asked < today:
        raise Invalid({"starts_on": [_("It begins today or later.")]})
    if asked > add_months(today, AHEAD_MONTHS):
        words = _("It begins within %(months)s months at the latest.") % {"months": AHEAD_MONTHS}
        raise Invalid({"starts_on": [words]})
    return asked


def first_term(account: Owed, begins: date, now: datetime) -> dict[str, Any]:
    """The fields of a new subscription that say how long it runs. The cancellation window opens when it is bought, or
    on the day on which it begins."""
    term = Term.first(begins, months_of(account.cycle, account.terms.minimum_months if account.terms else 0))
    return {
        "term_starts_on": term.starts_on,
        "renews_on": term.ends_on,
        "anchor_day": term.anchor,
        "committed_at": now if begins == day_of(now) else midnight(begins),
    }


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def sold_for(terms: Terms, row: Subscription) -> dict[str, Any]:
    """For the event of a sale: the price, and what its holder is charged at first, as the preview has it."""
    lines = first_lines(terms.account(row.tenant_id), terms.version, row.quantity, row.started_on)
    return terms.told(row.tenant_id) | told(lines)


def plan_starts(actor: Actor, subscriptions: Sequence[Subscription], terms: Terms, now: datetime) -> None:
    """What was agreed for them; what they draw on is looked at again on the day, and nothing is reserved until then."""
    PlannedChange.objects.bulk_create(
        PlannedChange(
            provider_id=row.provider_id,
            tenant_id=row.tenant_id,
            subscription=row,
            kind=PlannedChange.Kind.START,
            on=row.started_on,
            version=terms.version,
            quantity=row.quantity,
            unit_price=terms.account(row.tenant_id).amount,
            cycle=terms.account(row.tenant_id).cycle,
            **made_by(terms.account(row.tenant_id)),
            made_by_id=actor.user_id,
            made_at=now,
        )
        for row in subscriptions
    )
    Event.objects.bulk_create(
        actor.event(
            "subscription.opened",
            row,
            at=now,
            facts={"package": row.package_id, "quantity": row.quantity, "source": row.source_id}
            | {"state": row.state, "on": row.started_on.isoformat()}
            | sold_for(terms, row),
        )
        for row in subscriptions
    )
