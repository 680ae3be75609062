"""What a subscription is allocated, has sold and uses of each resource, and the ledgers behind it."""

from typing import Self

from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from catalog.models import PackageResource, Resource
from subscriptions.models.subscriptions import Subscription
from tenants.models import Tenant
from tenants.models.scope import TenantScoped


class HoldingQuerySet(TenantScoped["Holding"]):
    def over_quota(self) -> Self:
        """More utilised than allocated; exactly at quota is not over."""
        return self.filter(remaining__lt=0)


UTILISED = Case(When(basis="sold", then=F("sold")), default=F("used"))
CEILING_OF = F("allocated") + F("overage")
BLOCKED = Case(
    When(overage__isnull=False, used__gte=CEILING_OF, then=True), default=False, output_field=models.BooleanField()
)


class Holding(models.Model):
    """How much of one resource a subscription is allocated, has sold on and uses.

    What counts as utilised is `sold` or `used`, by `basis`: a reseller's subscription by its provider's setting, a
    customer's always by use. What is used is what was `measured` of the subscription itself, and what those that draw
    on it use. `remaining` is negative when over. A quota with an `overage` is hard, blocked as soon as what is used
    comes to the `ceiling`; a trigger keeps it as the version and quantity of the open phase say. No row means nothing
    of anything, and a closed subscription has none.
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
    overage: "models.BigIntegerField[int | None, int | None]" = models.BigIntegerField(
        _("overage"), null=True, help_text=_("Of a hard quota, by the version and quantity held; empty of a soft one.")
    )
    ceiling = models.GeneratedField(
        verbose_name=_("ceiling"), expression=CEILING_OF, output_field=models.BigIntegerField(), db_persist=True
    )
    is_blocked = models.GeneratedField(
        verbose_name=_("blocked"), expression=BLOCKED, output_field=models.BooleanField(), db_persist=True
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
            models.CheckConstraint(condition=Q(overage=None) | Q(overage__gte=0), name="holding_overage"),
        ]
        indexes = [
            models.Index("provider", "id", condition=Q(is_blocked=True), name="holding_blocked"),
            models.Index("provider", "remaining", "id", condition=Q(remaining__lt=0), name="holding_worst"),
            models.Index("seller", condition=Q(remaining__lt=0), name="holding_over_of_seller"),
        ]

    @property
    def quota(self) -> str:
        return PackageResource.Quota.SOFT if self.overage is None else PackageResource.Quota.HARD


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
