"""What providers have decided, for those who ask: the types of reseller they take, and what these begin with."""

from django.db.models import QuerySet

from tenants.actor import Actor
from tenants.models import ProviderSettings, ResellerType, ResellerTypeSetting, Tenant
from tenants.roles import Kind


def reseller_types(provider_id: int, *, enabled: bool = False) -> QuerySet[ResellerTypeSetting]:
    """The types of reseller of a house, or those that can be chosen."""
    rows: QuerySet[ResellerTypeSetting] = ResellerTypeSetting.objects.filter(provider_id=provider_id)
    return (rows.filter(is_enabled=True) if enabled else rows).order_by("-type")


def type_name(provider_id: int, reseller_type: str) -> str:
    """What the provider calls a type, else the usual word."""
    row = ResellerTypeSetting.objects.filter(provider_id=provider_id, type=reseller_type).first()
    return str(row) if row else reseller_type


def type_names(provider_id: int) -> dict[str, str]:
    """What the provider calls each type of reseller."""
    usual = {kind.value: str(kind.label) for kind in ResellerType}
    return usual | {row.type: str(row) for row in reseller_types(provider_id)}


def oversell_default(actor: Actor) -> bool:
    """Whether new resellers of the actor's house may oversell unless it is said otherwise."""
    return ProviderSettings.objects.filter(pk=actor.provider_id, oversell_default=True).exists()


def currency_of(actor: Actor) -> str | None:
    """What the actor's house charges in unless it is said otherwise."""
    rows = ProviderSettings.objects.filter(pk=actor.provider_id)
    return rows.values_list("currency", flat=True).first()


def registering(slug: str) -> ProviderSettings | None:
    """The provider at whose address somebody asks to become a reseller, if it takes registrations."""
    rows = ProviderSettings.objects.filter(slug=slug, takes_registrations=True, tenant__status=Tenant.Status.ACTIVE)
    return rows.select_related("tenant__profile").first()


def slug_at(owner_id: int | None) -> str:
    """Where to register from the entrance of a portal: with the provider whose domain it is, or with the only one.

    At a reseller's own domain nobody is sent to its provider.
    """
    rows = ProviderSettings.objects.filter(tenant__status=Tenant.Status.ACTIVE)
    if owner_id is not None:
        rows = rows.filter(pk=owner_id)
    elif Tenant.objects.filter(kind=Kind.PROVIDER).exclude(status=Tenant.Status.CLOSED).count() != 1:
        return ""
    return rows.filter(takes_registrations=True).values_list("slug", flat=True).first() or ""
