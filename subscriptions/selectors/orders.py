"""What can be ordered and what was, as far as the reader sees it."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Case, CharField, DecimalField, ExpressionWrapper, F, Q, QuerySet, Value, When

from catalog.models import PackageVersion
from subscriptions.models import Listing, Offering, Order
from subscriptions.owing import Line, Owed, line_of
from subscriptions.selectors.offers import sellable
from tenants import naming
from tenants.models import Tenant
from tenants.selectors import events

if TYPE_CHECKING:
    from tenants.actor import Actor


def listings(actor: "Actor") -> QuerySet[Listing]:
    """In scope, with the names of package and seller."""
    rows = Listing.objects.visible_to(actor).select_related("tenant", "package", "service_type", "service_instance")
    return rows.annotate(seller_name=naming.seller_name("tenant"))


def services(actor: "Actor") -> QuerySet[Listing]:
    """What the actor's tenant can order today from who sells to it."""
    mine = Tenant.objects.get(pk=actor.tenant_id)
    if mine.seller_id is None:
        return listings(actor).none()
    seller = Tenant.objects.get(pk=mine.seller_id)
    packages = sellable(seller, mine.kind).order_by().values("pk")
    able = {"is_active": True, "service_instance__is_active": True}
    return listings(actor).filter(tenant=seller, package__in=packages, **able)


def tell_prices(actor: "Actor", rows: Iterable[Any], on: date) -> None:
    """Sets `asked` on each: what the actor's tenant would pay for it on a day, of its own listings what a buyer would
    of whom nothing is known. None where that is not the actor's to know, or nothing can be said. And `asked_by`: the
    same by each cycle among which who orders can choose. However many rows: as many statements."""
    found: dict[int, list[Any]] = {}
    for row in rows:
        row.asked, row.asked_by = None, []
        found.setdefault(row.tenant_id, []).append(row)
    mine = Tenant.objects.get(pk=actor.tenant_id)
    for seller_id in {mine.pk, mine.seller_id} & set(found):
        _tell(mine, found[seller_id], on)


def public_name(listing: Any) -> str:
    """The name for end users, once prices are told; else the package's."""
    asked = getattr(listing, "asked", None)
    return str(asked.terms.public_name if asked and asked.terms else listing.package.name)


def _tell(mine: Tenant, rows: list[Any], on: date) -> None:
    seller: Tenant = rows[0].tenant
    buyers = [Tenant(pk=0, kind=kind) for kind in {row.package.audience for row in rows}]
    if seller.pk != mine.pk:
        buyers = [mine]
    by_kind = {buyer.kind: buyer for buyer in buyers}
    versions = PackageVersion.objects.filter(package__in={row.package_id for row in rows}).in_force(on)
    current = {
        version.package_id: version
        for version in versions.select_related("package", "reseller_fee", "account_fee").prefetch_related(
            "limits__resource"
        )
    }
    line = line_of(seller, list(current.values()), buyers, on)
    for row in rows:
        version, buyer = current.get(row.package_id), by_kind.get(row.package.audience)
        if version is not None and buyer is not None:
            row.asked_by = _asked(line, version, buyer, row)
            row.asked = next(iter(row.asked_by), None)
            row.limits = sorted(version.limits.all(), key=lambda one: (one.resource.position, one.resource_id))


def _asked(line: Line, version: PackageVersion, buyer: Tenant, row: Any) -> list[Owed]:
    """By each cycle, the fee's own first. At the price and by the cycle of the listing, where that is still in the
    currency of the fees, and they are offered by that."""
    account = line.chain(version, [buyer], row.cycle).account[buyer.pk]
    if row.currency not in {"", account.currency} or row.cycle not in {"", account.cycle}:
        return []
    is_free = not row.cycle and row.unit_price is None
    others = [cycle for cycle in account.offered if cycle != account.cycle] if is_free else []
    return [account.at(row.unit_price), *(line.chain(version, [buyer], cycle).account[buyer.pk] for cycle in others)]


def orders(actor: "Actor") -> QuerySet[Order]:
    """In scope, with names as far as the actor may read them; `total` is of all units and one cycle. What people wrote
    is hidden where the name of who ordered is."""
    total = ExpressionWrapper(F("unit_price") * F("quantity"), DecimalField(max_digits=24, decimal_places=6))
    rows = Order.objects.visible_to(actor).select_related(
        "tenant", "package", "service_instance", "subscription", "made_by"
    )
    return rows.annotate(
        tenant_name=naming.shown(actor),
        seller_name=naming.seller_name("seller"),
        named=naming.is_named(actor),
        total=total,
        note_shown=_said(actor, "note"),
        comment_shown=_said(actor, "comment"),
    )


def waiting(actor: "Actor") -> QuerySet[Order]:
    """What the actor's tenant is to decide."""
    return Order.objects.visible_to(actor).pending().filter(seller=actor.tenant_id)


def events_about_order(actor: "Actor", order: Order) -> QuerySet[Any]:
    return events(actor).filter(Q(subject_type="order", subject_id=order.pk))


def offerings(actor: "Actor", reseller: Tenant) -> QuerySet[Offering]:
    """What a commission reseller may offer."""
    rows = Offering.objects.visible_to(actor).filter(tenant=reseller)
    return rows.select_related("package__service_type").order_by("package__name", "pk")


def _said(actor: "Actor", field: str) -> Case:
    return Case(When(naming.readable(actor), then=F(field)), default=Value(""), output_field=CharField())
