"""What each permission lets somebody do, in words."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants import roles

WORDS: dict[str, Any] = {
    "reseller.view": gettext_lazy("See resellers"),
    "reseller.create": gettext_lazy("Create resellers"),
    "reseller.edit": gettext_lazy("Change, suspend and resume resellers"),
    "reseller.invite": gettext_lazy("Invite resellers"),
    "reseller.map": gettext_lazy("Map resellers to their organisation"),
    "reseller.move": gettext_lazy("Move resellers"),
    "reseller.delete": gettext_lazy("Delete resellers"),
    "customer.view": gettext_lazy("See customers"),
    "customer.create": gettext_lazy("Create customers"),
    "customer.edit": gettext_lazy("Change, suspend and resume customers"),
    "customer.move": gettext_lazy("Move customers"),
    "customer.delete": gettext_lazy("Delete customers"),
    "mailbox.manage": gettext_lazy("Create and remove mailboxes"),
    "catalog.view": gettext_lazy("See the catalogue"),
    "catalog.edit": gettext_lazy("Change the catalogue"),
    "subscription.view": gettext_lazy("See subscriptions"),
    "subscription.create": gettext_lazy("Sell subscriptions"),
    "subscription.edit": gettext_lazy("Change subscriptions"),
    "subscription.order": gettext_lazy("Order from one's own seller"),
    "usage.report": gettext_lazy("Report usage"),
    "pool.view": gettext_lazy("See pools"),
    "pool.edit": gettext_lazy("Buy, give, accept and change pools"),
    "pool.assign": gettext_lazy("Assign seats of pools"),
    "add_on.view": gettext_lazy("See add-ons"),
    "add_on.edit": gettext_lazy("Change add-ons"),
    "add_on.sell": gettext_lazy("Sell add-ons"),
    "bulk_sale.run": gettext_lazy("Sell add-ons to many at once"),
    "report.view": gettext_lazy("See reports"),
    "report.run": gettext_lazy("Have reports made"),
    "event.view": gettext_lazy("Read the event log"),
    "job.view": gettext_lazy("See jobs"),
    "mail.view": gettext_lazy("See sent mails"),
    "api_key.manage": gettext_lazy("Make and revoke API keys"),
    "user.manage": gettext_lazy("Let people in and decide what they may do"),
    "user.visit": gettext_lazy("Act as users of organisations beneath"),
    "settings.edit": gettext_lazy("Change the settings"),
    "company.edit": gettext_lazy("Change one's own company"),
    "invoice.view": gettext_lazy("See invoices"),
    "invoice.edit": gettext_lazy("Make, issue, void and credit invoices"),
    "payment.edit": gettext_lazy("Record, import and allocate payments"),
    "billing.run": gettext_lazy("Count and approve billing runs"),
}


def register(words: dict[str, Any]) -> None:
    """For permissions of apps above. Call it in `AppConfig.ready`."""
    WORDS.update(words)


def word(permission: str) -> str:
    return str(WORDS.get(permission, permission))


def explain(permission: str, actor: Any = None) -> str:
    """Why somebody may not do what asks for a permission, and who may."""
    told = {"right": word(permission)}
    if actor is None:
        return _("Your role does not allow this: %(right)s.") % told
    if actor.visitor and (permission in roles.NOT_WHILE_VISITING or actor.can(permission)):
        return _("Not while you are logged in as somebody else: %(right)s.") % told
    if permission in roles.permissions(actor.kind, actor.role):
        if actor.api_key_id:
            return _("The scopes of this API key do not allow this: %(right)s.") % told
        return _("Only the provider may do this: %(right)s.") % told
    names = [str(roles.Role(role).label) for role, held in roles.ROLES[actor.kind].items() if permission in held]
    if not names:
        return _("No role of your organisation allows this: %(right)s.") % told
    told["roles"] = ", ".join(names)
    said = _("Your role does not allow this: %(right)s. These roles do: %(roles)s.") % told
    advice = _("An administrator of your organisation can change your role.")
    return f"{said} {advice}"
