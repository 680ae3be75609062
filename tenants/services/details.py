"""What is to be known of a company when its tenant is made, and whether that was asked for already."""

from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from resellerhub.kernel import money
from resellerhub.kernel.operation import refusing
from resellerhub.kernel.refusals import Busy, Invalid, RequestReused
from resellerhub.kernel.text import has_forbidden, has_lines, has_link, is_blank
from tenants.models import Profile, Tenant
from tenants.services import checks

LONGEST_TO_PAY = 365


@dataclass(frozen=True)
class Details:
    """What is said of a company. `check` it before `values` is stored, where everything stands as it is compared."""

    name: str
    owner_email: str = ""
    contact_name: str = ""
    phone: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    language: str = "en"
    time_zone: str = "Europe/Berlin"
    legal_name: str = ""
    vat_id: str = ""
    currency: str = "EUR"
    payment_days: int = 14
    iban: str = ""
    billing_same: bool = True
    billing_name: str = ""
    billing_email: str = ""
    billing_street: str = ""
    billing_postal_code: str = ""
    billing_city: str = ""
    billing_country: str = ""
    memo: str = ""

    def errors(self) -> dict[str, list[str]]:
        """Everything at once, each sentence beside its field: a tenant without a name could not be found again."""
        errors = _long(self) | _unknown(self) | _not_mail(self) | _incomplete(self)
        for name, value in asdict(self).items():
            if isinstance(value, str) and has_forbidden(value):
                errors[name] = _("This holds characters that nobody can see.")
        errors |= {name: checks.no_link() for name in ("name", "contact_name") if has_link(getattr(self, name))}
        if is_blank(self.name):
            errors["name"] = _("A name is needed.")
        return {name: [sentence] for name, sentence in errors.items()}

    def check(self) -> None:
        if errors := self.errors():
            raise Invalid(errors)

    def values(self) -> dict[str, Any]:
        """As it is stored: trimmed, numbers without spaces, no second address where there is but one."""
        values = {name: value.strip() if isinstance(value, str) else value for name, value in asdict(self).items()}
        values |= {name: values[name].lower() for name in MAILS}
        values |= {
            "vat_id": checks.compact_vat_id(self.vat_id, self.country),
            "iban": checks.compact_iban(self.iban),
            "memo": values["memo"].replace("\r\n", "\n"),
        }
        return values | dict.fromkeys(BILLING_ADDRESS, "") if self.billing_same else values


MAILS = ("owner_email", "billing_email")
BILLING_ADDRESS = ("billing_street", "billing_postal_code", "billing_city", "billing_country")


def _unknown(details: Details) -> dict[str, str]:
    """Codes that nobody knows, numbers whose digits cannot be right."""
    values = details.values()
    vat_id, iban = values["vat_id"], values["iban"]
    known = {
        "country": details.country in checks.countries() | {""},
        "billing_country": details.billing_country in checks.countries() | {""},
        "currency": details.currency in money.currencies(),
        "language": details.language in dict(settings.LANGUAGES),
        "time_zone": details.time_zone in checks.time_zones(),
        "vat_id": not vat_id or checks.is_vat_id(vat_id),
        "iban": not iban or checks.is_iban(iban),
    }
    said = {
        "vat_id": _("This is no valid VAT ID. It begins with its country, such as DE136695976."),
        "iban": _("This is no valid IBAN."),
    }
    return {name: said.get(name, _("This is not known.")) for name, ok in known.items() if not ok}


def _not_mail(details: Details) -> dict[str, str]:
    errors = {}
    for name in MAILS:
        if value := getattr(details, name).strip():
            try:
                validate_email(value)
            except ValidationError as error:
                errors[name] = str(error.messages[0])
    return errors


def _incomplete(details: Details) -> dict[str, str]:
    """Days that are none, and an address of its own for invoices of which parts are missing."""
    errors = {}
    if not 0 <= details.payment_days <= LONGEST_TO_PAY:
        errors["payment_days"] = _("Between 0 and %(most)s days.") % {"most": LONGEST_TO_PAY}
    if not details.billing_same:
        for name in ("billing_street", "billing_city", "billing_country"):
            if is_blank(getattr(details, name)):
                errors[name] = _("An address of its own for invoices needs this.")
    return errors


def _long(details: Details) -> dict[str, str]:
    errors = {}
    for name, value in details.values().items():
        most = getattr(Profile._meta.get_field(name), "max_length", None) if isinstance(value, str) else None
        if most and len(value) > most:
            errors[name] = _("At most %(most)s characters.") % {"most": most}
        elif isinstance(value, str) and name != "memo" and has_lines(value):
            errors[name] = _("This has to be one line.")
    return errors


def describe(tenant: Tenant, details: Details, request_id: UUID | None) -> None:
    """The profile of a new tenant. Where the same request is just making one elsewhere, the caller is to come back."""
    profile = Profile(tenant=tenant, provider_id=tenant.house_id, request_id=request_id, **details.values())
    if request_id is None:
        profile.save(force_insert=True)
        return
    with refusing({"tenants_profile_request": Busy()}):
        profile.save(force_insert=True)


def know_owner(tenant: Tenant, email: str) -> None:
    """Where nobody said who its owner is, it is whoever administers the tenant first; part of an operation."""
    Profile.objects.filter(pk=tenant.pk, owner_email="").update(owner_email=email.strip().lower())


def made_before(seller: Tenant, kind: str, details: Details, request_id: UUID | None) -> Tenant | None:
    """What this request made when it was sent before; with other values it is refused."""
    if request_id is None:
        return None
    made = Profile.objects.filter(provider_id=seller.house_id, request_id=request_id).select_related("tenant").first()
    if made is None:
        return None
    said = {name: value for name, value in details.values().items() if value or name != "owner_email"}
    same = {name: getattr(made, name) for name in said} == said
    if not same or made.tenant.kind != kind or made.tenant.seller_id != seller.pk:
        raise RequestReused()
    tenant: Tenant = made.tenant
    return tenant
