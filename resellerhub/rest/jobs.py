"""Jobs over REST: where they stand, what became of each target, stop, try the failed again."""

from typing import Any

import django_filters
from django.db.models import QuerySet

from resellerhub.kernel.jobs.control import cancel_job, retry_failed
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.serializers import JobItemOut, JobOut
from resellerhub.rest.views import ReadApi


class JobFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Job.State.choices)
    kind = django_filters.CharFilter()

    class Meta:
        model = Job
        fields = ("state", "kind")


class JobItemFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=JobItem.State.choices)
    reason = django_filters.CharFilter()

    class Meta:
        model = JobItem
        fields = ("state", "reason")


class JobApi(ReadApi):
    """Work that goes on after its request was answered."""

    singular, permission, out = "job", "job.view", JobOut
    filterset_class = JobFilter
    ordering_fields = {"created_at": "created_at"}

    def rows(self, actor: Any) -> QuerySet[Job]:
        return Job.objects.visible_to(actor)

    @operation_endpoint(output=JobOut, status=202, detail=True, path="cancel", permission="job.view")
    def cancel(self, call: Call) -> Job:
        """Stop a job between two chunks.

        What is done stays done; the targets that are left are skipped with the reason `cancelled`.
        """
        return cancel_job(actor=call.actor, job_id=call.pk, now=call.now)

    @operation_endpoint(output=JobOut, status=202, detail=True, path="retry", permission="job.view")
    def retry(self, call: Call) -> Job:
        """Give the failed targets of an ended job another attempt."""
        return retry_failed(actor=call.actor, job_id=call.pk, now=call.now)


class JobItemApi(ReadApi):
    """The targets of a job, each with what became of it."""

    singular, plural, permission, out = "job_item", "job_items", "job.view", JobItemOut
    reads = ("list",)
    filterset_class = JobItemFilter
    ordering = ("position",)

    def rows(self, actor: Any) -> QuerySet[JobItem]:
        job = found(Job.objects.visible_to(actor), pk=self.kwargs["job"])
        return JobItem.objects.filter(job=job)
