"""What is due once, or given back from another day than one would think: what no phase says."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Fee, FeeVersion
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from subscriptions.models.subscriptions import Subscription
from subscriptions.models.timeline import PhaseFee
from tenants.models import Tenant

if TYPE_CHECKING:
    from tenants.actor import Actor


class OneOffQuerySet(LockedQuerySet["OneOff"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Of the fees that the actor sees: what its tenant pays or is paid, and what is paid beneath it."""
        seen = PhaseFee.objects.visible_to(actor).filter(pk=OuterRef("phase_fee_id"))
        return self.filter(Q(Exists(seen)), provider_id=actor.provider_id)


class OneOff(models.Model):
    """A fact about what one tenant owes another for a subscription beyond what its phases say. Never changed.

    An activation fee and an early cancellation fee have an amount, whatever the quantity. `credit_from` has none: what
    a step gave back of so many units is counted from this day on, and not from the day on which their phase ended; it
    is later where nothing was given back, and earlier where a window gave back days that were not used in full.
    `phase_fee` is what agreed it, of the phase that began, or ended, by the step. `once_of` is the fee whose activation
    its payer owes once, however many subscriptions it sells.
    """

    append_only = True

    class Kind(models.TextChoices):
        ACTIVATION = "activation", _("Activation fee")
        EARLY_CANCELLATION = "cancellation", _("Early cancellation fee")
        CREDIT_FROM = "credit_from", _("Credited from")

    class Step(models.TextChoices):
        START = "start", _("Start")
        CHANGE = "change", _("Change")
        REDUCTION = "reduction", _("Reduction")
        END = "end", _("End")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    subscription = models.ForeignKey(Subscription, models.PROTECT, related_name="one_offs")
    phase_fee = models.ForeignKey(PhaseFee, models.PROTECT, related_name="one_offs", db_index=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    step = models.CharField(_("step"), max_length=9, choices=Step.choices)
    on = models.DateField(_("on"))
    payer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("payer"), db_index=False)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("issuer"), db_index=False)
    fee_version = models.ForeignKey(FeeVersion, models.PROTECT, related_name="+", null=True, db_index=False)
    once_of = models.ForeignKey(Fee, models.PROTECT, related_name="+", null=True, db_index=False)
    currency = currency_code()
    amount: Any = price_column(_("amount"), null=True)
    quantity: "models.PositiveIntegerField[int | None, int | None]" = models.PositiveIntegerField(
        _("quantity"), null=True
    )
    made_at = models.DateTimeField(_("made"))

    objects = OneOffQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("one-off amount"), _("one-off amounts")
        constraints = [
            models.UniqueConstraint("phase_fee", "kind", name="one_off_once"),
            models.UniqueConstraint(
                "payer", "issuer", "once_of", condition=Q(once_of__isnull=False), name="one_off_once_per_payer"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("activation", "cancellation"), amount__gt=0, quantity__isnull=True)
                | Q(kind="credit_from", amount__isnull=True, quantity__gte=1),
                name="one_off_what",
            ),
            models.CheckConstraint(
                condition=Q(kind="activation", step__in=("start", "change"))
                | Q(kind="cancellation", step__in=("change", "end"))
                | Q(kind="credit_from", step__in=("change", "reduction", "end")),
                name="one_off_step",
            ),
            models.CheckConstraint(
                condition=Q(once_of__isnull=True) | Q(kind="activation"), name="one_off_once_if_activation"
            ),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="one_off_of_provider")]

    @property
    def stream(self) -> str:
        return self.phase_fee.stream

    @property
    def public_name(self) -> str:
        return self.phase_fee.public_name
