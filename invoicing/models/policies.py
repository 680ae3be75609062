"""How an issuer counts what it bills, from a day on."""

from enum import StrEnum
from typing import TYPE_CHECKING, Self
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from invoicing.rating.policy import Anchoring, Changes, FreeDays, Policy
from resellerhub.kernel.cycles import DayCount
from resellerhub.kernel.money import Rounding, currency_code
from tenants.models import Tenant
from tenants.models.scope import TenantScoped, Viewer
from tenants.roles import Kind

if TYPE_CHECKING:
    from datetime import date

AHEAD_MAX, GRACE_MAX = 12, 60
NO_ZONE = _("No such time zone. Give its name, such as Europe/Berlin.")


def is_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(NO_ZONE, "zone")


def known(words: type[StrEnum]) -> list[str]:
    return [word.value for word in words]


class BillingPolicyQuerySet(TenantScoped["BillingPolicy"]):
    def visible_to(self, actor: Viewer) -> Self:
        """An issuer's own, and those beneath it; how it counts is nothing that whoever is billed can look up."""
        rows = super().visible_to(actor)
        return rows.none() if actor.kind == Kind.CUSTOMER else rows

    def newest_first(self) -> Self:
        """Of two for one day the one that was made last is first."""
        return self.order_by("-effective_on", "-pk")

    def in_force(self, on: "date") -> "BillingPolicy | None":
        """Of one issuer's versions the one that counts on a day."""
        return self.filter(effective_on__lte=on).newest_first().first()


class BillingPolicy(models.Model):
    """How `tenant` bills, from a day on. Of two versions for one day the one that was made last counts; an issuer that
    never said anything bills by the defaults.

    How days and periods are counted holds for what begins from that day on: what runs goes on as it began (decision
    32). Drafts, approval and currency hold for all from that day on.
    """

    append_only = True

    PAST = _("What was billed stays billed: a policy counts from today on, or later.")

    class DayCounts(models.TextChoices):
        ACTUAL = DayCount.ACTUAL.value, _("as the calendar has them")
        FIXED_30 = DayCount.FIXED_30.value, _("thirty in each month")

    class Roundings(models.TextChoices):
        HALF_UP = Rounding.HALF_UP.value, _("half up")
        AWAY_FROM_ZERO = Rounding.AWAY_FROM_ZERO.value, _("away from zero")

    class Anchorings(models.TextChoices):
        ANNIVERSARY = Anchoring.ANNIVERSARY.value, _("on the day on which it began")
        CALENDAR = Anchoring.CALENDAR.value, _("on one day of the calendar for all")

    class ChangeLines(models.TextChoices):
        DIFFERENCE = Changes.DIFFERENCE.value, _("the difference alone")
        REPLACEMENT = Changes.REPLACEMENT.value, _("all of the old back, all of the new charged")

    class FreeLines(models.TextChoices):
        LEFT_OUT = FreeDays.LEFT_OUT.value, _("left out")
        SHOWN = FreeDays.SHOWN.value, _("charged, and given back on a line of their own")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("issuer"), db_index=False)
    effective_on = models.DateField(_("effective from"))
    day_count = models.CharField(_("days of a month"), max_length=10, choices=DayCounts.choices, default="actual")
    rounding = models.CharField(_("rounding"), max_length=15, choices=Roundings.choices, default="half_up")
    anchoring = models.CharField(
        _("periods begin"), max_length=15, choices=Anchorings.choices, default=Anchorings.ANNIVERSARY
    )
    anchor_day = models.PositiveSmallIntegerField(
        _("day of the calendar"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text=_("From 1 to 31; a month without that day has its last one."),
    )
    zone = models.CharField(_("time zone"), max_length=64, default="UTC", validators=[is_zone])
    last_day_included = models.BooleanField(_("the last day of a period counts"), default=False)
    change_day_is_old = models.BooleanField(_("the day of a change belongs to what was before"), default=False)
    end_day_is_billed = models.BooleanField(_("the day on which something ends is charged"), default=False)
    ahead = models.PositiveSmallIntegerField(
        _("periods billed ahead"), default=0, validators=[MaxValueValidator(AHEAD_MAX)]
    )
    changes = models.CharField(
        _("a change of the quantity shows"), max_length=15, choices=ChangeLines.choices, default="difference"
    )
    free_days = models.CharField(
        _("free and suspended days"), max_length=10, choices=FreeLines.choices, default="left_out"
    )
    grace_days = models.PositiveSmallIntegerField(
        _("days before a draft is issued"), default=0, validators=[MaxValueValidator(GRACE_MAX)]
    )
    run_day = models.PositiveSmallIntegerField(
        _("day of the month for billing runs"),
        default=0,
        validators=[MaxValueValidator(31)],
        help_text=_("A billing run is counted by itself on that day, and waits to be approved. 0: by hand."),
    )
    needs_second = models.BooleanField(_("a billing run needs two to approve it"), default=False)
    currency = currency_code(default="EUR")
    made_at = models.DateTimeField(_("made"))

    objects = BillingPolicyQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("billing policy"), _("billing policies")
        constraints = [
            models.CheckConstraint(
                condition=Q(day_count__in=known(DayCount))
                & Q(rounding__in=known(Rounding))
                & Q(anchoring__in=known(Anchoring))
                & Q(changes__in=known(Changes))
                & Q(free_days__in=known(FreeDays)),
                name="billing_policy_known",
            ),
            models.CheckConstraint(condition=Q(anchor_day__gte=1, anchor_day__lte=31), name="billing_policy_anchor"),
            models.CheckConstraint(
                condition=Q(ahead__lte=AHEAD_MAX, grace_days__lte=GRACE_MAX, run_day__lte=31),
                name="billing_policy_bounds",
            ),
        ]
        indexes = [
            models.Index("tenant", F("effective_on").desc(), F("id").desc(), name="billing_policy_in_force"),
            models.Index("provider", F("id").desc(), name="billing_policy_of_provider"),
        ]

    @property
    def rated_by(self) -> Policy:
        return Policy(
            day_count=DayCount(self.day_count),
            rounding=Rounding(self.rounding),
            anchoring=Anchoring(self.anchoring),
            anchor_day=self.anchor_day,
            zone=ZoneInfo(self.zone),
            last_day_included=self.last_day_included,
            change_day_is_old=self.change_day_is_old,
            end_day_is_billed=self.end_day_is_billed,
            ahead=self.ahead,
            changes=Changes(self.changes),
            free_days=FreeDays(self.free_days),
        )
