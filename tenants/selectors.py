"""Reads that join."""

from tenants.models import Membership, Tenant


def memberships(user_id: int) -> list[Membership]:
    """Where a user may act, the oldest first; a closed tenant is gone."""
    rows = Membership.objects.filter(user_id=user_id, user__is_active=True).exclude(tenant__status=Tenant.Status.CLOSED)
    return list(rows.select_related("tenant", "tenant__profile", "user").order_by("pk"))


def membership_for(user_id: int, chosen: int | None) -> Membership | None:
    """The membership that the user chose to act in, else the first; None for somebody who belongs nowhere."""
    mine = memberships(user_id)
    return next((row for row in mine if row.pk == chosen), mine[0] if mine else None)
