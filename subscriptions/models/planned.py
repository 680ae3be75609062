"""What is to become of a subscription on a day to come."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import FeeVersion, PackageVersion, PriceRule
from resellerhub.kernel.money import unit_price as price_column
from resellerhub.kernel.periods import Cycle
from subscriptions.models.subscriptions import QUANTITY_MAX, Subscription
from tenants.models import Tenant
from tenants.models.scope import TenantScoped

if TYPE_CHECKING:
    from datetime import date, datetime


class PlannedChangeQuerySet(TenantScoped["PlannedChange"]):
    def open(self) -> Self:
        return self.filter(state=PlannedChange.State.PLANNED)

    def due(self, on: "date") -> Self:
        return self.open().filter(on__lte=on)


class PlannedChange(models.Model):
    """What was agreed for a day to come; a subscription has one at most that is open, and what is settled stays.

    A start or change says the version, the quantity and the price for one unit and cycle; without a price what is owed
    stays as it is, and without a cycle it is paid by that of the fee. `tenant` is the holder, as the subscription says
    while the plan is open.
    """

    class Kind(models.TextChoices):
        START = "start", _("Start")
        CHANGE = "change", _("Change")
        END = "end", _("End")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        DONE = "done", _("Done")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        FAILED = "failed", _("Failed")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("holder"), db_index=False)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="planned", db_constraint=False)
    kind = models.CharField(_("kind"), max_length=6, choices=Kind.choices)
    on = models.DateField(_("on"))
    version = models.ForeignKey(
        PackageVersion, models.PROTECT, related_name="+", null=True, verbose_name=_("version"), db_index=False
    )
    quantity: "models.PositiveIntegerField[int | None, int | None]" = models.PositiveIntegerField(
        _("quantity"), null=True
    )
    unit_price: Any = price_column(_("unit price"), null=True)
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices, blank=True)
    price_rule = models.ForeignKey(PriceRule, models.PROTECT, related_name="+", null=True, db_index=False)
    fee_version = models.ForeignKey(FeeVersion, models.PROTECT, related_name="+", null=True, db_index=False)
    """What made the price: a rule, or what the fee said. Neither: the seller named it."""
    state = models.CharField(_("status"), max_length=9, choices=State.choices, default=State.PLANNED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    made_by: Any = models.ForeignKey("tenants.User", models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField(_("made"))
    settled_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(_("settled"), null=True)

    objects = PlannedChangeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("planned change"), _("planned changes")
        constraints = [
            models.UniqueConstraint("subscription", condition=Q(state="planned"), name="planned_change_once"),
            models.CheckConstraint(condition=Q(kind__in=("start", "change", "end")), name="planned_change_kind"),
            models.CheckConstraint(
                condition=Q(state="planned", settled_at__isnull=True)
                | Q(state__in=("done", "withdrawn", "failed"), settled_at__isnull=False),
                name="planned_change_state",
            ),
            models.CheckConstraint(
                condition=Q(kind="end", version__isnull=True, quantity__isnull=True, unit_price__isnull=True)
                | Q(
                    kind__in=("start", "change"),
                    version__isnull=False,
                    quantity__gte=1,
                    quantity__lte=QUANTITY_MAX,
                ),
                name="planned_change_what",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__isnull=True) | Q(unit_price__gte=0), name="planned_change_price"
            ),
            models.CheckConstraint(
                condition=Q(price_rule=None, fee_version=None)
                | (Q(unit_price__isnull=False) & (Q(price_rule=None) | Q(fee_version=None))),
                name="planned_change_price_by_one",
            ),
            models.CheckConstraint(
                condition=Q(cycle="") | Q(cycle__in=Cycle.values, kind__in=("start", "change")),
                name="planned_change_cycle",
            ),
        ]
        indexes = [
            models.Index("on", condition=Q(state="planned"), name="planned_change_due"),
            models.Index("provider", F("id").desc(), name="planned_change_of_provider"),
        ]

    @property
    def is_of_quantity(self) -> bool:
        """Nothing but how many there are becomes another: neither what is held nor what is owed for one."""
        return self.kind == self.Kind.CHANGE and self.unit_price is None and not self.cycle

    @property
    def currency(self) -> str:
        """Of the price: that of the fees of its version."""
        fee = self.version and (self.version.account_fee or self.version.reseller_fee)
        return fee.currency if fee else ""
