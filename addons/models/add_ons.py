"""Add-ons: what one unit of each version grants, and the pair of fees that it costs."""

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import COUNT_MAX, Fee, Package, Resource, ServiceType
from catalog.models.types import above
from catalog.models.versions import Versions
from catalog.pricing import About
from resellerhub.kernel.locks import LockedQuerySet
from tenants.models import Tenant
from tenants.models.scope import AnyOf, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor


class AddOnQuerySet(LockedQuerySet["AddOn"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A provider sees all of its add-ons; a reseller what it or those below own, what those above share, and what
        was sold to it or beneath it; a customer what it was sold."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        sales = apps.get_model("addons", "AddOnSale").objects.visible_to(actor)
        seen = Q(below(actor.roots)) | Q(AnyOf(F("pk"), ArraySubquery(sales.order_by().values("add_on_id"))))
        if actor.kind == Kind.RESELLER:
            seen |= Q(tenant_id=actor.tenant_id) | self._shared_above(actor)
        return house.filter(seen)

    def owned_by(self, tenant_id: int) -> Self:
        return self.filter(tenant_id=tenant_id)

    def active(self) -> Self:
        return self.filter(is_active=True)

    def sellable_by(self, actor: "Actor") -> Self:
        """Its own active ones, copies among them, and of a reseller those that are shared above it."""
        own = Q(tenant_id=actor.tenant_id)
        if actor.kind == Kind.RESELLER:
            own |= self._shared_above(actor)
        return self.visible_to(actor).filter(own).active()

    @staticmethod
    def _shared_above(actor: "Actor") -> Q:
        return Q(AnyOf(F("tenant_id"), above(actor.tenant_id))) & Q(is_shared=True, is_active=True)


class AddOn(models.Model):
    """Extra resources sold on top of a subscription; `tenant` is who manages it. Its versions say what it grants and
    costs.

    A copy belongs to a reseller, who prices and names it; what it costs the reseller is the original's reseller fee.
    """

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="add_ons", verbose_name=_("owner"))
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, related_name="add_ons", verbose_name=_("service type")
    )
    name = models.CharField(_("name"), max_length=100)
    description = models.TextField(_("description"), blank=True, max_length=2000, validators=[MaxLengthValidator(2000)])
    is_shared = models.BooleanField(
        _("shared with resellers"), default=False, help_text=_("Resellers below the owner see it and may sell it.")
    )
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
        ]
        indexes = [models.Index("provider", F("id").desc(), name="add_on_of_provider")]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "AddOnVersion | None":
        """The version in force, of an add-on that `selectors.add_ons_in_force` has read."""
        versions: list[AddOnVersion] = vars(self)["in_force"]
        return next(iter(versions), None)


class AddOnVersions(Versions["AddOnVersion"]):
    of = "add_on"


class AddOnVersion(models.Model):
    """What an add-on grants and costs from a day on, until a later version. Of two for one day the last made counts.

    What is sold keeps the version it was sold with.
    """

    append_only = True

    add_on = models.ForeignKey(AddOn, models.PROTECT, related_name="versions")
    effective_on = models.DateField(_("effective from"))
    reseller_fee = models.ForeignKey(
        Fee, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("reseller fee")
    )
    account_fee = models.ForeignKey(
        Fee, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("account fee")
    )
    made_at = models.DateTimeField(_("made"))

    objects = AddOnVersions.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("version of an add-on"), _("versions of an add-on")
        indexes = [models.Index("add_on", F("effective_on").desc(), F("id").desc(), name="add_on_version_in_force")]

    @property
    def original(self) -> "AddOnVersion | None":
        """What is linked: the version of the original that counts beside this one, where `originals` found it."""
        found: AddOnVersion | None = vars(self).get("linked")
        return found

    @property
    def manager_id(self) -> int:
        return self.add_on.tenant_id

    @property
    def levels(self) -> "tuple[AddOnVersion, ...]":
        """It, and what it is a copy of, up to the original."""
        return (self, *(self.original.levels if self.original else ()))

    @property
    def reseller_fees(self) -> tuple[Fee, ...]:
        """Its own, and those of what it is a copy of: each says what its manager charges the reseller beneath."""
        return tuple(level.reseller_fee for level in self.levels if level.reseller_fee)

    def about(self, cycle: str) -> About:
        """What price rules are asked about."""
        return About(self.add_on.service_type_id, cycle, add_on_id=self.add_on_id)

    def is_for(self, kind: str) -> bool:
        """Whether a holder of this kind pays the account fee: a reseller pays the reseller fee."""
        return kind == Kind.CUSTOMER


class AddOnResource(models.Model):
    """What one unit of a version of an add-on grants of a resource, and the least that one sale must grant."""

    append_only = True

    version = models.ForeignKey(AddOnVersion, models.PROTECT, related_name="resources")
    resource = models.ForeignKey(Resource, models.PROTECT, related_name="+", verbose_name=_("resource"))
    value = models.BigIntegerField(_("value"), validators=[MinValueValidator(1), MaxValueValidator(COUNT_MAX)])
    minimum = models.BigIntegerField(
        _("minimum per sale"), default=0, validators=[MinValueValidator(0), MaxValueValidator(COUNT_MAX)]
    )

    class Meta:
        verbose_name, verbose_name_plural = _("resource of an add-on"), _("resources of an add-on")
        constraints = [
            models.UniqueConstraint("version", "resource", name="add_on_resource_once"),
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
