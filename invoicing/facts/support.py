"""What is owed for support: by the month, at the price that its issuer asks on each day."""

from collections.abc import Sequence

from invoicing.facts.streams import Facts, Key, Said
from invoicing.facts.subscriptions import cadence_of
from invoicing.models import Charge, Mark
from invoicing.rating.timeline import USUAL, Stretch
from tenants.support_timeline import owed_to


def load(issuer_id: int, payer_ids: Sequence[int], found: dict[Key, Facts]) -> None:
    """Adds what these owe the issuer, for themselves or for their customers. Two statements."""
    for row in owed_to(issuer_id, payer_ids):
        key = Key(Mark.About.SUPPORT, row.tenant_id, row.payer_id, row.issuer_id, row.currency)
        facts = found.setdefault(key, Facts())
        source = (Charge.Source.SUPPORT_PHASE.value, row.phase_id)
        facts.said[source] = Said(Charge.Stream.SUPPORT, row.name, row.tenant_id, row.seller_id, None)
        facts.stretches.append(Stretch(source, row.starts_on, row.ends_on, 1, row.amount, cadence_of(row.cycle), USUAL))
