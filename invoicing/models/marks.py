"""What one owes another for one thing, and until when that is billed."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from invoicing.models.policies import BillingPolicy
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import currency_code
from tenants.models import Tenant

if TYPE_CHECKING:
    from datetime import date


class Mark(models.Model):
    """A stream that was billed: what `payer` owes `issuer` for one thing, in one currency.

    Whoever charges locks it, so that no two charge the same. `until` is the day until which it was looked at; `seen` is
    a digest of the facts as they were then. While they stay the same, cycles that end by `since` need no comparison;
    without `since` all of it does. `policy` is that by which it began (none: the defaults), and stays.
    """

    changeable = ("until", "since", "seen")

    class About(models.TextChoices):
        SUBSCRIPTION = "subscription", _("Subscription")
        ADD_ON = "add_on", _("Add-on")
        ONCE = "once", _("Fee owed once")
        SUPPORT = "support", _("Support")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    payer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    about = models.CharField(max_length=12, choices=About.choices)
    about_id = models.BigIntegerField(
        help_text="The subscription, the sale with which an add-on began, the fee that is owed once, or the customer."
    )
    currency = currency_code()
    policy = models.ForeignKey(BillingPolicy, models.PROTECT, related_name="+", null=True, db_index=False)
    began_on = models.DateField()
    until: "models.DateField[date | None, date | None]" = models.DateField(null=True)
    since: "models.DateField[date | None, date | None]" = models.DateField(null=True)
    seen = models.CharField(max_length=32, default="")

    objects = LockedQuerySet["Mark"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("mark"), _("marks")
        constraints = [
            models.UniqueConstraint("payer", "issuer", "about", "about_id", "currency", name="mark_once"),
            models.UniqueConstraint(fields=["id", "provider", "issuer", "payer", "currency"], name="mark_between"),
            models.CheckConstraint(condition=~Q(payer=F("issuer")), name="mark_between_two"),
            models.CheckConstraint(
                condition=Q(about__in=("subscription", "add_on", "once", "support")), name="mark_about"
            ),
        ]
