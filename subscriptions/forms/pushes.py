"""What is pushed to what is sold, as it comes from a browser."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Package, PackageVersion
from resellerhub.web import formats
from resellerhub.web.forms import Fieldset, OperationForm
from resellerhub.web.widgets import DateInput, DualList
from subscriptions.services.pushes.terms import Asked

LISTED = 50
"""Versions that can be chosen, the newest first."""
PERIOD, DAY = "period", "day"


class PushForm(OperationForm):
    """Of which version, what, from when, to whom. Limits are for who manages the package."""

    version = forms.TypedChoiceField(label=gettext_lazy("Version"), coerce=int)
    limits = forms.BooleanField(
        label=gettext_lazy("Limits"), required=False, help_text=gettext_lazy("What one unit grants of each resource.")
    )
    prices = forms.BooleanField(
        label=gettext_lazy("Prices"),
        required=False,
        initial=True,
        help_text=gettext_lazy("What is owed to you, by your price list or the fee. What others are owed stays."),
    )
    keeps_own_prices = forms.BooleanField(
        label=gettext_lazy("Leave out prices that were set freely"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Subscriptions that were sold at a price of the seller's own stay as they are."),
    )
    when = forms.ChoiceField(
        label=gettext_lazy("From when"),
        choices=[
            (PERIOD, gettext_lazy("With the next billing period of each subscription")),
            (DAY, gettext_lazy("On a day")),
        ],
        initial=PERIOD,
        widget=forms.RadioSelect,
    )
    effective_on = forms.DateField(
        label=gettext_lazy("Day"),
        required=False,
        widget=DateInput,
        help_text=gettext_lazy("Today or later; for “On a day”."),
    )
    sellers = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Only what these sold"),
        coerce=int,
        required=False,
        widget=DualList,
        help_text=gettext_lazy("None chosen: everybody's."),
    )

    def __init__(
        self,
        *args: Any,
        package: Package,
        on: date,
        with_limits: bool,
        sellers: Sequence[tuple[int, str]],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.package = package
        versions = list(package.versions.newest_first()[:LISTED])
        current = package.versions.in_force(on).first()
        self._offer("version", [(row.pk, self._called(row, current)) for row in versions])
        self.initial.setdefault("version", current.pk if current else None)
        self._offer("sellers", sellers)
        if not with_limits:
            del self.fields["limits"], self.fields["prices"]
        if len(sellers) < 2:
            del self.fields["sellers"]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("when") == DAY and not given.get("effective_on") and "effective_on" not in self.errors:
            self.add_error("effective_on", _("Say from which day."))
        return given

    @property
    def asked(self) -> Asked:
        """What the services take."""
        given = self.cleaned_data
        return Asked(
            package_id=self.package.pk,
            version_id=given["version"],
            limits=given.get("limits", False),
            prices=given.get("prices", True),
            effective_on=given["effective_on"] if given["when"] == DAY else None,
            sellers=tuple(given.get("sellers", ())),
            keeps_own_prices=given["keeps_own_prices"],
        )

    @property
    def fieldsets(self) -> list[Fieldset]:
        parts = [
            (_("What"), ("version", "limits", "prices")),
            (_("When"), ("when", "effective_on")),
            (_("To what"), ("keeps_own_prices", "sellers")),
        ]
        return [Fieldset(title, [name for name in names if name in self.fields]) for title, names in parts]

    def _offer(self, name: str, choices: Any) -> None:
        field: Any = self.fields[name]
        field.choices = choices

    def _called(self, version: PackageVersion, current: PackageVersion | None) -> str:
        words = _("From %(day)s (version %(id)s)") % {"day": formats.day(version.effective_on), "id": version.pk}
        return _("%(version)s, in force") % {"version": words} if current and version.pk == current.pk else words
