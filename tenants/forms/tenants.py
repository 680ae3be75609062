"""What browsers send of new resellers and customers; the services decide."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from tenants.choices import TenantSearch
from tenants.forms.company import CompanyFields, SignatureFields
from tenants.forms.people import generated_password
from tenants.models import ResellerTypeSetting, Tenant
from tenants.naming import name_of_seller
from tenants.services.people import EmailUnavailable, Person, is_taken

ADMINISTRATOR = ("administrator_name", "administrator_email", "administrator_password")
SHOWN_TERMS = 400
INVITATION, PASSWORD = "invitation", "password"


class TenantField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of tenants by name; its queryset is what the actor may choose."""

    def label_from_instance(self, obj: Any) -> str:
        return name_of_seller(obj)


class TenantForm(CompanyFields):
    """Every new tenant: the company, beneath whom it stands, and its first administrator."""

    seller = TenantField(label=_("Seller"), queryset=Tenant.objects.none(), widget=TenantSearch, empty_label=None)
    administrator_name = forms.CharField(label=_("Name"), max_length=200, required=False)
    administrator_email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Left empty, nobody can log in until you invite an administrator on the page of the reseller."),
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
        email = cleaned.get("administrator_email", "")
        # with nothing else wrong the service says so, which knows a form that was sent before
        if self.errors and self.makes_login and is_taken(email):
            self.blame({"administrator_email": [EmailUnavailable().detail]})
        return cleaned

    @property
    def makes_login(self) -> bool:
        """Whether the administrator gets a login at once."""
        return True

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


def large_account() -> forms.BooleanField:
    note = _("Gives pools to other resellers; cannot be invited.")
    return forms.BooleanField(label=_("Large account reseller"), required=False, help_text=note)


class ResellerForm(SignatureFields, TenantForm):
    """A new reseller: the types are those that its provider offers, in the provider's own words."""

    admission = forms.ChoiceField(
        label=_("How the administrator gets in"),
        choices=[(INVITATION, _("Send an invitation")), (PASSWORD, _("Set a password now"))],
        initial=INVITATION,
        widget=forms.RadioSelect,
    )
    type = forms.ChoiceField(label=_("Type"), widget=forms.RadioSelect)
    may_oversell = forms.BooleanField(
        label=_("May oversell"), required=False, help_text=_("Sales may exceed what is allocated, and are reported.")
    )
    is_large = large_account()

    def __init__(
        self, *args: Any, types: Sequence[ResellerTypeSetting], by_provider: bool, admits: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        if not admits:
            for name in (*ADMINISTRATOR, "admission"):
                del self.fields[name]
        self.fields["type"].choices = [(row.type, type_label(row)) for row in types]  # type: ignore[attr-defined]
        if len(types) == 1:
            self.fields["type"].initial = types[0].type
        if not by_provider:
            del self.fields["is_large"]

    @property
    def invited(self) -> str:
        """Who gets an invitation instead of a password."""
        return "" if self.makes_login else self.cleaned_data.get("administrator_email", "")

    @property
    def administrator(self) -> Person | None:
        return super().administrator if self.makes_login else None

    @property
    def makes_login(self) -> bool:
        return bool(self.cleaned_data.get("admission") == PASSWORD)


class TermsForm(OperationForm):
    may_oversell = forms.BooleanField(
        label=_("May oversell"), required=False, help_text=_("Sales may exceed what is allocated, and are reported.")
    )
    is_large = large_account()

    def __init__(self, *args: Any, by_provider: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if not by_provider:
            del self.fields["is_large"]


def type_label(row: ResellerTypeSetting) -> SafeString:
    """A type in the provider's word, with the beginning of its terms."""
    terms = Truncator(row.terms).chars(SHOWN_TERMS)
    note = format_html('<span class="form-hint choice-note">{}</span>', terms) if terms else ""
    return format_html("{}{}", str(row), note)


class SuspendForm(OperationForm):
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)
