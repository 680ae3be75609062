"""What a bulk sale asks for, read in the actor's scope: the terms, and the targets it means."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from addons.models import AddOnPackage, BulkSale
from addons.owing import version_on
from addons.refusals import NoPackages, WrongServiceType
from addons.selectors.add_ons import sellable_add_on
from addons.services.terms import Terms
from catalog.models import ServiceInstance, ServiceType
from resellerhub.kernel.refusals import Invalid, NotFound, found
from subscriptions.models import Subscription
from tenants.actor import Actor
from tenants.models import Tenant
from tenants.roles import Kind


@dataclass(frozen=True, slots=True)
class Order:
    """What a bulk sale asks for. `resellers` is for that audience; `owner_id` for customers, None means all."""

    audience: str
    service_type_id: int
    add_on_id: int
    quantity: int
    resellers: tuple[int, ...] = ()
    owner_id: int | None = None
    service_instance_id: int | None = None
    only_over_quota: bool = True
    skip_already_sold: bool = False
    create_copy: bool = False

    @property
    def to_resellers(self) -> bool:
        return self.audience == BulkSale.Audience.RESELLERS

    @property
    def columns(self) -> dict[str, Any]:
        """As the bulk sale keeps it; the service type is the add-on's."""
        return {
            "audience": self.audience,
            "add_on_id": self.add_on_id,
            "service_instance_id": self.service_instance_id,
            "owner_id": self.owner_id,
            "only_over_quota": self.only_over_quota,
            "skip_already_sold": self.skip_already_sold,
            "create_copy": self.create_copy,
            "resellers": sorted(set(self.resellers)),
            "quantity": self.quantity,
        }


def terms_of(actor: Actor, order: Order, on: date) -> Terms:
    """The terms as they are on a day; refuses an add-on that cannot be sold in this way."""
    errors = {}
    if order.audience not in BulkSale.Audience.values:
        errors["audience"] = [_("Choose resellers or customers.")]
    if order.to_resellers and not order.resellers:
        errors["resellers"] = [_("Choose at least one reseller.")]
    if order.create_copy and not order.to_resellers:
        errors["create_copy"] = [_("Only resellers can have a copy.")]
    if errors:
        raise Invalid(errors)
    service_type = found(ServiceType.objects.visible_to(actor), pk=order.service_type_id)
    add_on = sellable_add_on(actor, order.add_on_id)
    if add_on.service_type_id != service_type.pk:
        raise WrongServiceType(field="add_on")
    terms = Terms.of(
        version_on(add_on, on),
        order.quantity,
        only_over_quota=order.only_over_quota,
        skip_already_sold=order.skip_already_sold,
        create_copy=order.create_copy,
    )
    terms.check()
    if not AddOnPackage.objects.filter(add_on=add_on).exists():
        raise NoPackages(add_on=add_on.name, field="add_on")
    return terms


def targets_of(actor: Actor, order: Order) -> QuerySet[Subscription]:
    """The subscriptions that are meant; resellers, owner or instance out of sight are `NotFound`."""
    targets = Subscription.objects.visible_to(actor).filter(
        service_type=order.service_type_id,
        state__in=(Subscription.State.ACTIVE, Subscription.State.SUSPENDED),
    )
    if order.service_instance_id is not None:
        instance = found(ServiceInstance.objects.visible_to(actor), pk=order.service_instance_id)
        if instance.service_type_id != order.service_type_id:
            raise WrongServiceType(field="service_instance")
        targets = targets.filter(service_instance=instance)
    if order.to_resellers:
        return targets.filter(tenant__in=_resellers(actor, order.resellers))
    targets = targets.of_customers()
    if order.owner_id is None:
        return targets
    owner = found(Tenant.objects.visible_to(actor).exclude(kind=Kind.CUSTOMER), pk=order.owner_id)
    return targets.filter(seller=owner)


def _resellers(actor: Actor, ids: Collection[int]) -> list[int]:
    """Nobody sells to itself, and one that is out of sight is as one that is not there."""
    visible = Tenant.objects.visible_to(actor).resellers().exclude(pk=actor.tenant_id)
    known = sorted(visible.filter(pk__in=ids).order_by("pk").values_list("pk", flat=True))
    if len(known) < len(set(ids)):
        raise NotFound(field="resellers")
    return known
