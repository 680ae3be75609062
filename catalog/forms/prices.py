"""What browsers send about price lists; the services decide."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.forms.fees import currency_field
from catalog.models import PriceList, PriceRule
from catalog.price_grid import Row
from catalog.pricing import needs_cost
from catalog.refusals import BadLines
from catalog.services.price_lines import Line
from resellerhub.kernel.money import plain
from resellerhub.kernel.periods import Cycle
from resellerhub.kernel.refusals import Refusal
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import DateInput, SearchSelect
from tenants.choices import TenantSearch
from tenants.models import Tenant

AMOUNTS = ("value", "floor", "ceiling")
LABELS = {
    "method": _("Method"),
    "value": _("Value"),
    "floor": _("At least"),
    "ceiling": _("At most"),
    "from": _("From"),
}
METHODS = [
    (PriceRule.Method.KEEP.value, _("No price of its own")),
    (PriceRule.Method.FIXED.value, _("Fixed price")),
    (PriceRule.Method.MARKUP.value, _("Cost plus %")),
    (PriceRule.Method.OFF.value, _("Recommended price minus %")),
    (PriceRule.Method.SPLIT.value, _("% of the margin given away")),
    (PriceRule.Method.STATED.value, _("As the fee says")),
]


class PriceListForm(OperationForm):
    """A list to be: whom it is for and its currency never change."""

    name = forms.CharField(label=_("Name"), max_length=100, help_text=_("Gold, Silver: who holds it does not see it."))
    audience = forms.ChoiceField(label=_("For"), choices=PriceList.Audience.choices, widget=forms.RadioSelect)
    currency = currency_field(help_text=_("Its rules count for what is charged in this currency."))
    is_default = forms.BooleanField(
        label=_("Default"),
        required=False,
        help_text=_("It counts for everybody who holds no list, and takes the place of the default there was."),
    )


class PriceListSwitchForm(OperationForm):
    name = forms.CharField(label=_("Name"), max_length=100)
    is_default = forms.BooleanField(
        label=_("Default"),
        required=False,
        help_text=_("It counts for everybody who holds no list, and takes the place of the default there was."),
    )
    is_active = forms.BooleanField(
        label=_("Active"), required=False, help_text=_("What is not active counts for nobody.")
    )


class ListChoiceForm(OperationForm):
    """Which list one buyer is to hold."""

    price_list = forms.ModelChoiceField(
        label=_("Price list"), queryset=PriceList.objects.none(), required=False, widget=SearchSelect
    )

    def __init__(self, *args: Any, lists: QuerySet[PriceList], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["price_list"].queryset = lists  # type: ignore[attr-defined]
        self.fields["price_list"].empty_label = _("None: the default list, else what the fees say")  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Cells:
    """A row with its bound fields, as the template walks over it."""

    row: Row
    fields: Sequence[tuple[str, forms.BoundField]]


class GridForm(OperationForm):
    """The grid: what of a row differs from what its sender saw becomes a line."""

    newest = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    effective_on = forms.DateField(
        label=_("Effective from"),
        widget=DateInput,
        help_text=_("Today or later. It counts for what is sold from then on; what is held keeps what was agreed."),
    )

    def __init__(
        self, *args: Any, rows: Sequence[Row], cycle: str, with_bounds: bool, with_cost: bool, **options: Any
    ) -> None:
        """`with_cost`: who sells pays for it, so its list may reckon with that; what a row has stays to be chosen."""
        super().__init__(*args, **options)
        self.rows, self.cycle = rows, cycle
        self.names = ("method", "value", *(("floor", "ceiling") if with_bounds else ()), "from")
        self.sent: list[Row] = []
        for row in rows:
            for name in self.names:
                self.fields[f"{row.key}-{name}"] = _field(name, row, with_cost=with_cost)
                self.initial[f"{row.key}-{name}"] = _shown(row.said.get(name))

    @property
    def headings(self) -> list[Any]:
        return [LABELS[name] for name in self.names]

    @property
    def cells(self) -> Iterator[Cells]:
        for row in self.rows:
            yield Cells(row, [(str(LABELS[name]), self[f"{row.key}-{name}"]) for name in self.names])

    @property
    def lines(self) -> list[Line]:
        """What was changed."""
        self.sent, found = [], []
        for row in self.rows:
            given = {name: self.cleaned_data.get(f"{row.key}-{name}") for name in ("method", *AMOUNTS)}
            day: date | None = self.cleaned_data[f"{row.key}-from"]
            is_kept = given["method"] == PriceRule.Method.KEEP == row.said["method"]
            if (given != row.said and not is_kept) or day is not None:
                self.sent.append(row)
                found.append(row.line(self.cycle, given, day or self.cleaned_data["effective_on"]))
        return found

    def clean(self) -> dict[str, Any]:
        """A method that reckons needs its value, and a value or a bound its method."""
        for row in self.rows:
            given = {each: self.cleaned_data.get(f"{row.key}-{each}") for each in ("method", *AMOUNTS)}
            for name, sentence in misfits(given).items():
                if f"{row.key}-{name}" not in self.errors:
                    self.add_error(f"{row.key}-{name}", sentence)
        return self.cleaned_data

    def refuse(self, refusal: Refusal) -> None:
        """What is wrong with a line stands at its row."""
        if not isinstance(refusal, BadLines):
            super().refuse(refusal)
            return
        self.status = 422
        for place, errors in refusal.lines.items():
            key = self.sent[place].key
            for name, told in errors.items():
                field = f"{key}-{'from' if name == 'effective_on' else name}"
                for sentence in told:
                    self.add_error(field if field in self.fields else f"{key}-method", sentence)


class ExplainForm(forms.Form):
    """Whose price is asked for, of what, for which cycle and day: a form that only looks. What there is to choose among
    depends on the buyer; what is not sold to it is as if nothing was chosen."""

    buyer = forms.ModelChoiceField(label=_("Buyer"), queryset=Tenant.objects.none(), widget=TenantSearch)
    thing = forms.CharField(label=_("Package or add-on"), required=False, max_length=30, widget=SearchSelect)
    cycle = forms.ChoiceField(label=_("Billing cycle"), required=False, choices=[("", _("Its own")), *Cycle.choices])
    on = forms.DateField(label=_("On"), widget=DateInput)

    def __init__(self, *args: Any, buyers: QuerySet[Tenant], **options: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", "use_required_attribute": False, **options})
        self.fields["buyer"].queryset = buyers  # type: ignore[attr-defined]
        self.fields["buyer"].label_from_instance = lambda row: row.name  # type: ignore[attr-defined]

    def offer(self, things: Sequence[tuple[str, str]]) -> None:
        """What is sold to the buyer."""
        self.fields["thing"].widget.choices = [("", _("All of them")), *things]


def misfits(given: Mapping[str, Any]) -> dict[str, Any]:
    """What of a row with a method, a value and bounds does not go together."""
    method, has_value = given.get("method"), given.get("value") is not None
    if method == PriceRule.Method.KEEP:
        says = any(given.get(name) is not None for name in AMOUNTS)
        return {"method": _("Choose how the price is made.")} if says else {}
    if method == PriceRule.Method.STATED:
        return {"value": _("This method has no such value.")} if has_value else {}
    return {"value": _("This method needs it.")} if method and not has_value else {}


def _field(name: str, row: Row, *, with_cost: bool) -> forms.Field:
    label = f"{row.name}: {LABELS[name]}"
    named = {"aria-label": label}
    if name == "method":
        had = row.said["method"]
        methods = [choice for choice in METHODS if with_cost or choice[0] == had or not needs_cost(choice[0])]
        return forms.ChoiceField(label=label, choices=methods, widget=forms.Select(named))
    if name == "from":
        return forms.DateField(label=label, required=False, widget=DateInput(named))
    widget = forms.NumberInput({"inputmode": "decimal", "step": "any", "min": "0", **named})
    return forms.DecimalField(label=label, required=False, min_value=0, max_digits=18, decimal_places=6, widget=widget)


def _shown(value: Any) -> Any:
    return value if value is None or isinstance(value, str) else plain(value)
