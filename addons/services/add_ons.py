"""Making and changing add-ons. A new version counts for what is sold from its day on; what is sold keeps its own."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from addons.models import AddOn, AddOnPackage
from addons.refusals import CopyIsFixed, NotYourAddOn, WrongServiceType
from addons.selectors.add_ons import own_add_on
from addons.services.amounts import Amounts, fee_of
from addons.services.content import (
    Content,
    Value,
    add_version,
    check_content,
    check_values,
    content_on,
    in_order,
)
from catalog.models import Fee, Package, ServiceType
from catalog.services.pairs import check_standing
from catalog.services.writing import must_be_to_come
from resellerhub.kernel.operation import operation
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import NotFound, found
from resellerhub.kernel.saving import save
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind

ALL: Literal["all"] = "all"
OWN = ("name", "description", "is_shared", "is_active")
"""What an add-on says itself, at once; its versions say the rest."""
FEES = {"reseller_fee_id": Fee.Kind.RESELLER, "account_fee_id": Fee.Kind.ACCOUNT}


@operation
def create_add_on(
    *,
    actor: Actor,
    service_type_id: int,
    name: str,
    values: Sequence[Value],
    description: str = "",
    packages: Collection[int] | Literal["all"] = (),
    is_shared: bool = False,
    managed_by_id: int | None = None,
    reseller_fee_id: int | None = None,
    account_fee_id: int | None = None,
    reseller_price: Decimal | None = None,
    customer_price: Decimal | None = None,
    currency: str | None = None,
    cycle: str | None = None,
    now: datetime,
) -> AddOn:
    """An add-on of the actor's own tenant, or of a provider's one that a reseller is to manage; associated with these
    packages (ids, or "all" of the service type).

    It costs what its pair of fees says; a price in place of a fee makes the fee. Resources that are not in `values` are
    not raised. A reseller can only build from what it holds itself (`NotGranted`). Refused: `WrongServiceType`, a name
    that is taken and values out of range (`Invalid`), `FeeDoesNotFit`, `CurrenciesDiffer`, `ShareWithResellers`.
    """
    actor.require("add_on.edit")
    if actor.kind == Kind.CUSTOMER:
        raise NotYourAddOn()
    if managed_by_id and managed_by_id != actor.tenant_id:
        actor.require_provider("add_on.edit")
        found(Tenant.objects.visible_to(actor).filter(kind=Kind.RESELLER), pk=managed_by_id)
    service_type = found(ServiceType.objects.visible_to(actor).active(), pk=service_type_id)
    check_values(actor, service_type.pk, values)
    add_on = AddOn(
        provider_id=actor.provider_id,
        tenant_id=managed_by_id or actor.tenant_id,
        service_type=service_type,
        name=name.strip(),
        description=description.strip(),
        is_shared=is_shared,
        created_at=now,
    )
    _save(add_on, None)
    content = Content(in_order(values), reseller_fee_id, account_fee_id)
    amounts = Amounts(reseller_price, customer_price, currency, cycle)
    content = _priced(actor, add_on, content, amounts, day_of(now), now)
    check_content(actor, add_on, content, Content(content.values))
    add_version(add_on, content, day_of(now), now)
    associated = _set_packages(actor, add_on, packages)
    own: dict[str, Any] = {field: getattr(add_on, field) for field in OWN if field != "is_active"}
    facts = own | content.told | {"packages": associated}
    actor.record("add_on.created", add_on, at=now, tenant_id=add_on.tenant_id, **facts)
    return add_on


@operation
def change_add_on(
    *, actor: Actor, add_on_id: int, effective_on: date | None = None, now: datetime, **changes: Any
) -> AddOn:
    """Change some of: name, description, is_shared, is_active at once, and values, reseller_fee_id, account_fee_id from
    a day on, today if none is said. reseller_price, customer_price, currency and cycle are what the fees are to charge.

    By who manages it, or the provider; `NotYourAddOn` for those who only see it. `values` replaces all. What is sold
    keeps its version. Of a copy the values stay (`CopyIsFixed`), and what a reseller owes for its add-on is not its to
    change (`ResellerFeeFixed`).
    """
    actor.require("add_on.edit")
    add_on = editable(actor, add_on_id)
    day = effective_on or day_of(now)
    must_be_to_come(day, now)
    own = {name: _stripped(changes.pop(name)) for name in OWN if name in changes}
    before: dict[str, Any] = {
        name: getattr(add_on, name) for name, value in own.items() if getattr(add_on, name) != value
    }
    after: dict[str, Any] = {name: own[name] for name in before}
    had = content_on(add_on, day)
    for name, value in after.items():
        setattr(add_on, name, value)
    content = _content(actor, add_on, had, changes, day, now)
    shared_now = after.get("is_shared", False)
    if after and not shared_now:
        _save(add_on, sorted(after))
    if content != had:
        check_content(actor, add_on, content, had)
        add_version(add_on, content, day, now)
        told, is_new = had.told, content.told
        before |= {name: told[name] for name in told if told[name] != is_new[name]}
        after |= {name: is_new[name] for name in told if told[name] != is_new[name]}
        after["effective_on"] = day.isoformat()
    if shared_now:
        check_standing(add_on, day_of(now))
        _save(add_on, sorted(set(after) & set(OWN)))
    if before:
        actor.record("add_on.changed", add_on, at=now, tenant_id=add_on.tenant_id, before=before, **after)
    return add_on


@operation
def associate_add_on(
    *, actor: Actor, add_on_id: int, packages: Collection[int] | Literal["all"], now: datetime
) -> AddOn:
    """Let the add-on be sold on exactly these packages of its service type, of those that the actor sees.

    "all" adds every active package of the service type in the actor's scope, for resellers and for customers alike,
    and removes none. A package out of sight is `NotFound`, one of another service type `WrongServiceType`.
    """
    actor.require("add_on.edit")
    add_on = editable(actor, add_on_id)
    before = sorted(AddOnPackage.objects.filter(add_on=add_on).values_list("package_id", flat=True))
    after = _set_packages(actor, add_on, packages)
    if after != before:
        had = {"packages": before}
        actor.record("add_on.associated", add_on, at=now, tenant_id=add_on.tenant_id, before=had, packages=after)
    return add_on


@operation
def activate_add_on(*, actor: Actor, add_on_id: int, now: datetime) -> AddOn:
    """Sell it again; does nothing when it is sold already."""
    return _set_active(actor, add_on_id, True, now)


@operation
def deactivate_add_on(*, actor: Actor, add_on_id: int, now: datetime) -> AddOn:
    """Sell it no more. What was sold stays; does nothing when it is not sold any more already."""
    return _set_active(actor, add_on_id, False, now)


def editable(actor: Actor, add_on_id: int) -> AddOn:
    """The same, locked."""
    return found(AddOn.objects.filter(pk=own_add_on(actor, add_on_id).pk).locked(), pk=add_on_id)


def _set_active(actor: Actor, add_on_id: int, is_active: bool, now: datetime) -> AddOn:
    actor.require("add_on.edit")
    add_on = editable(actor, add_on_id)
    if add_on.is_active != is_active:
        add_on.is_active = is_active
        add_on.save(update_fields=["is_active"])
        kind = "add_on.activated" if is_active else "add_on.deactivated"
        before = {"is_active": not is_active}
        actor.record(kind, add_on, at=now, tenant_id=add_on.tenant_id, before=before, is_active=is_active)
    return add_on


def _content(actor: Actor, add_on: AddOn, had: Content, changes: dict[str, Any], day: date, now: datetime) -> Content:
    """What it had, with what is given instead."""
    content = had
    if (values := changes.pop("values", None)) is not None:
        content = replace(content, values=in_order(values))
        if add_on.copied_from_id and content.values != had.values:
            raise CopyIsFixed()
    content = replace(content, **{name: changes.pop(name) for name in FEES if name in changes})
    amounts = Amounts(*(changes.pop(name, None) for name in Amounts.__dataclass_fields__))
    if changes:
        raise TypeError(f"an add-on has no {', '.join(sorted(changes))} to change")
    return _priced(actor, add_on, content, amounts, day, now) if amounts != Amounts() else content


def _priced(actor: Actor, add_on: AddOn, content: Content, amounts: Amounts, day: date, now: datetime) -> Content:
    """With the fees that charge these amounts."""
    fees: dict[str, Any] = {}
    for name, kind in FEES.items():
        fees[name] = fee_of(actor, add_on, kind, amounts, getattr(content, name), day, now)
    return replace(content, **fees)


def _stripped(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _save(add_on: AddOn, fields: Sequence[str] | None) -> None:
    save(add_on, fields, taken={"add_on_name": "name"})


def _set_packages(actor: Actor, add_on: AddOn, packages: Collection[int] | Literal["all"]) -> list[int]:
    """The ids of all packages with which it is associated then."""
    visible = Package.objects.visible_to(actor)
    if packages == ALL:
        wanted = set(visible.filter(service_type=add_on.service_type_id, is_active=True).values_list("pk", flat=True))
    else:
        types = dict(visible.filter(pk__in=packages).values_list("pk", "service_type_id"))
        if len(types) < len(set(packages)):
            raise NotFound(field="packages")
        if set(types.values()) - {add_on.service_type_id}:
            raise WrongServiceType(field="packages")
        wanted = set(types)
        gone = AddOnPackage.objects.filter(add_on=add_on, package__in=visible.order_by()).exclude(package__in=wanted)
        gone.delete()
    AddOnPackage.objects.bulk_create(
        [AddOnPackage(add_on=add_on, package_id=package) for package in sorted(wanted)], ignore_conflicts=True
    )
    return sorted(AddOnPackage.objects.filter(add_on=add_on).values_list("package_id", flat=True))
