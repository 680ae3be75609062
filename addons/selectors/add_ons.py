"""Add-ons with what they grant and cost on a day, as far as the asking actor may see it."""

from datetime import date
from typing import Any

from django.db.models import CharField, DecimalField, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from addons.models import AddOn, AddOnResource, AddOnSale, AddOnVersion
from addons.refusals import NotYourAddOn
from catalog.models import Fee, FeeVersion
from catalog.selectors.fees import fees_in_force
from resellerhub.kernel.refusals import found
from tenants.actor import Actor
from tenants.models import ResellerTerms, ResellerType
from tenants.naming import maker_name
from tenants.roles import Kind


def add_ons(actor: Actor, on: date) -> QuerySet[AddOn]:
    """With service type, the name of who manages each, and what it charges on a day as far as the actor may see it:
    `reseller_price`, `customer_price`, `currency`, `cycle`. A customer sees what it pays itself."""
    rows = AddOn.objects.visible_to(actor).select_related("tenant", "service_type")
    rows = rows.annotate(owner_name=maker_name(actor, "tenant"))
    if actor.kind == Kind.CUSTOMER:
        mine = AddOnSale.objects.visible_to(actor).filter(add_on=OuterRef("pk")).order_by("-pk")
        paid = {name: Subquery(mine.values(column)[:1]) for name, column in PAID.items()}
        return rows.annotate(reseller_price=Value(None, output_field=DecimalField()), **paid)
    version = AddOnVersion.objects.filter(add_on=OuterRef("pk"), effective_on__lte=on).newest_first()
    rows = rows.annotate(
        reseller_fee_id=Subquery(version.values("reseller_fee")[:1]),
        account_fee_id=Subquery(version.values("account_fee")[:1]),
    )
    said = {
        column: FeeVersion.objects.filter(
            fee__in=Fee.objects.visible_to(actor).order_by().values("pk"), fee=OuterRef(column), effective_on__lte=on
        ).newest_first()
        for column in ("reseller_fee_id", "account_fee_id")
    }

    def either(name: str) -> Any:
        parts = (Subquery(said[column].values(name)[:1]) for column in ("account_fee_id", "reseller_fee_id"))
        return Coalesce(*parts, output_field=CharField())

    return rows.annotate(
        reseller_price=Subquery(said["reseller_fee_id"].values("amount")[:1]),
        customer_price=Subquery(said["account_fee_id"].values("amount")[:1]),
        currency=either("fee__currency"),
        cycle=either("cycle"),
    )


PAID = {"customer_price": "unit_price", "currency": "currency", "cycle": "cycle"}


def add_ons_in_force(actor: Actor, on: date) -> QuerySet[AddOn]:
    """The same, `current` being the version of that day with its resources and the fees that the actor may see."""
    versions = with_content(actor, AddOnVersion.objects.in_force(on), on)
    return add_ons(actor, on).prefetch_related(Prefetch("versions", versions, to_attr="in_force"))


def add_on_versions(actor: Actor, add_on: AddOn, on: date) -> QuerySet[AddOnVersion]:
    """All that an add-on said and will say, the newest first."""
    return with_content(actor, add_on.versions.newest_first(), on)


def with_content(actor: Actor, rows: QuerySet[AddOnVersion], on: date) -> QuerySet[AddOnVersion]:
    """With resources, and with the fees that the actor may see: of another it learns nothing, not even its id."""
    values = AddOnResource.objects.select_related("resource").order_by("resource__position", "resource_id")
    return rows.prefetch_related(
        Prefetch("resources", values),
        Prefetch("reseller_fee", fees_in_force(actor, on)),
        Prefetch("account_fee", fees_in_force(actor, on)),
    )


def add_ons_of_fee(fee: Fee, on: date) -> QuerySet[AddOn]:
    """The add-ons that name the fee on a day, or will; in anybody's sight."""
    versions = AddOnVersion.objects.standing(on).filter(Q(reseller_fee=fee) | Q(account_fee=fee))
    return AddOn.objects.filter(pk__in=versions.values("add_on")).order_by("pk")


def linked_fees(actor: Actor) -> QuerySet[Any]:
    """The ids of the reseller fees of add-ons in sight: a prepaid reseller that may sell the add-on owes the fee."""
    buys = ResellerTerms.objects.filter(pk=actor.tenant_id, type=ResellerType.PREPAID)
    seen = AddOn.objects.visible_to(actor)
    versions = AddOnVersion.objects.filter(Exists(buys), add_on__in=seen, reseller_fee__isnull=False)
    return versions.order_by().values("reseller_fee")


def own_add_on(actor: Actor, add_on_id: int) -> AddOn:
    """What the actor may change: its own, or any for a provider; what may only be looked at is refused, what is out of
    sight is not there."""
    add_on = found(AddOn.objects.visible_to(actor).select_related("service_type", "copied_from"), pk=add_on_id)
    if not actor.manages(add_on.tenant_id):
        raise NotYourAddOn()
    return add_on


def sellable_add_on(actor: Actor, add_on_id: int) -> AddOn:
    """What the actor may sell, active or not: its own, or what is shared above it."""
    add_on = found(
        AddOn.objects.visible_to(actor).select_related("service_type", "copied_from", "tenant"), pk=add_on_id
    )
    is_own = add_on.tenant_id == actor.tenant_id
    if not is_own and not AddOn.objects.sellable_by(actor).filter(pk=add_on.pk).exists():
        raise NotYourAddOn()
    return add_on
