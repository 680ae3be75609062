"""What browsers send of people."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import SearchSelect

UNAMBIGUOUS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def generated_password() -> str:
    return get_random_string(16, UNAMBIGUOUS)


class UserForm(OperationForm):
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"))
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Left empty, one is made and shown once."),
    )

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password


class ProfileForm(OperationForm):
    name = forms.CharField(label=_("Name"), max_length=200, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), widget=SearchSelect)

    def __init__(self, *args: Any, zones: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["time_zone"].choices = zones  # type: ignore[attr-defined]
