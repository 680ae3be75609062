"""What is told: files that a worker wrote from a report. The reports themselves read the tables of the apps below."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import LockedQuerySet
from resellerhub.kernel.models import Job
from tenants.actor import Actor
from tenants.models import Tenant, User


class ReportRunQuerySet(LockedQuerySet["ReportRun"]):
    def visible_to(self, actor: Actor) -> "ReportRunQuerySet":
        """A file shows what its maker could see: it stays in the maker's own tenant, and an account manager, who sees
        less than colleagues do, has only files of their own."""
        runs = self.filter(provider_id=actor.provider_id, tenant_id=actor.tenant_id)
        return runs if actor.managed is None else runs.filter(user=actor.user_id or 0)


class ReportRun(models.Model):
    """One report as a file, asked for once: by whom, with which filters and columns, in which language.

    Its job says how far it is. `file` is empty until the job is done.
    """

    class Report(models.TextChoices):
        OVER_USAGE = "quota-over-usage", _("Quota over usage")
        DOCUMENTS = "documents", _("Invoices and credit notes")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV")
        XLSX = "xlsx", _("Excel (XLSX)")
        ZIP = "zip", _("ZIP of all documents")

    job = models.OneToOneField(Job, models.PROTECT, related_name="report_run")
    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+")
    tenant = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, verbose_name=_("started by"))
    report = models.CharField(_("report"), max_length=40, choices=Report.choices)
    format = models.CharField(_("format"), max_length=4, choices=Format.choices)
    filters = models.JSONField(_("filters"), default=dict)
    columns = ArrayField(models.CharField(max_length=60), verbose_name=_("columns"), default=list)
    language = models.CharField(_("language"), max_length=7)
    file = models.FileField(_("file"), blank=True, max_length=200)
    rows = models.BigIntegerField(_("rows"), null=True)
    created_at = models.DateTimeField(_("created"))
    request_id = models.UUIDField(null=True)

    objects = ReportRunQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("report run"), _("report runs")
        constraints = [
            models.CheckConstraint(
                condition=Q(report="quota-over-usage", format__in=("csv", "xlsx"))
                | Q(report="documents", format__in=("csv", "zip")),
                name="report_run_report",
            ),
            models.CheckConstraint(
                condition=Q(file="", rows__isnull=True) | (~Q(file="") & Q(rows__gte=0)), name="report_run_file"
            ),
            models.UniqueConstraint(
                "tenant", "request_id", condition=Q(request_id__isnull=False), name="report_run_request_once"
            ),
        ]
        indexes = [models.Index("tenant", F("id").desc(), name="report_run_of_tenant")]

    def __str__(self) -> str:
        return f"{self.get_report_display()} #{self.pk}"
