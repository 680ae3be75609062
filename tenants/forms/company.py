"""The inputs of a company: for every form in which one is described."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import Fieldset, OperationForm
from resellerhub.web.widgets import QuantityInput, SearchSelect
from tenants.forms.choices import countries, currencies, time_zones
from tenants.models import Department
from tenants.services.company import SELLERS_OWN, signature_errors
from tenants.services.details import LONGEST_TO_PAY, Details

PROFILE = ("name", "legal_name", "vat_id", "owner_email", "contact_name", "phone")
ADDRESS = ("street", "postal_code", "city", "country")
BILLING = ("billing_name", "billing_email", "payment_days", "iban")
BILLING_ADDRESS = ("billing_same", "billing_street", "billing_postal_code", "billing_city", "billing_country")
LOCALE = ("language", "time_zone", "currency")
DETAILS = (*PROFILE, *ADDRESS, *BILLING, *BILLING_ADDRESS, *LOCALE, "memo")
SIGNATURES = tuple(f"signature_{department}" for department in Department.values)


class CompanyFields(OperationForm):
    """What is said of a company. A form leaves out what its user may not say; the service keeps what is there."""

    name = forms.CharField(label=_("Organisation"), max_length=200)
    legal_name = forms.CharField(
        label=_("Legal name"), max_length=200, required=False, help_text=_("Where it differs, as on an invoice.")
    )
    vat_id = forms.CharField(
        label=_("VAT ID"), max_length=40, required=False, help_text=_("With its country, such as DE136695976.")
    )
    owner_email = forms.EmailField(label=_("Tenant owner (e-mail)"), required=False)
    contact_name = forms.CharField(label=_("Contact person"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=countries, required=False, widget=SearchSelect)
    billing_name = forms.CharField(label=_("Recipient of invoices"), max_length=200, required=False)
    billing_email = forms.EmailField(label=_("E-mail for invoices"), required=False)
    payment_days = forms.IntegerField(
        label=_("Payment terms"),
        min_value=0,
        max_value=LONGEST_TO_PAY,
        initial=14,
        widget=QuantityInput(unit=_("days")),
    )
    iban = forms.CharField(label="IBAN", max_length=50, required=False)
    billing_same = forms.BooleanField(label=_("Same as the main address"), required=False, initial=True)
    billing_street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    billing_postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    billing_city = forms.CharField(label=_("City"), max_length=100, required=False)
    billing_country = forms.ChoiceField(label=_("Country"), choices=countries, required=False, widget=SearchSelect)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, widget=SearchSelect)
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, widget=SearchSelect)
    memo = forms.CharField(
        label=_("Memo"),
        max_length=5000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Seen by the seller alone, never by the company itself."),
    )

    def leave_out(self, names: Sequence[str]) -> None:
        for name in names:
            self.fields.pop(name, None)

    stored = Details(name="")
    """What is there of fields that are left out."""

    @property
    def details(self) -> Details:
        """What is there, with what was typed."""
        return replace(self.stored, **{name: self.cleaned_data[name] for name in DETAILS if name in self.cleaned_data})

    def clean(self) -> dict[str, Any]:
        """What the service would refuse is said together with all else."""
        cleaned = super().clean() or {}
        self.blame(self.details.errors())
        return cleaned


class SignatureFields(OperationForm):
    """A signature for each department."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for department in Department:
            self.fields[f"signature_{department}"] = forms.CharField(
                label=department.label, max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
            )

    @property
    def signatures(self) -> dict[str, str]:
        said = {name: self.cleaned_data.get(f"signature_{name}") for name in Department.values}
        return {name: text for name, text in said.items() if text is not None}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.blame(signature_errors(self.signatures))
        return cleaned


class CompanyForm(CompanyFields):
    """A company that is there. `seen` is the version that its user began with."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=32)

    def __init__(self, *args: Any, stored: Details, **options: Any) -> None:
        super().__init__(*args, **options)
        self.stored = stored

    def saw(self, version: str) -> None:
        """Whoever was told of another's change has seen it, and may save over it."""
        self.data = {**self.data.dict(), self.add_prefix("seen"): version}  # type: ignore[attr-defined]


class SigningCompanyForm(SignatureFields, CompanyForm):
    """A company whose departments sign: a reseller, or the provider."""


def company_parts(form: CompanyFields, first: Fieldset | None = None) -> list[Fieldset]:
    """The company's fieldsets, without what the form leaves out; `first` replaces the one of the profile."""
    parts = [
        first or Fieldset(_("Company"), PROFILE, grid=True),
        Fieldset(_("Main address"), ADDRESS, grid=True),
        Fieldset(_("Invoices"), BILLING, grid=True),
        Fieldset(_("Address for invoices"), BILLING_ADDRESS, grid=True),
        Fieldset(_("Language and currency"), LOCALE, grid=True),
        Fieldset(_("Memo"), ("memo",)),
    ]
    return [part for part in (_there(form, part) for part in parts) if part.names]


def signature_part() -> Fieldset:
    return Fieldset(_("Signatures"), SIGNATURES, text=_("How each department signs mails and documents."))


def own_company(form: CompanyFields) -> None:
    """Leave out what only a seller says of a company."""
    form.leave_out(SELLERS_OWN)


def _there(form: CompanyFields, part: Fieldset) -> Fieldset:
    names = tuple(name for name in part.names if name in form.fields)
    return Fieldset(part.title, names, part.text, part.grid, part.fill)
