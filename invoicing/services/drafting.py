"""Drafts of what is due and stands on no document yet: one for each payer and currency."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from invoicing.models import Charge, Document, DocumentKind
from invoicing.refusals import BilledElsewhere, NothingToBill, RollUpIncomplete
from invoicing.selectors.documents import behind, undocumented
from invoicing.selectors.policies import policy_of
from invoicing.selectors.taxes import liabilities_of
from invoicing.services.composing import compose, write
from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.periods import day_of
from tenants.actor import Actor
from tenants.models import Event, Profile, Tenant
from tenants.naming import name_of
from tenants.roles import Kind

NAMED = 5
"""So many customers are named in a refusal."""


class Key(NamedTuple):
    """What stands on one document. `seller_id` is who sold it to the payer: what another sold before somebody moved
    is nothing for the new one to see."""

    payer_id: int
    currency: str
    seller_id: int


@operation
def draft_documents(
    *,
    actor: Actor,
    payer_ids: Collection[int] | None = None,
    until: date,
    kind: str = DocumentKind.INVOICE,
    run_id: int | None = None,
    now: datetime,
) -> list[Document]:
    """Drafts of what these payers owe the actor's tenant until a day, or of what all of them do; none where there is
    nothing. Repeated, it finds what was drafted gone.

    Refused: `RollUpIncomplete` where a reseller's would leave out a customer that is not charged yet.
    """
    actor.require("invoice.edit")
    issuer_id = actor.tenant_id
    if payer_ids is None:
        payer_ids = undocumented(issuer_id, until=until).values_list("payer_id", flat=True).distinct()
    profiles = {row.pk: row for row in Profile.objects.filter(pk__in=payer_ids, provider_id=actor.provider_id).locked()}
    charges = undocumented(issuer_id, until=until, payer_ids=list(profiles))
    groups: dict[Key, list[Charge]] = defaultdict(list)
    tenants = Tenant.objects.in_bulk(profiles)
    for charge in charges.order_by("payer_id", "pk"):
        groups[_key(charge, tenants[charge.payer_id])].append(charge)
    _refuse_gaps(actor, {key.payer_id for key in groups}, tenants, until)
    taxed = liabilities_of(issuer_id, {key.payer_id for key in groups}, today_of(issuer_id, now))
    drafts = [
        Document(
            provider_id=actor.provider_id,
            issuer_id=issuer_id,
            payer_id=key.payer_id,
            seller_id=key.seller_id,
            kind=kind,
            currency=key.currency,
            language=profiles[key.payer_id].language,
            until=until,
            run_id=run_id,
            is_roll_up=any(charge.holder_id != key.payer_id for charge in rows),
            made_at=now,
        )
        for key, rows in groups.items()
    ]
    composed = [
        compose(draft, rows, taxed[draft.payer_id]) for draft, rows in zip(drafts, groups.values(), strict=True)
    ]
    Document.objects.bulk_create(drafts, batch_size=2000)
    with refusing({"document_line_charged_once": BilledElsewhere()}):
        write(composed)
    told = [
        actor.event(
            "document.drafted", draft, at=now, tenant_id=draft.payer_id, facts={"document.payer": draft.payer_id}
        )
        for draft in drafts
    ]
    Event.objects.bulk_create(told, batch_size=2000)
    return drafts


@operation
def draft_document(
    *, actor: Actor, payer_id: int, until: date, kind: str = DocumentKind.INVOICE, now: datetime
) -> Document:
    """The draft for one payer; the first where there are several currencies. Refused: `NothingToBill`."""
    drafts = draft_documents(actor=actor, payer_ids=[payer_id], until=until, kind=kind, now=now)
    if not drafts:
        raise NothingToBill(field="until", until=until)
    return drafts[0]


def today_of(issuer_id: int, now: datetime) -> date:
    """The day that it is for whoever issues."""
    return day_of(now, ZoneInfo(policy_of(issuer_id, now.date()).zone))


def _key(charge: Charge, payer: Tenant) -> Key:
    is_own = charge.holder_id == charge.payer_id and payer.kind == Kind.CUSTOMER
    return Key(charge.payer_id, charge.currency, charge.seller_id if is_own else charge.issuer_id)


def _refuse_gaps(actor: Actor, payer_ids: Collection[int], tenants: dict[int, Tenant], until: date) -> None:
    resellers = [pk for pk in payer_ids if tenants[pk].kind == Kind.RESELLER]
    for payer_id, holder_ids in behind(actor.tenant_id, resellers, until).items():
        rows = Tenant.objects.filter(pk__in=[payer_id, *holder_ids]).select_related("profile").in_bulk()
        names = sorted(name_of(actor, rows[pk]) for pk in holder_ids)
        shown = ", ".join(names[:NAMED])
        if len(names) > NAMED:
            shown = _("%(names)s and %(count)s more") % {"names": shown, "count": len(names) - NAMED}
        raise RollUpIncomplete(payer=name_of(actor, rows[payer_id]), until=until, names=shown)
