"""White label: what a house looks like to those beneath it."""

import hashlib
import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from resellerhub.kernel import saving
from resellerhub.kernel.operation import operation
from resellerhub.kernel.refusals import Forbidden, Invalid, found
from resellerhub.kernel.text import has_forbidden, has_link, is_blank
from tenants import colours, hosts, logos
from tenants.actor import Actor
from tenants.models import Branding, Tenant
from tenants.roles import Kind
from tenants.services.checks import no_link

FIELDS = ("product_name", "colour", "sender_name", "sender_email", "support_email", "footer", "domain")
COLOUR = re.compile(r"#[0-9a-f]{6}")
LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
DOMAIN = re.compile(rf"(?=.{{4,253}}$)({LABEL}\.)+[a-z]([a-z0-9-]{{0,61}}[a-z0-9])")
PROOFS = ("domain_token", "domain_checked_at", "verified_domain", "sender_code", "verified_sender")
TAKEN = {"tenants_branding_proven": "domain"}


@operation
def change_branding(*, actor: Actor, fields: Mapping[str, str], logo: bytes | None = None, now: datetime) -> Branding:
    """The brand of the actor's own house: those beneath it see it in place of what they saw before.

    What is not in `fields` stays. `logo` is a picture, b"" takes the one there is away, None keeps it. Another domain
    or sender's address is not used before it is proven: `proofs`. The row is locked, too: the mail with the code, which
    is being sent, writes there what is not to be overwritten.
    """
    tenant = own_house(actor)
    row = Branding.objects.visible_to(actor).filter(tenant=tenant).locked().first()
    brand = row or Branding(tenant=tenant, provider_id=tenant.house_id)
    before = shown(brand) if row else {}
    for name in FIELDS:
        if name in fields:
            setattr(brand, name, cleaned(name, fields[name]))
    check(brand)
    claim(brand, before)
    if logo is not None:
        brand.logo = logos.png_of(logo) if logo else None
        brand.logo_digest = hashlib.sha256(brand.logo).hexdigest() if brand.logo else ""
    after = shown(brand)
    if before != after:
        saving.save(brand, [*FIELDS, *PROOFS, "logo", "logo_digest"] if row else None, taken=TAKEN)
        changed = {name: value for name, value in after.items() if value != before.get(name, "")}
        old = {name: before.get(name, "") for name in changed}
        actor.record("branding.changed", brand, at=now, before=old, **changed)
    return brand


@operation
def remove_branding(*, actor: Actor, now: datetime) -> None:
    """Back to what the tenants above show; removing none changes nothing."""
    tenant = own_house(actor)
    brand = Branding.objects.visible_to(actor).filter(tenant=tenant).first()
    if brand is not None:
        actor.record("branding.removed", brand, at=now, before=shown(brand))
        brand.delete()


def own_brand(actor: Actor) -> Branding | None:
    """What the actor's own house has, without what it inherits."""
    return Branding.objects.visible_to(actor).defer("logo").filter(tenant_id=actor.tenant_id).first()


def own_house(actor: Actor) -> Tenant:
    """The actor's tenant, locked. A customer has nobody beneath it and shows nothing."""
    actor.require("settings.edit")
    if actor.kind == Kind.CUSTOMER:
        raise Forbidden(permission="settings.edit", actor=actor)
    tenant: Tenant = found(Tenant.objects.visible_to(actor).locked(), pk=actor.tenant_id)
    return tenant


def claim(brand: Branding, before: Mapping[str, Any]) -> None:
    """Another domain or another sender's address is a new claim: what was proven was the old one's."""
    if (brand.domain or "") != before.get("domain", ""):
        brand.domain_token = secrets.token_urlsafe(24) if brand.domain else ""
        brand.domain_checked_at = brand.verified_domain = None
    if brand.sender_email != before.get("sender_email", ""):
        brand.sender_code = brand.verified_sender = ""


def shown(brand: Branding) -> dict[str, Any]:
    return {name: getattr(brand, name) or "" for name in (*FIELDS, "logo_digest")}


def cleaned(name: str, text: str) -> str | None:
    """As it is stored: a domain and a colour in lower case, no domain as none."""
    text = text.strip()
    if name in {"colour", "domain", "sender_email", "support_email"}:
        text = text.lower()
    return text.removesuffix(".") or None if name == "domain" else text


def check(brand: Branding) -> None:
    """Everything at once, each sentence beside its field."""
    errors: dict[str, str] = {}
    for name in FIELDS:
        if has_forbidden(str(getattr(brand, name) or "")) or "\n" in str(getattr(brand, name) or ""):
            errors[name] = _("This holds characters that nobody can see.")
    errors |= {name: no_link() for name in ("product_name", "sender_name") if has_link(getattr(brand, name))}
    if is_blank(brand.product_name):
        errors["product_name"] = _("A name is needed.")
    if refused := unreadable(brand.colour):
        errors["colour"] = refused
    if brand.domain and not DOMAIN.fullmatch(brand.domain):
        errors["domain"] = _("This is not the name of a host, such as portal.example.com.")
    elif brand.domain in hosts.own_hosts() or proven_elsewhere(brand):
        errors["domain"] = _("This is already taken.")
    if errors:
        raise Invalid({name: [sentence] for name, sentence in errors.items()})


def proven_elsewhere(brand: Branding) -> bool:
    """By somebody else. What others only claim is still to be had: by who proves it first."""
    return bool(brand.domain) and Branding.objects.filter(verified_domain=brand.domain).exclude(pk=brand.pk).exists()


def unreadable(colour: str) -> str:
    """Why a colour cannot be taken, with what was measured. In the dark theme a lighter shade of it is made."""
    if not COLOUR.fullmatch(colour):
        return _("A colour is written as # and six digits from 0 to f, such as #066fd1.")
    values = {"needed": number_format(colours.READABLE)}
    if (ratio := colours.contrast(colour, colours.WHITE)) < colours.READABLE:
        sentence = _("White text on this colour has a contrast of {ratio}:1; {needed}:1 is needed.")
    elif (ratio := colours.contrast(colour, colours.LIGHT_PAGE)) < colours.READABLE:
        sentence = _("Text of this colour on a light page has a contrast of {ratio}:1; {needed}:1 is needed.")
    else:
        return ""
    return sentence.format(ratio=number_format(int(ratio * 100) / 100, 2), **values)
