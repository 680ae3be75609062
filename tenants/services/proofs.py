"""Proof that a brand's domain and sender's address are its owner's to use. Until then neither is used for anything.

A domain is proven by a record in its DNS, an address by a code that is sent there. An operator can vouch for both with
`manage.py verify_brand`; a provider cannot, because others share the installation with it.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel import saving
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Refusal, found
from tenants import lookups
from tenants.actor import Actor
from tenants.models import Branding, Mail, Tenant
from tenants.services.branding import TAKEN, own_house
from tenants.services.flood import refuse_flood
from tenants.services.inviting import digest_of
from tenants.services.mail_secrets import LETTERS, code_of
from tenants.services.mails import write_mail

KIND = "sender_check"
VALID = timedelta(days=1)
PAUSE = timedelta(seconds=10)
"""Between two looks into the DNS: each keeps a worker waiting as long as the asked servers like."""

DOMAIN, SENDER = "domain", "sender"


class NothingToProve(Refusal):
    code, message = "nothing-to-prove", _("There is none to verify: save it with the branding first.")


class CheckedJustNow(Refusal):
    code, status = "checked-just-now", 429
    message = _("This was looked up a moment ago. Try again in {retry_after} seconds.")


class DomainNotProven(Refusal):
    code = "domain-not-proven"
    message = _("No TXT record {name} with this value was found yet. A new one can take a while to be seen everywhere.")


class WrongCode(Refusal):
    code, status = "wrong-code", 422
    message = _("This is not the code of the newest mail, or it is older than a day.")


def record_name(brand: Branding) -> str:
    """Where the token of a brand is looked for."""
    return f"{settings.DOMAIN_CHALLENGE}.{brand.domain}"


def verify_domain(*, actor: Actor, now: datetime) -> Branding:
    """Look for the token in the DNS of the claimed domain; proven already, nothing is looked for.

    No lock is held meanwhile: whose domain changed in between has proven nothing. Refused: `NothingToProve`,
    `CheckedJustNow`, `DomainNotProven`, and a domain that somebody else has proven.
    """
    brand = _begin_check(actor=actor, now=now)
    if brand.is_domain_open and brand.domain_token not in lookups.texts_at(record_name(brand)):
        raise DomainNotProven(name=record_name(brand))
    return _note_domain(actor=actor, token=brand.domain_token, now=now)


@operation
def _begin_check(*, actor: Actor, now: datetime) -> Branding:
    brand = _own(actor)
    if not brand.domain:
        raise NothingToProve()
    if brand.is_domain_open:
        if (last := brand.domain_checked_at) and last <= now < last + PAUSE:
            raise CheckedJustNow(retry_after=max(1, round((last + PAUSE - now).total_seconds())))
        brand.domain_checked_at = now
        brand.save(update_fields=["domain_checked_at"])
    return brand


@operation
def _note_domain(*, actor: Actor, token: str, now: datetime) -> Branding:
    brand = _own(actor)
    if brand.is_domain_open:
        if brand.domain_token != token:
            raise DomainNotProven(name=record_name(brand))
        _prove(actor, brand, [DOMAIN], now)
    return brand


@operation
def ask_sender(*, actor: Actor, now: datetime) -> Branding:
    """Send a code to the claimed address; it ends the one before. Proven already, nothing is sent.

    Refused: `NothingToProve`, and `TooManyMails` like an invitation.
    """
    tenant, brand = own_house(actor), _own(actor)
    if not brand.sender_email:
        raise NothingToProve()
    if brand.is_sender_open:
        refuse_flood(tenant, brand.sender_email, now)
        brand.sender_code = ""
        brand.save(update_fields=["sender_code"])
        language = tenant.profile.language
        write_mail(kind=KIND, to=brand.sender_email, sender=tenant, language=language, now=now)
        actor.record("branding.sender_asked", brand, at=now, sender_email=brand.sender_email)
    return brand


@operation
def code_for(*, mail: Mail, now: datetime) -> str:
    """The code of the mail that is just being sent to a claimed address; every older mail's is dead."""
    brand = found(Branding.objects.locked(), pk=mail.tenant_id, sender_email=mail.to)
    code = code_of(mail)
    brand.sender_code, brand.sender_code_sent_at = digest_of(plain(code)), now
    brand.save(update_fields=["sender_code", "sender_code_sent_at"])
    return code


@operation
def confirm_sender(*, actor: Actor, code: str, now: datetime) -> Branding:
    """The code came to the claimed address: from now on mails are sent from there. Refused: `NothingToProve`,
    `WrongCode`."""
    brand = _own(actor)
    if not brand.sender_email:
        raise NothingToProve()
    if brand.is_sender_open:
        sent_at = brand.sender_code_sent_at
        is_fresh = brand.sender_code and sent_at is not None and now < sent_at + VALID
        if not is_fresh or not constant_time_compare(brand.sender_code, digest_of(plain(code))):
            raise WrongCode(field="code")
        _prove(actor, brand, [SENDER], now)
    return brand


@operation
def vouch(*, tenant_id: int, what: Collection[str] = (DOMAIN, SENDER), request_id: str, now: datetime) -> Branding:
    """What is claimed counts as proven, on an operator's word. Refused: a domain that somebody else has proven."""
    tenant = found(Tenant.objects.all().locked(), pk=tenant_id)
    brand = found(Branding.objects.defer("logo"), pk=tenant.pk)
    wanted = {DOMAIN: brand.is_domain_open, SENDER: brand.is_sender_open}
    _prove(Actor.system(tenant.house_id, request_id), brand, [name for name in what if wanted[name]], now)
    return brand


def plain(code: str) -> str:
    """However it was typed."""
    return "".join(letter for letter in code.upper() if letter in LETTERS)


def _own(actor: Actor) -> Branding:
    """The brand of the actor's own house, which is locked."""
    brand = Branding.objects.visible_to(actor).defer("logo").filter(tenant=own_house(actor)).first()
    if brand is None:
        raise NothingToProve()
    return brand


def _prove(actor: Actor, brand: Branding, what: Collection[str], now: datetime) -> None:
    if DOMAIN in what:
        brand.verified_domain = brand.domain
        saving.save(brand, ["verified_domain"], taken=TAKEN)
        actor.record("branding.domain_verified", brand, at=now, domain=brand.domain)
    if SENDER in what:
        brand.verified_sender, brand.sender_code = brand.sender_email, ""
        saving.save(brand, ["verified_sender", "sender_code"], taken=TAKEN)
        actor.record("branding.sender_verified", brand, at=now, sender_email=brand.sender_email)
