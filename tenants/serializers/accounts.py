"""Accounts, limits, mailboxes and support levels of customers over REST."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from rest_framework import serializers

from resellerhub.rest.serializers import Id, In, MoneyField, Out, written
from tenants.models import Tariff
from tenants.services.accounts import Login, Service
from tenants.services.limits import MOST
from tenants.support_prices import is_below_cost


class LimitsIn(In):
    """How many of each; a tariff that is left out keeps its limit."""

    light = serializers.IntegerField(min_value=0, max_value=MOST, required=False)
    standard = serializers.IntegerField(min_value=0, max_value=MOST, required=False)
    premium = serializers.IntegerField(min_value=0, max_value=MOST, required=False)
    mailing_list = serializers.IntegerField(min_value=0, max_value=MOST, required=False)


class TariffLimitOut(Out):
    maximum = serializers.IntegerField()
    used = serializers.IntegerField()


class LimitsOut(Out):
    light = TariffLimitOut()
    standard = TariffLimitOut()
    premium = TariffLimitOut()
    mailing_list = TariffLimitOut()


class AccountOpenIn(In):
    """The customer's own login, its support level and its limits."""

    account_name = serializers.CharField(
        max_length=64, help_text="The login: small letters, digits, `.`, `-` and `_`, from 3 to 64. It never changes."
    )
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)
    password = serializers.CharField(
        max_length=128,
        required=False,
        default=None,
        allow_null=True,
        trim_whitespace=False,
        validators=[validate_password],
        help_text="Without one, a mail brings a link to choose it.",
    )
    support_level = serializers.CharField(
        max_length=20, required=False, default="", allow_blank=True, help_text="Its code; left out, the first."
    )
    limits = LimitsIn(required=False, default=dict)


class AccountIn(AccountOpenIn):
    """The same of a new customer."""

    account_manager = Id(
        required=False, default=None, allow_null=True, help_text="Who is to look after it, of `/users`."
    )


class AccountChangeIn(In):
    support_level = serializers.CharField(max_length=20, help_text="The code of the level.")


class SupportPriceIn(In):
    monthly_fee = MoneyField()
    effective_on = serializers.DateField(required=False, help_text="Today or later; left out, today.")


class SupportLevelIn(In):
    name = serializers.CharField(max_length=60, required=False)
    monthly_fee = MoneyField(required=False)
    effective_on = serializers.DateField(
        required=False, help_text="From which day the fee counts: today or later; left out, today."
    )
    is_active = serializers.BooleanField(required=False, help_text="Whether it can be chosen.")


class SupportLevelOut(Out):
    id = Id()
    code = serializers.CharField()
    name = serializers.CharField()
    monthly_fee = MoneyField(
        amount="monthly_fee", allow_null=True, help_text="What those who buy from you pay today; to a customer, itself."
    )
    cost = serializers.SerializerMethodField(help_text="What you pay yourself today for each customer that has it.")
    is_below_cost = serializers.SerializerMethodField(help_text="You ask less today than you pay yourself.")
    provider_supports = serializers.BooleanField()
    is_active = serializers.BooleanField()

    def get_is_below_cost(self, row: Any) -> bool:
        return is_below_cost(row)

    def get_cost(self, row: Any) -> dict[str, str] | None:
        cost = getattr(row, "cost", None)
        return None if cost is None else written(cost, row.cost_currency)


class StretchOut(Out):
    level = serializers.CharField(help_text="The code of the level.")
    level_name = serializers.CharField(source="name")
    payer = Id(source="payer_id")
    issuer = Id(source="issuer_id")
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True, help_text="The first day on which it counts no more.")
    price = MoneyField(amount="amount", help_text="Of one cycle.")
    cycle = serializers.CharField()


class SupportTimelineOut(Out):
    customer = Id()
    stretches = StretchOut(many=True, help_text="By day; what the customer pays, and what you pay or are paid for it.")


class MailboxIn(In):
    tariff = serializers.ChoiceField(choices=Tariff.choices)
    address = serializers.EmailField(max_length=254)


class MailboxOut(Out):
    id = Id()
    customer = Id(source="tenant_id")
    tariff = serializers.ChoiceField(choices=Tariff.choices)
    address = serializers.CharField()
    created_at = serializers.DateTimeField()
    removed_at = serializers.DateTimeField(allow_null=True)


def login_of(values: dict[str, Any]) -> Login:
    return Login(**{name: values[name] for name in ("account_name", "email", "name", "password")})


def service_of(values: dict[str, Any]) -> Service:
    return Service(values["support_level"], values["limits"])
