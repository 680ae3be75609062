"""Who acts: a member of a tenant, a key of one, or the system. Every service takes one first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import Forbidden, Suspended
from tenants import roles
from tenants.models import ApiKey, Event, ManagedCustomer, Membership, Profile, Tenant, User, Visit


@dataclass(frozen=True)
class Visiting:
    """Acting as somebody else: where the visitor works, whom they act as, and until when at the latest."""

    id: int
    tenant_id: int
    member: str
    tenant: str
    ends_at: datetime


@dataclass(frozen=True)
class Actor:
    user_id: int | None
    tenant_id: int
    kind: str
    provider_id: int
    role: str
    permissions: frozenset[str]
    name: str
    request_id: str
    api_key_id: int | None = None
    on_behalf_of: int | None = None
    """The user who is visited; `user_id` and `name` are the visitor's."""
    visitor: Visiting | None = None
    membership_id: int | None = None
    managed: tuple[int, ...] | None = None
    """The customers of an account manager, who sees no other tenant."""
    suspended: bool = False
    withheld: frozenset[str] = frozenset()
    """What the role allows and a suspension does not: it may be looked at, not done."""
    turn_to: str = ""
    """Who can end the suspension: whoever sells to the tenant."""
    depth: int = 0
    """Of the actor's tenant in the tree. Names of customers whose veil is deeper are hidden from it."""

    @classmethod
    def of(cls, membership: Membership, request_id: str, api_key: ApiKey | None = None) -> "Actor":
        """The member, with what its role allows; with a key, no more than its scopes; suspended, only to look."""
        tenant: Tenant = membership.tenant
        user: User = membership.user
        suspended = tenant.status != Tenant.Status.ACTIVE
        allowed = roles.permissions(tenant.kind, membership.role)
        if api_key is not None:
            allowed &= roles.scope_permissions(api_key.scopes)
        managed = None
        if membership.role == roles.Role.ACCOUNT_MANAGER:
            customers = ManagedCustomer.objects.filter(membership=membership).order_by("tenant_id")
            managed = tuple(customers.values_list("tenant_id", flat=True))
        return cls(
            user_id=user.pk,
            tenant_id=tenant.pk,
            kind=tenant.kind,
            provider_id=tenant.house_id,
            role=membership.role,
            permissions=allowed & roles.LOOKING if suspended else allowed,
            withheld=allowed - roles.LOOKING if suspended else frozenset(),
            turn_to=_seller_of(tenant) if suspended else "",
            name=user.get_full_name(),
            request_id=request_id,
            api_key_id=api_key.pk if api_key else None,
            membership_id=membership.pk,
            managed=managed,
            suspended=suspended,
            depth=tenant.depth,
        )

    def visiting(self, visit: Visit, member: Membership) -> "Actor":
        """This actor as the visited member: what both may do but money and security, and no name that is hidden from
        either. Whatever is written names both."""
        visited = Actor.of(member, self.request_id)
        both = (visited.permissions | visited.withheld) & (self.permissions | self.withheld)
        both -= roles.NOT_WHILE_VISITING
        return replace(
            visited,
            user_id=self.user_id,
            name=self.name,
            permissions=both & visited.permissions & self.permissions,
            withheld=both - (visited.permissions & self.permissions),
            turn_to=visited.turn_to or self.turn_to,
            on_behalf_of=member.user_id,
            visitor=Visiting(visit.pk, self.tenant_id, visited.name, member.tenant.profile.name, visit.ends_at),
            depth=min(visited.depth, self.depth),
        )

    def in_place_of(self, seller: Tenant) -> "Actor":
        """For reading what a seller sells, where one who buys from it orders for itself. Nothing is recorded by it."""
        return replace(self, tenant_id=seller.pk, kind=seller.kind, depth=seller.depth, managed=None)

    @classmethod
    def of_job(cls, tenant: Tenant, told: Event) -> "Actor":
        """Whoever started a job in the name of this tenant, as its event names them: what they began ends so."""
        return cls(
            user_id=told.user_id,
            tenant_id=tenant.pk,
            kind=tenant.kind,
            provider_id=tenant.house_id,
            role="job",
            permissions=roles.PERMISSIONS,
            name=told.user_name,
            request_id=told.request_id,
            api_key_id=told.api_key_id,
            on_behalf_of=told.on_behalf_of_id,
            depth=tenant.depth,
        )

    @classmethod
    def system(cls, provider_id: int, request_id: str) -> "Actor":
        """The program itself, in one provider's house: tasks, commands, imports."""
        kind = roles.Kind.PROVIDER.value
        return cls(None, provider_id, kind, provider_id, "system", roles.PERMISSIONS, "", request_id)

    @property
    def roots(self) -> tuple[int, ...]:
        """The tenants whose branches the actor sees."""
        return (self.tenant_id,) if self.managed is None else self.managed

    @property
    def visit_id(self) -> int | None:
        return self.visitor.id if self.visitor else None

    @property
    def is_provider(self) -> bool:
        return self.kind == roles.Kind.PROVIDER

    def manages(self, tenant_id: int) -> bool:
        """Whether what this tenant has made may be changed: by itself, and by the provider's staff in its place."""
        return self.is_provider or tenant_id == self.tenant_id

    def can(self, permission: str) -> bool:
        return permission in self.permissions

    def sees(self, permission: str) -> bool:
        """Whether what the permission is about may be looked at: suspended or not, as the role has it."""
        return self.can(permission) or permission in self.withheld

    def require(self, permission: str) -> None:
        """Everything that changes something asks for its permission here."""
        if permission in self.withheld:
            raise self.suspension()
        if not self.can(permission):
            raise Forbidden(permission=permission, actor=self)

    def suspension(self) -> Suspended:
        """Why nothing can be changed, and who can end it."""
        return Suspended(seller=self.turn_to or _("whoever runs this system"))

    def require_provider(self, permission: str) -> None:
        """For what only the provider's own staff may do, whatever a role below allows."""
        self.require(permission)
        if not self.is_provider:
            raise Forbidden(permission=permission, actor=self)

    def event(
        self,
        kind: str,
        subject: models.Model | None,
        *,
        at: datetime,
        tenant_id: int | None = None,
        before: Mapping[str, Any] | None = None,
        facts: Mapping[str, Any],
    ) -> Event:
        """An event that is not saved yet, for those who write many at once."""
        return Event(
            provider_id=self.provider_id,
            tenant_id=tenant_id or _tenant_of(subject) or self.tenant_id,
            kind=kind,
            subject_type=(subject._meta.model_name or "") if subject else "",
            subject_id=subject.pk if subject else None,
            before=dict(before) if before is not None else None,
            after=dict(facts),
            user_id=self.user_id,
            user_name=self.name,
            user_tenant_id=self.visitor.tenant_id if self.visitor else self.tenant_id,
            api_key_id=self.api_key_id,
            on_behalf_of_id=self.on_behalf_of,
            request_id=self.request_id,
            at=at,
        )

    def record(
        self,
        kind: str,
        subject: models.Model | None,
        *,
        at: datetime,
        tenant_id: int | None = None,
        before: Mapping[str, Any] | None = None,
        **facts: Any,
    ) -> None:
        """Write what happened into the event log, for the tenant whose subject it is."""
        self.event(kind, subject, at=at, tenant_id=tenant_id, before=before, facts=facts).save(force_insert=True)


def _seller_of(tenant: Tenant) -> str:
    """A provider has none."""
    return Profile.objects.filter(pk=tenant.seller_id).values_list("name", flat=True).first() or ""


def _tenant_of(subject: models.Model | None) -> int | None:
    return subject.pk if isinstance(subject, Tenant) else getattr(subject, "tenant_id", None)
