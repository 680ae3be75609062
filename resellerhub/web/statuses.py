"""A status is a dot and a word; the colour only repeats what the word says."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString

TONES = {
    "good": {"active", "accepted", "done", "sold", "delivered", "paid", "mapped", "sent"},
    "busy": {"running", "queued", "pending", "invited", "draft", "waiting"},
    "warn": {"suspended", "skipped", "over", "expiring", "overdue"},
    "bad": {"failed", "expired", "revoked", "refused"},
}
_tone_of = {state: tone for tone, states in TONES.items() for state in states}


def tone_of(state: str) -> str:
    """The tone of a state of any model; what is closed, cancelled or unknown is calm."""
    return _tone_of.get(state, "calm")


def status(state: str, label: Any = None, tone: str = "") -> SafeString:
    """The markup of a status; without a label the state itself is the word."""
    word = label or state.replace("_", " ").capitalize()
    return format_html('<span class="state is-{}">{}</span>', tone or tone_of(state), word)
