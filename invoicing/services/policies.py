"""How an issuer bills from a day on: said by itself, kept for ever."""

from datetime import date, datetime
from typing import Any

from invoicing.models import BillingPolicy
from invoicing.selectors.policies import policy_of
from invoicing.services.taxes import NobodyIsBilled
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of, must_be_near
from resellerhub.kernel.refusals import Invalid
from resellerhub.kernel.saving import save
from tenants.actor import Actor
from tenants.roles import Kind

SAID = tuple(
    field.name
    for field in BillingPolicy._meta.concrete_fields
    if field.name not in {"id", "provider", "tenant", "effective_on", "made_at"}
)
"""What a version says."""


@operation
def set_billing_policy(*, actor: Actor, effective_on: date, now: datetime, **said: Any) -> BillingPolicy:
    """A new version from a day on, today at the earliest; what is not said stays as it would be on that day. Where that
    is the same, nothing is written. Refused: `NobodyIsBilled` for who makes out no bills."""
    actor.require("settings.edit")
    if actor.kind == Kind.CUSTOMER:
        raise NobodyIsBilled()
    if effective_on < day_of(now):
        raise Invalid({"effective_on": [str(BillingPolicy.PAST)]})
    must_be_near(effective_on, "effective_on")
    had = policy_of(actor.tenant_id, effective_on)
    before = {name: getattr(had, name) for name in SAID}
    after = {name: value for name, value in said.items() if value != before[name]}
    if had.pk and not after:
        return had
    row = BillingPolicy(
        provider_id=actor.provider_id, tenant_id=actor.tenant_id, effective_on=effective_on, made_at=now
    )
    for name, value in (before | after).items():
        setattr(row, name, value)
    save(row, taken={})
    was = {name: before[name] for name in after}
    actor.record("billing_policy.set", row, at=now, before=was, effective_on=effective_on.isoformat(), **after)
    return row
