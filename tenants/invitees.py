"""Who was invited, as far as the actor may know, and which resellers somebody might be who is to be invited."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from resellerhub.kernel.principal import demand
from tenants.actor import Actor
from tenants.models import Invitation, Membership, Profile, Tenant
from tenants.naming import NamesHidden, hides_from, readable, shown
from tenants.roles import Role, permissions
from tenants.services.inviting import AlreadyMember, LargeAccountReseller

MOST = 50
"""So many resellers are offered at most."""


def invitations(actor: Actor, now: datetime) -> QuerySet[Any]:
    """In scope, with state, seller and what they lead to: resellers for who may invite those, users for who may those.

    A customer whose name is hidden has no users to be seen either.
    """
    may_sell, may_staff = actor.sees("reseller.invite"), actor.sees("user.manage")
    if not may_sell and not may_staff:
        actor.require("reseller.invite")
    rows = Invitation.objects.visible_to(actor).filter(readable(actor, "into")).order_by("-pk")
    if not may_sell:
        rows = rows.filter(into=F("tenant"))
    if not may_staff:
        rows = rows.filter(Q(into=None) | ~Q(into=F("tenant")))
    by = Profile.objects.filter(pk=OuterRef("tenant_id")).values("name")
    named = Coalesce(shown(actor, "name", tenant="into"), F("organisation"), output_field=CharField())
    described = rows.with_state(now).annotate(target=named, by_name=Subquery(by))
    return cast(QuerySet[Any], described)


@dataclass(frozen=True)
class Match:
    """The resellers that were found, and by what: the tenant owner's address, else its domain and the organisation."""

    by: Literal["owner", "domain", ""] = ""
    resellers: list[Any] = field(default_factory=list)
    """Each says under `obstacle` why it cannot be invited, if it cannot."""

    @property
    def can_invite(self) -> bool:
        return any(not row.obstacle for row in self.resellers)

    @property
    def only(self) -> int | None:
        """Whom alone it can be; of several somebody has to choose."""
        alone = len(self.resellers) == 1 and self.can_invite
        return self.resellers[0].pk if alone else None


def matching_resellers(actor: Actor, email: str, organisation: str = "") -> Match:
    """Resellers in scope whose tenant owner has this address; else those of its domain, and of the name if given.

    Of names one may hold the other: "Lark" is found as "Lark GmbH", and the other way round. `is_member` says that the
    tenant owner has a login there already.
    """
    demand(actor, "reseller.invite", looking=True)
    rows: Any = Tenant.objects.visible_to(actor).resellers().exclude(pk=actor.tenant_id)
    rows = rows.exclude(status=Tenant.Status.CLOSED).select_related("profile", "terms")
    owner = Membership.objects.filter(tenant=OuterRef("pk"), user__email=OuterRef("profile__owner_email"))
    rows = rows.annotate(is_member=Exists(owner)).order_by("profile__name", "pk")
    email, organisation = email.strip().lower(), organisation.strip()
    if owned := list(rows.filter(profile__owner_email=email)[:MOST]):
        return Match("owner", _judged(actor, owned))
    alike = rows.filter(profile__owner_email__endswith=f"@{email.rpartition('@')[2]}")
    if organisation:
        given = Value(organisation, output_field=CharField())
        alike = alike.annotate(given=given).filter(
            Q(profile__name__icontains=organisation) | Q(given__icontains=F("profile__name"))
        )
    found = list(alike[:MOST])
    return Match("domain", _judged(actor, found)) if found else Match()


def _judged(actor: Actor, resellers: list[Any]) -> list[Any]:
    """With what would be answered to whoever invites them."""
    for row in resellers:
        row.obstacle = _obstacle(actor, row)
    return resellers


def _obstacle(actor: Actor, reseller: Any) -> Any:
    """In the words of the refusal."""
    if reseller.terms.is_large:
        return LargeAccountReseller.message
    if reseller.is_member:
        return AlreadyMember.message
    if permissions(reseller.kind, Role.ADMINISTRATOR) - actor.permissions:
        return _("Only an administrator invites administrators.")
    return NamesHidden.message if hides_from(actor, reseller) else ""
