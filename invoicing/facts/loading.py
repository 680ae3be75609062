"""All that some payers owe an issuer."""

from collections.abc import Sequence

from invoicing.facts import add_ons, subscriptions, support
from invoicing.facts.streams import Facts, Key
from invoicing.models import Mark
from invoicing.rating.timeline import once_only


def load(issuer_id: int, payer_ids: Sequence[int]) -> dict[Key, Facts]:
    """By stream, in the order of their keys; what never cost anything is left out. Nine statements, however many."""
    found: dict[Key, Facts] = {}
    for family in (subscriptions, add_ons, support):
        family.load(issuer_id, payer_ids, found)
    for key, facts in found.items():
        if key.about == Mark.About.ONCE:
            facts.stretches = once_only([facts.stretches])
    return {key: found[key] for key in sorted(found) if found[key].costs_something}
