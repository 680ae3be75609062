"""How many mailboxes of each tariff a customer may have, and the mailboxes themselves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Invalid, NotFound, Refusal, RequestReused, found
from tenants.actor import Actor
from tenants.models import Mailbox, Tariff, TariffLimit, Tenant
from tenants.naming import is_readable

MOST = 1_000_000


class NotYourCustomer(Refusal):
    code, status = "not-your-customer", 403
    message = gettext_lazy("Support level and limits of a customer are set by whoever sells to it.")


class AccountNotActive(Refusal):
    code, message = "account-not-active", gettext_lazy("This account is not active: nothing is added to it.")


class LimitReached(Refusal):
    code = "limit-reached"
    message = gettext_lazy("{tariff}: {used} of {maximum} are in use, there is no room for another.")


class LimitBelowUse(Refusal):
    """Every tariff whose limit would be too low, each with its numbers."""

    code, message = "limit-below-use", gettext_lazy("A limit cannot be lower than what is in use: {what}.")

    def __init__(self, wanted: Mapping[str, tuple[int, int]]) -> None:
        sentences = {
            tariff: _("%(asked)s is less than the %(used)s in use.") % {"asked": asked, "used": used}
            for tariff, (asked, used) in wanted.items()
        }
        self._errors = {tariff: [sentence] for tariff, sentence in sentences.items()}
        what = ", ".join(f"{Tariff(tariff).label} {asked} < {used}" for tariff, (asked, used) in wanted.items())
        super().__init__(what=what, limits={tariff: {"asked": a, "used": u} for tariff, (a, u) in wanted.items()})

    @property
    def errors(self) -> dict[str, list[str]]:
        return self._errors


class AddressTaken(Refusal):
    """One sentence whoever has it."""

    code, message, status = "address-taken", gettext_lazy("This address cannot be used."), 422


def standing(customer: Tenant) -> dict[str, TariffLimit]:
    """The limit of every tariff; 0 where none was set."""
    rows = {row.tariff: row for row in TariffLimit.objects.filter(tenant=customer)}
    return {
        tariff: rows.get(tariff) or TariffLimit(tenant=customer, provider_id=customer.house_id, tariff=tariff)
        for tariff in Tariff.values
    }


def must_sell_to(actor: Actor, customer: Tenant) -> None:
    """Whoever sells to the customer, and the provider's staff."""
    if not sells_for(actor, customer.seller_id):
        raise NotYourCustomer()


def sells_for(actor: Actor, seller_id: int | None) -> bool:
    """Whether support level and limits of this seller's customers are the actor's to set."""
    return actor.visitor is None and (actor.is_provider or seller_id == actor.tenant_id)


@operation
def set_limits(*, actor: Actor, customer_id: int, limits: Mapping[str, int], now: datetime) -> dict[str, TariffLimit]:
    """How many of each tariff a customer may have; a tariff that is not named keeps its limit.

    Refused: `LimitBelowUse` with the numbers, `NotYourCustomer`, `AccountNotActive` for one that is deleted.
    """
    actor.require("customer.edit")
    customer = _locked(actor, customer_id)
    if customer.pk == actor.tenant_id:
        raise NotYourCustomer()
    must_sell_to(actor, customer)
    if customer.status == Tenant.Status.CLOSED:
        raise AccountNotActive()
    write_limits(actor, customer, limits, now)
    return standing(customer)


def write_limits(actor: Actor, customer: Tenant, limits: Mapping[str, int], now: datetime) -> None:
    """Part of an operation that has locked the customer and asked for permission."""
    _check(limits)
    rows = {row.tariff: row for row in TariffLimit.objects.filter(tenant=customer).locked()}
    before = {tariff: rows[tariff].maximum if tariff in rows else 0 for tariff in limits}
    changed = {tariff: maximum for tariff, maximum in limits.items() if maximum != before[tariff]}
    low = {t: (maximum, rows[t].used) for t, maximum in changed.items() if t in rows and maximum < rows[t].used}
    if low:
        raise LimitBelowUse(low)
    for tariff, maximum in changed.items():
        TariffLimit.objects.update_or_create(
            tenant=customer, tariff=tariff, defaults={"maximum": maximum, "provider_id": customer.house_id}
        )
    if changed:
        old = {tariff: before[tariff] for tariff in changed}
        actor.record("customer.limits_changed", customer, at=now, before=old, **changed)


