"""Who may be given pools, and whom a reseller can be mapped to."""

from django.db.models import Q
from django.utils.translation import gettext as _

from tenants.models import Mapping, Membership, Tenant
from tenants.roles import Kind, Role

RECEIVING = Q(kind=Kind.RESELLER, status=Tenant.Status.ACTIVE, mapping__isnull=False)
"""The condition that a tenant may be given pools, for queries."""


def may_receive_pools(tenant: Tenant) -> bool:
    """Only a reseller that is mapped and active."""
    is_active_reseller = tenant.kind == Kind.RESELLER and tenant.status == Tenant.Status.ACTIVE
    return is_active_reseller and mapping_of(tenant) is not None


def mapping_of(tenant: Tenant) -> Mapping | None:
    return Mapping.objects.filter(pk=tenant.pk).first()


def owners(reseller: Tenant) -> list[tuple[str, str]]:
    """The addresses that are known of a reseller, and how: its tenant owner first, then administrators, then others."""
    addresses: dict[str, str] = {}
    profile = reseller.profile
    for email, label in ((profile.owner_email, _("Tenant owner")), (profile.billing_email, _("Invoices"))):
        if email:
            addresses.setdefault(email, f"{email} ({label})")
    members = Membership.objects.filter(tenant=reseller, user__is_active=True).select_related("user")
    for member in sorted(members, key=lambda member: (member.role != Role.ADMINISTRATOR, member.user.email)):
        addresses.setdefault(member.user.email, f"{member.user.email} ({member.get_role_display()})")
    return list(addresses.items())
