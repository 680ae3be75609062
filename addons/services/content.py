"""What a version of an add-on grants and costs, and its next version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from addons.models import AddOn, AddOnResource, AddOnVersion
from addons.refusals import WrongServiceType
from catalog.models import COUNT_MAX, Fee, Resource
from catalog.services.pairs import check_currencies, check_pair, check_reseller_fee
from resellerhub.kernel.refusals import Invalid
from subscriptions.models import Holding
from subscriptions.refusals import NotGranted
from tenants.actor import Actor


@dataclass(frozen=True, slots=True)
class Value:
    """What one unit grants of a resource, and the least that one sale must grant of it."""

    resource_id: int
    value: int
    minimum: int = 0


@dataclass(frozen=True, slots=True)
class Content:
    """`values` in the order of the resources' ids."""

    values: tuple[Value, ...] = ()
    reseller_fee_id: int | None = None
    account_fee_id: int | None = None

    @classmethod
    def of(cls, version: AddOnVersion) -> "Content":
        rows = version.resources.order_by("resource_id").values_list("resource_id", "value", "minimum")
        return cls(tuple(Value(*row) for row in rows), version.reseller_fee_id, version.account_fee_id)

    @property
    def told(self) -> dict[str, Any]:
        """For an event; JSON knows no numbers as keys."""
        values = {str(each.resource_id): {"value": each.value, "minimum": each.minimum} for each in self.values}
        return {"values": values, "reseller_fee": self.reseller_fee_id, "account_fee": self.account_fee_id}


def in_order(values: Sequence[Value]) -> tuple[Value, ...]:
    return tuple(sorted(values, key=lambda each: each.resource_id))


def content_on(add_on: AddOn, day: date) -> Content:
    """What it grants and costs on a day; nothing before its first version."""
    version = add_on.versions.in_force(day).first()
    return Content.of(version) if version else Content()


def check_content(actor: Actor, add_on: AddOn, content: Content, had: Content) -> None:
    """Refused: values that are none, `WrongServiceType`, `NotGranted`, and what is refused of a pair of fees."""
    if content.values != had.values:
        check_values(actor, add_on.service_type_id, content.values)
    if not actor.is_provider:
        check_reseller_fee(actor, content.reseller_fee_id, had.reseller_fee_id)
    check_pair(actor, add_on, content, had)
    if add_on.copied_from_id:
        _check_link(add_on, content)


def add_version(add_on: AddOn, content: Content, effective_on: date, now: datetime) -> AddOnVersion:
    version = AddOnVersion.objects.create(
        add_on=add_on,
        effective_on=effective_on,
        reseller_fee_id=content.reseller_fee_id,
        account_fee_id=content.account_fee_id,
        made_at=now,
    )
    AddOnResource.objects.bulk_create(
        AddOnResource(version=version, resource_id=each.resource_id, value=each.value, minimum=each.minimum)
        for each in content.values
    )
    return version


def _check_link(copy: AddOn, content: Content) -> None:
    """What a copy charges is in the currency of what it costs."""
    linked = Fee.objects.filter(pk__in=copy.copied_from.versions.values("reseller_fee")) if copy.copied_from else None
    own = Fee.objects.filter(pk__in=[pk for pk in (content.account_fee_id, content.reseller_fee_id) if pk])
    cost = linked.order_by("-pk").first() if linked is not None else None
    if cost:
        for fee in own:
            check_currencies(cost, fee)


def check_values(actor: Actor, service_type_id: int, values: Sequence[Value]) -> None:
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
