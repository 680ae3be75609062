"""How many mails may go to people who did not ask for them: to one address, and in the name of one tenant; and how many
to somebody about one and the same tenant.

Counted is what was written in the last 24 hours, so that neither revoking nor other names begin anew: whoever writes in
the names of those beneath it is one writer. What others write counts for them alone, so that nobody keeps a rival's
or the provider's mails away or learns of them.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.locks import MAILS, advisory_locks
from resellerhub.kernel.refusals import Refusal
from tenants.models import Mail, Tenant
from tenants.roles import Kind

A_DAY = timedelta(days=1)
UNASKED = Q(invitation__isnull=False) | Q(kind__in=("sender_check", "account_created"))


class TooManyMails(Refusal):
    code, status = "too-many-mails", 429
    message = _("So many mails went to this address within a day that the next can be sent from {free_at} on.")


class TooManyInvitations(Refusal):
    code, status = "too-many-invitations", 429
    message = _("So many people were written to within a day that the next mail can be sent from {free_at} on.")


def hold_caps(*writers: Tenant) -> None:
    """Before mails of these writers are counted: until the transaction ends nobody else in their branches counts, so
    that of many at once none passes who was one too many."""
    advisory_locks(MAILS, map(_top, writers))


def refuse_flood(writer: Tenant, to: str, now: datetime) -> None:
    """Before a mail is written in the name of this tenant; part of an operation."""
    hold_caps(writer)
    if at := _free_at(_from_branch(writer, now).filter(to=to), settings.UNASKED_MAILS_PER_ADDRESS):
        raise TooManyMails(field="email", **_when(at, now))
    if at := _free_at(_written(now).filter(tenant=writer), settings.UNASKED_MAILS_PER_TENANT):
        raise TooManyInvitations(**_when(at, now))


def flooded(writer: Tenant, addresses: Collection[str], now: datetime) -> set[str]:
    """Those of many to whom nothing more may be written for now; counted under `hold_caps`."""
    counts = _from_branch(writer, now).filter(to__in=addresses).order_by().values("to").annotate(count=Count("pk"))
    return set(counts.filter(count__gte=settings.UNASKED_MAILS_PER_ADDRESS).values_list("to", flat=True))


def left_today(writer: Tenant, now: datetime) -> int:
    """How many more mails this tenant may write; counted under `hold_caps`."""
    return max(0, int(settings.UNASKED_MAILS_PER_TENANT) - _written(now).filter(tenant=writer).count())


def heard_enough(addresses: Collection[str], about: Collection[int], kind: str, now: datetime) -> set[tuple[int, str]]:
    """To whom this mail about these tenants went so often that it is no news, as tenant and address: whoever is
    suspended and resumed in turns is told no more."""
    mails = Mail.objects.filter(to__in=addresses, about__in=about, kind=kind, created_at__gt=now - A_DAY).order_by()
    counts = mails.values("about", "to").annotate(count=Count("pk")).filter(count__gte=settings.MAILS_ABOUT_TENANT)
    return set(counts.values_list("about", "to"))


def _written(now: datetime) -> QuerySet[Mail]:
    return Mail.objects.filter(UNASKED, created_at__gt=now - A_DAY)


def _from_branch(writer: Tenant, now: datetime) -> QuerySet[Mail]:
    """In the names of all that stand with the writer beneath the same seller of the provider's; a provider stands
    alone, else its resellers could keep its mails away."""
    if writer.kind == Kind.PROVIDER:
        return _written(now).filter(tenant=writer)
    return _written(now).filter(tenant__ancestors__contains=[_top(writer)])


def _top(writer: Tenant) -> int:
    """Of the writer's branch; a provider's own is itself."""
    top: int = writer.ancestors[:2][-1]
    return top


def _free_at(mails: QuerySet[Mail], most: int) -> datetime | None:
    """When one more may be written; None: now."""
    last = mails.order_by("-created_at").values_list("created_at", flat=True)[most - 1 : most].first()
    return last + A_DAY if last else None


def _when(at: datetime, now: datetime) -> dict[str, Any]:
    seconds = max(1, round((at - now).total_seconds()))
    return {"free_at": date_format(localtime(at), "DATETIME_FORMAT"), "retry_after": seconds}
