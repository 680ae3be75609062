"""What a company is known by, changed by its seller or by itself, and how its departments sign."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Invalid, Refusal, found
from resellerhub.kernel.text import has_forbidden
from tenants.actor import Actor
from tenants.hooks import CHARGED
from tenants.models import Department, Profile, Signature, Tenant
from tenants.roles import Kind
from tenants.services.checks import masked_iban
from tenants.services.details import Details
from tenants.services.tree import must_be_open

SELLERS_OWN = ("currency", "payment_days", "memo")
"""What only the seller of a company decides; the memo is not even shown to anybody else."""
LONGEST_SIGNATURE = 2000


class NotItsSeller(Refusal):
    code, status = "not-its-seller", 403
    message = gettext_lazy("This is changed by the company itself and by whoever sells to it.")


class ChangedMeanwhile(Refusal):
    code = "changed-meanwhile"
    message = gettext_lazy("Somebody else changed this since you opened it. It says now: {values}.")


def details_of(profile: Profile) -> Details:
    """What is stored, as it was said."""
    return Details(**{name: getattr(profile, name) for name in Details.__dataclass_fields__})


def signatures_of(tenant_id: int) -> dict[str, str]:
    """By department; only those that there are."""
    rows = Signature.objects.filter(tenant_id=tenant_id).order_by("department")
    return dict(rows.values_list("department", "text"))


def is_seller(actor: Actor, tenant: Tenant) -> bool:
    """Not of whoever is logged in as somebody of the seller: memo, bank account and prices are no matter of a visit."""
    return tenant.seller_id == actor.tenant_id and actor.visitor is None


def shown_iban(actor: Actor, tenant: Tenant, iban: str) -> str:
    """The account number for who may change it; to everybody else as much as it takes to know it again."""
    if tenant.pk == actor.tenant_id:
        may = actor.can("company.edit")
    else:
        may = actor.can(f"{tenant.kind}.edit") and is_seller(actor, tenant)
    return iban if may else masked_iban(iban)


def seen_by(actor: Actor, tenant: Tenant, details: Details) -> dict[str, Any]:
    """What of the company the actor may see: the memo is its seller's."""
    values = details.values()
    if not is_seller(actor, tenant):
        del values["memo"]
    return values


def version_of(values: Mapping[str, Any], signatures: Mapping[str, str]) -> str:
    """A mark of what somebody saw: another one when anything of it is another."""
    text = json.dumps([sorted(values.items()), sorted(signatures.items())])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


@operation
def change_company(
    *,
    actor: Actor,
    tenant_id: int,
    details: Details,
    signatures: Mapping[str, str] | None = None,
    seen: str = "",
    now: datetime,
) -> Tenant:
    """Say anew what is known of a company: by its seller all of it, by itself all but the seller's terms and memo.

    `seen` is the version that the caller began with: `ChangedMeanwhile` when it is another by now. Signatures that are
    left out stay, an empty one goes. The same again changes nothing. Refused: `NotItsSeller` to everybody above who
    does not sell to it.
    """
    tenant: Tenant = found(Tenant.objects.visible_to(actor).locked(), pk=tenant_id)
    _require_right(actor, tenant)
    profile = Profile.objects.get(pk=tenant.pk)
    stored, signed = details_of(profile), signatures_of(tenant.pk)
    if not is_seller(actor, tenant):
        details = replace(details, **{name: getattr(stored, name) for name in SELLERS_OWN})
    details.check()
    wanted, there = details.values(), stored.values()
    before = {name: there[name] for name in wanted if there[name] != wanted[name]}
    after = {name: wanted[name] for name in before}
    if "currency" in after and any(charged(tenant.pk) for charged in CHARGED):
        raise Invalid(
            {"currency": [_("Something was charged in %(currency)s: it stays.") % {"currency": there["currency"]}]}
        )
    if after and seen and seen != version_of(seen_by(actor, tenant, stored), signed):
        raise ChangedMeanwhile(values=_named(there, after))
    if after:
        Profile.objects.filter(pk=tenant.pk).update(**after)
    _record(actor, tenant, before, after, now)
    if signatures is not None:
        _sign(actor, tenant, signed, signatures, now)
    return tenant


