"""Price lists: what a seller charges those it sells to, where that is not what the fee says."""

from typing import TYPE_CHECKING, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.packages import Package
from catalog.models.types import ServiceType
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from resellerhub.kernel.periods import Cycle
from tenants.models import Tenant
from tenants.models.scope import below
from tenants.roles import Kind

if TYPE_CHECKING:
    from decimal import Decimal

    from tenants.actor import Actor


PERCENTAGES = frozenset({"markup", "off", "split"})
"""Methods that reckon."""


class PriceListQuerySet(LockedQuerySet["PriceList"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A seller's own and those beneath it; a list that somebody above assigned is seen as prices alone."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        if actor.kind == Kind.CUSTOMER:
            return house.none()
        return house.filter(Q(tenant_id=actor.tenant_id) | Q(below(actor.roots)))


class PriceList(models.Model):
    """A tier: what `tenant` charges the resellers or the customers to whom the list is assigned.

    The default list of an audience counts for everybody of it who has none.
    """

    class Audience(models.TextChoices):
        RESELLER = "reseller", _("Resellers")
        CUSTOMER = "customer", _("Customers")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="price_lists", verbose_name=_("seller"))
    audience = models.CharField(_("audience"), max_length=10, choices=Audience.choices)
    name = models.CharField(_("name"), max_length=100)
    currency = currency_code()
    is_default = models.BooleanField(_("default"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))

    objects = PriceListQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("price list"), _("price lists")
        constraints = [
            models.UniqueConstraint("tenant", "audience", "name", name="price_list_name"),
            models.UniqueConstraint(
                "tenant", "audience", "currency", condition=Q(is_default=True), name="price_list_default_once"
            ),
            models.UniqueConstraint(fields=["id", "tenant"], name="price_list_of_seller"),
            models.CheckConstraint(condition=~Q(name=""), name="price_list_named"),
            models.CheckConstraint(condition=Q(audience__in=("reseller", "customer")), name="price_list_audience"),
            models.CheckConstraint(condition=Q(is_active=True) | Q(is_default=False), name="price_list_default_active"),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="price_list_of_provider")]

    def __str__(self) -> str:
        return self.name


class PriceListHolderQuerySet(LockedQuerySet["PriceListHolder"]):
    def visible_to(self, actor: "Actor") -> Self:
        """As the lists are: whoever holds one sees prices alone."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        if actor.kind == Kind.CUSTOMER:
            return house.none()
        own = Q(seller_id=actor.tenant_id) & Q(below(actor.roots))  # an account manager's are customers
        return house.filter(Q(below(actor.roots, "seller_id")) | own)


class PriceListHolder(models.Model):
    """To whom a list is assigned: at most one list of its seller."""

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="holders")
    tenant = models.OneToOneField(Tenant, models.PROTECT, primary_key=True, related_name="price_list_held")
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)

    objects = PriceListHolderQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("holder of a price list"), _("holders of a price list")


class PriceRule(models.Model):
    """One line of a list: how the price of something is made, from a day on. Only ever added to.

    What it is about: a package or an add-on, with a billing cycle or with any; else all of a service type; else
    everything. The most specific wins: package and cycle, package, service type, everything. Of the same kind the one
    that took effect last, and of these the one that was made last. `KEEP` ends a rule: as if there was none. `SPLIT`
    gives the buyer a share of what lies between cost and recommended price. `STATED` is a rule like others, and leaves
    the price as the fee says, whatever that comes to: it is there for bounds, and against wider rules.
    `floor` and `ceiling` bound what whoever the list is assigned to may charge in turn.
    """

    append_only = True

    class Method(models.TextChoices):
        FIXED = "fixed", _("fixed price")
        MARKUP = "markup", _("markup on cost, %")
        OFF = "off", _("recommended price minus, %")
        SPLIT = "split", _("share of the margin given away, %")
        STATED = "stated", _("as the fee says")
        KEEP = "keep", _("no price of its own")

    price_list = models.ForeignKey(PriceList, models.PROTECT, related_name="rules")
    effective_on = models.DateField(_("effective from"))
    package = models.ForeignKey(Package, models.PROTECT, related_name="+", null=True, blank=True)
    add_on_id = models.BigIntegerField(null=True, blank=True, help_text="An add-on; the key is made by its app.")
    service_type = models.ForeignKey(ServiceType, models.PROTECT, related_name="+", null=True, blank=True)
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices, blank=True)
    method = models.CharField(_("method"), max_length=6, choices=Method.choices)
    value = price_column(_("value"), default=0, validators=[MinValueValidator(0)])
    floor = price_column(_("at least"), null=True, blank=True, validators=[MinValueValidator(0)])
    ceiling = price_column(_("at most"), null=True, blank=True, validators=[MinValueValidator(0)])
    made_at = models.DateTimeField(_("made"))

    objects = LockedQuerySet["PriceRule"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("price rule"), _("price rules")
        constraints = [
            models.CheckConstraint(
                condition=Q(package__isnull=True, add_on_id__isnull=True)
                | Q(package__isnull=True, service_type__isnull=True)
                | Q(add_on_id__isnull=True, service_type__isnull=True),
                name="price_rule_about_one",
            ),
            models.CheckConstraint(condition=Q(cycle__in=("", *Cycle.values)), name="price_rule_cycle"),
            models.CheckConstraint(
                condition=Q(method__in=("fixed", "markup", "off", "split", "stated", "keep")), name="price_rule_method"
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0) & (~Q(method__in=("off", "split")) | Q(value__lte=100)),
                name="price_rule_value",
            ),
            models.CheckConstraint(
                condition=~Q(method="keep") | Q(value=0, floor__isnull=True, ceiling__isnull=True),
                name="price_rule_ended",
            ),
            models.CheckConstraint(condition=~Q(method="stated") | Q(value=0), name="price_rule_stated"),
            models.CheckConstraint(
                condition=Q(floor__isnull=True) | Q(ceiling__isnull=True) | Q(floor__lte=F("ceiling")),
                name="price_rule_bounds",
            ),
        ]
        indexes = [models.Index("price_list", F("effective_on").desc(), F("id").desc(), name="price_rule_in_force")]

    @property
    def price(self) -> "Decimal | None":
        """Of a fixed price, in the list's currency."""
        return self.value if self.method == self.Method.FIXED else None

    @property
    def percent(self) -> "Decimal | None":
        """Of the methods that reckon."""
        return self.value if self.method in PERCENTAGES else None
