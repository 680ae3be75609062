"""The tables of tenants; Django looks for them here."""

from tenants.models.accounts import CustomerAccount, Mailbox, SupportLevel, Tariff, TariffLimit
from tenants.models.api_keys import ApiKey
from tenants.models.batches import InvitationBatch, InvitationRow
from tenants.models.branding import Branding
from tenants.models.company import Department, Mapping, ResellerTypeSetting, Signature
from tenants.models.events import Event
from tenants.models.invitations import Invitation, Registration
from tenants.models.mails import Mail, MailTemplate
from tenants.models.preferences import ListPreference
from tenants.models.profiles import Profile, ProviderSettings, ResellerTerms, ResellerType
from tenants.models.scope import TenantScoped
from tenants.models.support import SupportDebt, SupportPhase, SupportPrice
from tenants.models.tenant import Tenant, tree_writes
from tenants.models.users import ManagedCustomer, Membership, User
from tenants.models.visits import Visit

__all__ = [
    "ApiKey",
    "Branding",
    "CustomerAccount",
    "Department",
    "Event",
    "Invitation",
    "InvitationBatch",
    "InvitationRow",
    "ListPreference",
    "Mail",
    "MailTemplate",
    "Mailbox",
    "ManagedCustomer",
    "Mapping",
    "Membership",
    "Profile",
    "ProviderSettings",
    "Registration",
    "ResellerTerms",
    "ResellerType",
    "ResellerTypeSetting",
    "Signature",
    "SupportDebt",
    "SupportLevel",
    "SupportPhase",
    "SupportPrice",
    "Tariff",
    "TariffLimit",
    "Tenant",
    "TenantScoped",
    "User",
    "Visit",
    "tree_writes",
]
