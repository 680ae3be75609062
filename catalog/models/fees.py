"""Fees: recurring charge definitions. What they say is dated, and only ever added to."""

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog import hooks
from catalog.models.types import above, seller_of
from catalog.models.versions import Versions
from catalog.pricing import per_cycle
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from resellerhub.kernel.periods import Cycle
from tenants.models import Tenant
from tenants.models.scope import AnyOf, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor

TERM_MAX = 120
"""Months: the longest minimum term."""
WINDOW_MAX = 366 * 24
"""Hours: the longest cancellation window."""


class FeeQuerySet(LockedQuerySet["Fee"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A provider sees all; a reseller those that it or who is beneath it manages, the recommended ones that those
        above share, and the reseller fees that it owes. Nobody sees what the level above pays; a customer sees prices,
        not fees."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        if actor.kind == Kind.CUSTOMER:
            return house.none()
        seen = Q(tenant_id=actor.tenant_id) | Q(below(actor.roots))
        seen |= Q(AnyOf(F("tenant_id"), above(actor.tenant_id))) & Q(kind=Fee.Kind.ACCOUNT, is_shared=True)
        for linked in hooks.LINKED:
            owed = Q(AnyOf(F("pk"), ArraySubquery(linked(actor))))
            seen |= Q(kind=Fee.Kind.RESELLER, tenant_id=seller_of(actor.tenant_id)) & owed
        return house.filter(seen)

    def active(self) -> Self:
        return self.filter(is_active=True)


class Fee(models.Model):
    """A recurring charge; `tenant` is who manages it.

    A reseller fee is what a seller charges the reseller beneath it for each customer subscription of a package, or once
    per reseller where it `applies_more_than_once` is off. An account fee is what the holder is charged, or what is
    recommended to whoever sells it.
    """

    class Kind(models.TextChoices):
        RESELLER = "reseller", _("Reseller fee")
        ACCOUNT = "account", _("Account fee")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="fees", verbose_name=_("managed by"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=100)
    currency = currency_code()
    is_shared = models.BooleanField(
        _("share with resellers"), default=False, help_text=_("Resellers see it as the recommended price.")
    )
    applies_more_than_once = models.BooleanField(
        _("may be applied more than once"),
        default=True,
        help_text=_("On: for each customer subscription. Off: once per reseller."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"))

    objects = FeeQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("fee"), _("fees")
        constraints = [
            models.UniqueConstraint("tenant", "kind", "name", name="fee_name"),
            models.UniqueConstraint(fields=["id", "provider", "kind"], name="fee_of_kind"),
            models.CheckConstraint(condition=~Q(name=""), name="fee_named"),
            models.CheckConstraint(condition=Q(kind__in=("reseller", "account")), name="fee_kind"),
            models.CheckConstraint(condition=Q(kind="account") | Q(is_shared=False), name="fee_shared_if_account"),
            models.CheckConstraint(
                condition=Q(kind="reseller") | Q(applies_more_than_once=True), name="fee_once_if_reseller"
            ),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="fee_of_provider")]

    def __str__(self) -> str:
        return self.name

    @property
    def current(self) -> "FeeVersion | None":
        """The version in force, of a fee that `selectors.fees_in_force` has read."""
        versions: list[FeeVersion] = vars(self)["in_force"]
        return next(iter(versions), None)


class FeeVersions(Versions["FeeVersion"]):
    of = "fee"


def further_amount(label: Any) -> Any:
    """A column for the price of another cycle than the version's own; empty where that is not offered."""
    return price_column(label, null=True, blank=True, validators=[MinValueValidator(0)])


class FeeVersion(models.Model):
    """What a fee says from a day on, until a later version. Of two for one day the one that was made last counts.

    `amount` is of one unit and one `cycle`; what it is for another length of cycle has a column each.
    """

    append_only = True

    class Billed(models.TextChoices):
        ADVANCE = "advance", _("in advance")
        ARREARS = "arrears", _("in arrears")

    fee = models.ForeignKey(Fee, models.PROTECT, related_name="versions")
    effective_on = models.DateField(_("effective from"))
    public_name = models.CharField(_("name for end users"), max_length=100)
    amount = price_column(_("amount"), validators=[MinValueValidator(0)])
    cycle = models.CharField(_("billing cycle"), max_length=10, choices=Cycle.choices, default=Cycle.MONTH)
    amount_month = further_amount(_("amount per month"))
    amount_quarter = further_amount(_("amount per quarter"))
    amount_half_year = further_amount(_("amount per half-year"))
    amount_year = further_amount(_("amount per year"))
    billed = models.CharField(_("billed"), max_length=7, choices=Billed.choices, default=Billed.ADVANCE)
    activation_amount = price_column(_("activation fee"), default=0, validators=[MinValueValidator(0)])
    prorates_first = models.BooleanField(_("prorate the first period"), default=True)
    prorates_last = models.BooleanField(_("prorate the last period"), default=True)
    minimum_months = models.PositiveSmallIntegerField(
        _("minimum term in months"), default=0, validators=[MaxValueValidator(TERM_MAX)]
    )
    cancellation_amount = price_column(_("early cancellation fee"), default=0, validators=[MinValueValidator(0)])
    cancellation_hours: "models.PositiveSmallIntegerField[int | None, int | None]" = models.PositiveSmallIntegerField(
        _("cancellation window in hours"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(WINDOW_MAX)],
        help_text=_("After purchase, renewal or increase. Empty: at any time."),
    )
    credits_suspension = models.BooleanField(
        _("credit suspended days"),
        default=True,
        help_text=_("The holder does not pay for days on which it was suspended."),
    )
    made_at = models.DateTimeField(_("made"))

    objects = FeeVersions.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("version of a fee"), _("versions of a fee")
        constraints = [
            models.CheckConstraint(condition=Q(cycle__in=Cycle.values), name="fee_version_cycle"),
            models.CheckConstraint(condition=Q(billed__in=("advance", "arrears")), name="fee_version_billed"),
            models.CheckConstraint(condition=~Q(public_name=""), name="fee_version_named"),
            models.CheckConstraint(
                condition=Q(amount__gte=0, activation_amount__gte=0, cancellation_amount__gte=0),
                name="fee_version_not_negative",
            ),
            models.CheckConstraint(condition=Q(minimum_months__lte=TERM_MAX), name="fee_version_term"),
            models.CheckConstraint(
                condition=Q(cancellation_hours__isnull=True) | Q(cancellation_hours__lte=WINDOW_MAX),
                name="fee_version_window",
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"amount_{cycle}__isnull": True})
                    | (Q(**{f"amount_{cycle}__gte": 0}) & ~Q(cycle=cycle)),
                    name=f"fee_version_per_{cycle}",
                )
                for cycle in Cycle.values
            ),
        ]
        indexes = [
            models.Index("fee", F("effective_on").desc(), F("id").desc(), name="fee_version_in_force"),
        ]

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The price of one unit by the cycles in which it is offered, its own among them; the shortest first."""
        said = {cycle: getattr(self, f"amount_{cycle}") for cycle in Cycle.values} | {self.cycle: self.amount}
        return {cycle: amount for cycle, amount in said.items() if amount is not None}

    def per(self, cycle: str) -> Decimal:
        """The price of one unit for a cycle: what it says of it, else by months what it says of its own."""
        said = self.amounts.get(cycle)
        return (per_cycle(self.amount, self.cycle, cycle) or Decimal(0)) if said is None else said
