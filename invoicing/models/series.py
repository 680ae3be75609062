"""How the documents of an issuer are numbered: one after the other, without a gap."""

from typing import TYPE_CHECKING, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import LockedQuerySet
from tenants.models import Tenant
from tenants.models.scope import Viewer
from tenants.roles import Kind as TenantKind

if TYPE_CHECKING:
    from datetime import date, datetime

YEAR = "{year}"
"""What a pattern says where it has the year, with which its numbers begin anew."""

NUMBER_MAX = 999_999_999


class DocumentKind(models.TextChoices):
    INVOICE = "invoice", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    COMMISSION_STATEMENT = "commission_statement", _("Commission statement")
    PROFORMA = "proforma", _("Proforma invoice")


class NumberSeriesQuerySet(LockedQuerySet["NumberSeries"]):
    def visible_to(self, actor: Viewer) -> Self:
        """Its issuer's own business; a provider sees those of its house."""
        house = self.filter(provider_id=actor.provider_id)
        return house if actor.kind == TenantKind.PROVIDER else house.filter(issuer_id=actor.tenant_id)

    def current(self) -> Self:
        return self.filter(retired_at=None)


class NumberSeries(models.Model):
    """A run of numbers of one issuer and kind of document: `prefix`, and from `start` on the numbers themselves.

    Another pattern, or another year where the pattern names it, is another row; the one before is retired and keeps
    its documents. The database counts: `next_number` and `last_issued_on` are written with the issue of documents and
    by nothing else.
    """

    changeable = ("retired_at", "digits")

    provider = models.ForeignKey(Tenant, models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    issuer = models.ForeignKey(Tenant, models.PROTECT, related_name="number_series", db_index=False)
    kind = models.CharField(_("kind"), max_length=20, choices=DocumentKind.choices)
    pattern = models.CharField(_("beginning of the numbers"), max_length=30, blank=True)
    prefix = models.CharField(max_length=30, blank=True, editable=False)
    year: "models.PositiveSmallIntegerField[int | None, int | None]" = models.PositiveSmallIntegerField(
        null=True, editable=False, help_text="Of whose documents alone these are, where the pattern names it."
    )
    digits = models.PositiveSmallIntegerField(
        _("digits"), default=4, validators=[MinValueValidator(1), MaxValueValidator(9)]
    )
    start = models.PositiveIntegerField(_("first number"), default=1)
    next_number = models.PositiveIntegerField(_("next number"), editable=False)
    last_issued_on: "models.DateField[date | None, date | None]" = models.DateField(
        _("last issued"), null=True, editable=False
    )
    made_at = models.DateTimeField(_("made"))
    retired_at: "models.DateTimeField[datetime | None, datetime | None]" = models.DateTimeField(
        _("until"), null=True, editable=False
    )

    objects = NumberSeriesQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("number series"), _("number series")
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=DocumentKind.values), name="number_series_kind"),
            models.CheckConstraint(
                condition=Q(prefix__regex=r"^([A-Za-z0-9/._-]*[A-Za-z/._-])?$"), name="number_series_prefix"
            ),
            models.CheckConstraint(condition=Q(digits__gte=1, digits__lte=9), name="number_series_digits"),
            models.CheckConstraint(
                condition=Q(start__gte=1, next_number__gte=F("start"), next_number__lte=NUMBER_MAX + 1),
                name="number_series_counts",
            ),
            models.UniqueConstraint(
                "issuer", "kind", condition=Q(retired_at__isnull=True), name="number_series_current_once"
            ),
            models.UniqueConstraint(
                "issuer",
                "prefix",
                condition=Q(retired_at__isnull=True) | Q(next_number__gt=F("start")),
                name="number_series_prefix_once",
            ),
        ]
        indexes = [models.Index("provider", F("id").desc(), name="number_series_of_provider")]

    def __str__(self) -> str:
        return self.written(self.next_number)

    @property
    def is_yearly(self) -> bool:
        return self.year is not None

    @property
    def is_used(self) -> bool:
        return self.next_number > self.start

    def written(self, number: int) -> str:
        """A number as it stands on paper."""
        return f"{self.prefix}{number:0{self.digits}d}"
