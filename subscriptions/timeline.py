"""Reads of the timeline: what was held when, at the prices that concern the reader."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet, Value

from subscriptions.models import OneOff, Phase, PhaseFee, Subscription
from tenants.models import Tenant
from tenants.naming import shown

if TYPE_CHECKING:
    from tenants.actor import Actor


def phases(actor: "Actor") -> QuerySet[Phase]:
    """In scope, each with `seen`, the fees that the actor may see, from the holder upwards; its `figures` are made of
    these, for the actor's tenant. Two statements, however many."""
    fees = PhaseFee.objects.visible_to(actor).order_by("pk")
    rows = Phase.objects.visible_to(actor).annotate(reader_id=Value(actor.tenant_id))
    return rows.prefetch_related(Prefetch("fees", fees, to_attr="seen"))


def told(actor: "Actor", subscription_id: int) -> QuerySet[Phase]:
    """All of one subscription, with the package of each and the day from which its version counts."""
    return phases(actor).filter(subscription=subscription_id).select_related("version__package")


def with_figures(rows: QuerySet[Subscription], actor: "Actor") -> QuerySet[Subscription]:
    """Each with the `figures` of today, in two statements more. Of a closed one there are none."""
    return rows.prefetch_related(Prefetch("phases", phases(actor).filter(ends_on=None), to_attr="open_phases"))


def one_offs(actor: "Actor", subscription_id: int) -> QuerySet[OneOff]:
    """What is due once of one subscription, as far as the actor may see it."""
    return OneOff.objects.visible_to(actor).filter(subscription=subscription_id).select_related("phase_fee")


def with_payers(actor: "Actor", rows: Iterable[OneOff]) -> list[OneOff]:
    """Each with `payer_name`, in one statement; what is not written yet, too."""
    told = list(rows)
    payers = Tenant.objects.filter(pk__in={row.payer_id for row in told}).annotate(shown=shown(actor, tenant=""))
    names = dict(payers.values_list("pk", "shown"))
    for row in told:
        vars(row)["payer_name"] = names[row.payer_id]
    return told
