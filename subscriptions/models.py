"""What is held: subscriptions, what they are allocated, sold and used of each resource, and the ledgers behind it."""

from typing import TYPE_CHECKING, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from catalog.models import Package, Resource, ServiceInstance, ServiceType
from tenants.models import Tenant
from tenants.models.scope import TenantScoped, Viewer, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from datetime import date

QUANTITY_MAX = 99_999


class SubscriptionQuerySet(TenantScoped["Subscription"]):
    def visible_to(self, actor: Viewer) -> Self:
        """In scope; what another seller sold and ended before its holder moved here stays the other's business."""
        rows = super().visible_to(actor)
        if actor.kind == Kind.PROVIDER:
            return rows
        mine = Q(tenant=actor.tenant_id) | Q(seller=actor.tenant_id) | Q(below(actor.roots, "seller_id"))
        return rows.filter(~Q(state="closed") | mine)

    def active(self) -> Self:
        return self.filter(state=Subscription.State.ACTIVE)

    def open(self) -> Self:
        """Pending, active or suspended: still counted as sold by whoever sold it."""
        return self.exclude(state=Subscription.State.CLOSED)

    def of_customers(self) -> Self:
        return self.filter(tenant__kind=Kind.CUSTOMER)


class Subscription(models.Model):
    """The right of a tenant to a package. `source` is the reseller's subscription whose allocation it draws on."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="subscriptions", verbose_name=_("holder"), db_index=False
    )
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("seller"), db_index=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="subscriptions", verbose_name=_("package"))
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, related_name="+", verbose_name=_("service type"), db_index=False
    )
    service_instance = models.ForeignKey(
        ServiceInstance, models.PROTECT, related_name="subscriptions", verbose_name=_("service instance")
    )
    source = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="drawn",
        null=True,
        blank=True,
        verbose_name=_("drawn from"),
        db_index=False,
    )
    name = models.CharField(_("name"), max_length=120)
    quantity = models.PositiveIntegerField(_("quantity"), default=1, validators=[MinValueValidator(1)])
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.ACTIVE)
    started_on = models.DateField(_("started on"))
    request_id = models.UUIDField(null=True, editable=False)
    closed_on: "models.DateField[date | None, date | None]" = models.DateField(_("closed on"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("subscription"), _("subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("pending", "active", "suspended", "closed")), name="subscription_state"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=QUANTITY_MAX), name="subscription_quantity"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="subscription_named"),
            models.CheckConstraint(condition=~Q(source=F("id")), name="subscription_not_its_own_source"),
            models.UniqueConstraint(
                "tenant", "request_id", condition=Q(request_id__isnull=False), name="subscription_request_once"
            ),
            models.UniqueConstraint(fields=["id", "provider"], name="subscription_of_house"),
            models.UniqueConstraint(fields=["id", "provider", "tenant", "seller"], name="subscription_place"),
            models.UniqueConstraint(fields=["id", "tenant", "service_instance"], name="subscription_as_source"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="subscription_closed_on",
            ),
        ]
        indexes = [
            models.Index("provider", F("id").desc(), name="subscription_of_provider"),
            models.Index("tenant", "service_type", name="subscription_of_tenant"),
            models.Index("seller", "service_type", name="subscription_of_seller"),
            models.Index("source", condition=Q(source__isnull=False), name="subscription_drawn"),
        ]

    def __str__(self) -> str:
        return self.name


class HoldingQuerySet(TenantScoped["Holding"]):
    def over_quota(self) -> Self:
        """More utilised than allocated; exactly at quota is not over."""
        return self.filter(remaining__lt=0)


UTILISED = Case(When(basis="sold", then=F("sold")), default=F("used"))


class Holding(models.Model):
    """How much of one resource a subscription is allocated, has sold on and uses.

    What counts as utilised is `sold` or `used`, by `basis`: a reseller's subscription by its provider's setting, a
    customer's always by use. What is used is what was `measured` of the subscription itself, and what those that draw
    on it use. `remaining` is negative when over. No row means nothing of anything, and a closed
    subscription has none.
    Provider, tenant and seller are the subscription's: one composite key in the database says so, in place of four.
    """

    class Basis(models.TextChoices):
        SOLD = "sold", _("what was sold")
        USED = "used", _("what is used")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_constraint=False)
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="holdings", db_index=False, db_constraint=False
    )
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", db_index=False)
    basis = models.CharField(max_length=4, choices=Basis.choices)
    allocated = models.BigIntegerField(_("allocated"), default=0)
    sold = models.BigIntegerField(_("sold"), default=0)
    used = models.BigIntegerField(_("used"), default=0)
    measured = models.BigIntegerField(
        _("measured here"), default=0, db_default=0, help_text="What was measured of the subscription itself."
    )
    used_at = models.DateTimeField(_("measured"), null=True)
    utilised = models.GeneratedField(
        verbose_name=_("utilised"), expression=UTILISED, output_field=models.BigIntegerField(), db_persist=True
    )
    remaining = models.GeneratedField(
        verbose_name=_("remaining"),
        expression=F("allocated") - UTILISED,
        output_field=models.BigIntegerField(),
        db_persist=True,
    )

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("holding"), _("holdings")
        constraints = [
            models.UniqueConstraint("subscription", "resource", name="holding_once"),
            models.CheckConstraint(condition=Q(basis__in=("sold", "used")), name="holding_basis"),
            models.CheckConstraint(
                condition=Q(allocated__gte=0, sold__gte=0, used__gte=0, measured__gte=0), name="holding_not_negative"
            ),
        ]
        indexes = [
            models.Index("provider", "remaining", "id", condition=Q(remaining__lt=0), name="holding_worst"),
            models.Index("seller", condition=Q(remaining__lt=0), name="holding_over_of_seller"),
        ]


class Grant(models.Model):
    """Why a holding is allocated what it is: the allocation is the sum of its grants. Added to, never changed."""

    append_only = True

    class Kind(models.TextChoices):
        PACKAGE = "package", _("Package")
        ADD_ON = "add_on", _("Add-on")
        ADJUSTMENT = "adjustment", _("Adjustment")
        CLOSING = "closing", _("Closing")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="grants", db_constraint=False)
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    source_id = models.BigIntegerField(
        help_text="The add-on sale, the package, the user who adjusted, or the subscription that was closed."
    )
    amount = models.BigIntegerField(_("amount"))
    made_at = models.DateTimeField(_("made"))
    request_id = models.UUIDField(null=True)

    objects = TenantScoped["Grant"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("grant"), _("grants")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=("package", "add_on", "adjustment", "closing")), name="grant_kind"
            ),
            models.CheckConstraint(condition=~Q(amount=0), name="grant_of_something"),
            models.UniqueConstraint(
                "subscription",
                "resource",
                "request_id",
                condition=Q(request_id__isnull=False),
                name="grant_request_once",
            ),
        ]


class UsageEvent(models.Model):
    """What was measured, as it was reported. An event id counts once for its provider, however often it is sent."""

    append_only = True

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", db_index=False)
    event_id = models.CharField(_("event id"), max_length=100)
    quantity = models.BigIntegerField(_("quantity"))
    at = models.DateTimeField(_("measured"))
    received_at = models.DateTimeField(_("received"))

    objects = TenantScoped["UsageEvent"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("usage event"), _("usage events")
        constraints = [
            models.UniqueConstraint("provider", "event_id", name="usage_event_once"),
            models.CheckConstraint(condition=Q(quantity__gte=0), name="usage_event_not_negative"),
        ]
        indexes = [models.Index("subscription", "resource", "at", name="usage_of_holding")]
