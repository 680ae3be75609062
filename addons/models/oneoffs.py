"""What is due once for an add-on, or given back from another day than that on which it ended."""

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from addons.models.sales import AddOnSale
from catalog.models import Fee, FeeVersion
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.money import currency_code
from resellerhub.kernel.money import unit_price as price_column
from subscriptions.models import OneOff, PhaseFee
from tenants.models import Tenant
from tenants.models.scope import below
from tenants.roles import Kind

if TYPE_CHECKING:
    from tenants.actor import Actor


class AddOnOneOffQuerySet(LockedQuerySet["AddOnOneOff"]):
    def visible_to(self, actor: "Actor") -> Self:
        """What the actor's tenant pays or is paid, and what is paid beneath it; never what the level above pays. Who
        sells sees what the holder pays, even where that is owed to somebody above."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        sales = AddOnSale.objects.filter(pk=OuterRef("sale_id"))
        seen = Q(payer=actor.tenant_id) | Q(issuer=actor.tenant_id) | Q(below(actor.roots, "issuer_id"))
        if actor.kind == Kind.RESELLER:
            seen |= Q(payer=F("sale__tenant")) & Q(Exists(sales.filter(below([actor.tenant_id], "seller_id"))))
        if actor.managed is not None:  # an account manager: of the customers assigned alone
            seen &= Q(Exists(sales.visible_to(actor)))
        return house.filter(seen)


class AddOnOneOff(models.Model):
    """A fact about what one tenant owes another for a sale of an add-on beyond its price. Never changed.

    As `subscriptions.OneOff`: an activation fee is due with the first sale, an early cancellation fee with its end, as
    agreed by the version of a fee that it names; `credit_from` is the day from which what ended is given back, where
    that is not the day on which it ended. `once_of` is the fee whose activation its payer owes once, however many it
    sells.
    """

    append_only = True

    Kind = OneOff.Kind

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    sale = models.ForeignKey(AddOnSale, models.PROTECT, related_name="one_offs", db_index=False)
    kind = models.CharField(_("kind"), max_length=12, choices=OneOff.Kind.choices)
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

    objects = AddOnOneOffQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("one-off amount of an add-on"), _("one-off amounts of add-ons")
        constraints = [
            models.UniqueConstraint("sale", "payer", "kind", name="add_on_one_off_once"),
            models.UniqueConstraint(
                "payer", "issuer", "once_of", condition=Q(once_of__isnull=False), name="add_on_one_off_once_per_payer"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("activation", "cancellation"), amount__gt=0, quantity__isnull=True)
                | Q(kind="credit_from", amount__isnull=True, quantity__gte=1),
                name="add_on_one_off_what",
            ),
            models.CheckConstraint(
                condition=Q(once_of__isnull=True) | Q(kind="activation"), name="add_on_one_off_once_if_activation"
            ),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="add_on_one_off_of_provider")]

    @property
    def stream(self) -> str:
        is_holder = self.payer_id == self.sale.tenant_id
        return (PhaseFee.Stream.ACCOUNT if is_holder else PhaseFee.Stream.RESELLER).value

    @property
    def step(self) -> str:
        return (OneOff.Step.START if self.kind == OneOff.Kind.ACTIVATION else OneOff.Step.END).value

    @property
    def public_name(self) -> str:
        return self.fee_version.public_name if self.fee_version else self.sale.add_on.name
