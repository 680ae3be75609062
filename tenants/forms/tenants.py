"""What browsers send of resellers and customers; the services decide."""

from typing import Any

from babel import Locale
from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import SearchSelect
from tenants.choices import TenantSearch
from tenants.forms.people import generated_password
from tenants.models import ResellerType, Tenant
from tenants.naming import name_of_seller
from tenants.services.details import Details
from tenants.services.people import Person

DETAILS = (
    "name",
    "owner_email",
    "contact_name",
    "phone",
    "street",
    "postal_code",
    "city",
    "country",
    "language",
)
ADMINISTRATOR = ("administrator_name", "administrator_email", "administrator_password")


def countries() -> list[tuple[str, str]]:
    """Every country by its name in the reader's language."""
    names = Locale.parse(get_language() or "en", sep="-").territories
    pairs = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code < "XA"]
    return [("", ""), *sorted(pairs, key=lambda pair: pair[1])]


class TenantField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of tenants by name; its queryset is what the actor may choose."""

    def label_from_instance(self, obj: Any) -> str:
        return name_of_seller(obj)


class TenantForm(OperationForm):
    """Part one of every new tenant: the company, beneath whom it stands, and its first administrator."""

    seller = TenantField(label=_("Sold to by"), queryset=Tenant.objects.none(), widget=TenantSearch, empty_label=None)
    name = forms.CharField(label=_("Organisation"), max_length=200)
    owner_email = forms.EmailField(label=_("Tenant owner (e-mail)"), required=False)
    contact_name = forms.CharField(label=_("Contact person"), max_length=200, required=False)
    phone = forms.CharField(label=_("Phone"), max_length=50, required=False)
    street = forms.CharField(label=_("Street and number"), max_length=200, required=False)
    postal_code = forms.CharField(label=_("Postal code"), max_length=20, required=False)
    city = forms.CharField(label=_("City"), max_length=100, required=False)
    country = forms.ChoiceField(label=_("Country"), choices=countries, required=False, widget=SearchSelect)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    administrator_name = forms.CharField(label=_("Name"), max_length=200, required=False)
    administrator_email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Without an address nobody can log in yet.")
    )
    administrator_password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
        help_text=_("Left empty, one is made and shown once."),
    )

    def __init__(self, *args: Any, sellers: QuerySet[Tenant], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["seller"].queryset = sellers  # type: ignore[attr-defined]
        self.generated = ""

    def clean_administrator_password(self) -> str:
        password: str = self.cleaned_data["administrator_password"]
        if password:
            validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        named = cleaned.get("administrator_name") or cleaned.get("administrator_password")
        if named and not cleaned.get("administrator_email") and "administrator_email" not in self.errors:
            self.add_error("administrator_email", _("An administrator needs an e-mail address."))
        return cleaned

    @property
    def details(self) -> Details:
        return Details(**{name: self.cleaned_data[name] for name in DETAILS})

    @property
    def administrator(self) -> Person | None:
        """With the password given, or with one that is made now and kept in `generated` to be shown."""
        email = self.cleaned_data["administrator_email"]
        if not email:
            return None
        self.generated = "" if self.cleaned_data["administrator_password"] else generated_password()
        return Person(
            email,
            name=self.cleaned_data["administrator_name"],
            password=self.cleaned_data["administrator_password"] or self.generated,
            language=self.cleaned_data["language"],
        )


class CustomerForm(TenantForm):
    pass


class ResellerForm(TenantForm):
    reseller_type = forms.ChoiceField(label=_("Type"), choices=ResellerType.choices, widget=forms.RadioSelect)
    may_oversell = forms.BooleanField(
        label=_("May oversell"), required=False, help_text=_("Sales may exceed what is allocated, and are reported.")
    )


class TermsForm(OperationForm):
    may_oversell = forms.BooleanField(
        label=_("May oversell"), required=False, help_text=_("Sales may exceed what is allocated, and are reported.")
    )


class SuspendForm(OperationForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
