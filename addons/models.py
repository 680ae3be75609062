"""What is added to a subscription: add-ons, their sales one by one, and sales in bulk."""

from typing import TYPE_CHECKING

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import COUNT_MAX, Package, Resource, ServiceInstance, ServiceType
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from resellerhub.kernel.periods import Cycle
from subscriptions.models import QUANTITY_MAX, Subscription
from tenants.models import Tenant
from tenants.models.scope import AnyOf, TenantScoped, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor


class AddOnQuerySet(LockedQuerySet["AddOn"]):
    def visible_to(self, actor: "Actor") -> "AddOnQuerySet":
        """A provider sees all of its add-ons; others what they or those below own, and what was sold to them."""
        if actor.kind == Kind.PROVIDER:
            return self.filter(provider_id=actor.provider_id)
        bought = AddOnSale.objects.visible_to(actor).order_by().values("add_on_id")
        return self.filter(
            Q(tenant_id=actor.tenant_id) | Q(below(actor.roots)) | Q(AnyOf(F("pk"), ArraySubquery(bought))),
            provider_id=actor.provider_id,
        )

    def owned_by(self, tenant_id: int) -> "AddOnQuerySet":
        return self.filter(tenant_id=tenant_id)

    def active(self) -> "AddOnQuerySet":
        return self.filter(is_active=True)

    def sellable_by(self, actor: "Actor") -> "AddOnQuerySet":
        """Its own active ones, copies among them."""
        return self.visible_to(actor).owned_by(actor.tenant_id).active()


class AddOn(models.Model):
    """Extra resources sold on top of a subscription.

    A copy belongs to a reseller, who prices and names it; what it costs the reseller is the original's reseller price.
    """

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="add_ons", verbose_name=_("owner"))
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, related_name="add_ons", verbose_name=_("service type")
    )
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True, max_length=2000, validators=[MaxLengthValidator(2000)])
    currency = currency_code()
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices, default=Cycle.MONTH)
    reseller_price = price_column(_("price for resellers"), validators=[MinValueValidator(0)])
    customer_price = price_column(_("price for customers"), validators=[MinValueValidator(0)])
    is_active = models.BooleanField(_("active"), default=True)
    copied_from = models.ForeignKey("self", models.PROTECT, related_name="copies", null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    packages: "models.ManyToManyField[Package, AddOnPackage]" = models.ManyToManyField(
        Package, through="AddOnPackage", related_name="add_ons"
    )

    objects = AddOnQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("add-on"), _("add-ons")
        constraints = [
            models.UniqueConstraint("tenant", "name", name="add_on_name"),
            models.UniqueConstraint(fields=["id", "provider"], name="add_on_of_house"),
            models.UniqueConstraint(fields=["id", "service_type", "provider"], name="add_on_of_type"),
            models.UniqueConstraint(
                "tenant", "copied_from", condition=Q(copied_from__isnull=False), name="add_on_copied_once"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="add_on_named"),
            models.CheckConstraint(condition=Q(cycle__in=Cycle.values), name="add_on_cycle"),
            models.CheckConstraint(
                condition=Q(reseller_price__gte=0, customer_price__gte=0), name="add_on_price_not_negative"
            ),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="add_on_of_provider")]

    def __str__(self) -> str:
        return self.name


class AddOnResource(models.Model):
    """What one unit of an add-on grants of a resource, and the least that one sale must grant."""

    add_on = models.ForeignKey(AddOn, models.CASCADE, related_name="resources")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", verbose_name=_("resource"))
    value = models.BigIntegerField(_("value"), validators=[MinValueValidator(1), MaxValueValidator(COUNT_MAX)])
    minimum = models.BigIntegerField(
        _("minimum per sale"), default=0, validators=[MinValueValidator(0), MaxValueValidator(COUNT_MAX)]
    )

    class Meta:
        verbose_name, verbose_name_plural = _("resource of an add-on"), _("resources of an add-on")
        constraints = [
            models.UniqueConstraint("add_on", "resource", name="add_on_resource_once"),
            models.CheckConstraint(
                condition=Q(value__gte=1, value__lte=COUNT_MAX, minimum__gte=0, minimum__lte=COUNT_MAX),
                name="add_on_resource_value",
            ),
        ]


class AddOnPackage(models.Model):
    """With which packages an add-on may be sold."""

    add_on = models.ForeignKey(AddOn, models.CASCADE, related_name="+")
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint("add_on", "package", name="add_on_package_once")]


