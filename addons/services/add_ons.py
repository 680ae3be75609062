"""Making and changing add-ons."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from django.utils.translation import gettext as _

from addons.models import AddOn, AddOnPackage, AddOnResource
from addons.refusals import CopyIsFixed, NotYourAddOn, WrongServiceType
from addons.selectors import own_add_on
from catalog.models import COUNT_MAX, Package, Resource, ServiceType
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, NotFound, found
from resellerhub.kernel.saving import save
from subscriptions.models import Holding
from subscriptions.refusals import NotGranted
from tenants.actor import Actor
from tenants.roles import Kind

ALL: Literal["all"] = "all"
OF_A_COPY = {"name", "description", "reseller_price", "customer_price", "is_active"}
CHANGEABLE = OF_A_COPY | {"currency", "cycle"}


@dataclass(frozen=True, slots=True)
class Value:
    """What one unit grants of a resource, and the least that one sale must grant of it."""

    resource_id: int
    value: int
    minimum: int = 0


@operation
def create_add_on(
    *,
    actor: Actor,
    service_type_id: int,
    name: str,
    currency: str,
    cycle: str,
    reseller_price: Decimal,
    customer_price: Decimal,
    values: Sequence[Value],
    description: str = "",
    packages: Collection[int] | Literal["all"] = (),
    now: datetime,
) -> AddOn:
    """An add-on of the actor's own tenant, associated with these packages (ids, or "all" of the service type).

    Resources that are not in `values` are not raised. A reseller can only build from what it holds itself
    (`NotGranted`). Refused: `WrongServiceType`, a name that is taken and values out of range (`Invalid`).
    """
    actor.require("add_on.edit")
    if actor.kind == Kind.CUSTOMER:
        raise NotYourAddOn()
    service_type = found(ServiceType.objects.visible_to(actor).active(), pk=service_type_id)
    _check(actor, service_type.pk, values)
    add_on = AddOn(
        provider_id=actor.provider_id,
        tenant_id=actor.tenant_id,
        service_type=service_type,
        name=name.strip(),
        description=description.strip(),
        currency=currency,
        cycle=cycle,
        reseller_price=reseller_price,
        customer_price=customer_price,
        created_at=now,
    )
    _save(add_on, None)
    _set_values(add_on, values)
    associated = _set_packages(actor, add_on, packages)
    actor.record(
        "add_on.created",
        add_on,
        at=now,
        **_facts(add_on, ("name", *sorted(CHANGEABLE - {"name", "is_active"}))),
        values=_words(values),
        packages=associated,
    )
    return add_on


@operation
def change_add_on(*, actor: Actor, add_on_id: int, now: datetime, **changes: Any) -> AddOn:
    """Change some of: name, description, currency, cycle, reseller_price, customer_price, is_active, values.

    Only what is given changes; `values` replaces all. What is sold keeps its price and its grants. Of a copy only name,
    description, prices and `is_active` change (`CopyIsFixed`). Somebody else's is `NotYourAddOn`.
    """
    actor.require("add_on.edit")
    add_on = _own(actor, add_on_id)
    values: Sequence[Value] | None = changes.pop("values", None)
    fields = {name: value.strip() if isinstance(value, str) else value for name, value in changes.items()}
    if unknown := set(fields) - CHANGEABLE:
        raise TypeError(f"an add-on has no {', '.join(sorted(unknown))} to change")
    changed = {name: value for name, value in fields.items() if getattr(add_on, name) != value}
    if values is not None:
        had = [Value(row.resource_id, row.value, row.minimum) for row in add_on.resources.order_by("resource_id")]
        values = None if sorted(values, key=lambda each: each.resource_id) == had else values
    if add_on.copied_from_id and (set(changed) - OF_A_COPY or values is not None):
        raise CopyIsFixed()
    before, after = _facts(add_on, changed), dict[str, Any]()
    if values is not None:
        _check(actor, add_on.service_type_id, values)
        before["values"], after["values"] = _words(had), _words(values)
        _set_values(add_on, values)
    if changed:
        for name, value in changed.items():
            setattr(add_on, name, value)
        _save(add_on, sorted(changed))
    if before:
        actor.record("add_on.changed", add_on, at=now, before=before, **_facts(add_on, changed), **after)
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
    add_on = _own(actor, add_on_id)
    before = sorted(AddOnPackage.objects.filter(add_on=add_on).values_list("package_id", flat=True))
    after = _set_packages(actor, add_on, packages)
    if after != before:
        actor.record("add_on.associated", add_on, at=now, before={"packages": before}, packages=after)
    return add_on


@operation
def activate_add_on(*, actor: Actor, add_on_id: int, now: datetime) -> AddOn:
    """Sell it again; does nothing when it is sold already."""
    return _set_active(actor, add_on_id, True, now)


@operation
def deactivate_add_on(*, actor: Actor, add_on_id: int, now: datetime) -> AddOn:
    """Sell it no more. What was sold stays; does nothing when it is not sold any more already."""
    return _set_active(actor, add_on_id, False, now)


def _set_active(actor: Actor, add_on_id: int, is_active: bool, now: datetime) -> AddOn:
    actor.require("add_on.edit")
    add_on = _own(actor, add_on_id)
    if add_on.is_active != is_active:
        add_on.is_active = is_active
        add_on.save(update_fields=["is_active"])
        kind = "add_on.activated" if is_active else "add_on.deactivated"
        actor.record(kind, add_on, at=now, before={"is_active": not is_active}, is_active=is_active)
    return add_on


def _own(actor: Actor, add_on_id: int) -> AddOn:
    """Locked. What is in sight and somebody else's may not be changed."""
    own_add_on(actor, add_on_id)
    return found(AddOn.objects.owned_by(actor.tenant_id).locked(), pk=add_on_id)


