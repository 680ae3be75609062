"""Who holds which package, from whom."""

from typing import TYPE_CHECKING, Any, Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Package, ServiceInstance, ServiceType
from subscriptions.figures import Figures
from tenants.models import Tenant
from tenants.models.scope import TenantScoped, Viewer, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from datetime import date

QUANTITY_MAX = 99_999


class SubscriptionQuerySet(TenantScoped["Subscription"]):
    def visible_to(self, actor: Viewer) -> Self:
        """In scope; what another seller sold and ended before its holder moved here stays the other's business."""
        rows = super().visible_to(actor)
        if actor.kind == Kind.PROVIDER:
            return rows
        mine = Q(tenant=actor.tenant_id) | Q(seller=actor.tenant_id) | Q(below(actor.roots, "seller_id"))
        return rows.filter(~Q(state="closed") | mine)

    def active(self) -> Self:
        return self.filter(state=Subscription.State.ACTIVE)

    def open(self) -> Self:
        """Pending, active or suspended: still counted as sold by whoever sold it."""
        return self.exclude(state=Subscription.State.CLOSED)

    def of_customers(self) -> Self:
        return self.filter(tenant__kind=Kind.CUSTOMER)


class Subscription(models.Model):
    """The right of a tenant to a package. `source` is the reseller's subscription whose allocation it draws on."""

    class State(models.TextChoices):
        PENDING = "pending", _("Pending")
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")
        CLOSED = "closed", _("Closed")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    tenant = models.ForeignKey(
        Tenant, models.PROTECT, related_name="subscriptions", verbose_name=_("holder"), db_index=False
    )
    seller = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("seller"), db_index=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="subscriptions", verbose_name=_("package"))
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, related_name="+", verbose_name=_("service type"), db_index=False
    )
    service_instance = models.ForeignKey(
        ServiceInstance, models.PROTECT, related_name="subscriptions", verbose_name=_("service instance")
    )
    source = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="drawn",
        null=True,
        blank=True,
        verbose_name=_("drawn from"),
        db_index=False,
    )
    name = models.CharField(_("name"), max_length=120)
    quantity = models.PositiveIntegerField(_("quantity"), default=1, validators=[MinValueValidator(1)])
    state = models.CharField(_("status"), max_length=10, choices=State.choices, default=State.ACTIVE)
    started_on = models.DateField(_("started on"))
    suspended_with_holder = models.BooleanField(default=False, db_default=False, editable=False)
    """It was active when its holder, a customer, was suspended: it is resumed with it."""
    term_starts_on = models.DateField(_("term from"))
    renews_on = models.DateField(_("term until"), help_text="The day on which the next term begins, or it ends.")
    anchor_day = models.PositiveSmallIntegerField(help_text="Of the month on which terms and billing periods begin.")
    renews = models.BooleanField(_("renews by itself"), default=True, db_default=True)
    committed_at = models.DateTimeField(help_text="When it was bought or last renewed: the cancellation window opens.")
    request_id = models.UUIDField(null=True, editable=False)
    closed_on: "models.DateField[date | None, date | None]" = models.DateField(_("closed on"), null=True, blank=True)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("subscription"), _("subscriptions")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("pending", "active", "suspended", "closed")), name="subscription_state"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=QUANTITY_MAX), name="subscription_quantity"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="subscription_named"),
            models.CheckConstraint(condition=~Q(source=F("id")), name="subscription_not_its_own_source"),
            models.UniqueConstraint(
                "tenant", "request_id", condition=Q(request_id__isnull=False), name="subscription_request_once"
            ),
            models.CheckConstraint(
                condition=Q(term_starts_on__gte=F("started_on"), renews_on__gt=F("term_starts_on")),
                name="subscription_term",
            ),
            models.CheckConstraint(condition=Q(anchor_day__gte=1, anchor_day__lte=31), name="subscription_anchor"),
            models.UniqueConstraint(fields=["id", "provider"], name="subscription_of_house"),
            models.UniqueConstraint(fields=["id", "provider", "tenant", "seller"], name="subscription_place"),
            models.UniqueConstraint(fields=["id", "tenant", "service_instance"], name="subscription_as_source"),
            models.CheckConstraint(
                condition=Q(state="closed", closed_on__isnull=False) | (~Q(state="closed") & Q(closed_on__isnull=True)),
                name="subscription_closed_on",
            ),
            models.CheckConstraint(
                condition=Q(suspended_with_holder=False) | Q(state="suspended"),
                name="subscription_suspended_with_holder",
            ),
        ]
        indexes = [
            models.Index("provider", F("id").desc(), name="subscription_of_provider"),
            models.Index("tenant", "service_type", name="subscription_of_tenant"),
            models.Index("seller", "service_type", name="subscription_of_seller"),
            models.Index("source", condition=Q(source__isnull=False), name="subscription_drawn"),
            models.Index("renews_on", condition=~Q(state="closed"), name="subscription_renewal"),
            models.Index("seller", "request_id", condition=Q(request_id__isnull=False), name="subscription_request"),
        ]

    def __str__(self) -> str:
        """For operators and logs; its name, which may be hidden, is `subscriptions.naming`'s to tell."""
        return f"subscription {self.pk}"

    @property
    def due_on(self) -> "date | None":
        """On which it renews, or ends; what is closed does neither."""
        return None if self.state == self.State.CLOSED else self.renews_on

    @property
    def goes_on(self) -> bool:
        """For another term, by itself."""
        return self.renews and self.state != self.State.CLOSED

    @property
    def planned_change(self) -> Any:
        """The open plan, of one that `selectors.planned.with_plans` has read."""
        return next(iter(vars(self)["open_plans"]), None)

    @property
    def figures(self) -> Figures:
        """What its reader is told of today's price, of one that `timeline.with_figures` has read."""
        phases = vars(self)["open_phases"]
        return phases[0].figures if phases else Figures()
