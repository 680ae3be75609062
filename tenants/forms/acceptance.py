"""What somebody says who accepts an invitation."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import SearchSelect
from tenants.forms.choices import countries
from tenants.models import ResellerType, ResellerTypeSetting
from tenants.services.acceptance import SignUp

PERSON, COMPANY = ("name", "password"), ("organisation", "country", "reseller_type", "accept")


def type_label(row: ResellerTypeSetting) -> str:
    """What the provider calls a type, else the usual word."""
    return row.label or str(ResellerType(row.type).label)


class AcceptanceForm(OperationForm):
    """`types` are those that can be chosen, none for whoever becomes a member; `has_login` asks for no password.

    Ticked is a type with the version of its terms: what was read is what is accepted.
    """

    name = forms.CharField(label=_("Your name"), max_length=200, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("At least eight characters, and nothing that many people use."),
    )
    organisation = forms.CharField(
        label=_("Organisation"), max_length=200, widget=forms.TextInput({"autocomplete": "organization"})
    )
    country = forms.ChoiceField(label=_("Country"), choices=countries, widget=SearchSelect)
    reseller_type = forms.ChoiceField(label=_("Type"), widget=forms.RadioSelect)
    accept = forms.MultipleChoiceField(
        label=_("Terms"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("The terms have changed: please accept them as they stand here now.")},
    )

    def __init__(
        self, *args: Any, types: Sequence[ResellerTypeSetting], is_reseller: bool, has_login: bool, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name in (*(PERSON if has_login else ()), *(() if is_reseller else COMPANY)):
            del self.fields[name]
        if not is_reseller:
            return
        fields: Any = self.fields
        fields["reseller_type"].choices = [(row.type, type_label(row)) for row in types]
        if len(types) == 1:
            fields["reseller_type"].initial = types[0].type
        with_terms = [row for row in types if row.terms]
        fields["accept"].choices = [(ticked(row), sentence(row)) for row in with_terms]
        if not with_terms:
            del self.fields["accept"]

    def sign_up(self, values: dict[str, Any], language: str) -> SignUp:
        accepted = dict(each.split(":") for each in values.pop("accept", []))
        version = accepted.get(values.get("reseller_type", ""))
        return SignUp(**values, terms_version=int(version) if version else None, language=language)


def ticked(row: ResellerTypeSetting) -> str:
    return f"{row.type}:{row.version}"


def sentence(row: ResellerTypeSetting) -> str:
    words = _("I accept the terms for %(type)s (version %(version)s)")
    return str(words) % {"type": type_label(row), "version": row.version}
