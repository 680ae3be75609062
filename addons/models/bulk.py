"""Sales of one add-on over many subscriptions, and the prices that they were started with."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from addons.models.add_ons import AddOn, AddOnVersion
from catalog.models import FeeVersion, ServiceInstance
from resellerhub.kernel.models import Job
from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from resellerhub.kernel.periods import Cycle
from subscriptions.models import QUANTITY_MAX
from tenants.models import Tenant
from tenants.models.scope import TenantScoped

SOLD = "sold"
"""What a target has become that is done."""


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
    # The terms as they were at the start: what becomes of the add-on meanwhile does not reach a sale that runs. What it
    # charges whom, in `prices`.
    version = models.ForeignKey(AddOnVersion, models.PROTECT, related_name="+")
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


class BulkPrice(models.Model):
    """What one seller charges in a bulk sale those who hold one of its price lists, or none (0); and what it costs."""

    append_only = True

    bulk_sale = models.ForeignKey(BulkSale, models.PROTECT, related_name="prices", db_index=False)
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    price_list_id = models.BigIntegerField(default=0)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    unit_price = price_column(_("unit price"))
    unit_cost = price_column(_("unit cost"), null=True)
    currency = currency_code()
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices)
    fee_version = models.ForeignKey(FeeVersion, models.PROTECT, related_name="+", null=True, db_index=False)
    cost_issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", null=True, db_index=False)
    cost_cycle = models.CharField(max_length=10, choices=Cycle.choices, blank=True)
    cost_fee_version = models.ForeignKey(FeeVersion, models.PROTECT, related_name="+", null=True, db_index=False)
    applies_more_than_once = models.BooleanField(default=True)
    above = models.JSONField(default=list, help_text="What is owed above the seller, as its sales keep it.")
    is_out_of_bounds = models.BooleanField(default=False, help_text="Not what the seller may charge: nothing is sold.")

    class Meta:
        verbose_name, verbose_name_plural = _("price of a bulk sale"), _("prices of bulk sales")
        constraints = [
            models.UniqueConstraint("bulk_sale", "seller", "price_list_id", name="bulk_price_once"),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0) & (Q(unit_cost__isnull=True) | Q(unit_cost__gte=0)),
                name="bulk_price_not_negative",
            ),
        ]
