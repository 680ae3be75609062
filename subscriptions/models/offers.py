"""What may be sold on, what may be ordered without asking anybody, and the orders themselves."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import FeeVersion, Package, PackageVersion, ServiceInstance, ServiceType
from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from resellerhub.kernel.periods import Cycle
from subscriptions.models.subscriptions import QUANTITY_MAX, Subscription
from tenants.models import Tenant
from tenants.models.scope import TenantScoped, Viewer, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from datetime import datetime


class OfferingQuerySet(TenantScoped["Offering"]):
    def visible_to(self, actor: Viewer) -> Self:
        """In scope; what its seller may offer is no matter of a customer."""
        rows = super().visible_to(actor)
        return rows.none() if actor.kind == Kind.CUSTOMER else rows


class Offering(models.Model):
    """A package that a commission reseller may offer, as whoever sells to it chose. It ends with the type."""

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="offerings", verbose_name=_("reseller"), db_index=False
    )
    package = models.ForeignKey(Package, models.PROTECT, related_name="offerings", verbose_name=_("package"))
    made_at = models.DateTimeField(_("chosen"))

    objects = OfferingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("offering"), _("offerings")
        constraints = [models.UniqueConstraint("tenant", "package", name="offering_once")]
        indexes = [models.Index("provider", F("id").desc(), name="offering_of_provider")]


class ListingQuerySet(TenantScoped["Listing"]):
    def visible_to(self, actor: Viewer) -> Self:
        """A seller's own and those beneath it; of who sells to the actor those that it could order."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        # Not `seller_of`: whose listings these are is told by two columns of one row.
        sellers = Tenant.objects.filter(pk=actor.tenant_id).order_by()
        from_above = Q(is_active=True, package__audience=actor.kind) & (
            Q(tenant__in=sellers.values("parent_id"))
            | Q(tenant__in=sellers.filter(parent_id=None).values("provider_id"))
        )
        if actor.kind == Kind.CUSTOMER:
            return house.filter(from_above)
        return house.filter(from_above | Q(tenant_id=actor.tenant_id) | Q(below(actor.roots)))

    def active(self) -> Self:
        return self.filter(is_active=True)


class Listing(models.Model):
    """A package that those who buy from `tenant` may order themselves, and on which instance it then runs.

    Without a price it is what the price list or the fee says on the day of the order, by the cycle that who orders
    chooses of those that the fee offers; with a `cycle` by that alone, and with a price alone by the fee's own.
    """

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="listings", verbose_name=_("seller"), db_index=False
    )
    package = models.ForeignKey(Package, models.PROTECT, related_name="listings", verbose_name=_("package"))
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="+", db_index=False)
    service_instance = models.ForeignKey(
        ServiceInstance, models.PROTECT, related_name="+", verbose_name=_("service instance")
    )
    needs_approval = models.BooleanField(_("needs approval"), default=True)
    text = models.CharField(_("description"), max_length=500, blank=True)
    unit_price = price_column(_("price"), null=True, blank=True)
    currency = currency_code(blank=True)
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices, blank=True)
    is_active = models.BooleanField(_("can be ordered"), default=True)
    created_at = models.DateTimeField(_("created"))

    objects = ListingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("listing"), _("listings")
        constraints = [
            models.UniqueConstraint("tenant", "package", name="listing_once"),
            models.UniqueConstraint(fields=["id", "tenant", "package"], name="listing_of_seller"),
            models.CheckConstraint(
                condition=Q(unit_price__isnull=True, currency="") | (Q(unit_price__gte=0) & ~Q(currency="")),
                name="listing_price",
            ),
            models.CheckConstraint(condition=Q(cycle__in=("", *Cycle.values)), name="listing_cycle"),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="listing_of_provider")]


class OrderQuerySet(TenantScoped["Order"]):
    def visible_to(self, actor: Viewer) -> Self:
        """In scope; what another seller was asked before the tenant moved here stays the other's business."""
        rows = super().visible_to(actor)
        if actor.kind == Kind.PROVIDER:
            return rows
        return rows.filter(Q(tenant=actor.tenant_id) | Q(seller=actor.tenant_id) | Q(below(actor.roots, "seller_id")))

    def pending(self) -> Self:
        return self.filter(state=Order.State.PENDING)


class Order(models.Model):
    """What a tenant ordered from its seller, at the price of that moment. It is decided once, and then history.

    `version` and `fee_version` are what it was ordered by: the price holds, and other terms are not slipped in.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting for approval")
        APPROVED = "approved", _("Approved")
        REJECTED = "rejected", _("Rejected")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="orders", verbose_name=_("ordered by"), db_index=False
    )
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("seller"), db_index=False)
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="orders", db_constraint=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="+", verbose_name=_("package"))
    version = models.ForeignKey(PackageVersion, models.PROTECT, related_name="+")
    fee_version = models.ForeignKey(FeeVersion, models.PROTECT, related_name="+", null=True)
    service_instance = models.ForeignKey(
        ServiceInstance, models.PROTECT, related_name="+", verbose_name=_("service instance")
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    public_name = models.CharField(_("name for end users"), max_length=100)
    unit_price: Any = price_column(_("price"), null=True)
    currency = currency_code()
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices)
    note = models.CharField(_("message"), max_length=500, blank=True)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.PENDING)
    held_by = models.CharField(
        max_length=40, blank=True, help_text="The code of what spoke against it, where no approval was needed."
    )
    made_at = models.DateTimeField(_("ordered"))
    made_by: Any = models.ForeignKey("tenants.User", models.PROTECT, null=True, related_name="+")
    decided_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(_("decided"), null=True)
    decided_by: Any = models.ForeignKey("tenants.User", models.PROTECT, null=True, related_name="+")
    comment = models.CharField(_("comment"), max_length=500, blank=True)
    subscription = models.OneToOneField(Subscription, models.PROTECT, null=True, related_name="order")
    request_id = models.UUIDField(null=True, editable=False)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("order"), _("orders")
        constraints = [
            models.UniqueConstraint("tenant", "request_id", name="order_request_once"),
            models.UniqueConstraint("tenant", "listing", condition=Q(state="pending"), name="order_waiting_once"),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "approved", "rejected", "withdrawn")), name="order_state"
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=QUANTITY_MAX), name="order_quantity"),
            models.CheckConstraint(condition=Q(unit_price__isnull=True) | Q(unit_price__gte=0), name="order_price"),
            models.CheckConstraint(
                condition=Q(state="pending", decided_at__isnull=True)
                | (~Q(state="pending") & Q(decided_at__isnull=False)),
                name="order_decided",
            ),
            models.CheckConstraint(
                condition=Q(state="approved", subscription__isnull=False)
                | (~Q(state="approved") & Q(subscription__isnull=True)),
                name="order_fulfilled",
            ),
        ]
        indexes = [
            models.Index("provider", F("id").desc(), name="order_of_provider"),
            models.Index("tenant", F("id").desc(), name="order_of_tenant"),
            models.Index("seller", F("id").desc(), name="order_of_seller"),
            models.Index("seller", condition=Q(state="pending"), name="order_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.public_name} × {self.quantity}"
