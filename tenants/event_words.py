"""Events in the words of the reader; each app registers the kinds and values of its own."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from resellerhub.web import formats

DAY = re.compile(r"\d{4}-\d\d-\d\d")

WORDS: dict[str, Any] = {
    "provider.created": _("Provider created"),
    "reseller.created": _("Reseller created"),
    "reseller.suspended": _("Reseller suspended"),
    "reseller.resumed": _("Reseller resumed"),
    "reseller.moved": _("Reseller moved"),
    "reseller.terms_changed": _("Reseller terms changed"),
    "tenants.switching_started": _("Many suspended or resumed"),
    "reseller.customers_hidden": _("Names of customers hidden"),
    "reseller.customers_shown": _("Names of customers shown"),
    "customer.created": _("Customer created"),
    "customer.suspended": _("Customer suspended"),
    "customer.resumed": _("Customer resumed"),
    "customer.moved": _("Customer moved"),
    "reseller.closed": _("Reseller deleted"),
    "reseller.converted": _("Reseller became a customer"),
    "customer.closed": _("Customer deleted"),
    "customer.converted": _("Customer became a reseller"),
    "customer.account_opened": _("Customer account opened"),
    "customer.account_changed": _("Customer account changed"),
    "customer.limits_changed": _("Tariff limits changed"),
    "mailbox.created": _("Mailbox created"),
    "mailbox.removed": _("Mailbox removed"),
    "support_level.changed": _("Support level changed"),
    "support_level.priced": _("Price of a support level changed"),
    "customer.handed": _("Customer given to an account manager"),
    "customer.taken_back": _("Customer taken from an account manager"),
    "invitation.sent": _("Invitation sent"),
    "invitation.resent": _("Invitation sent again"),
    "invitation.revoked": _("Invitation revoked"),
    "invitation.accepted": _("Invitation accepted"),
    "invitation_batch.started": _("Batch of invitations started"),
    "user.added": _("User added"),
    "user.profile_changed": _("Own profile changed"),
    "user.role_changed": _("Role changed"),
    "user.deactivated": _("Login deactivated"),
    "user.reactivated": _("Login reactivated"),
    "user.removed": _("User removed"),
    "user.operator_changed": _("Operator appointed or dismissed"),
    "user.password_asked": _("New password asked for"),
    "user.password_changed": _("Password changed"),
    "user.factor_added": _("Second factor set up"),
    "user.factor_removed": _("Second factor removed"),
    "visit.started": _("Login as somebody else began"),
    "visit.ended": _("Login as somebody else ended"),
    "api_key.created": _("API key created"),
    "api_key.revoked": _("API key revoked"),
    "branding.changed": _("Branding changed"),
    "branding.removed": _("Branding removed"),
    "branding.domain_verified": _("Domain verified"),
    "branding.sender_asked": _("Code sent to the sender's address"),
    "branding.sender_verified": _("Sender's address verified"),
    "mail.resent": _("Mail sent again"),
    "mail_template.changed": _("Mail template changed"),
    "mail_template.restored": _("Mail template restored"),
    "job.cancelled": _("Job cancelled"),
    "job.retried": _("Failed targets of a job tried again"),
}

FACTS: dict[str, Any] = {
    "status": _("Status"),
    "reason": _("Reason"),
    "seller": _("Seller"),
    "logins": _("Logins ended"),
    "api_keys": _("API keys revoked"),
    "invitations": _("Invitations revoked"),
    "subscriptions": _("Subscriptions"),
    "mailboxes": _("Mailboxes"),
    "assignments": _("Assignments of account managers ended"),
    "roles": _("Roles"),
    "tenant_kind": _("Kind"),
    "account": _("Account name"),
    "support_level": _("Support level"),
    "monthly_fee": _("Monthly fee"),
    "currency_of_fee": _("Currency of the fee"),
    "level": _("Support level"),
    "light": _("LIGHT mailboxes"),
    "standard": _("STANDARD mailboxes"),
    "premium": _("PREMIUM mailboxes"),
    "mailing_list": _("Mailing lists"),
    "limits": _("Tariff limits"),
    "tariff": _("Tariff"),
    "address": _("Address"),
    "type": _("Type"),
    "may_oversell": _("May oversell"),
    "customers_visible": _("Customers visible to those above"),
    "role": _("Role"),
    "email": _("E-mail"),
    "rows": _("Rows"),
    "mails_unregistered": _("Mail those who are not registered"),
    "job": _("Job"),
    "organisation": _("Organisation"),
    "user_id": _("User"),
    "active": _("Active"),
    "operator": _("Operator"),
    "appoints": _("Appoints operators"),
    "factor": _("Second factor"),
    "name": _("Name"),
    "scopes": _("Scopes"),
    "networks": _("Allowed addresses"),
    "language": _("Language"),
    "time_zone": _("Time zone"),
    "product_name": _("Name of the portal"),
    "colour": _("Colour"),
    "logo_digest": _("Logo"),
    "sender_name": _("Sender of mails"),
    "sender_email": _("Address of the sender"),
    "support_email": _("Support address"),
    "footer": _("Foot of pages and mails"),
    "domain": _("Domain"),
    "mail": _("Mail"),
    "written_in": _("Language"),
    "wording": _("Subject"),
    "text": _("Text"),
    "is_on": _("Is sent"),
    "targets": _("Targets"),
    "processed": _("Done so far"),
    "total": _("Of how many"),
}


THINGS: dict[str, Any] = {
    "tenant": _("Organisation"),
    "user": _("User"),
    "membership": _("Membership"),
    "apikey": _("API key"),
    "invitation": _("Invitation"),
    "invitationbatch": _("Batch of invitations"),
    "registration": _("Registration"),
    "mailbox": _("Mailbox"),
    "mail": _("Mail"),
    "mailtemplate": _("Mail template"),
    "branding": _("Branding"),
    "supportlevel": _("Support level"),
    "providersettings": _("Settings"),
    "resellertypesetting": _("Reseller type"),
    "visit": _("Login as somebody else"),
    "job": _("Job"),
}


def register(
    words: Mapping[str, Any], facts: Mapping[str, Any] | None = None, things: Mapping[str, Any] | None = None
) -> None:
    """Kinds of events, what their values are called, and what they are about, by the names of models. Call it in
    `AppConfig.ready`."""
    WORDS.update(words)
    FACTS.update(facts or {})
    THINGS.update(things or {})


def word(kind: str) -> str:
    """A kind that nobody registered reads as its slug."""
    return str(WORDS.get(kind) or kind.replace(".", ": ").replace("_", " ").capitalize())


def fact(name: str, kind: str = "") -> str:
    """What a value is called; under the noun of the event, where it means something else there."""
    word = FACTS.get(f"{kind.partition('.')[0]}.{name}") or FACTS.get(name)
    return str(word or name.replace("_", " ").capitalize())


def thing(event: Any) -> str:
    """What an event is about: the word for its kind, and its id."""
    if not event.subject_id:
        return ""
    return f"{THINGS.get(event.subject_type, event.subject_type)} {event.subject_id}"


def things() -> list[tuple[str, str]]:
    """Every kind of object that events are about with its word, by the word."""
    return sorted(((key, str(word)) for key, word in THINGS.items()), key=lambda pair: pair[1].lower())


def _day(text: str) -> date | None:
    try:
        return parse_date(text) if DAY.fullmatch(text) else None
    except ValueError:
        return None


def plain(value: Any) -> str:
    """A value of an event as text."""
    if isinstance(value, str) and (day := _day(value)):
        return formats.day(day)
    if isinstance(value, bool):
        return formats.yes_no(value)
    if isinstance(value, list):
        return ", ".join(map(plain, value)) or "–"
    if isinstance(value, int):
        return formats.number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{fact(name)}: {plain(each)}" for name, each in value.items()) or "–"
    return "–" if value in (None, "") else str(value)


def support() -> str:
    """Who visits somebody that is not to know the visitor's name, nor whom they work for."""
    return gettext("Support")


def doer(who: str, *, by_person: bool, as_whom: str = "") -> str:
    """Who did it, and as whom, in words that tell nobody the name of those above them."""
    if as_whom:
        return gettext("%(who)s as %(whom)s") % {"who": who or support(), "whom": as_whom}
    return who or (gettext("Your seller") if by_person else gettext("The system"))


def kinds() -> list[tuple[str, str]]:
    """Every kind of event with its word, by the word."""
    return sorted(((kind, word(kind)) for kind in WORDS), key=lambda pair: pair[1].lower())