class AddOnSaleQuerySet(TenantScoped["AddOnSale"]):
    def active(self) -> "AddOnSaleQuerySet":
        return self.filter(state=AddOnSale.State.ACTIVE)


class AddOnSale(models.Model):
    """One sale of an add-on onto a subscription: a commercial fact, with the price as it was.

    `unit_price` is what the holder is charged for one unit and cycle by its seller; `unit_cost` what the seller is
    charged by whoever is above it: a copy's owner by that of the original, a seller beneath the owner by the owner.
    Empty where the seller made the add-on itself, as the provider did.
    Holder and seller are the subscription's at the time; a trigger checks them for a whole statement at once, and
    composite keys take the place of single ones: there are 100,000 rows in a bulk sale.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        CANCELLED = "cancelled", _("Cancelled")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="add_on_sales", verbose_name=_("holder"))
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("seller"), db_index=False)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="add_on_sales", db_index=False, db_constraint=False
    )
    add_on = models.ForeignKey(
        AddOn, models.PROTECT, related_name="sales", verbose_name=_("add-on"), db_constraint=False
    )
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = price_column(_("unit price"))
    unit_cost = price_column(_("unit cost"), null=True)
    currency = currency_code()
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices)
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.ACTIVE)
    sold_at = models.DateTimeField(_("sold"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    # Unique: an item sells once, whatever is repeated. Not a key in the database: the item is written beside the sale.
    job_item = models.OneToOneField(JobItem, models.PROTECT, related_name="+", null=True, db_constraint=False)
    request_id = models.UUIDField(null=True)

    objects = AddOnSaleQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("add-on sale"), _("add-on sales")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=QUANTITY_MAX), name="add_on_sale_quantity"
            ),
            models.CheckConstraint(
                condition=Q(state="active", ended_at__isnull=True) | Q(state="cancelled", ended_at__isnull=False),
                name="add_on_sale_ended",
            ),
            models.UniqueConstraint(
                "subscription", "request_id", condition=Q(request_id__isnull=False), name="add_on_sale_request_once"
            ),
        ]
        indexes = [
            models.Index("provider", F("id").desc(), name="add_on_sale_of_provider"),
            models.Index("subscription", "add_on", name="add_on_sale_of_subscription"),
        ]


class BulkSale(models.Model):
    """One add-on sold over many subscriptions: what was asked for. Its job and the job's items say what came of it."""

    class Audience(models.TextChoices):
        RESELLERS = "resellers", _("Resellers")
        CUSTOMERS = "customers", _("Customers")

    job = models.OneToOneField(Job, models.PROTECT, related_name="bulk_sale")
    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="bulk_sales", verbose_name=_("sold by"))
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices)
    add_on = models.ForeignKey(AddOn, models.PROTECT, related_name="+", verbose_name=_("add-on"))
    service_instance = models.ForeignKey(
        ServiceInstance, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("service instance")
    )
    owner = models.ForeignKey(Tenant, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("owner"))
    only_over_quota = models.BooleanField(_("sell only to over quota"), default=True)
    skip_already_sold = models.BooleanField(_("do not sell when already sold"), default=False)
    create_copy = models.BooleanField(_("create copy under reseller"), default=False)
    resellers = ArrayField(models.BigIntegerField(), default=list)
    quantity = models.PositiveIntegerField(_("quantity"))
    # The terms as they were at the start: what becomes of the add-on meanwhile does not reach a sale that runs.
    # Two costs: of what the add-on's owner sells, and of what the resellers beneath it sell.
    unit_price = price_column(_("unit price"))
    own_cost = price_column(_("cost for its owner"), null=True)
    reseller_cost = price_column(_("cost for resellers"))
    currency = currency_code()
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices)
    granted = models.JSONField(help_text="Resource → how much each sale grants of it.")
    request_id = models.UUIDField()
    created_at = models.DateTimeField(_("created"))

    objects = TenantScoped["BulkSale"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("bulk sale"), _("bulk sales")
        constraints = [
            models.UniqueConstraint("tenant", "request_id", name="bulk_sale_request_once"),
            models.CheckConstraint(condition=Q(quantity__gte=1, quantity__lte=QUANTITY_MAX), name="bulk_sale_quantity"),
            models.CheckConstraint(condition=Q(audience__in=("resellers", "customers")), name="bulk_sale_audience"),
            models.CheckConstraint(
                condition=Q(audience="resellers") | Q(create_copy=False), name="bulk_sale_copies_for_resellers"
            ),
        ]
