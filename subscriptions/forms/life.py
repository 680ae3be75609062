"""What browsers send to change the life of a subscription; each form says which step it is."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Package
from resellerhub.web import formats
from resellerhub.web.forms import ConfirmForm, OperationForm
from resellerhub.web.widgets import MoneyInput, QuantityInput, SearchSelect
from subscriptions.forms.cycles import cycle_field
from subscriptions.models import QUANTITY_MAX, Subscription
from subscriptions.services.life.steps.ending import Cancel, Keep
from subscriptions.services.life.steps.holder import Move
from subscriptions.services.life.steps.package import ChangePackage
from subscriptions.services.life.steps.planning import NOW, PERIOD_END
from subscriptions.services.life.steps.quantity import ChangeQuantity
from subscriptions.services.life.steps.standing import Resume, Suspend
from subscriptions.services.life.steps.taking import Step
from subscriptions.services.life.steps.terms import CoTerm, Renew, SetRenewal
from subscriptions.services.selling.agreeing import PLACES
from tenants.choices import TenantSearch
from tenants.models import Tenant


class StepForm(OperationForm):
    """Previewed first; `seal` is that of the preview to which the doing is held."""

    seal = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def wants_preview(self) -> bool:
        return "preview" in self.data

    if TYPE_CHECKING:

        @property
        def step(self) -> Step: ...

    def show(self, seal: str) -> None:
        """What was previewed is what a further click confirms."""
        if self.is_bound:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["seal"] = seal  # type: ignore[index]
        else:
            self.initial["seal"] = seal


def when_field(usual: Any) -> forms.ChoiceField:
    choices = [("", usual), (NOW, _("Now")), (PERIOD_END, _("At the end of the term"))]
    return forms.ChoiceField(label=_("When"), choices=choices, required=False, widget=forms.RadioSelect)


class QuantityForm(StepForm):
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=QUANTITY_MAX, widget=QuantityInput)
    when = when_field(_("More: now. Less: now where the fee allows it, else at the end of the term"))

    @property
    def step(self) -> Step:
        return ChangeQuantity(self.cleaned_data["quantity"], self.cleaned_data["when"] or None)


class PackageForm(StepForm):
    package = forms.ModelChoiceField(label=_("Package"), queryset=Package.objects.none(), widget=SearchSelect)
    quantity = forms.IntegerField(label=_("Quantity"), min_value=1, max_value=QUANTITY_MAX, widget=QuantityInput)
    unit_price = forms.DecimalField(
        label=_("Price of one unit"),
        required=False,
        min_value=0,
        max_digits=18,
        decimal_places=PLACES,
        widget=MoneyInput({"min": "0"}),
        help_text=_("Left empty, the recommended price, or what your price list says."),
    )
    cycle = cycle_field(_("As now, where the package is offered by that"))
    when = when_field(_("What costs as much or more: now. Cheaper: at the end of the term"))

    def __init__(self, *args: Any, packages: QuerySet[Package], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["package"].queryset = packages  # type: ignore[attr-defined]

    @property
    def step(self) -> Step:
        values = self.cleaned_data
        when, cycle = values["when"] or None, values["cycle"]
        return ChangePackage(values["package"].pk, values["quantity"], values["unit_price"], "", when, cycle)


class ConfirmedStepForm(StepForm, ConfirmForm):
    """What ends for good is confirmed by a word; a preview needs none."""

    def full_clean(self) -> None:
        self.fields["confirm"].required = not self.wants_preview
        super().full_clean()
        self.fields["confirm"].required = True

    def clean_confirm(self) -> str:
        return self.word if self.wants_preview else super().clean_confirm()


class CancelForm(ConfirmedStepForm):
    when = forms.ChoiceField(
        label=_("When"),
        choices=[(PERIOD_END, _("At the end of the term")), (NOW, _("Now"))],
        initial=PERIOD_END,
        required=False,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
    field_order = ("when", "reason", "confirm")

    @property
    def step(self) -> Step:
        return Cancel(self.cleaned_data["when"] or NOW, self.cleaned_data["reason"])


class RenewalForm(StepForm):
    renews = forms.BooleanField(
        label=_("Renews by itself"), required=False, help_text=_("Off: it ends with the term that runs.")
    )

    @property
    def step(self) -> Step:
        return SetRenewal(self.cleaned_data["renews"])


class RenewForm(StepForm):
    @property
    def step(self) -> Step:
        return Renew()


class SuspendForm(StepForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    @property
    def step(self) -> Step:
        return Suspend(self.cleaned_data["reason"])


class ResumeForm(StepForm):
    @property
    def step(self) -> Step:
        return Resume()


class KeepForm(StepForm):
    @property
    def step(self) -> Step:
        return Keep()


class OtherField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Another subscription, with the day on which it ends."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} · {obj.pk} ({formats.day(obj.renews_on)})"


class CoTermForm(StepForm):
    subscription = OtherField(
        label=_("Ends together with"), queryset=Subscription.objects.none(), widget=SearchSelect, empty_label=None
    )

    def __init__(self, *args: Any, others: QuerySet[Subscription], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["subscription"].queryset = others  # type: ignore[attr-defined]

    @property
    def step(self) -> Step:
        return CoTerm(self.cleaned_data["subscription"].pk)


class CustomerField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class MoveForm(StepForm):
    customer = CustomerField(label=_("New holder"), queryset=Tenant.objects.none(), widget=TenantSearch)

    def __init__(self, *args: Any, customers: QuerySet[Tenant], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["customer"].queryset = customers  # type: ignore[attr-defined]

    @property
    def step(self) -> Step:
        return Move(self.cleaned_data["customer"].pk)