@operation
def create_mailbox(
    *, actor: Actor, customer_id: int, tariff: str, address: str, request_id: UUID | None = None, now: datetime
) -> Mailbox:
    """A mailbox or mailing list within the customer's limits; a repeated request id makes no second one.

    Refused: `LimitReached` with the numbers, `AddressTaken`, `AccountNotActive`.
    """
    actor.require("mailbox.manage")
    customer = _read(actor, customer_id)
    address = _address(tariff, address)
    if request_id and (earlier := Mailbox.objects.filter(tenant=customer, request_id=request_id).first()):
        if (earlier.tariff, earlier.address) != (tariff, address):
            raise RequestReused()
        return earlier
    if customer.status != Tenant.Status.ACTIVE:
        raise AccountNotActive()
    limit = TariffLimit.objects.filter(tenant=customer, tariff=tariff).locked().first()
    used, maximum = (limit.used, limit.maximum) if limit else (0, 0)
    if limit is None or used >= maximum:
        raise LimitReached(field="tariff", tariff=Tariff(tariff).label, used=used, maximum=maximum)
    with refusing({"tenants_mailbox_address": AddressTaken(field="address")}):
        mailbox = Mailbox.objects.create(
            tenant=customer,
            provider_id=customer.house_id,
            tariff=tariff,
            address=address,
            created_at=now,
            request_id=request_id,
        )
    TariffLimit.objects.filter(pk=limit.pk).update(used=F("used") + 1)
    actor.record("mailbox.created", mailbox, at=now, address=address, tariff=tariff)
    return mailbox


@operation
def remove_mailbox(*, actor: Actor, mailbox_id: int, now: datetime) -> Mailbox:
    """It gives its place and its address free, and stays in the log; removing it again changes nothing."""
    actor.require("mailbox.manage")
    seen = found(Mailbox.objects.visible_to(actor), pk=mailbox_id)
    customer = _read(actor, seen.tenant_id)
    mailbox = found(Mailbox.objects.visible_to(actor).locked(), pk=mailbox_id)
    if mailbox.removed_at is not None:
        return mailbox
    mailbox.removed_at = now
    mailbox.save(update_fields=["removed_at"])
    TariffLimit.objects.filter(tenant=customer, tariff=mailbox.tariff).update(used=F("used") - 1)
    actor.record("mailbox.removed", mailbox, at=now, address=mailbox.address, tariff=mailbox.tariff)
    return mailbox


def remove_all_mailboxes(actor: Actor, tenant: Tenant, now: datetime) -> dict[str, Any]:
    """With the account that is closed."""
    removed = Mailbox.objects.filter(tenant=tenant, removed_at=None).update(removed_at=now)
    TariffLimit.objects.filter(tenant=tenant).update(used=0)
    return {"mailboxes": removed}


def _locked(actor: Actor, customer_id: int) -> Tenant:
    """One change of a customer's mailboxes and limits at a time."""
    customer: Tenant = found(Tenant.objects.visible_to(actor).customers().locked(), pk=customer_id)
    return customer


def _read(actor: Actor, customer_id: int) -> Tenant:
    """The same for whoever may read its names: addresses tell who it is."""
    customer = _locked(actor, customer_id)
    if not is_readable(actor, customer):
        raise NotFound()
    return customer


def _check(limits: Mapping[str, int]) -> None:
    wrong = {
        tariff: [_("A limit is a whole number from 0 to %(most)s.") % {"most": MOST}]
        for tariff, maximum in limits.items()
        if not 0 <= maximum <= MOST
    }
    wrong |= {tariff: [_("This is not known.")] for tariff in limits if tariff not in Tariff.values}
    if wrong:
        raise Invalid(wrong)


def _address(tariff: str, address: str) -> str:
    errors = {} if tariff in Tariff.values else {"tariff": [_("This is not known.")]}
    address = address.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        errors["address"] = [str(error.messages[0])]
    if errors:
        raise Invalid(errors)
    return address
