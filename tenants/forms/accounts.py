"""What browsers send of a customer's account; the services decide."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from resellerhub.web import formats
from resellerhub.web.forms import Fieldset, OperationForm
from resellerhub.web.widgets import MoneyInput, QuantityInput
from tenants.choices import TenantSearch
from tenants.forms.company import CompanyFields, CompanyForm, company_parts
from tenants.forms.people import MemberField, generated_password
from tenants.forms.tenants import TenantField
from tenants.models import Membership, SupportLevel, Tariff, Tenant
from tenants.services.accounts import Login, Service
from tenants.services.limits import MOST

LIMITS = tuple(Tariff.values)


def fee_of(level: SupportLevel) -> str:
    return formats.money(level.monthly_fee, level.currency)


def level_choices(levels: list[SupportLevel]) -> list[tuple[str, str]]:
    """Each with what it costs a month."""
    free, paid = _("%(name)s (free)"), _("%(name)s (%(fee)s a month)")
    return [
        (level.code, str(paid if level.monthly_fee else free) % {"name": level.name, "fee": fee_of(level)})
        for level in levels
    ]


class ServiceFields(OperationForm):
    """Who supports a customer, and how many of each tariff it may have."""

    support_level = forms.ChoiceField(label=_("Support level"), widget=forms.RadioSelect)
    light = forms.IntegerField(label=Tariff.LIGHT.label, min_value=0, max_value=MOST, widget=QuantityInput)
    standard = forms.IntegerField(label=Tariff.STANDARD.label, min_value=0, max_value=MOST, widget=QuantityInput)
    premium = forms.IntegerField(label=Tariff.PREMIUM.label, min_value=0, max_value=MOST, widget=QuantityInput)
    mailing_list = forms.IntegerField(
        label=Tariff.MAILING_LIST.label, min_value=0, max_value=MOST, widget=QuantityInput
    )

    def __init__(self, *args: Any, levels: list[SupportLevel], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["support_level"].choices = level_choices(levels)  # type: ignore[attr-defined]
        for tariff in LIMITS:
            self.initial.setdefault(tariff, 0)

    @property
    def service(self) -> Service:
        level = self.cleaned_data.get("support_level", "")
        return Service(level, {tariff: self.cleaned_data[tariff] for tariff in LIMITS if tariff in self.cleaned_data})


class AccountForm(ServiceFields, CompanyFields):
    """A new customer: with its login, and beneath whom it stands."""

    seller = TenantField(label=_("Sold to by"), queryset=Tenant.objects.none(), widget=TenantSearch, empty_label=None)
    account_name = forms.CharField(
        label=_("Account name"),
        max_length=64,
        help_text=_("The customer logs in with it. It cannot be changed later."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(label=_("E-mail of the login"))
    password = forms.CharField(
        label=_("Password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(render_value=True, attrs={"autocomplete": "new-password"}),
        help_text=_("Left empty, one is made and shown once."),
    )
    account_manager = MemberField(
        label=_("Account manager"), queryset=Membership.objects.none(), required=False, empty_label="–"
    )
    by_mail = forms.BooleanField(label=_("Send a link by e-mail to choose the password instead"), required=False)

    def __init__(
        self, *args: Any, sellers: QuerySet[Tenant], managers: QuerySet[Membership] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["seller"].queryset = sellers  # type: ignore[attr-defined]
        if managers is None or not managers.exists():
            del self.fields["account_manager"]
        else:
            self.fields["account_manager"].queryset = managers  # type: ignore[attr-defined]
        self.generated = ""

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("by_mail") and cleaned.get("password"):
            self.add_error("password", _("Either a password or a link by e-mail."))
        return cleaned

    @property
    def login(self) -> Login:
        """With the password given, one that is made now and kept in `generated` to be shown, or none."""
        given = self.cleaned_data["password"]
        self.generated = "" if given or self.cleaned_data["by_mail"] else generated_password()
        names = {name: self.cleaned_data[name] for name in ("account_name", "email")}
        return Login(**names, name=self.cleaned_data["contact_name"], password=given or self.generated or None)


class ChangeAccountForm(ServiceFields, CompanyForm):
    """A customer that is there: all but its account name."""


class MailboxForm(OperationForm):
    tariff = forms.ChoiceField(label=_("Tariff"))
    address = forms.EmailField(label=_("Address"), max_length=254)

    def __init__(self, *args: Any, tariffs: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tariff"].choices = tariffs  # type: ignore[attr-defined]


class SupportLevelForm(OperationForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    monthly_fee = forms.DecimalField(
        label=_("Monthly fee"), min_value=0, max_digits=18, decimal_places=6, widget=MoneyInput
    )
    currency = forms.CharField(label=_("Currency"), min_length=3, max_length=3)
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


def fieldsets(form: AccountForm | ChangeAccountForm) -> list[Fieldset]:
    """One page, in this order; the account stands first where it is new. What the form leaves out is not there."""
    account = Fieldset(_("Account"), ("account_name", "email", "password", "by_mail"), grid=True)
    beneath = ("seller", *(name for name in ("account_manager",) if name in form.fields))
    new = [Fieldset("", beneath), account] if isinstance(form, AccountForm) else []
    level = [Fieldset(_("Support"), ("support_level",))] if "support_level" in form.fields else []
    limits = Fieldset(_("Tariff limits"), LIMITS, text=_("How many the customer may have of each."), grid=True)
    return [*new, *level, *([limits] if LIMITS[0] in form.fields else []), *company_parts(form)]
