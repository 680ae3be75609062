"""What operators send in the admin where one page does what the console has several for; the services decide."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from catalog.forms.fees import FeeSwitchForm, FeeVersionForm, amount_field
from catalog.forms.prices import METHODS, PriceListSwitchForm, misfits
from catalog.models import Fee, FeeVersion, PriceList
from catalog.price_grid import Row
from catalog.refusals import BadLines
from catalog.services.price_lines import Line
from resellerhub.kernel.periods import Cycle
from resellerhub.kernel.refusals import NotFound, Refusal
from resellerhub.web.forms import Fieldset
from resellerhub.web.widgets import DateInput

OWN = ("name", "is_default", "is_active")
BOUNDS = ("floor", "ceiling")
RULE = ("about", "cycle", "method", "value", *BOUNDS, "effective_on")
HOLDERS = ("assign", "release")


class FeeOperatorForm(FeeVersionForm):
    """Its name and switches, and what it says from a day on; what stays as it is adds no version."""

    def __init__(self, *args: Any, fee: Fee, standing: FeeVersion | None, on: date, **options: Any) -> None:
        super().__init__(*args, fee=fee, standing=standing, **options)
        self.own = FeeSwitchForm(fee=fee)
        self.fields = {**self.own.fields, **self.fields}
        self.initial = {**self.initial, **self.own.initial, "effective_on": on.isoformat()}

    @property
    def switches(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self._own} | {self.own.kept: self.own.kept_value}

    @property
    def fieldsets(self) -> list[Fieldset]:
        return [Fieldset(_("Fee"), self._own), Fieldset(_("From when"), ["effective_on"]), *self.terms]

    @property
    def _own(self) -> list[str]:
        return [name for name in self.own.fields if name != "request_id"]


def ids_field(label: Any, help_text: Any) -> forms.CharField:
    only = RegexValidator(r"^[\d\s,]*$", _("Numbers, separated by commas."))
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=2000, validators=[only])


class PriceListOperatorForm(PriceListSwitchForm):
    """Its name and switches, one more rule, and who is to hold it."""

    about = forms.ChoiceField(label=_("A rule about"))
    cycle = forms.ChoiceField(label=_("Billing cycle"), required=False, choices=[("", _("Any")), *Cycle.choices])
    method = forms.ChoiceField(label=_("Method"), required=False, choices=[("", _("No further rule")), *METHODS])
    value = amount_field(_("Value"), required=False)
    floor = amount_field(_("At least"), required=False)
    ceiling = amount_field(_("At most"), required=False)
    effective_on = forms.DateField(label=_("Effective from"), required=False, widget=DateInput)
    assign = ids_field(_("Assign to"), _("IDs of buyers, separated by commas; they let go of another list."))
    release = ids_field(_("Take away from"), _("IDs of buyers, separated by commas."))

    def __init__(self, *args: Any, price_list: PriceList, rows: Sequence[Row], on: date, **options: Any) -> None:
        own = {name: getattr(price_list, name) for name in OWN}
        super().__init__(*args, initial=own | {"effective_on": on.isoformat()}, **options)
        self.rows = {row.key: row for row in rows}
        about = [(row.key, " · ".join(filter(None, (row.service, row.name)))) for row in rows]
        self.fields["about"].choices = about  # type: ignore[attr-defined]
        if price_list.audience == PriceList.Audience.CUSTOMER:
            for name in BOUNDS:
                del self.fields[name]

    @property
    def switches(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in OWN}

    @property
    def lines(self) -> list[Line]:
        """The rule, where one is asked for."""
        given: dict[str, Any] = dict.fromkeys(BOUNDS) | self.cleaned_data
        if not given["method"]:
            return []
        return [self.rows[given["about"]].line(given["cycle"], given, given["effective_on"])]

    @property
    def buyers(self) -> dict[str, list[int]]:
        """Whose list it becomes, and whose no longer."""
        return {name: [int(text) for text in re.findall(r"\d+", self.cleaned_data[name])] for name in HOLDERS}

    @property
    def fieldsets(self) -> list[Fieldset]:
        rule = [name for name in RULE if name in self.fields]
        return [
            Fieldset(_("Price list"), OWN),
            Fieldset(_("One more rule"), rule),
            Fieldset(_("Who holds it"), HOLDERS),
        ]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = self.cleaned_data
        if given.get("method"):
            self.blame({name: [sentence] for name, sentence in misfits(given).items()})
        return given

    def refuse(self, refusal: Refusal) -> None:
        """What is wrong with the rule stands at its fields, what with buyers at theirs."""
        if isinstance(refusal, BadLines):
            told = [pair for errors in refusal.lines.values() for pair in errors.items()]
            self.blame({name if name in self.fields else "about": sentences for name, sentences in told})
        elif isinstance(refusal, NotFound) or refusal.field == "buyers":
            self.blame({"assign" if self.cleaned_data["assign"] else "release": [refusal.detail]})
        else:
            super().refuse(refusal)
