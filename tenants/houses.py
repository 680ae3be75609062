"""What providers have decided, for those who ask: the types of reseller they take, and what these begin with."""

from django.db.models import QuerySet

from tenants.actor import Actor
from tenants.models import ProviderSettings, ResellerTypeSetting


def reseller_types(provider_id: int, *, enabled: bool = False) -> QuerySet[ResellerTypeSetting]:
    """The types of reseller of a house, or those that can be chosen."""
    rows: QuerySet[ResellerTypeSetting] = ResellerTypeSetting.objects.filter(provider_id=provider_id)
    return (rows.filter(is_enabled=True) if enabled else rows).order_by("-type")


def oversell_default(actor: Actor) -> bool:
    """Whether new resellers of the actor's house may oversell unless it is said otherwise."""
    return ProviderSettings.objects.filter(pk=actor.provider_id, oversell_default=True).exists()
