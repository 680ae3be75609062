"""Invitations over REST."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from tenants import invitees
from tenants.filters.invitations import InvitationFilter
from tenants.models import Invitation
from tenants.serializers.invitations import InvitationIn, InvitationOut, MatchOut, MemberInvitationIn, SearchIn
from tenants.services.invitations import (
    invite_member,
    invite_owner,
    invite_reseller,
    resend_invitation,
    revoke_invitation,
)


class InvitationApi(ReadApi):
    """Invitations of resellers, for who may invite them, and of users, for who may manage those."""

    singular, permission, out = "invitation", "reseller.invite|user.manage", InvitationOut
    filterset_class = InvitationFilter
    ordering_fields = {"created_at": "created_at", "expires_at": "expires_at"}

    def rows(self, actor: Any) -> QuerySet[Any]:
        return invitees.invitations(actor, timezone.now())

    @operation_endpoint(input=SearchIn, output=MatchOut, path="search", permission="reseller.invite")
    def search(self, call: Call) -> invitees.Match:
        """Find whom to invite.

        Resellers in your branch whose tenant owner has the address; else those of its domain, narrowed by the
        organisation where one is given. Nothing is sent or kept.
        """
        return invitees.matching_resellers(call.actor, call.values["email"], call.values["organisation"])

    @operation_endpoint(input=InvitationIn, output=InvitationOut, status=201, permission="reseller.invite")
    def create(self, call: Call) -> Invitation:
        """Invite a reseller: send a link by mail, valid for some days and once.

        With `reseller`, its tenant owner is invited to become its administrator; with `email`, that address to sign up
        as a new reseller. The same address again renews the open invitation. Refused: `large-account-reseller`,
        `already-reseller`, `already-member` (409), `type-unavailable` (422), `invited-just-now` (429).
        """
        values, language = call.values, call.values.get("language", "")
        common = {"actor": call.actor, "request_id": call.request_id, "now": call.now}
        if "reseller" in values:
            return self.shown(invite_owner(reseller_id=values["reseller"], language=language, **common))
        return self.shown(
            invite_reseller(
                seller_id=values.get("seller"),
                email=values["email"],
                organisation=values["organisation"],
                reseller_type=values.get("reseller_type", ""),
                language=language,
                **common,
            )
        )

    @operation_endpoint(
        input=MemberInvitationIn, output=InvitationOut, status=201, path="members", permission="user.manage"
    )
    def invite_user(self, call: Call) -> Invitation:
        """Invite a user of your own tenant or of one beneath it: they choose their password themselves.

        Refused: a role that may more than you (403), `already-member` (409), `may-not-write` (409) for customers of
        your resellers whom those support, `invited-just-now` (429).
        """
        values = call.values
        return self.shown(
            invite_member(
                actor=call.actor,
                tenant_id=values.get("tenant", call.actor.tenant_id),
                email=values["email"],
                role=values["role"],
                language=values.get("language", ""),
                request_id=call.request_id,
                now=call.now,
            )
        )

    @operation_endpoint(output=InvitationOut, detail=True, path="resend")
    def resend(self, call: Call) -> Invitation:
        """Send an invitation again: with a new link, for as many days as at first; the old link is dead.

        Refused: `invitation-not-open` (409), `invited-just-now` (429).
        """
        return self.shown(resend_invitation(actor=call.actor, invitation_id=call.pk, now=call.now))

    @operation_endpoint(output=InvitationOut, detail=True, path="revoke")
    def revoke(self, call: Call) -> Invitation:
        """Revoke an invitation: its link is dead. Doing it again changes nothing."""
        return self.shown(revoke_invitation(actor=call.actor, invitation_id=call.pk, now=call.now))

    def shown(self, row: Invitation) -> Invitation:
        """The row as the list has it."""
        fresh: Invitation = found(self.rows(self.actor), pk=row.pk)
        return fresh


urls = [
    *api_paths("invitations", InvitationApi),
]
