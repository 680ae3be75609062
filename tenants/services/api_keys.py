"""Keys of the API: made, shown once, revoked."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from ipaddress import ip_network
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.periods import too_far
from resellerhub.kernel.refusals import Forbidden, Invalid, Refusal, found
from tenants.actor import Actor
from tenants.models import ApiKey, Membership
from tenants.roles import EVERYTHING, PERMISSIONS, READING, scope_permissions

MARK = "rh_"
SCOPES = PERMISSIONS | {EVERYTHING, READING}


class KeyAlreadyShown(Refusal):
    code, message = "key-already-shown", gettext_lazy("This key was made and shown already. Make another one.")


def scopes_in_order() -> list[str]:
    """Those that stand for many first."""
    return [EVERYTHING, READING, *sorted(PERMISSIONS)]


def digest_of(key: str) -> str:
    """What is stored of a key. It is 256 random bits, so a quick hash is as good as a slow one."""
    return hashlib.sha256(key.encode()).hexdigest()


@operation
def create_api_key(
    *,
    actor: Actor,
    name: str,
    scopes: Sequence[str],
    allowed_networks: Sequence[str] = (),
    expires_at: datetime | None = None,
    request_id: UUID | None = None,
    now: datetime,
) -> tuple[ApiKey, str]:
    """A key of the actor's own, and its text, which nobody can read again: a repeated request is refused.

    A key cannot make one that may more.
    """
    actor.require("api_key.manage")
    membership = found(Membership.objects.visible_to(actor), pk=actor.membership_id)
    beyond = scope_permissions(scopes) - actor.permissions
    if actor.api_key_id and beyond:
        raise Forbidden(permission=min(beyond), actor=actor)
    return mint_api_key(
        actor=actor,
        membership=membership,
        name=name,
        scopes=scopes,
        allowed_networks=allowed_networks,
        expires_at=expires_at,
        request_id=request_id,
        now=now,
    )


@operation
def mint_api_key(
    *,
    actor: Actor,
    membership: Membership,
    name: str,
    scopes: Sequence[str],
    allowed_networks: Sequence[str] = (),
    expires_at: datetime | None = None,
    request_id: UUID | None = None,
    now: datetime,
) -> tuple[ApiKey, str]:
    """The same for a member named by whoever operates the installation, who needs no permission."""
    _check(name, scopes, allowed_networks, expires_at, now)
    secret = MARK + secrets.token_urlsafe(32)
    key = ApiKey(
        tenant_id=membership.tenant_id,
        provider_id=membership.provider_id,
        user_id=membership.user_id,
        name=name.strip(),
        prefix=secret[:9],
        digest=digest_of(secret),
        scopes=sorted(set(scopes)),
        allowed_networks=[str(ip_network(network.strip(), strict=False)) for network in allowed_networks],
        expires_at=expires_at,
        request_id=request_id,
        created_at=now,
    )
    with refusing({"tenants_apikey_request_id_key": KeyAlreadyShown()}):
        key.save(force_insert=True)
    actor.record("api_key.created", key, at=now, name=key.name, scopes=key.scopes, networks=key.allowed_networks)
    return key, secret


@operation
def revoke_api_key(*, actor: Actor, api_key_id: int, now: datetime) -> ApiKey:
    """The key is dead at once; revoking it again changes nothing."""
    actor.require("api_key.manage")
    key = found(ApiKey.objects.visible_to(actor).filter(tenant_id=actor.tenant_id).locked(), pk=api_key_id)
    if key.revoked_at is None:
        key.revoked_at = now
        key.save(update_fields=["revoked_at"])
        actor.record("api_key.revoked", key, at=now, name=key.name)
    return key


def _check(
    name: str, scopes: Sequence[str], networks: Sequence[str], expires_at: datetime | None, now: datetime
) -> None:
    errors: dict[str, list[str]] = {}
    if not name.strip():
        errors["name"] = [_("A name is needed.")]
    if unknown := sorted(set(scopes) - SCOPES):
        known = ", ".join(scopes_in_order())
        errors["scopes"] = [_("There is no scope {scope}, only: {known}").format(scope=unknown[0], known=known)]
    elif not scopes:
        errors["scopes"] = [_("Choose at least one scope.")]
    for network in networks:
        try:
            ip_network(network.strip(), strict=False)
        except ValueError:
            errors["allowed_networks"] = [_("{value} is not an address or a network.").format(value=network)]
    if expires_at is not None and expires_at <= now:
        errors["expires_at"] = [_("The end must lie in the future.")]
    elif expires_at is not None and (why := too_far(expires_at.date())):
        errors["expires_at"] = why
    if errors:
        raise Invalid(errors)
