"""Work that outlives a request, answers that may be asked for twice, and signs of life."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.principal import Principal


class JobQuerySet(LockedQuerySet["Job"]):
    def visible_to(self, actor: Principal) -> "JobQuerySet":
        """A provider sees all that runs in its house, everybody else what was started in their own name.

        The targets of a colleague's job may be beyond what an account manager sees: such a member has only their own.
        """
        house = self.filter(provider_id=actor.provider_id)
        if actor.kind == "provider":
            return house
        jobs = house.filter(tenant_id=actor.tenant_id)
        return jobs if actor.managed is None else jobs.filter(user_id=actor.user_id or 0)

    def live(self) -> "JobQuerySet":
        return self.filter(state__in=Job.LIVE)


class Job(models.Model):
    """One operation over many targets. The row is the truth; a Celery message only says that it should be looked at.

    `done`, `skipped` and `failed` count items and move in the commit that moves the items.
    """

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        CANCELLED = "cancelled", pgettext_lazy("job", "Cancelled")
        DONE = "done", _("Done")

    LIVE = (State.QUEUED, State.RUNNING)

    kind = models.CharField(_("kind"), max_length=40)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.QUEUED)
    title = models.CharField(_("title"), max_length=200)
    # Plain numbers: the kernel stands below whoever these belong to.
    provider_id = models.BigIntegerField()
    tenant_id = models.BigIntegerField()
    user_id = models.BigIntegerField(null=True)
    request_id = models.CharField(_("request"), max_length=64, default="")
    total = models.IntegerField(_("targets"), default=0)
    done = models.IntegerField(_("done"), default=0)
    skipped = models.IntegerField(_("skipped"), default=0)
    failed = models.IntegerField(_("failed"), default=0)
    lanes = models.SmallIntegerField(default=1, help_text=_("How many workers may run it at once."))
    chunk = models.IntegerField(default=250, help_text=_("How many targets one transaction takes."))
    attempt = models.SmallIntegerField(_("attempt"), default=1)
    strikes = models.SmallIntegerField(default=0, help_text=_("Workers that died over it, less chunks done since."))
    created_at = models.DateTimeField(_("created"))
    at_work = models.SmallIntegerField(default=0, help_text=_("Runs that have begun and not come back."))
    started_at = models.DateTimeField(_("started"), null=True)
    heartbeat_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(_("finished"), null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["queued", "running", "cancelled", "done"]), name="job_state"),
            models.CheckConstraint(
                condition=Q(done__gte=0, skipped__gte=0, failed__gte=0)
                & Q(total__gte=F("done") + F("skipped") + F("failed")),
                name="job_counts",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["queued", "running"], finished_at=None)
                | Q(state__in=["cancelled", "done"], finished_at__isnull=False),
                name="job_finished",
            ),
            models.CheckConstraint(
                condition=Q(lanes__gte=1, chunk__gte=1, strikes__gte=0, at_work__gte=0), name="job_size"
            ),
        ]
        indexes = [
            models.Index(fields=["provider_id", "-id"], name="job_of_provider"),
            models.Index(fields=["tenant_id", "-id"], name="job_of_tenant"),
            models.Index(fields=["id"], name="job_live", condition=Q(state__in=["queued", "running"])),
        ]

    def __str__(self) -> str:
        return f"{self.title} (#{self.pk})"

    @property
    def processed(self) -> int:
        return self.done + self.skipped + self.failed

    @property
    def percent(self) -> int:
        return 100 if not self.total else self.processed * 100 // self.total

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE


class JobItem(models.Model):
    """One target of a frozen selection. Lean on purpose: there are 100,000 of them in a sale.

    No index holds `state`, so that changing it stays on the page (a HOT update; the table keeps half of each page
    free for it). The runner walks by position instead.
    """

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        DONE = "done", _("Done")
        SKIPPED = "skipped", _("Skipped")
        FAILED = "failed", _("Failed")

    job = models.ForeignKey(Job, models.CASCADE, related_name="items", db_index=False, db_constraint=False)
    subject_id = models.BigIntegerField()
    result_id = models.BigIntegerField(null=True)
    position = models.IntegerField()
    state = models.CharField(_("state"), max_length=7, choices=State, default=State.PENDING, db_default="pending")
    reason = models.CharField(_("reason"), max_length=60, default="", db_default="")
    facts = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["job", "position"], name="job_item_position"),
            models.CheckConstraint(
                condition=Q(state__in=["pending", "done"]) | (Q(state__in=["skipped", "failed"]) & ~Q(reason="")),
                name="job_item_state",
            ),
        ]


class IdempotencyKey(models.Model):
    """The answer of a POST, written in the commit of its effect: asked again, it is given again."""

    principal = models.CharField(max_length=80)
    key = models.CharField(max_length=255)
    fingerprint = models.BinaryField(max_length=32)
    status = models.SmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["principal", "key"], name="idempotency_key")]
        indexes = [models.Index(fields=["created_at"], name="idempotency_age")]


class Sign(models.Model):
    """When a part of the machinery was last seen at work."""

    name = models.CharField(primary_key=True, max_length=40)
    seen_at = models.DateTimeField()
