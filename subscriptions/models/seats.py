"""The ledger of seats, and what was told of ends."""

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import LockedQuerySet
from subscriptions.models.pools import Pool, PoolAssignment
from tenants.models import Tenant
from tenants.models.scope import Viewer
from tenants.roles import Kind


class SeatEntryQuerySet(LockedQuerySet["SeatEntry"]):
    def visible_to(self, actor: Viewer) -> Self:
        """Of the pools that the actor sees."""
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == Kind.PROVIDER:
            return house
        if actor.kind == Kind.CUSTOMER:
            return house.none()
        return house.filter(pool__in=Pool.objects.visible_to(actor).order_by().values("pk"))


class SeatEntry(models.Model):
    """One movement of seats. Added to, never changed; a trigger refuses what the state does not allow, and counts.

    `seats` is how many move, below zero for fewer. The four `by_…` say what the movement does to the pool; they are
    filled in by the trigger, and what a pool counts is their sum.
    """

    append_only = True

    class Kind(models.TextChoices):
        PURCHASE = "purchase", _("Purchased")
        OFFER = "offer", _("Offered")
        ACCEPT = "accept", _("Accepted")
        RETURN = "return", _("Returned to pool")
        DECLINE = "decline", _("Declined")
        RESIZE = "resize", _("Resized")
        RECLAIM = "reclaim", _("Reclaimed after expiry")
        ASSIGN = "assign", _("Assigned")
        RECEIVED = "received", _("Received")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    pool = models.ForeignKey(Pool, models.PROTECT, related_name="entries", db_index=False, db_constraint=False)
    child = models.ForeignKey(Pool, models.PROTECT, related_name="+", null=True, db_index=False, db_constraint=False)
    assignment = models.ForeignKey(
        PoolAssignment, models.PROTECT, related_name="entries", null=True, db_index=False, db_constraint=False
    )
    kind = models.CharField(_("what"), max_length=8, choices=Kind.choices)
    seats = models.BigIntegerField(_("seats"))
    by_seats = models.BigIntegerField(default=0, editable=False)
    by_pending = models.BigIntegerField(default=0, editable=False)
    by_allocated = models.BigIntegerField(default=0, editable=False)
    by_assigned = models.BigIntegerField(default=0, editable=False)
    request_id = models.UUIDField(null=True)
    made_at = models.DateTimeField(_("made"))

    objects = SeatEntryQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("movement of seats"), _("movements of seats")
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    kind__in=(
                        *("purchase", "offer", "accept", "return", "decline"),
                        *("resize", "reclaim", "assign", "received"),
                    )
                ),
                name="seat_entry_kind",
            ),
            models.CheckConstraint(condition=~Q(seats=0), name="seat_entry_of_something"),
            models.CheckConstraint(
                condition=Q(kind__in=("purchase", "received"), child__isnull=True, assignment__isnull=True)
                | Q(kind="assign", child__isnull=True, assignment__isnull=False)
                | Q(
                    kind__in=("offer", "accept", "return", "decline", "resize", "reclaim"),
                    child__isnull=False,
                    assignment__isnull=True,
                ),
                name="seat_entry_about",
            ),
            models.UniqueConstraint(
                "pool", "request_id", condition=Q(request_id__isnull=False), name="seat_entry_request_once"
            ),
        ]
        indexes = [
            models.Index("pool", "made_at", name="seat_entry_of_pool"),
            models.Index("child", condition=Q(child__isnull=False), name="seat_entry_of_child"),
            models.Index("assignment", condition=Q(assignment__isnull=False), name="seat_entry_of_assignment"),
        ]


class PoolNotice(models.Model):
    """That an end is near was told: once for so many days before an end. Another end is told anew."""

    append_only = True

    pool = models.ForeignKey(Pool, models.PROTECT, related_name="notices")
    days = models.PositiveSmallIntegerField(help_text="Before the end; 0 is the end itself.")
    ends_at = models.DateTimeField()
    told_at = models.DateTimeField()

    objects = LockedQuerySet["PoolNotice"].as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("notice of an end"), _("notices of ends")
        constraints = [models.UniqueConstraint("pool", "days", "ends_at", name="pool_notice_once")]
