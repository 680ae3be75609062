"""Pools: pooled subscriptions that are handed down the tree, and the ledger of their seats."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from catalog.models import COUNT_MAX, ServiceType
from resellerhub.kernel.locks import LockedQuerySet
from tenants.models import Tenant
from tenants.models.scope import Viewer, below
from tenants.roles import Kind

if TYPE_CHECKING:
    from datetime import datetime


class PoolQuerySet(LockedQuerySet["Pool"]):
    def visible_to(self, actor: Viewer) -> Self:
        """A provider sees all of its house; a reseller what it holds, and what came of that at any depth: never what
        somebody else gave to those beneath it. Its account managers see what it holds, to assign it. A customer sees no
        pools, only what it was assigned."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        if actor.kind == Kind.CUSTOMER:
            return house.none()
        if actor.roots != (actor.tenant_id,):
            return house.held_by(actor.tenant_id)
        return house.filter(holders__contains=[actor.tenant_id])

    def held_by(self, tenant_id: int) -> Self:
        return self.filter(tenant_id=tenant_id)

    def with_status(self, at: "datetime") -> Self:
        """`status`, as it is at an instant: what has ended is expired, whether a job ran or not."""
        resolved = Q(state__in=(Pool.State.RETURNED, Pool.State.DECLINED))
        status = Case(
            When(resolved, then=F("state")),
            When(Q(ends_at__lte=at) | Q(reclaimed_at__isnull=False), then=Value(EXPIRED)),
            default=F("state"),
            output_field=models.CharField(),
        )
        return self.annotate(status=status)

    def live(self, at: "datetime") -> Self:
        """Offered or held, and not ended."""
        return self.filter(state__in=(Pool.State.PENDING, Pool.State.ACTIVE), ends_at__gt=at, reclaimed_at__isnull=True)

    def ended(self, at: "datetime") -> Self:
        """Ended before its seats were taken back."""
        return self.filter(
            state__in=(Pool.State.PENDING, Pool.State.ACTIVE), ends_at__lte=at, reclaimed_at__isnull=True
        )

    def active(self, at: "datetime") -> Self:
        return self.live(at).filter(state=Pool.State.ACTIVE)


EXPIRED = "expired"


