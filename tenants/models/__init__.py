"""The tables of tenants; Django looks for them here."""

from tenants.models.api_keys import ApiKey
from tenants.models.events import Event
from tenants.models.preferences import ListPreference
from tenants.models.profiles import Profile, ProviderSettings, ResellerTerms, ResellerType
from tenants.models.scope import TenantScoped
from tenants.models.tenant import Tenant, tree_writes
from tenants.models.users import ManagedCustomer, Membership, User

__all__ = [
    "ApiKey",
    "Event",
    "ListPreference",
    "ManagedCustomer",
    "Membership",
    "Profile",
    "ProviderSettings",
    "ResellerTerms",
    "ResellerType",
    "Tenant",
    "TenantScoped",
    "User",
    "tree_writes",
]
