"""Which mails there are: their usual words, the placeholders in them, and the department that signs. All as data.

`{link}` and `{code}` are secret: they are made while a mail is sent and stand in no row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from tenants.models import Department

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
LINK, CODE = "link", "code"
SECRETS = (LINK, CODE)
PAGE = "page"
"""A page of the shells: kept as its path, written as its address at the brand's domain."""
HIDDEN = "…"
"""What stands in place of a secret wherever a mail is kept."""

COMMON = {"product": "Cloud Portal", "sender": "Cloud GmbH", "portal": "https://portal.example/"}
"""What every mail may name: the portal, in whose name it is sent, and the portal's address."""


@dataclass(frozen=True)
class MailKind:
    """`variables` are the placeholders with a value to show them by; `is_essential` cannot be switched off,
    `is_awaited` goes before all others: its reader waits at a screen."""

    key: str
    label: Any
    subjects: Mapping[str, str]
    bodies: Mapping[str, str]
    variables: Mapping[str, str]
    department: str = Department.SUPPORT
    is_essential: bool = False
    is_awaited: bool = False

    @property
    def placeholders(self) -> dict[str, str]:
        return {**self.variables, **COMMON}

    def unknown(self, text: str) -> list[str]:
        """Placeholders in a text that this mail does not have."""
        return [name for name in PLACEHOLDER.findall(text) if name not in self.placeholders]


KINDS: dict[str, MailKind] = {}


def register(*kinds: MailKind) -> None:
    """Later apps add mails of their own; call it in `AppConfig.ready`."""
    KINDS.update({kind.key: kind for kind in kinds})


def get(key: str) -> MailKind:
    return KINDS[key]


def label_of(key: str) -> str:
    """Mails of an app that is gone are called by their key."""
    return str(KINDS[key].label) if key in KINDS else key


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its placeholders filled in one pass: nothing in a value is taken for a placeholder."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)


SAMPLE_LINK = "https://portal.example/…"
SAMPLE_CODE = "K7QM-2VXD-9HTC"

