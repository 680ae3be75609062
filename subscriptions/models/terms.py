"""In which term a subscription ran, as it was said each time: billing periods of any day are counted from it."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from subscriptions.models.subscriptions import Subscription
from tenants.models import Tenant
from tenants.models.scope import TenantScoped, Viewer, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from datetime import date


class SubscriptionTermQuerySet(TenantScoped["SubscriptionTerm"]):
    def visible_to(self, actor: Viewer) -> Self:
        """In scope; what another seller sold before the holder moved here stays the other's business."""
        rows = super().visible_to(actor)
        if actor.kind == Kind.PROVIDER:
            return rows
        return rows.filter(Q(tenant=actor.tenant_id) | Q(seller=actor.tenant_id) | Q(below(actor.roots, "seller_id")))

    def on(self, day: "date") -> Self:
        """The term in which a day falls, first: of those that had begun, what was said last."""
        return self.filter(starts_on__lte=day).order_by("-pk")


class SubscriptionTerm(models.Model):
    """The term [starts_on, ends_on) of a subscription, from the moment on which it was said. The last one is what its
    own columns say.

    The database writes a row with every change of these columns, and nobody else does: what invoices are counted from
    can be gone through, whatever wrote the change. One that begins where the last ended follows it; one that begins
    inside it takes its place from that day on, and one that begins on the same day says another end.
    """

    append_only = True
    kept_by_database = True

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("holder"), db_index=False)
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("seller"), db_index=False)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="terms", db_index=False)
    starts_on = models.DateField(_("term from"))
    ends_on = models.DateField(_("term until"))
    anchor_day = models.PositiveSmallIntegerField(help_text="Of the month on which terms and billing periods begin.")
    committed_at = models.DateTimeField(help_text="When it was bought or last renewed: the cancellation window opens.")
    made_at = models.DateTimeField(_("made"), db_default=Now(), help_text="By the clock of the database.")

    objects = SubscriptionTermQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("term"), _("terms")
        indexes = [
            models.Index("subscription", F("id").desc(), name="subscription_term_last"),
            models.Index("provider", F("id").desc(), name="subscription_term_provider"),
        ]