@operation
def amend_company(
    *,
    actor: Actor,
    tenant_id: int,
    values: Mapping[str, Any],
    signatures: Mapping[str, str] | None = None,
    now: datetime,
) -> Tenant:
    """Change what is named; the rest is as it stands when it is this caller's turn."""
    tenant: Tenant = found(Tenant.objects.visible_to(actor).locked(), pk=tenant_id)
    details = replace(details_of(Profile.objects.get(pk=tenant.pk)), **values)
    return change_company(actor=actor, tenant_id=tenant.pk, details=details, signatures=signatures, now=now)


@operation
def change_signatures(*, actor: Actor, tenant_id: int, signatures: Mapping[str, str], now: datetime) -> Tenant:
    """How the departments of a company sign: those that are left out stay, an empty one goes."""
    tenant: Tenant = found(Tenant.objects.visible_to(actor).locked(), pk=tenant_id)
    _require_right(actor, tenant)
    _sign(actor, tenant, signatures_of(tenant.pk), signatures, now)
    return tenant


def sign(tenant: Tenant, signatures: Mapping[str, str]) -> None:
    """The signatures of a new tenant; part of an operation."""
    rows = _checked(signatures)
    Signature.objects.bulk_create(
        Signature(tenant=tenant, provider_id=tenant.house_id, department=department, text=text)
        for department, text in rows.items()
        if text
    )


def signed_as(signatures: Mapping[str, str]) -> dict[str, str]:
    """As inputs and events name them."""
    return {f"signature_{department}": text for department, text in signatures.items()}


def _require_right(actor: Actor, tenant: Tenant) -> None:
    must_be_open(tenant)
    if tenant.pk == actor.tenant_id:
        actor.require("company.edit")
    else:
        actor.require(f"{tenant.kind}.edit")
        if not is_seller(actor, tenant):
            raise NotItsSeller()


def _record(actor: Actor, tenant: Tenant, before: dict[str, Any], after: dict[str, Any], now: datetime) -> None:
    """The memo leaves its trace in the seller's own log, without its text: the tenant reads what concerns it. Of an
    account number the log keeps what everybody may read."""
    noted = "memo" in after
    for values in (before, after):
        values.pop("memo", None)
        if "iban" in values:
            values["iban"] = masked_iban(values["iban"])
    if after:
        actor.record(f"{tenant.kind}.company_changed", tenant, at=now, before=before, **after)
    if noted:
        actor.record("company.memo_changed", tenant, at=now, tenant_id=actor.tenant_id)


def _sign(
    actor: Actor, tenant: Tenant, signed: Mapping[str, str], signatures: Mapping[str, str], now: datetime
) -> None:
    if tenant.kind == Kind.CUSTOMER:
        raise Invalid({"signatures": [_("A customer has no signatures.")]})
    wanted = _checked(signatures)
    before = {name: signed.get(name, "") for name in wanted if signed.get(name, "") != wanted[name]}
    after = {name: wanted[name] for name in before}
    for department, text in after.items():
        if text:
            Signature.objects.update_or_create(
                tenant=tenant, department=department, defaults={"text": text, "provider_id": tenant.house_id}
            )
        else:
            Signature.objects.filter(tenant=tenant, department=department).delete()
    if after:
        said: dict[str, Any] = signed_as(after)
        actor.record(f"{tenant.kind}.signatures_changed", tenant, at=now, before=signed_as(before), **said)


def signature_errors(signatures: Mapping[str, str]) -> dict[str, list[str]]:
    """All that would be refused, as inputs name it."""
    errors: dict[str, list[str]] = {}
    for name, text in _plain(signatures).items():
        if name not in Department.values:
            errors["signatures"] = [_("There is no such department.")]
        elif len(text) > LONGEST_SIGNATURE:
            errors[f"signature_{name}"] = [_("At most %(most)s characters.") % {"most": LONGEST_SIGNATURE}]
        elif has_forbidden(text):
            errors[f"signature_{name}"] = [_("This holds characters that nobody can see.")]
    return errors


def _checked(signatures: Mapping[str, str]) -> dict[str, str]:
    """By department, as it is stored."""
    if errors := signature_errors(signatures):
        raise Invalid(errors)
    return _plain(signatures)


def _plain(signatures: Mapping[str, str]) -> dict[str, str]:
    return {name: text.replace("\r\n", "\n").strip() for name, text in signatures.items()}


def _named(there: Mapping[str, Any], names: Iterable[str]) -> str:
    """What is stored of these, in words: for whoever is about to write over it."""
    labels: Any = {field.name: field.verbose_name for field in Profile._meta.concrete_fields}
    return "; ".join(f"{labels[name]}: {there[name] or '–'}" for name in names)
