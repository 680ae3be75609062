"""What browsers send of people."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import SearchSelect
from tenants.choices import TenantsSearch
from tenants.models import Membership, Tenant

UNAMBIGUOUS = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"


def generated_password() -> str:
    return get_random_string(16, UNAMBIGUOUS)


class MemberField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of people by name, with where they work; its queryset is whom the actor sees."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.user.get_full_name()} · {obj.tenant.profile.name}"


class CustomersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """A choice of customers by the name that may be read; its queryset is a directory."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


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

    customers = CustomersField(
        label=_("Customers"),
        queryset=Tenant.objects.none(),
        required=False,
        widget=TenantsSearch,
        help_text=_("Whom an account manager looks after. More can be assigned in the list of customers."),
    )

    def __init__(
        self, *args: Any, roles: list[tuple[str, str]], customers: QuerySet[Tenant] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]
        if customers is None:
            del self.fields["customers"]
        else:
            self.fields["customers"].queryset = customers  # type: ignore[attr-defined]

    @property
    def customer_ids(self) -> list[int]:
        return [row.pk for row in self.cleaned_data.get("customers") or ()]

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


class RoleForm(OperationForm):
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, roles: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class InviteForm(RoleForm):
    email = forms.EmailField(label=_("E-mail"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)

    field_order = ("email", "role", "language")


class VisitForm(OperationForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        help_text=_("It stands in the event log, where the organisation can read it, too."),
    )


class ManagerForm(OperationForm):
    """Which account manager; the customers are those of the list or of another manager."""

    to = MemberField(label=_("Account manager"), queryset=Membership.objects.none(), widget=SearchSelect)

    def __init__(self, *args: Any, managers: QuerySet[Membership], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = managers  # type: ignore[attr-defined]
