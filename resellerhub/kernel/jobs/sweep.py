"""Jobs that nobody works on although somebody should: the message was lost, or its worker."""

from datetime import timedelta

import structlog
from django.db import transaction
from django.db.models import Case, F, Value, When
from django.db.models.functions import Coalesce, Now

from resellerhub.kernel.jobs.start import send
from resellerhub.kernel.locks import job_lock, try_advisory_lock
from resellerhub.kernel.models import Job, JobQuerySet, Sign

log = structlog.get_logger(__name__)


def note(name: str) -> None:
    """`name` is at work now."""
    Sign.objects.update_or_create(name=name, defaults={"seen_at": Now()})


def sweep(*, stale_after: float) -> list[int]:
    """Send for workers again where no sign of life is younger than so many seconds; safe to run many times at once."""
    return [pk for pk in stale(stale_after).order_by("pk").values_list("pk", flat=True) if revive(pk, stale_after)]


def stale(seconds: float) -> JobQuerySet:
    return (
        Job.objects.live()
        .alias(seen_at=Coalesce("heartbeat_at", "created_at"))
        .filter(seen_at__lt=Now() - timedelta(seconds=seconds))
    )


def revive(job_id: int, stale_after: float) -> bool:
    """A run that began and never came back has died: its job gets a strike, and smaller chunks."""
    with transaction.atomic():
        if not try_advisory_lock(*job_lock(job_id)):
            return False  # a long chunk: somebody is in the middle of it
        mine = stale(stale_after).filter(pk=job_id)
        died = Case(When(at_work__gt=0, then=Value(1)), default=Value(0))
        if not mine.update(heartbeat_at=Now(), strikes=F("strikes") + died, at_work=0):
            return False
        job = Job.objects.get(pk=job_id)
        send(job.pk, job.lanes)
    log.warning("job_revived", job_id=job_id, strikes=job.strikes)
    return True
