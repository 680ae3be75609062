"""What browsers send about fees; the services decide."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Fee, FeeVersion
from catalog.models.fees import TERM_MAX, WINDOW_MAX
from catalog.services.fees import Charging, further
from resellerhub.kernel.money import plain
from resellerhub.kernel.periods import Cycle
from resellerhub.web.forms import Fieldset, OperationForm
from resellerhub.web.widgets import DateInput, MoneyInput, QuantityInput, SearchSelect
from tenants.choices import TenantSearch
from tenants.forms.choices import currencies
from tenants.models import Tenant
from tenants.naming import name_of_seller

LEAVING = ("cancellation_amount", "cancellation_hours")
AMOUNTS = ("amount", "activation_amount", "cancellation_amount")
FURTHER = tuple(further(cycle) for cycle in Cycle.values)
CHARGING = tuple(Charging.__dataclass_fields__)


def amount_field(label: Any, **options: Any) -> forms.DecimalField:
    widget = MoneyInput(attrs={"min": "0"})
    return forms.DecimalField(label=label, min_value=0, max_digits=18, decimal_places=6, widget=widget, **options)


def currency_field(**options: Any) -> forms.ChoiceField:
    """None is chosen where none was said before."""

    def choices() -> list[tuple[str, str]]:
        return [("", ""), *currencies()]

    return forms.ChoiceField(label=_("Currency"), choices=choices, widget=SearchSelect, **options)


class ManagerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Which reseller manages something; nobody chosen, it is whoever makes it."""

    def __init__(self, **options: Any) -> None:
        words = {"label": _("Managed by"), "empty_label": _("Ourselves"), "required": False}
        super().__init__(**{"queryset": Tenant.objects.none(), "widget": TenantSearch, **words, **options})

    def label_from_instance(self, obj: Any) -> str:
        return name_of_seller(obj)


class ChargingForm(OperationForm):
    """What a fee says from a day on."""

    amount = amount_field(_("Amount per unit"))
    cycle = forms.ChoiceField(label=_("Billing cycle"), choices=Cycle.choices)
    amount_month = amount_field(_("Amount per month"), required=False)
    amount_quarter = amount_field(_("Amount per quarter"), required=False)
    amount_half_year = amount_field(_("Amount per half-year"), required=False)
    amount_year = amount_field(_("Amount per year"), required=False)
    billed = forms.ChoiceField(label=_("Billed"), choices=FeeVersion.Billed.choices)
    activation_amount = amount_field(_("Activation fee"), required=False)
    minimum_months = forms.IntegerField(
        label=_("Minimum term in months"), required=False, min_value=0, max_value=TERM_MAX, widget=QuantityInput
    )
    cancellation_amount = amount_field(
        _("Early cancellation fee"), required=False, help_text=_("Due when it ends before the minimum term does.")
    )
    cancellation_hours = forms.IntegerField(
        label=_("Cancellation window in hours"),
        required=False,
        min_value=0,
        max_value=WINDOW_MAX,
        widget=QuantityInput,
        help_text=_("After purchase, renewal or increase: 168 are seven days. Empty: at any time."),
    )
    prorates_first = forms.BooleanField(label=_("Prorate the first period"), required=False, initial=True)
    prorates_last = forms.BooleanField(label=_("Prorate the last period"), required=False, initial=True)
    credits_suspension = forms.BooleanField(
        label=_("Credit suspended days"),
        required=False,
        initial=True,
        help_text=_("Of an account fee: who holds it does not pay for days on which it was suspended."),
    )
    public_name = forms.CharField(
        label=_("Name for end users"), max_length=100, required=False, help_text=_("Left empty, the name of the fee.")
    )

    @property
    def charging(self) -> Charging:
        given = {name: self.cleaned_data[name] for name in CHARGING if name in self.fields}
        given |= {name: given[name] or Decimal(0) for name in AMOUNTS}
        return Charging(**given | {"minimum_months": given["minimum_months"] or 0})

    @property
    def terms(self) -> list[Fieldset]:
        price = ("amount", "cycle", "billed", "activation_amount", "minimum_months", *LEAVING)
        intro = _("For who pays by another cycle. Left empty, it is not offered by that.")
        rest = ("prorates_first", "prorates_last", "credits_suspension", "public_name")
        shown = [name for name in rest if name in self.fields]
        return [
            Fieldset(_("What it charges"), price, grid=True),
            Fieldset(_("Further billing cycles"), FURTHER, text=intro, grid=True),
            Fieldset(_("How it is billed"), shown),
        ]


