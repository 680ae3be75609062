"""What browsers send of a customer's account; the services decide."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from resellerhub.web import formats
from resellerhub.web.forms import Fieldset, OperationForm
from resellerhub.web.widgets import DateInput, MoneyInput, QuantityInput, SearchSelect
from tenants.choices import TenantSearch
from tenants.forms.choices import currencies
from tenants.forms.company import CompanyFields, CompanyForm, company_parts
from tenants.forms.people import MemberField, generated_password
from tenants.forms.tenants import TenantField
from tenants.models import Membership, SupportLevel, Tariff, Tenant
from tenants.services.account_logins import Login, Service, login_of, problems_of
from tenants.services.limits import MOST, LimitBelowUse

LIMITS = tuple(Tariff.values)


def fee_of(level: Any) -> str:
    """Of a level with its price."""
    return formats.money(level.monthly_fee, level.currency)


def level_choices(priced_levels: list[Any]) -> list[tuple[str, str]]:
    """Each with what it costs a month."""
    free, paid = _("%(name)s (free)"), _("%(name)s (%(fee)s a month)")
    return [
        (level.code, str(paid if level.monthly_fee else free) % {"name": level.name, "fee": fee_of(level)})
        for level in priced_levels
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


class LoginFields(OperationForm):
    """How a customer logs in: by an account name or an address."""

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
    by_mail = forms.BooleanField(label=_("Send a link by e-mail to choose the password instead"), required=False)

    generated = ""
    """The password that was made, to be shown."""
    customer: Tenant | None = None
    """Whose administrators keep their own login."""

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("by_mail") and cleaned.get("password"):
            self.add_error("password", _("Either a password or a link by e-mail."))
        if self.errors:  # else the service says so, which knows a form that is sent again
            login = Login(cleaned.get("account_name", ""), cleaned.get("email", ""))
            self.blame(problems_of(login, self.customer))
        return cleaned

    @property
    def login(self) -> Login:
        """With the password given, one that is made now and kept in `generated` to be shown, or none."""
        names = {name: self.cleaned_data[name] for name in ("account_name", "email")}
        if self.customer and login_of(self.customer, names["email"]):
            return Login(**names)
        given = self.cleaned_data["password"]
        self.generated = "" if given or self.cleaned_data["by_mail"] else generated_password()
        name = self.cleaned_data.get("contact_name", "")
        return Login(**names, name=name, password=given or self.generated or None)


class AccountForm(ServiceFields, LoginFields, CompanyFields):
    """A new customer: with its login, and beneath whom it stands."""

    seller = TenantField(label=_("Seller"), queryset=Tenant.objects.none(), widget=TenantSearch, empty_label=None)
    account_manager = MemberField(
        label=_("Account manager"), queryset=Membership.objects.none(), required=False, empty_label="–"
    )

    def __init__(
        self, *args: Any, sellers: QuerySet[Tenant], managers: QuerySet[Membership] | None = None, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.fields["seller"].queryset = sellers  # type: ignore[attr-defined]
        if managers is None or not managers.exists():
            del self.fields["account_manager"]
        else:
            self.fields["account_manager"].queryset = managers  # type: ignore[attr-defined]


class OpenAccountForm(ServiceFields, LoginFields):
    """The account of a customer that came without one."""

    def __init__(self, *args: Any, customer: Tenant, **options: Any) -> None:
        super().__init__(*args, **options)
        self.customer = customer


class ChangeAccountForm(ServiceFields, CompanyForm):
    """A customer that is there: all but its account name. `used` says how many of each tariff are in use."""

    def __init__(self, *args: Any, used: Mapping[str, int], **options: Any) -> None:
        super().__init__(*args, **options)
        self.used = used

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        low = {name: (cleaned[name], used) for name, used in self.used.items() if cleaned.get(name, used) < used}
        self.blame(LimitBelowUse(low).errors)
        return cleaned


class MailboxForm(OperationForm):
    tariff = forms.ChoiceField(label=_("Tariff"))
    address = forms.EmailField(label=_("Address"), max_length=254)

    def __init__(self, *args: Any, tariffs: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["tariff"].choices = tariffs  # type: ignore[attr-defined]


class SupportPriceForm(OperationForm):
    """What a level costs those who buy from the reader's tenant, and from when."""

    monthly_fee = forms.DecimalField(
        label=_("Monthly fee"), min_value=0, max_digits=18, decimal_places=6, widget=MoneyInput
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, widget=SearchSelect)
    effective_on = forms.DateField(
        label=_("Effective from"), required=False, widget=DateInput, help_text=_("Left empty, today.")
    )


class SupportLevelForm(SupportPriceForm):
    name = forms.CharField(label=_("Name"), max_length=60)
    is_active = forms.BooleanField(label=_("Can be chosen"), required=False)

    field_order = ("name", "monthly_fee", "currency", "effective_on", "is_active")


def fieldsets(form: AccountForm | ChangeAccountForm | OpenAccountForm) -> list[Fieldset]:
    """One page, in this order; the account stands first where it is new. What the form leaves out is not there."""
    beneath = ("seller", *(name for name in ("account_manager",) if name in form.fields))
    first = [Fieldset("", beneath)] if isinstance(form, AccountForm) else []
    if isinstance(form, LoginFields):
        first.append(Fieldset(_("Account"), ("account_name", "email", "password", "by_mail"), grid=True))
    level = [Fieldset(_("Support"), ("support_level",))] if "support_level" in form.fields else []
    limits = Fieldset(_("Tariff limits"), LIMITS, text=_("How many the customer may have of each."), grid=True)
    company = company_parts(form) if isinstance(form, CompanyFields) else []
    return [*first, *level, *([limits] if LIMITS[0] in form.fields else []), *company]