register(
    MailKind(
        "reseller_invitation",
        _("Invitation of a reseller"),
        {"en": "{sender} invites you to resell", "de": "{sender} lädt Sie als Reseller ein"},
        {
            "en": "Hello,\n\n{sender} invites {organisation} to become a reseller.\n\n"
            "Accept the invitation here:\n{link}\n\nThe link is valid until {expires_on} and can be used once.",
            "de": "Guten Tag,\n\n{sender} lädt {organisation} ein, Reseller zu werden.\n\n"
            "Hier nehmen Sie die Einladung an:\n{link}\n\n"
            "Der Link gilt bis {expires_on} und kann einmal benutzt werden.",
        },
        {"organisation": "Nordlicht GmbH", "expires_on": "2026-12-31", LINK: SAMPLE_LINK},
        Department.SALES,
        is_essential=True,
    ),
    MailKind(
        "member_invitation",
        _("Invitation of a user"),
        {"en": "You are invited to {product}", "de": "Einladung zu {product}"},
        {
            "en": "Hello,\n\nyou are invited to work for {organisation} in {product}.\n\n"
            "Choose your password here:\n{link}\n\nThe link is valid until {expires_on} and can be used once.",
            "de": "Guten Tag,\n\nSie sind eingeladen, für {organisation} in {product} zu arbeiten.\n\n"
            "Hier wählen Sie Ihr Passwort:\n{link}\n\nDer Link gilt bis {expires_on} und kann einmal benutzt werden.",
        },
        {"organisation": "Nordlicht GmbH", "role": "Support", "expires_on": "2026-12-31", LINK: SAMPLE_LINK},
        is_essential=True,
    ),
    MailKind(
        "registration_received",
        _("Registration received"),
        {"en": "We have received your registration", "de": "Ihre Registrierung ist eingegangen"},
        {
            "en": "Hello {name},\n\nthank you for registering {organisation} as a reseller. "
            "We look at it and answer you by e-mail.",
            "de": "Guten Tag {name},\n\nvielen Dank für die Registrierung von {organisation} als Reseller. "
            "Wir prüfen sie und antworten Ihnen per E-Mail.",
        },
        {"name": "Nora Nord", "organisation": "Nordlicht GmbH"},
        Department.SALES,
    ),
    MailKind(
        "registration_approved",
        _("Registration approved"),
        {"en": "Welcome to {product}", "de": "Willkommen bei {product}"},
        {
            "en": "Hello {name},\n\n{organisation} is now a reseller of {sender}.\n\n"
            "Choose your password here, then you can start:\n{link}",
            "de": "Guten Tag {name},\n\n{organisation} ist jetzt Reseller von {sender}.\n\n"
            "Wählen Sie hier Ihr Passwort, dann kann es losgehen:\n{link}",
        },
        {"name": "Nora Nord", "organisation": "Nordlicht GmbH", LINK: SAMPLE_LINK},
        Department.SALES,
        is_essential=True,
    ),
    MailKind(
        "registration_rejected",
        _("Registration rejected"),
        {"en": "Your registration", "de": "Ihre Registrierung"},
        {
            "en": "Hello {name},\n\nwe cannot take {organisation} as a reseller.\n\n{reason}",
            "de": "Guten Tag {name},\n\nwir können {organisation} leider nicht als Reseller aufnehmen.\n\n{reason}",
        },
        {
            "name": "Nora Nord",
            "organisation": "Nordlicht GmbH",
            "reason": "We have no partner programme in your country.",
        },
        Department.SALES,
    ),
    MailKind(
        "account_created",
        _("New account"),
        {"en": "Your account at {product}", "de": "Ihr Konto bei {product}"},
        {
            "en": "Hello,\n\nan account was set up for {organisation}.\n\nAccount name: {account_name}\n\n"
            "Choose your password here:\n{link}",
            "de": "Guten Tag,\n\nfür {organisation} wurde ein Konto eingerichtet.\n\nKontoname: {account_name}\n\n"
            "Hier wählen Sie Ihr Passwort:\n{link}",
        },
        {"organisation": "Bäckerei Sommer", "name": "Nora Nord", "account_name": "baeckerei-sommer", LINK: SAMPLE_LINK},
    ),
    MailKind(
        "tenant_suspended",
        _("Account suspended"),
        {"en": "{organisation} is suspended", "de": "{organisation} ist gesperrt"},
        {
            "en": "Hello,\n\nthe account of {organisation} is suspended: you can look and export, but change nothing."
            "\n\n{reason}",
            "de": "Guten Tag,\n\ndas Konto von {organisation} ist gesperrt: Ansehen und Exportieren bleiben möglich, "
            "Änderungen nicht.\n\n{reason}",
        },
        {"organisation": "Bäckerei Sommer", "reason": "Two invoices are overdue."},
        Department.BILLING,
    ),
    MailKind(
        "tenant_resumed",
        _("Account resumed"),
        {"en": "{organisation} is active again", "de": "{organisation} ist wieder aktiv"},
        {
            "en": "Hello,\n\nthe account of {organisation} is active again: everything can be used as before.",
            "de": "Guten Tag,\n\ndas Konto von {organisation} ist wieder aktiv: Alles ist nutzbar wie zuvor.",
        },
        {"organisation": "Bäckerei Sommer"},
        Department.BILLING,
    ),
    MailKind(
        "password_reset",
        _("New password"),
        {"en": "Choose a new password", "de": "Neues Passwort wählen"},
        {
            "en": "Hello {name},\n\nsomebody asked for a new password for your login at {product}. "
            "If that was you, choose one here:\n{link}\n\nOtherwise nothing needs to be done.",
            "de": "Guten Tag {name},\n\nfür Ihre Anmeldung bei {product} wurde ein neues Passwort angefordert. "
            "Waren Sie das, wählen Sie es hier:\n{link}\n\nAndernfalls ist nichts zu tun.",
        },
        {"name": "Nora Nord", LINK: SAMPLE_LINK},
        is_essential=True,
        is_awaited=True,
    ),
    MailKind(
        "sender_check",
        _("Check of a sender's address"),
        {"en": "May {product} write from your address?", "de": "Darf {product} von Ihrer Adresse schreiben?"},
        {
            "en": "Hello,\n\n{sender} wants to send the mails of {product} from this address. "
            "If that is right, enter this code there, or pass it on:\n{code}\n\n"
            "It is valid for a day. Otherwise nothing needs to be done: nothing is sent from this address.",
            "de": "Guten Tag,\n\n{sender} möchte die Mails von {product} von dieser Adresse senden. "
            "Ist das richtig, geben Sie dort diesen Code ein oder leiten Sie ihn weiter:\n{code}\n\n"
            "Er gilt einen Tag. Andernfalls ist nichts zu tun: Von dieser Adresse wird nichts gesendet.",
        },
        {CODE: SAMPLE_CODE},
        is_essential=True,
        is_awaited=True,
    ),
)
