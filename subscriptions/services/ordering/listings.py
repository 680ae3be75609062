"""What those who buy from a seller may order themselves, and on which terms."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Package, ServiceInstance
from resellerhub.kernel.money import plain
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Invalid, Refusal, found
from resellerhub.kernel.text import has_forbidden
from subscriptions.models import Listing
from subscriptions.selectors.offers import offered_instances, sellable
from subscriptions.services.selling.agreeing import Price, Terms, agree
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind

OWN = ("service_instance_id", "needs_approval", "text", "unit_price", "currency", "cycle", "is_active")
TEXT_MAX = Listing._meta.get_field("text").max_length or 0


class NotYourListing(Refusal):
    code, status = "not-your-listing", 403
    message = gettext_lazy("What can be ordered from a seller, that seller decides.")


class AlreadyListed(Refusal):
    code, message = "already-listed", gettext_lazy("This package can be ordered already: change that entry.")


class NotSold(Refusal):
    code, message = "not-sold", gettext_lazy("You cannot sell this package, so nobody can order it from you.")


@dataclass(frozen=True, slots=True)
class Conditions:
    """Where it runs, whether the seller looks at each order first, and at which price: none is the price list's.

    `cycle` is by which it is paid. Without one who orders chooses; a price of one's own is for the fee's own then.
    """

    service_instance_id: int
    needs_approval: bool = True
    text: str = ""
    unit_price: Decimal | None = None
    currency: str = ""
    cycle: str = ""
    is_active: bool = True


@operation
def create_listing(*, actor: Actor, package_id: int, conditions: Conditions, now: datetime) -> Listing:
    """Let those who buy from the actor's tenant order one of the packages that it sells.

    Refused: `NotSold`, `AlreadyListed`, `PriceOutOfBounds`, `CycleNotOffered`, another currency than that of the fees.
    """
    seller = _seller(actor)
    package = found(Package.objects.visible_to(actor), pk=package_id)
    row = Listing(
        provider_id=seller.house_id,
        tenant=seller,
        package=package,
        service_type_id=package.service_type_id,
        created_at=now,
    )
    _set(actor, seller, row, conditions, now)
    with refusing({"listing_once": AlreadyListed(field="package")}):
        row.save(force_insert=True)
    actor.record("listing.created", row, at=now, package=package.pk, **_told(row))
    return row


@operation
def change_listing(*, actor: Actor, listing_id: int, conditions: Conditions, now: datetime) -> Listing:
    """From the next order on; what was ordered stays as it was. Inactive: it cannot be ordered any more."""
    seller = _seller(actor)
    row: Listing = found(Listing.objects.visible_to(actor), pk=listing_id)
    if row.tenant_id != actor.tenant_id:
        raise NotYourListing()
    row = found(Listing.objects.filter(pk=row.pk).locked(), pk=listing_id)
    before = _told(row)
    _set(actor, seller, row, conditions, now)
    after = _told(row)
    if before != after:
        row.save(update_fields=[name.removesuffix("_id") for name in OWN])
        changed = {name for name in after if before.get(name) != after[name]}
        amounts = {"currency"} if "unit_price" in changed else set()
        told = {name: after[name] for name in after if name in changed | amounts}
        actor.record("listing.changed", row, at=now, before={name: before[name] for name in told}, **told)
    return row


def _seller(actor: Actor) -> Tenant:
    actor.require("catalog.edit")
    seller: Tenant = Tenant.objects.get(pk=actor.tenant_id)
    if seller.kind == Kind.CUSTOMER:
        raise NotYourListing()
    return seller


def _set(actor: Actor, seller: Tenant, row: Listing, conditions: Conditions, now: datetime) -> None:
    """All of it checked; an entry that is switched off is not asked whether it could be sold."""
    errors: dict[str, list[str]] = {}
    text = conditions.text.strip()
    if len(text) > TEXT_MAX or has_forbidden(text):
        errors["text"] = [_("This is too long, or holds characters that nobody can see.")]
    if (conditions.unit_price is None) != (conditions.currency == ""):
        errors["unit_price"] = [_("A price has a currency.")]
    instance = ServiceInstance.objects.visible_to(actor).filter(pk=conditions.service_instance_id).first()
    if instance is None or instance.service_type_id != row.service_type_id:
        errors["service_instance"] = [_("This instance runs another service than the package is of.")]
    elif conditions.is_active and not offered_instances(actor, seller).filter(pk=instance.pk).exists():
        errors["service_instance"] = [_("Nothing can be sold from this instance.")]
    if errors:
        raise Invalid(errors)
    values: dict[str, Any] = {name: getattr(conditions, name) for name in OWN} | {"text": text}
    for name, value in values.items():
        setattr(row, name, value)
    if not conditions.is_active:
        return
    if not sellable(seller).filter(pk=row.package_id).exists():
        raise NotSold(field="package")
    _terms(seller, row, now)


def _terms(seller: Tenant, row: Listing, now: datetime) -> Terms:
    """As agreed with a buyer of whom nothing is known."""
    anybody = Tenant(pk=0, kind=row.package.audience)
    return agree(seller, [anybody], row.package, Price(row.unit_price, row.currency, row.cycle), day_of(now))


def _told(row: Listing) -> dict[str, Any]:
    price = None if row.unit_price is None else plain(row.unit_price)
    return {
        "service_instance": row.service_instance_id,
        "needs_approval": row.needs_approval,
        "description": row.text,
        "unit_price": price,
        "currency": row.currency,
        "cycle": row.cycle,
        "is_active": row.is_active,
    }