class FeeForm(ChargingForm):
    """A new fee with its first version."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Fee.Kind.choices, widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=100)
    managed_by = ManagerField()
    currency = currency_field()
    is_shared = forms.BooleanField(
        label=_("Share with resellers"),
        required=False,
        help_text=_("Of an account fee: resellers see it as the recommended price."),
    )
    applies_more_than_once = forms.BooleanField(
        label=_("May be applied more than once"),
        required=False,
        initial=True,
        help_text=_("Of a reseller fee. On: for each customer subscription. Off: once per reseller."),
    )

    def __init__(self, *args: Any, managers: QuerySet[Tenant] | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.initial.setdefault("kind", Fee.Kind.ACCOUNT)
        if managers is None:
            del self.fields["managed_by"]
        else:
            self.fields["managed_by"].queryset = managers  # type: ignore[attr-defined]

    @property
    def arguments(self) -> dict[str, Any]:
        """What the service takes, by the names it gives it."""
        names = ("kind", "name", "currency", "is_shared", "applies_more_than_once")
        manager = self.cleaned_data.get("managed_by")
        own = {name: self.cleaned_data[name] for name in names}
        return own | {"charging": self.charging, "managed_by_id": manager.pk if manager else None}

    @property
    def fieldsets(self) -> list[Fieldset]:
        names = ("kind", "name", "managed_by", "currency", "is_shared", "applies_more_than_once")
        return [Fieldset(_("Fee"), [name for name in names if name in self.fields]), *self.terms]


class FeeVersionForm(ChargingForm):
    """What a fee is to say from a day on; beforehand, what it says now."""

    effective_on = forms.DateField(
        label=_("Effective from"), widget=DateInput, help_text=_("Today or later. What was agreed before stays.")
    )

    def __init__(self, *args: Any, fee: Fee, standing: FeeVersion | None, **options: Any) -> None:
        super().__init__(*args, **options)
        if fee.kind == Fee.Kind.RESELLER:
            del self.fields["credits_suspension"]
        for name in (*AMOUNTS, *FURTHER):
            self.fields[name].widget.suffix = fee.currency
        for name in CHARGING if standing else ():
            value = getattr(standing, name)
            self.initial[name] = plain(value) if isinstance(value, Decimal) else value

    @property
    def fieldsets(self) -> list[Fieldset]:
        return [Fieldset("", ["effective_on"]), *self.terms]


class FeeSwitchForm(OperationForm):
    """Its name, and what of its switches its kind has."""

    name = forms.CharField(label=_("Name"), max_length=100)
    is_shared = forms.BooleanField(
        label=_("Share with resellers"), required=False, help_text=_("Resellers see it as the recommended price.")
    )
    applies_more_than_once = forms.BooleanField(
        label=_("May be applied more than once"),
        required=False,
        help_text=_("On: for each customer subscription. Off: once per reseller."),
    )
    is_active = forms.BooleanField(
        label=_("Active"), required=False, help_text=_("What is not active cannot be chosen for a package any more.")
    )

    def __init__(self, *args: Any, fee: Fee, **options: Any) -> None:
        super().__init__(*args, **options)
        self.kept = "applies_more_than_once" if fee.kind == Fee.Kind.ACCOUNT else "is_shared"
        self.kept_value = getattr(fee, self.kept)
        del self.fields[self.kept]
        for name in self.fields:
            if name != "request_id":
                self.initial[name] = getattr(fee, name)

    @property
    def arguments(self) -> dict[str, Any]:
        return self.values | {self.kept: self.kept_value}
