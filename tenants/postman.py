"""Takes mails out of the outbox and hands them to Django's backend, outside of any transaction.

A mail that is on its way is leased. A worker that dies leaves the lease to run out, and another sends the mail again:
at least once, and under the same Message-ID, so that the second can be told from a new one.
"""

from datetime import datetime
from smtplib import SMTPException

import structlog
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from resellerhub.kernel.refusals import Refusal
from tenants.letters import compose
from tenants.models import Mail
from tenants.services.mails import claim_mails, note_failure, note_sent

log = structlog.get_logger(__name__)

BATCH = 20


def deliver_some(*, now: datetime) -> int:
    """Send a batch over one connection; how many mails were in it."""
    mails = claim_mails(most=BATCH, now=now)
    if not mails:
        return 0
    try:
        transport = get_connection()
        transport.open()
    except (OSError, SMTPException) as error:
        for mail in mails:
            note_failure(mail, describe(error), now=now)
        return 0
    try:
        for mail in mails:
            deliver(mail, transport, now)
    finally:
        transport.close()
    return len(mails)


def deliver(mail: Mail, transport: BaseEmailBackend, now: datetime) -> None:
    """One mail. What is wrong with it is noted on it and does not keep the others waiting."""
    try:
        letter = compose(mail, now=now)
        letter.message.connection = transport
        letter.message.send()
    except Refusal as refusal:
        note_failure(mail, refusal.detail, for_good=True, now=now)
    except Exception as error:
        log.warning("mail_not_sent", mail_id=mail.pk, error=type(error).__name__)
        note_failure(mail, describe(error), now=now)
    else:
        note_sent(mail, subject=letter.subject, body=letter.kept, now=now)


def describe(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