def _check(actor: Actor, service_type_id: int, values: Sequence[Value]) -> None:
    errors: dict[str, list[str]] = {}
    if not values:
        errors["values"] = [_("Give at least one resource a value: an add-on that grants nothing is none.")]
    elif not all(1 <= each.value <= COUNT_MAX and 0 <= each.minimum <= COUNT_MAX for each in values):
        errors["values"] = [_("A value is a whole number from 1 to %(most)s.") % {"most": COUNT_MAX}]
    wanted = [each.resource_id for each in values]
    if len(set(wanted)) < len(wanted):
        errors["values"] = [_("Each resource can have one value.")]
    if errors:
        raise Invalid(errors)
    names = dict(
        Resource.objects.visible_to(actor).filter(service_type=service_type_id, pk__in=wanted).values_list("pk", "name")
    )
    if len(names) < len(wanted):
        raise WrongServiceType(field="values")
    if not actor.is_provider:
        held = Holding.objects.filter(tenant=actor.tenant_id, resource__in=wanted, allocated__gt=0)
        for lacking in sorted(set(wanted) - set(held.values_list("resource_id", flat=True))):
            raise NotGranted(resource=names[lacking], field="values")


def _save(add_on: AddOn, fields: Sequence[str] | None) -> None:
    save(add_on, fields, taken={"add_on_name": "name"})


def _set_values(add_on: AddOn, values: Sequence[Value]) -> None:
    add_on.resources.exclude(resource__in=[each.resource_id for each in values]).delete()
    AddOnResource.objects.bulk_create(
        [
            AddOnResource(add_on=add_on, resource_id=each.resource_id, value=each.value, minimum=each.minimum)
            for each in values
        ],
        update_conflicts=True,
        unique_fields=["add_on", "resource"],
        update_fields=["value", "minimum"],
    )


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


def _facts(add_on: AddOn, names: Collection[str]) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value := getattr(add_on, name), Decimal) else value for name in sorted(names)
    }


def _words(values: Sequence[Value]) -> dict[str, dict[str, int]]:
    return {str(each.resource_id): {"value": each.value, "minimum": each.minimum} for each in values}
