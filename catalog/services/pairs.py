"""The pair of fees of a package or an add-on: which may be named, and when the account fee has to be shared."""

from datetime import date
from typing import Any, Protocol

from catalog.models import Fee
from catalog.refusals import CurrenciesDiffer, FeeDoesNotFit, FeeNotActive, ResellerFeeFixed, ShareWithResellers
from resellerhub.kernel.refusals import found
from tenants.actor import Actor
from tenants.models import Tenant


class Pair(Protocol):
    """What a version says it costs."""

    @property
    def reseller_fee_id(self) -> int | None: ...
    @property
    def account_fee_id(self) -> int | None: ...


def check_pair(actor: Actor, thing: Any, pair: Pair, had: Pair) -> None:
    """What may be written of something with a manager and switches; what it `had` already is not asked about again,
    whoever may see it. Both fees are locked."""
    reseller_fee = _fee(actor, thing, pair.reseller_fee_id, Fee.Kind.RESELLER, had.reseller_fee_id)
    account_fee = _fee(actor, thing, pair.account_fee_id, Fee.Kind.ACCOUNT, had.account_fee_id)
    if reseller_fee and account_fee:
        check_currencies(reseller_fee, account_fee)
    if account_fee:
        _check_shared(thing, account_fee)


def check_currencies(reseller_fee: Fee, account_fee: Fee) -> None:
    if reseller_fee.currency != account_fee.currency:
        facts = {"reseller": reseller_fee.currency, "account": account_fee.currency}
        raise CurrenciesDiffer(**facts, field="account_fee")


def check_reseller_fee(actor: Actor, fee_id: int | None, had_id: int | None) -> None:
    """A reseller sets what it manages itself: what those beneath it owe. What it owes is set from above."""
    if fee_id == had_id:
        return
    own = Fee.objects.filter(tenant=actor.tenant_id)
    if had_id is not None and not own.filter(pk=had_id).exists():
        raise ResellerFeeFixed(field="reseller_fee")
    if fee_id is not None and found(Fee.objects.visible_to(actor), pk=fee_id).tenant_id != actor.tenant_id:
        raise ResellerFeeFixed(field="reseller_fee")


def check_standing(thing: Any, on: date) -> None:
    """Something that is about to be shared: what it says now and will say."""
    versions = thing.versions.standing(on).filter(account_fee__isnull=False).order_by().values("account_fee")
    for fee in Fee.objects.filter(pk__in=versions).locked():
        _check_shared(thing, fee)


def _fee(actor: Actor, thing: Any, fee_id: int | None, kind: str, had_id: int | None) -> Fee | None:
    """Locked. A fee in sight that is managed by who manages the thing, or above."""
    if fee_id is None:
        return None
    field = f"{kind}_fee"
    if fee_id != had_id:
        fee = found(Fee.objects.visible_to(actor), pk=fee_id)
        line = Tenant.objects.get(pk=thing.tenant_id).ancestors
        if fee.kind != kind or fee.tenant_id not in line:
            raise FeeDoesNotFit(field=field)
    fee = found(Fee.objects.filter(pk=fee_id).locked(), pk=fee_id)
    if thing.is_active and not fee.is_active:
        raise FeeNotActive(fee=fee.name, field=field)
    return fee


def _check_shared(thing: Any, account_fee: Fee) -> None:
    """Resellers who see something see the price that its provider recommends."""
    seen = thing.is_shared or thing.tenant_id != thing.provider_id
    if seen and account_fee.tenant_id == thing.provider_id and not account_fee.is_shared:
        raise ShareWithResellers(fee=account_fee.name, package=thing.name, field="account_fee")
