"""Sales of add-ons: commercial facts with the price as it was, and who owes whom for them."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from addons.models.add_ons import AddOn, AddOnVersion
from catalog.models import FeeVersion, PriceRule
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.models import JobItem
from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from resellerhub.kernel.periods import Cycle
from subscriptions.models import QUANTITY_MAX, Subscription
from tenants.models import Tenant
from tenants.models.scope import TenantScoped, Viewer, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor


class AddOnSaleQuerySet(TenantScoped["AddOnSale"]):
    def visible_to(self, actor: Viewer) -> Self:
        """In scope; what another seller sold before the holder moved here stays the other's business."""
        rows = super().visible_to(actor)
        if actor.kind == Kind.PROVIDER:
            return rows
        return rows.filter(Q(tenant=actor.tenant_id) | Q(seller=actor.tenant_id) | Q(below(actor.roots, "seller_id")))

    def active(self) -> "AddOnSaleQuerySet":
        return self.filter(state=AddOnSale.State.ACTIVE)


class AddOnSale(models.Model):
    """One sale of an add-on onto a subscription: a commercial fact, with the price as it was.

    `unit_price` is what the holder is charged for one unit and `cycle`; `unit_cost` what the seller is charged by
    whoever sells to it, for one unit and `cost_cycle`. Empty where it owes nothing: it made the add-on itself, or
    sells on commission. Who `issuer` is differs from the seller then: the holder owes whoever stands above.
    What is owed above the seller is in `costs`. The terms on which something is owed are those of the versions of
    fees, which never change; a price that is not a fee's has none, and the usual terms.

    Where its price, its holder or its seller becomes another, it ends and goes on as another sale: that one names the
    first of them as its `origin`, and what was agreed for leaving is what these two agreed first.

    Holder and seller are the subscription's at the time; a trigger checks them for a whole statement at once, and
    composite keys take the place of single ones: there are 100,000 rows in a bulk sale.
    """

    class State(models.TextChoices):
        ACTIVE = "active", _("Active")
        CANCELLED = "cancelled", _("Cancelled")
        CONTINUED = "continued", _("Goes on as another")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="add_on_sales", verbose_name=_("holder"))
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("seller"), db_index=False)
    subscription = models.ForeignKey(
        Subscription, models.PROTECT, related_name="add_on_sales", db_index=False, db_constraint=False
    )
    add_on = models.ForeignKey(
        AddOn, models.PROTECT, related_name="sales", verbose_name=_("add-on"), db_constraint=False
    )
    version = models.ForeignKey(AddOnVersion, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    quantity = models.PositiveIntegerField(_("quantity"))
    unit_price = price_column(_("unit price"))
    unit_cost = price_column(_("unit cost"), null=True)
    currency = currency_code()
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices)
    fee_version = models.ForeignKey(
        FeeVersion, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    is_own_price = models.BooleanField(default=False, help_text="The seller named it: it stays, whatever fees say.")
    cost_issuer = models.ForeignKey(
        Tenant, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    cost_cycle = models.CharField(max_length=10, choices=Cycle.choices, blank=True)
    cost_fee_version = models.ForeignKey(
        FeeVersion, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False
    )
    applies_more_than_once = models.BooleanField(
        default=True, help_text="Of the reseller fee: for each sale, else once per reseller."
    )
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.ACTIVE)
    sold_at = models.DateTimeField(_("sold"))
    ended_at = models.DateTimeField(_("ended"), null=True)
    origin = models.ForeignKey("self", models.PROTECT, related_name="continuations", null=True)
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
                condition=Q(state="active", ended_at__isnull=True)
                | Q(state__in=("cancelled", "continued"), ended_at__isnull=False, ended_at__gte=F("sold_at")),
                name="add_on_sale_ended",
            ),
            models.CheckConstraint(
                condition=Q(unit_cost__isnull=True) | Q(cost_issuer__isnull=False), name="add_on_sale_cost_owed"
            ),
            models.UniqueConstraint(
                "origin", condition=Q(origin__isnull=False, state="active"), name="add_on_sale_goes_on_once"
            ),
            models.UniqueConstraint(
                "subscription", "request_id", condition=Q(request_id__isnull=False), name="add_on_sale_request_once"
            ),
        ]
        indexes = [
            models.Index("provider", F("id").desc(), name="add_on_sale_of_provider"),
            models.Index("subscription", "add_on", name="add_on_sale_of_subscription"),
        ]

    @property
    def first_id(self) -> int:
        """Of the sale with which it began."""
        return self.origin_id or self.pk


class AddOnSaleCostQuerySet(LockedQuerySet["AddOnSaleCost"]):
    def visible_to(self, actor: "Actor") -> Self:
        """What the actor's tenant pays or is paid, and what is paid beneath it; never what the level above pays."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        if actor.kind == Kind.CUSTOMER or actor.managed is not None:
            return house.none()
        return house.filter(Q(payer=actor.tenant_id) | Q(issuer=actor.tenant_id) | Q(below(actor.roots, "issuer_id")))


class AddOnSaleCost(models.Model):
    """What a reseller above the seller of a sale owes whoever sells to it, for one unit and cycle. Never changed."""

    append_only = True

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    sale = models.ForeignKey(AddOnSale, models.PROTECT, related_name="costs")
    payer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("payer"))
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("issuer"))
    fee_version = models.ForeignKey(FeeVersion, models.PROTECT, related_name="+", null=True)
    price_rule = models.ForeignKey(PriceRule, models.PROTECT, related_name="+", null=True)
    unit_price = price_column(_("unit price"))
    currency = currency_code()
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices)
    applies_more_than_once = models.BooleanField(_("may be applied more than once"), default=True)

    objects = AddOnSaleCostQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("cost of a sale"), _("costs of sales")
        constraints = [
            models.UniqueConstraint("sale", "payer", name="add_on_sale_cost_once"),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="add_on_sale_cost_not_negative"),
            models.CheckConstraint(condition=~Q(payer=F("issuer")), name="add_on_sale_cost_between_two"),
        ]
