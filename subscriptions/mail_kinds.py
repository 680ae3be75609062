"""The mails about use: of a threshold, of the ceiling of a hard quota, and of its end."""

from django.utils.translation import gettext_lazy as _

from tenants.mail_kinds import MailKind

SAMPLES = {
    "organisation": "Bäckerei Sommer",
    "subscription": "Hosted Exchange",
    "resource": "User mailboxes",
    "value": "16",
    "allocated": "20",
}

KINDS = (
    MailKind(
        "usage_crossed",
        _("Usage alert"),
        {"en": "{resource}: {percent} % of {subscription}", "de": "{resource}: {percent} % von {subscription}"},
        {
            "en": "Hello,\n\n{organisation} has come to {percent} % of {resource} in {subscription}: "
            "{value} of {allocated}.",
            "de": "Guten Tag,\n\n{organisation} hat {percent} % von {resource} in {subscription} erreicht: "
            "{value} von {allocated}.",
        },
        SAMPLES | {"percent": "80"},
    ),
    MailKind(
        "usage_blocked",
        _("Usage blocked"),
        {"en": "{resource} of {subscription} is blocked", "de": "{resource} von {subscription} ist blockiert"},
        {
            "en": "Hello,\n\n{organisation} uses {value} of {resource} in {subscription}. {allocated} are allocated, "
            "and at {ceiling} it is blocked: more cannot be used until there is room again.",
            "de": "Guten Tag,\n\n{organisation} nutzt {value} von {resource} in {subscription}. {allocated} sind "
            "zugeteilt, bei {ceiling} wird blockiert: Mehr ist nicht nutzbar, bis wieder Platz ist.",
        },
        SAMPLES | {"value": "25", "ceiling": "25"},
    ),
    MailKind(
        "usage_unblocked",
        _("Usage no longer blocked"),
        {
            "en": "{resource} of {subscription} can be used again",
            "de": "{resource} von {subscription} ist wieder nutzbar",
        },
        {
            "en": "Hello,\n\nthere is room again for {organisation}: "
            "{resource} in {subscription} is not blocked any more.",
            "de": "Guten Tag,\n\nfür {organisation} ist wieder Platz: {resource} in {subscription} ist nicht mehr "
            "blockiert.",
        },
        {name: SAMPLES[name] for name in ("organisation", "subscription", "resource")},
    ),
)
