"""Whom nobody invited asks to become a reseller; the provider's staff approve or reject."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import Invalid, Refusal, found
from resellerhub.kernel.text import has_forbidden, is_blank
from tenants.actor import Actor
from tenants.models import Registration, ResellerTerms, ResellerTypeSetting, Tenant
from tenants.roles import Kind, Role
from tenants.services.details import Details
from tenants.services.inviting import Offer, address, invite
from tenants.services.mails import write_mail
from tenants.services.members import must_hold
from tenants.services.resellers import create_reseller
from tenants.services.settings import require_terms, require_type

State = Registration.State
FIELDS = {"name": "organisation", "owner_email": "email"}
"""What a registration calls fields of `Details`."""


class AlreadyDecided(Refusal):
    code, message = "already-decided", gettext_lazy("This registration was decided already.")


class AlreadyAsked(Refusal):
    """Never told: whoever asks learns nothing about an address."""

    code, message = "already-asked", gettext_lazy("There is an open registration for this address.")


@dataclass(frozen=True)
class Applicant:
    """Who asks. `details` has the company, with the address and the name of the person in it."""

    details: Details
    reseller_type: str
    message: str = ""
    terms_version: int | None = None
    """Of the terms that were shown and accepted; none where the type has no terms."""


@operation
def request_registration(
    *, provider_id: int, applicant: Applicant, request_id: UUID | None = None, request: str = "", now: datetime
) -> Registration | None:
    """Ask a provider that takes registrations; None when the address has asked already and nobody has answered yet.

    Whether the address is known here is not looked at. `request` is the id in the log. Refused: `TypeUnavailable`,
    `TermsNotAccepted`.
    """
    provider = found(Tenant.objects.filter(settings__takes_registrations=True), pk=provider_id, status="active")
    details = applicant.details
    _check(applicant)
    require_type(provider.pk, applicant.reseller_type, field="reseller_type")
    kind = ResellerTypeSetting.objects.get(provider=provider, type=applicant.reseller_type)
    require_terms(kind, applicant.terms_version)
    row = Registration(
        tenant=provider,
        provider=provider,
        email=address(details.owner_email),
        contact_name=details.contact_name.strip(),
        organisation=details.name.strip(),
        reseller_type=kind.type,
        details=details.values(),
        message=applicant.message.replace("\r\n", "\n").strip(),
        language=details.language,
        terms_version=kind.version,
        terms_accepted_at=now,
        created_at=now,
        request_id=request_id,
    )
    try:
        with refusing(
            dict.fromkeys(("tenants_registration_open", "tenants_registration_request_id_key"), AlreadyAsked())
        ):
            row.save(force_insert=True)
    except AlreadyAsked:
        return None
    _write(row, "registration_received", {}, now)
    system = Actor.system(provider.pk, request)
    system.record("registration.received", row, at=now, organisation=row.organisation, terms_version=row.terms_version)
    return row


@operation
def approve_registration(*, actor: Actor, registration_id: int, reseller_type: str = "", now: datetime) -> Registration:
    """Make the reseller, and invite who asked to administer it. Of two who approve at once one does.

    Another type than the one that was asked for can be given; its terms count as not accepted. Refused:
    `AlreadyDecided`, `TypeUnavailable`.
    """
    must_hold(actor, Kind.RESELLER, Role.ADMINISTRATOR)
    row = _open(actor, registration_id)
    kind = reseller_type or row.reseller_type
    reseller = create_reseller(
        actor=actor, seller_id=row.tenant_id, details=Details(**row.details), reseller_type=kind, now=now
    )
    if kind == row.reseller_type:
        accepted = {"terms_version": row.terms_version, "terms_accepted_at": row.terms_accepted_at}
        ResellerTerms.objects.filter(pk=reseller.pk).update(**accepted)
    offer = Offer(
        reseller,
        row.email,
        row.language,
        into=reseller,
        role=Role.ADMINISTRATOR,
        letter="registration_approved",
        letter_facts=_facts(row),
    )
    invite(actor, offer, None, now)
    _decide(actor, row, State.APPROVED, now, reseller=reseller)
    actor.record("registration.approved", row, at=now, organisation=row.organisation, reseller=reseller.pk, type=kind)
    return row


@operation
def reject_registration(*, actor: Actor, registration_id: int, reason: str, now: datetime) -> Registration:
    """Say no, and why: the reason goes to who asked."""
    row = _open(actor, registration_id)
    reason = reason.strip()
    if is_blank(reason):
        raise Invalid({"reason": [_("A reason is needed: it goes to who asked.")]})
    if has_forbidden(reason) or len(reason) > 500:
        raise Invalid({"reason": [_("This is too long, or holds characters that nobody can see.")]})
    _decide(actor, row, State.REJECTED, now, reason=reason)
    _write(row, "registration_rejected", {"reason": reason}, now)
    actor.record("registration.rejected", row, at=now, organisation=row.organisation, reason=reason)
    return row


def _check(applicant: Applicant) -> None:
    """All that is wrong at once, in the words of the form."""
    errors: dict[str, list[str]] = {}
    try:
        applicant.details.check()
    except Invalid as invalid:
        errors = {FIELDS.get(name, name): sentences for name, sentences in invalid.errors.items()}
    if is_blank(applicant.details.contact_name):
        errors["contact_name"] = [_("A name is needed.")]
    if is_blank(applicant.details.owner_email):
        errors["email"] = [_("An e-mail address is needed.")]
    if has_forbidden(applicant.message) or len(applicant.message) > 2000:
        errors["message"] = [_("This is too long, or holds characters that nobody can see.")]
    if errors:
        raise Invalid(errors)


def _open(actor: Actor, registration_id: int) -> Registration:
    actor.require_provider("reseller.create")
    row: Registration = found(Registration.objects.visible_to(actor).locked(), pk=registration_id)
    if row.state != State.PENDING:
        raise AlreadyDecided()
    return row


def _decide(actor: Actor, row: Registration, state: str, now: datetime, **more: Any) -> None:
    values = {"state": state, "decided_at": now, "decided_by_id": actor.user_id, **more}
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))


def _write(row: Registration, kind: str, facts: Mapping[str, Any], now: datetime) -> None:
    sender = Tenant.objects.select_related("profile").get(pk=row.tenant_id)
    write_mail(kind=kind, to=row.email, sender=sender, language=row.language, facts={**_facts(row), **facts}, now=now)


def _facts(row: Registration) -> dict[str, Any]:
    return {"name": row.contact_name, "organisation": row.organisation}
