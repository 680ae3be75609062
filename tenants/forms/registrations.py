"""What somebody says who asks to become a reseller, and what staff answer."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import SearchSelect
from tenants.forms.acceptance import sentence, ticked, type_label
from tenants.forms.choices import countries
from tenants.models import ResellerTypeSetting
from tenants.services.details import Details
from tenants.services.registrations import Applicant

PERSON = ("contact_name", "email", "phone")
COMPANY = ("organisation", "vat_id", "street", "postal_code", "city", "country")
WISH = ("reseller_type", "message", "accept")


class RegistrationForm(OperationForm):
    """Person, company, type and terms. `website` is seen by programs alone: whoever fills it in is one."""

    contact_name = forms.CharField(
        label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(label=_("E-mail"), widget=forms.EmailInput({"autocomplete": "email"}))
    phone = forms.CharField(
        label=_("Phone"), max_length=50, required=False, widget=forms.TextInput({"autocomplete": "tel"})
    )
    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, widget=forms.TextInput({"autocomplete": "organization"})
    )
    vat_id = forms.CharField(
        label=_("VAT ID"), max_length=40, required=False, help_text=_("With its country, such as DE136695976.")
    )
    street = forms.CharField(
        label=_("Street and number"), max_length=200, widget=forms.TextInput({"autocomplete": "address-line1"})
    )
    postal_code = forms.CharField(
        label=_("Postal code"), max_length=20, required=False, widget=forms.TextInput({"autocomplete": "postal-code"})
    )
    city = forms.CharField(label=_("City"), max_length=100, widget=forms.TextInput({"autocomplete": "address-level2"}))
    country = forms.ChoiceField(label=_("Country"), choices=countries, widget=SearchSelect)
    reseller_type = forms.ChoiceField(label=_("Type"), widget=forms.RadioSelect)
    message = forms.CharField(
        label=_("Message"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    accept = forms.MultipleChoiceField(
        label=_("Terms"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("The terms have changed: please accept them as they stand here now.")},
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args: Any, types: Sequence[ResellerTypeSetting], **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["reseller_type"].choices = [(row.type, type_label(row)) for row in types]
        if len(types) == 1:
            fields["reseller_type"].initial = types[0].type
        with_terms = [row for row in types if row.terms]
        fields["accept"].choices = [(ticked(row), sentence(row)) for row in with_terms]
        if not with_terms:
            del self.fields["accept"]

    @property
    def is_program(self) -> bool:
        return bool(self.data.get(self.add_prefix("website")))

    def applicant(self, values: Mapping[str, Any], house: Mapping[str, str], language: str) -> Applicant:
        accepted = dict(each.split(":") for each in values.get("accept", []))
        version = accepted.get(values["reseller_type"])
        company = {name: values[name] for name in ("contact_name", "phone", *COMPANY) if name != "organisation"}
        said = {"name": values["organisation"], "owner_email": values["email"], "language": language}
        return Applicant(
            details=Details(**{**house, **company, **said}),
            reseller_type=values["reseller_type"],
            message=values["message"],
            terms_version=int(version) if version else None,
        )


class ApproveForm(OperationForm):
    """With the type that was asked for, or another that can be chosen."""

    reseller_type = forms.ChoiceField(label=_("Type"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, types: Sequence[ResellerTypeSetting], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reseller_type"].choices = [(row.type, type_label(row)) for row in types]  # type: ignore[attr-defined]


class RejectForm(OperationForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It goes to who asked."),
    )