class Pool(models.Model):
    """So many seats, objects or units of capacity of a service, until an instant.

    Without a parent it was purchased; else `grantor`, who holds the parent, gave it to `tenant`. Whatever counts is
    written by the database from `SeatEntry`, and by nothing else: the application's login may change no more than
    `changeable`. Seats = free + pending + allocated + assigned.
    """

    changeable = ("name", "source", "payment_type", "own_end", "end_day", "term_months", "renews", "told_used_at")

    class State(models.TextChoices):
        PENDING = "pending", _("Pending acceptance")
        ACTIVE = "active", _("Active")
        RETURNED = "returned", _("Returned")
        DECLINED = "declined", _("Declined")

    class Unit(models.TextChoices):
        SEATS = "seats", _("User seats")
        OBJECTS = "objects", _("Objects")
        CAPACITY = "capacity", _("Capacity in GB")

    class Source(models.TextChoices):
        DIRECT = "direct", _("Direct purchase")
        DISTRIBUTOR = "distributor", _("Distributor")
        MARKETPLACE = "marketplace", _("Marketplace")
        PROMOTION = "promotion", _("Promotion")

    class PaymentType(models.TextChoices):
        MONTHLY = "monthly", _("Monthly")
        YEARLY = "yearly", _("Yearly")
        UPFRONT = "upfront", _("For the whole term in advance")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="pools", verbose_name=_("holder"))
    grantor = models.ForeignKey(Tenant, models.PROTECT, related_name="pools_given", null=True, verbose_name=_("from"))
    parent = models.ForeignKey("self", models.PROTECT, related_name="children", null=True, db_index=False)
    line = ArrayField(models.BigIntegerField(), editable=False, default=list, help_text="From the purchased one to it.")
    holders = ArrayField(models.BigIntegerField(), editable=False, default=list, help_text="Of the line.")
    service_type = models.ForeignKey(
        ServiceType, models.PROTECT, related_name="+", verbose_name=_("service"), db_index=False
    )
    name = models.CharField(_("name"), max_length=120)
    unit = models.CharField(_("unit"), max_length=8, choices=Unit.choices)
    source = models.CharField(_("source"), max_length=11, choices=Source.choices)
    payment_type = models.CharField(_("payment type"), max_length=7, choices=PaymentType.choices)
    state = models.CharField(max_length=8, choices=State.choices, default=State.PENDING, editable=False)
    seats = models.BigIntegerField(_("seats"), default=0, editable=False)
    pending = models.BigIntegerField(_("pending acceptance"), default=0, editable=False)
    allocated = models.BigIntegerField(_("allocated"), default=0, editable=False)
    assigned = models.BigIntegerField(_("assigned"), default=0, editable=False)
    free = models.GeneratedField(
        verbose_name=_("available"),
        expression=F("seats") - F("pending") - F("allocated") - F("assigned"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    was_assigned = models.BooleanField(default=False, editable=False)
    own_end: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        _("ends"), null=True, blank=True, help_text="Empty: with its parent."
    )
    ends_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        _("expires"), null=True, editable=False, help_text="The earliest end of its line."
    )
    end_day = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="Of the month, as it was chosen: renewed from 31 to 28, it is 31 again."
    )
    term_months = models.PositiveSmallIntegerField(_("term in months"), default=0, validators=[MinValueValidator(0)])
    renews = models.BooleanField(_("renew automatically"), default=False)
    told_used_at = models.DateTimeField(null=True, editable=False, help_text="That it is nearly used up.")
    reclaimed_at = models.DateTimeField(
        null=True, editable=False, help_text="When the seats of it, or of one above it, were taken back: it is over."
    )
    request_id = models.UUIDField(null=True, editable=False)
    made_at = models.DateTimeField(_("made"))

    objects = PoolQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("pool"), _("pools")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="pool_named"),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "active", "returned", "declined")), name="pool_state"
            ),
            models.CheckConstraint(condition=Q(unit__in=("seats", "objects", "capacity")), name="pool_unit"),
            models.CheckConstraint(
                condition=Q(source__in=("direct", "distributor", "marketplace", "promotion")), name="pool_source"
            ),
            models.CheckConstraint(
                condition=Q(payment_type__in=("monthly", "yearly", "upfront")), name="pool_payment_type"
            ),
            models.CheckConstraint(
                condition=Q(pending__gte=0, allocated__gte=0, assigned__gte=0, seats__gte=0, seats__lte=COUNT_MAX),
                name="pool_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(seats__gte=F("pending") + F("allocated") + F("assigned")), name="pool_free"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, grantor__isnull=True, own_end__isnull=False)
                | Q(parent__isnull=False, grantor__isnull=False),
                name="pool_from_somebody",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(renews=False, term_months=0), name="pool_renews_where_purchased"
            ),
            models.CheckConstraint(condition=Q(renews=False) | Q(term_months__gte=1), name="pool_renews_by_term"),
            models.CheckConstraint(condition=Q(end_day__gte=1, end_day__lte=31), name="pool_end_day"),
            models.UniqueConstraint(
                "request_id",
                "tenant",
                "parent",
                condition=Q(request_id__isnull=False),
                name="pool_request_once",
                nulls_distinct=False,
            ),
            models.UniqueConstraint(fields=["id", "provider"], name="pool_of_house"),
        ]
        indexes = [
            models.Index("provider", F("id").desc(), name="pool_of_provider"),
            models.Index("grantor", "tenant", name="pool_of_grantor"),
            models.Index("parent", condition=Q(parent__isnull=False), name="pool_of_parent"),
            models.Index("provider", "ends_at", name="pool_ending"),
            GinIndex("holders", name="pool_holders"),
            GinIndex("line", name="pool_line"),
        ]

    def __str__(self) -> str:
        return self.name


STATUSES = [*Pool.State.choices, (EXPIRED, _("Expired"))]
"""What a pool is at an instant."""


class PoolAssignmentQuerySet(LockedQuerySet["PoolAssignment"]):
    def visible_to(self, actor: Viewer) -> Self:
        """Of the pools that the actor sees, an account manager those of its customers; a customer its own."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        if actor.kind == Kind.CUSTOMER:
            return house.filter(below(actor.roots))
        given = house.filter(pool__holders__contains=[actor.tenant_id])
        return given if actor.roots == (actor.tenant_id,) else given.filter(below(actor.roots))

    def current(self) -> Self:
        return self.filter(seats__gt=0)


class PoolAssignment(models.Model):
    """How many seats of a pool a customer of its holder has; `seats` is written by the database from the ledger."""

    changeable = ()

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="assignments", db_index=False)
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="seats_assigned", verbose_name=_("customer"))
    seats = models.BigIntegerField(_("seats"), default=0, editable=False)
    made_at = models.DateTimeField(_("made"))

    objects = PoolAssignmentQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("assignment"), _("assignments")
        constraints = [
            models.UniqueConstraint("pool", "tenant", name="pool_assignment_once"),
            models.CheckConstraint(condition=Q(seats__gte=0), name="pool_assignment_not_negative"),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="pool_assignment_of_provider")]
