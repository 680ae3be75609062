"""The kinds of events in the words of the reader; each app registers those of its own."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "provider.created": _("Provider created"),
    "reseller.created": _("Reseller created"),
    "reseller.suspended": _("Reseller suspended"),
    "reseller.resumed": _("Reseller resumed"),
    "reseller.moved": _("Reseller moved"),
    "customer.created": _("Customer created"),
    "customer.suspended": _("Customer suspended"),
    "customer.resumed": _("Customer resumed"),
    "customer.moved": _("Customer moved"),
    "customer.handed": _("Customer given to an account manager"),
    "user.added": _("User added"),
    "user.profile_changed": _("Own profile changed"),
    "api_key.created": _("API key created"),
    "api_key.revoked": _("API key revoked"),
}


def register(words: Mapping[str, Any]) -> None:
    """Call it in `AppConfig.ready`."""
    WORDS.update(words)


def word(kind: str) -> str:
    """A kind that nobody registered reads as its slug."""
    return str(WORDS.get(kind) or kind.replace(".", ": ").replace("_", " ").capitalize())
