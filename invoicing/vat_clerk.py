"""Asks about VAT IDs, outside of any transaction, one after the other."""

from datetime import datetime

import structlog

from invoicing.services.vat_checks import claim_checks, note_answer, open_checks
from invoicing.vies import checker

log = structlog.get_logger(__name__)
BATCH = 5
"""As many as are certainly asked before their lease ends."""


def ask_some(*, now: datetime) -> int:
    """Ask what is due, a batch of it; how many those were."""
    open_checks(now=now)
    checks = claim_checks(most=BATCH, now=now)
    asked = checker()
    for check in checks:
        answer = asked.ask(check.vat_id, check.requester)
        if answer.problem:
            log.info("vat_id_not_answered", check_id=check.pk, problem=answer.problem)
        note_answer(check=check, answer=answer, now=now)
    return len(checks)
