"""What can be sold, by whom, to whom, and what it draws on."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet, Sum

from catalog.models import Package, Resource, ServiceInstance, ServiceType
from subscriptions.models import Holding, Offering, Subscription
from tenants.models import ResellerTerms, ResellerType, Tenant
from tenants.roles import Kind
from tenants.selectors import directory

if TYPE_CHECKING:
    from tenants.actor import Actor


def buyers(actor: "Actor") -> QuerySet[Tenant]:
    """To whom the actor can sell a subscription: active customers and prepaid resellers below it."""
    active: QuerySet[Tenant] = directory(actor).filter(status=Tenant.Status.ACTIVE)
    return active.filter(Q(kind=Kind.CUSTOMER) | Q(kind=Kind.RESELLER, terms__type=ResellerType.PREPAID))


def is_prepaid(reseller_id: int) -> bool:
    return ResellerTerms.objects.filter(pk=reseller_id, type=ResellerType.PREPAID).exists()


def offered_packages(actor: "Actor", seller: Tenant, kind: str) -> QuerySet[Package]:
    """What may be sold by this seller to resellers or customers: packages of its own, and what those above share; of a
    commission reseller what was chosen for it.

    Whoever sells in its place may also sell what it has not shared itself.
    """
    rows = Package.objects.visible_to(actor).filter(_sold_by(seller, actor.tenant_id), chosen_for(seller))
    return rows.filter(audience=kind).select_related("service_type")


def sellable(seller: Tenant, kind: str = "") -> QuerySet[Package]:
    """The same as the seller itself has it, whoever asks; without a kind to resellers and customers."""
    rows = Package.objects.filter(_sold_by(seller, seller.pk), chosen_for(seller)).select_related("service_type")
    return rows.filter(audience=kind) if kind else rows


def _sold_by(seller: Tenant, in_its_place: int) -> Q:
    own = Q(tenant__in=[seller.pk, in_its_place])
    active = Q(provider=seller.house_id, tenant__in=seller.ancestors, is_active=True, service_type__is_active=True)
    return active & (own | Q(is_shared=True))


def chosen_for(seller: Tenant) -> Q:
    """What no commission reseller from the packages' owner down to the seller is without: each offers what was chosen
    for it, and nothing that its own seller may not offer."""
    line = ResellerTerms.objects.filter(pk__in=seller.ancestors, type=ResellerType.COMMISSION)
    condition = Q()
    for reseller_id in line.order_by("pk").values_list("pk", flat=True):
        beneath = seller.ancestors[seller.ancestors.index(reseller_id) + 1 :]
        chosen = Offering.objects.filter(tenant=reseller_id).order_by().values("package")
        condition &= Q(pk__in=chosen) | Q(tenant__in=beneath)
    return condition


def listed(actor: "Actor") -> Q:
    """Of what a reseller sees: at or beneath a commission reseller what that one may offer, and what it manages."""
    if actor.kind != Kind.RESELLER:
        return Q()
    chosen = chosen_for(Tenant.objects.get(pk=actor.tenant_id))
    return chosen | Q(tenant=actor.tenant_id) if chosen else chosen


def offerable(reseller: Tenant) -> QuerySet[Package]:
    """What can be chosen for a commission reseller: what its seller could sell and it sees, and what it manages."""
    seller = Tenant.objects.get(pk=reseller.seller_id)
    above = Q(pk__in=sellable(seller).filter(is_shared=True).order_by().values("pk"))
    own = Q(tenant=reseller.pk, is_active=True, service_type__is_active=True)
    return Package.objects.filter(above | own).select_related("service_type")


def on_commission(actor: "Actor") -> QuerySet[Tenant]:
    """The open commission resellers beneath the actor: what they may offer is chosen for them."""
    rows = Tenant.objects.visible_to(actor).resellers().exclude(pk=actor.tenant_id).exclude(status=Tenant.Status.CLOSED)
    found: QuerySet[Tenant] = rows.filter(terms__type=ResellerType.COMMISSION).select_related("profile")
    return found


def offered_instances(actor: "Actor", seller: Tenant) -> QuerySet[ServiceInstance]:
    """Where this seller can sell: a prepaid reseller only where it holds an active subscription."""
    rows = ServiceInstance.objects.visible_to(actor).active().select_related("service_type")
    if seller.kind == Kind.RESELLER and is_prepaid(seller.pk):
        rows = rows.filter(pk__in=Subscription.objects.active().filter(tenant=seller).values("service_instance"))
    return rows


def sources(seller: Tenant) -> QuerySet[Subscription]:
    """From which subscriptions of its own this seller can sell; none where it need not draw on any."""
    if seller.kind != Kind.RESELLER or not is_prepaid(seller.pk):
        return Subscription.objects.none()
    return Subscription.objects.active().filter(tenant=seller).select_related("service_instance").order_by("pk")


def granted_resources(actor: "Actor", service_type_id: int) -> QuerySet[Resource]:
    """Of what a reseller can make plans: the resources of a service type that its active subscriptions grant."""
    held = _granted(actor).values("resource")
    return Resource.objects.filter(service_type=service_type_id, pk__in=held).in_order()


def beyond_allocation(actor: "Actor", limits: Mapping[int, int]) -> list[tuple[Resource, int, int]]:
    """Of which resources one unit with these limits grants more than all that the reseller was allocated, which
    nobody could be sold without overselling: with the limit, and with what that is."""
    held = dict(_granted(actor).values_list("resource").annotate(total=Sum("allocated")))
    beyond = {pk: limit for pk, limit in limits.items() if limit > held.get(pk, 0)}
    resources = Resource.objects.filter(pk__in=beyond).in_order()
    return [(resource, beyond[resource.pk], held.get(resource.pk, 0)) for resource in resources]


def granted_service_types(actor: "Actor") -> QuerySet[ServiceType]:
    """Those of which a reseller can make plans."""
    held = _granted(actor).values("resource__service_type")
    return ServiceType.objects.visible_to(actor).active().filter(pk__in=held).order_by("name", "pk")


def _granted(actor: "Actor") -> QuerySet[Holding]:
    active = {"subscription__state": Subscription.State.ACTIVE, "allocated__gt": 0}
    return Holding.objects.filter(tenant=actor.tenant_id, **active).order_by()
