"""What comes from a browser: how much to raise, what to sell, which file to write."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.models import COUNT_MAX
from reports.models import ReportRun
from reports.selectors import Remedy
from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import QuantityInput
from subscriptions.models import QUANTITY_MAX, Holding

FORM = "form.form-card"
REFILL = {"hx-get": "?", "hx-trigger": "change", "hx-target": FORM, "hx-select": FORM, "hx-swap": "outerHTML"}
"""Ask for the form again, filled in for what was chosen."""


class RaiseForm(OperationForm):
    amount = forms.IntegerField(
        label=gettext_lazy("Raise by"),
        min_value=1,
        max_value=COUNT_MAX,
        widget=QuantityInput(attrs={"min": 1}),
        help_text=gettext_lazy("Filled in: what is missing at present."),
    )

    def __init__(self, holding: Holding, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("amount", max(-holding.remaining, 1))
        self.fields["amount"].widget.suffix = holding.resource.unit


class SellForm(OperationForm):
    """Which add-on, and how many of it. Choosing another fills in how many of that one clear the row."""

    add_on = forms.TypedChoiceField(label=gettext_lazy("Add-on"), coerce=int, widget=forms.RadioSelect(attrs=REFILL))
    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"),
        min_value=1,
        max_value=QUANTITY_MAX,
        widget=QuantityInput(attrs={"min": 1, "max": QUANTITY_MAX}),
        help_text=gettext_lazy("Filled in: as many as clear the excess."),
    )

    def __init__(self, remedies: list[Remedy], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.remedies = {remedy.add_on.pk: remedy for remedy in remedies}
        self.fields["add_on"].choices = [(pk, _offer(one)) for pk, one in self.remedies.items()]  # type: ignore[attr-defined]
        chosen = self.remedies.get(self.initial.get("add_on", 0)) or (remedies[0] if remedies else None)
        if chosen:
            self.initial = {**self.initial, "add_on": chosen.add_on.pk, "quantity": chosen.needed}


def _offer(remedy: Remedy) -> str:
    """An add-on in the words that decide about it."""
    price = formats.money(remedy.unit_price, remedy.currency)
    return ngettext(
        "%(name)s: +%(value)s each, %(price)s %(cycle)s; %(needed)s clears the excess",
        "%(name)s: +%(value)s each, %(price)s %(cycle)s; %(needed)s clear the excess",
        remedy.needed,
    ) % {
        "name": remedy.add_on.name,
        "value": formats.number(remedy.value),
        "price": price,
        "cycle": Cycle(remedy.cycle).label,
        "needed": formats.number(remedy.needed),
    }


class ReportRunForm(OperationForm):
    """A report in the background; the filters travel along as the query string of its page."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        choices=ReportRun.Format.choices,
        widget=forms.RadioSelect,
    )
    query = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def offer(self, formats: Sequence[str]) -> None:
        """The formats of the report that is asked for; the first is chosen."""
        self.fields["format"].choices = [(each, ReportRun.Format(each).label) for each in formats]  # type: ignore[attr-defined]
        self.fields["format"].initial = formats[0]

    @property
    def asked(self) -> QueryDict:
        """What the page was filtered by when the form was opened."""
        query = self.data.get("query", "") if self.is_bound else self.initial.get("query", "")
        return QueryDict(query)

    def refuse_filters(self) -> None:
        self.status = 422
        self.add_error(None, _("A filter cannot be understood. Go back to the report and choose again."))
