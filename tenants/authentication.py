"""`Authorization: Bearer rh_…`: the one place where an API key becomes an actor."""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from resellerhub.web.brands import Brand
from tenants.actor import Actor
from tenants.hosts import belongs_here
from tenants.middleware import may_while_suspended
from tenants.models import ApiKey, Membership, Tenant, User
from tenants.services.api_keys import MARK, digest_of

NOTED_EVERY = timedelta(minutes=1)


class ApiKeyAuthentication(BaseAuthentication):
    """Whatever is wrong with a key, the answer is the same: whoever found one does not learn whether it lives."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        text = words[1].decode("latin-1") if len(words) == 2 else ""
        now = timezone.now()
        key = self.live_key(text, request._request, now)
        membership = self.membership(key, request._request.host_brand)  # type: ignore[attr-defined]
        actor = Actor.of(membership, getattr(request._request, "request_id", ""), key)
        if actor.suspended and not may_while_suspended(request._request, request._request.resolver_match):
            raise actor.suspension()
        note_use(key, now)
        request._request.actor = actor  # type: ignore[attr-defined]
        return membership.user, key

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def live_key(self, text: str, request: HttpRequest, now: datetime) -> ApiKey:
        key = ApiKey.objects.filter(digest=digest_of(text)).first() if text.startswith(MARK) else None
        if key is None or not key.is_live(now) or not is_allowed(key, client_address(request)):
            raise AuthenticationFailed(_("This API key is not valid."), code="invalid-key")
        return key

    def membership(self, key: ApiKey, brand: Brand | None) -> Membership:
        """The key is as dead as the login of its owner, and unknown at the domain of somebody else's brand."""
        members = Membership.objects.select_related("tenant", "user").exclude(tenant__status=Tenant.Status.CLOSED)
        member = members.filter(user_id=key.user_id, tenant_id=key.tenant_id, user__is_active=True).first()
        if member is None or not belongs_here(brand, member.tenant.ancestors):
            raise AuthenticationFailed(_("This API key is not valid."), code="invalid-key")
        return member


def client_address(request: HttpRequest) -> str:
    """The address that the outermost trusted proxy saw; without proxies, who connects."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    proxies: int = settings.TRUSTED_PROXIES
    if proxies and len(forwarded) >= proxies:
        return str(forwarded[-proxies]).strip()
    return str(request.META.get("REMOTE_ADDR", ""))


def is_allowed(key: ApiKey, address: str) -> bool:
    if not key.allowed_networks:
        return True
    try:
        where: Any = ip_address(address)
    except ValueError:
        return False
    where = getattr(where, "ipv4_mapped", None) or where
    return any(where in ip_network(network) for network in key.allowed_networks)


def note_use(key: ApiKey, now: datetime) -> None:
    """Last used, to the minute: one write for all requests of a minute."""
    if key.last_used_at is None or key.last_used_at < now - NOTED_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)
