"""What an issuer bills in one go: a run for each month, counted, approved, billed and issued by workers."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from invoicing.models.documents import amount
from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.models import Job
from resellerhub.kernel.money import currency_code
from tenants.models import Tenant, User
from tenants.roles import Kind

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from tenants.actor import Actor


class BillingRunQuerySet(LockedQuerySet["BillingRun"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Its issuer's own business; a provider sees those of its house. A customer sees none, nor does an account
        manager: a run names all who are billed."""
        if actor.managed is not None or actor.kind == Kind.CUSTOMER:
            return self.none()
        house = self.filter(provider_id=actor.provider_id)
        return house if actor.kind == Kind.PROVIDER else house.filter(issuer_id=actor.tenant_id)

    def with_state(self) -> Self:
        """`state`, to filter and order by: the job that was started last says it."""
        said = BillingRun.State
        return self.annotate(
            state=Case(
                When(cancelled_at__isnull=False, then=Value(said.CANCELLED)),
                When(issuing__state__in=Job.LIVE, then=Value(said.ISSUING)),
                When(issuing__state=Job.State.DONE, issuing__failed=0, then=Value(said.ISSUED)),
                When(job__state__in=Job.LIVE, then=Value(said.BILLING)),
                When(job__isnull=False, then=Value(said.DRAFTED)),
                When(counting__state=Job.State.DONE, counting__failed=0, then=Value(said.COUNTED)),
                When(counting__state__in=Job.LIVE, then=Value(said.COUNTING)),
                default=Value(said.UNCOUNTED),
                output_field=models.CharField(choices=said.choices),
            )
        )

    def standing(self) -> Self:
        return self.filter(cancelled_at=None)


class BillingRun(models.Model):
    """What `issuer` bills in a month, of which `month` is the first day: all that is due by `until` and was not billed.
    One for each month; one that was cancelled before it was billed makes room for another.

    `counting` is the job that says what there is to bill and charges nothing, `job` the one that charges it and drafts
    the documents once so many have approved, `issuing` the one that issues them.
    """

    class State(models.TextChoices):
        COUNTING = "counting", _("Being counted")
        UNCOUNTED = "uncounted", _("Not counted")
        COUNTED = "counted", _("To be approved")
        BILLING = "billing", _("Being billed")
        DRAFTED = "drafted", _("Drafted")
        ISSUING = "issuing", _("Being issued")
        ISSUED = "issued", _("Issued")
        CANCELLED = "cancelled", pgettext_lazy("billing run", "Cancelled")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("issuer"), db_index=False)
    month = models.DateField(_("month"))
    until = models.DateField(_("due until"))
    approvals_needed = models.PositiveSmallIntegerField(_("approvals needed"), default=1)
    counting = models.OneToOneField(Job, models.PROTECT, related_name="+")
    job: "models.OneToOneField[Job | None, Job | None]" = models.OneToOneField(
        Job, models.PROTECT, related_name="+", null=True
    )
    issuing: "models.OneToOneField[Job | None, Job | None]" = models.OneToOneField(
        Job, models.PROTECT, related_name="+", null=True
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, db_index=False)
    made_at = models.DateTimeField(_("made"))
    cancelled_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        _("cancelled"), null=True
    )
    request_id: "models.UUIDField[UUID | None, UUID | None]" = models.UUIDField(null=True, editable=False)

    objects = BillingRunQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("billing run"), _("billing runs")
        constraints = [
            models.UniqueConstraint(
                fields=["issuer", "month"], condition=Q(cancelled_at=None), name="billing_run_once_a_month"
            ),
            models.UniqueConstraint(
                fields=["issuer"], condition=Q(job=None, cancelled_at=None), name="billing_run_one_waits"
            ),
            models.UniqueConstraint(fields=["issuer", "request_id"], name="billing_run_asked"),
            models.UniqueConstraint(fields=["id", "issuer"], name="billing_run_of_issuer_once"),
            models.CheckConstraint(condition=Q(month__day=1), name="billing_run_of_month"),
            models.CheckConstraint(condition=Q(until__gte=F("month")), name="billing_run_until"),
            models.CheckConstraint(
                condition=Q(approvals_needed__gte=1, approvals_needed__lte=2), name="billing_run_approvals"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | Q(job__isnull=True), name="billing_run_not_undone"
            ),
            models.CheckConstraint(
                condition=Q(job__isnull=False) | Q(issuing__isnull=True), name="billing_run_billed_first"
            ),
        ]
        indexes = [
            models.Index("provider", F("month").desc(), F("id").desc(), name="billing_run_of_provider"),
            models.Index("issuer", F("month").desc(), F("id").desc(), name="billing_run_of_issuer"),
        ]


class RunApproval(models.Model):
    """Who let a run be billed, as it was counted."""

    append_only = True

    run = models.ForeignKey(BillingRun, models.PROTECT, related_name="approvals", db_index=False)
    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    counting = models.ForeignKey(Job, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("approved by"), db_index=False)
    at = models.DateTimeField(_("approved"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "counting", "user"], name="run_approval_once")]


class RunPayer(models.Model):
    """What was counted for one payer in one currency, before tax. `before` is what the run before it had counted; none,
    if there was nothing."""

    class Doubt(models.TextChoices):
        NO_ADDRESS = "no_address", _("The address is not complete.")
        UNTAXED = "untaxed", _("It cannot be said yet how it is taxed.")
        GIVES_BACK = "gives_back", _("More is given back than charged.")
        MUCH_MORE = "much_more", _("More than twice of last time.")
        MUCH_LESS = "much_less", _("Less than half of last time.")
        NOTHING = "nothing", _("Nothing this time.")

    run = models.ForeignKey(BillingRun, models.PROTECT, related_name="payers", db_index=False)
    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    payer = models.ForeignKey(Tenant, models.PROTECT, related_name="+", verbose_name=_("payer"))
    currency = currency_code()
    expected = amount(_("expected"), default=0)
    charges = models.PositiveIntegerField(_("charges"), default=0)
    before = amount(_("last time"), null=True)
    warnings = ArrayField(models.CharField(max_length=20, choices=Doubt.choices), default=list)

    class Meta:
        verbose_name, verbose_name_plural = _("payer of a run"), _("payers of a run")
        constraints = [models.UniqueConstraint(fields=["run", "payer", "currency"], name="run_payer_once")]
        indexes = [models.Index("provider", name="run_payer_of_provider")]
