"""Who may give pools to a reseller that is not beneath it: said by the provider's staff, who know both."""

from datetime import datetime

from resellerhub.kernel.operation import operation, refusing
from resellerhub.kernel.refusals import found
from subscriptions.models import PoolSupply
from subscriptions.pool_refusals import NoSupplier, Repeated
from tenants.actor import Actor
from tenants.models import Tenant


@operation
def add_supplier(*, actor: Actor, reseller_id: int, supplier_id: int, now: datetime) -> PoolSupply:
    """From now on a large account reseller may give pools to this reseller; said again, it stays as it is.

    Refused: `NoSupplier` for who is none, or is in one line with the reseller.
    """
    actor.require_provider("reseller.map")
    reseller: Tenant = found(Tenant.objects.visible_to(actor).resellers(), pk=reseller_id)
    supplier: Tenant = found(Tenant.objects.visible_to(actor).resellers().select_related("terms"), pk=supplier_id)
    in_line = supplier.pk in reseller.ancestors or reseller.pk in supplier.ancestors
    if not supplier.terms.is_large or in_line or supplier.is_closed or reseller.is_closed:
        raise NoSupplier(field="supplier")
    known = PoolSupply.objects.open().filter(grantor=supplier, tenant=reseller)
    if earlier := known.first():
        return earlier
    try:
        with refusing({"pool_supply_once": Repeated()}):
            supply = PoolSupply.objects.create(
                provider_id=actor.provider_id, grantor=supplier, tenant=reseller, made_at=now
            )
    except Repeated:  # the same at the same time
        return known.get()
    actor.record("pool.supplier_added", supply, at=now, tenant_id=supplier.pk, reseller=reseller.pk)
    return supply


@operation
def end_supply(*, actor: Actor, supply_id: int, now: datetime) -> PoolSupply:
    """From now on nothing more is given; what was given stays. Twice is once."""
    actor.require_provider("reseller.map")
    supply = found(PoolSupply.objects.visible_to(actor).locked(), pk=supply_id)
    if supply.ended_at is None:
        supply.ended_at = now
        supply.save(update_fields=["ended_at"])
        actor.record("pool.supplier_ended", supply, at=now, tenant_id=supply.grantor_id, reseller=supply.tenant_id)
    return supply
