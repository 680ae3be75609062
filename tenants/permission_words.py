"""What each permission lets somebody do, in words."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "reseller.view": _("See resellers"),
    "reseller.create": _("Create resellers"),
    "reseller.edit": _("Change, suspend and resume resellers"),
    "reseller.invite": _("Invite resellers"),
    "reseller.map": _("Map resellers to their organisation"),
    "reseller.move": _("Move resellers"),
    "reseller.delete": _("Delete resellers"),
    "customer.view": _("See customers"),
    "customer.create": _("Create customers"),
    "customer.edit": _("Change, suspend and resume customers"),
    "customer.move": _("Move customers"),
    "customer.delete": _("Delete customers"),
    "mailbox.manage": _("Create and remove mailboxes"),
    "catalog.view": _("See the catalogue"),
    "catalog.edit": _("Change the catalogue"),
    "subscription.view": _("See subscriptions"),
    "subscription.create": _("Sell subscriptions"),
    "subscription.edit": _("Change subscriptions"),
    "usage.report": _("Report usage"),
    "add_on.view": _("See add-ons"),
    "add_on.edit": _("Change add-ons"),
    "add_on.sell": _("Sell add-ons"),
    "bulk_sale.run": _("Sell add-ons to many at once"),
    "report.view": _("See reports"),
    "report.run": _("Have reports made"),
    "event.view": _("Read the event log"),
    "job.view": _("See jobs"),
    "mail.view": _("See sent mails"),
    "api_key.manage": _("Make and revoke API keys"),
    "user.manage": _("Let people in and decide what they may do"),
    "user.visit": _("Act as users of organisations beneath"),
    "settings.edit": _("Change the settings"),
    "company.edit": _("Change one's own company"),
}


def register(words: dict[str, Any]) -> None:
    """For permissions of apps above. Call it in `AppConfig.ready`."""
    WORDS.update(words)


def word(permission: str) -> str:
    return str(WORDS.get(permission, permission))
