"""What pools say no to."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Refusal
from resellerhub.web import formats
from subscriptions.pool_units import amount


class PoolExhausted(Refusal):
    code, message = "pool-exhausted", _("This pool has only {free} free; {asked} were asked for.")

    def __init__(self, *, free: int, asked: int, unit: str, **options: Any) -> None:
        super().__init__(free=free, asked=asked, unit=unit, **options)

    @property
    def detail(self) -> str:
        free, asked = amount(self.facts["free"], self.facts["unit"]), formats.number(self.facts["asked"])
        return str(self.message).format(free=free, asked=asked)


class PoolNotActive(Refusal):
    code, message = (
        "pool-not-active",
        _("This pool is not active: it waits, was given back or has ended."),
    )


class PoolOver(Refusal):
    code, message = "pool-over", _("This pool is over, and its seats went back.")


class PoolResolved(Refusal):
    code, message = "pool-resolved", _("This pool was accepted, returned or has ended before.")


class PoolInUse(Refusal):
    """U04: nothing is dropped in silence; `holders` says who has what, as far as the reader may know, and `more` how
    many others there are."""

    code, message = "pool-in-use", _("{used} of this pool are in use, so it cannot shrink to {asked}: {holders}.")

    @property
    def detail(self) -> str:
        facts = self.facts
        told = [f"{one['name']} · {one['id']}: {formats.number(one['seats'])}" for one in facts["holders"]]
        if facts["more"]:
            told.append(str(_("%(count)s more")) % {"count": formats.number(facts["more"])})
        used, asked = amount(facts["used"], facts["unit"]), formats.number(facts["asked"])
        return str(self.message).format(used=used, asked=asked, holders="; ".join(told))


class PaymentTypeKept(Refusal):
    code, message = "payment-type-kept", _("The payment type stays: seats of this pool were assigned to a customer.")


class NotMapped(Refusal):
    code, message = "not-mapped", _("Pools are given to mapped resellers alone. Map first: {resellers}.")


class EndsAfterParent(Refusal):
    code, message = (
        "ends-after-parent",
        _("A pool ends with the one it is given from at the latest, on {ends_on}."),
    )

    @property
    def detail(self) -> str:
        return str(self.message).format(ends_on=formats.day(date.fromisoformat(self.facts["ends_on"])))


class NotYoursToGive(Refusal):
    code, message, status = "not-yours-to-give", _("Seats are given by who holds the pool."), 403


class NotYoursToChange(NotYoursToGive):
    message = _("A pool is changed and taken back by who gave it.")


class NotLarge(Refusal):
    code, message, status = (
        "no-large-account",
        _("Pools are purchased by the provider, and by a large account reseller for itself."),
        403,
    )


class NotSupplied(Refusal):
    code, message = (
        "not-supplied",
        _("Pools are given to resellers beneath their holder, and to those that it was made a supplier of."),
    )


class NoSupplier(Refusal):
    code, message = (
        "no-supplier",
        _("A supplier is a large account reseller that is neither above nor beneath the reseller."),
    )


class Repeated(Refusal):
    """Another request with the same id was first; whoever asks is answered with what that one did."""

    code, message = "repeated", _("This was just asked for.")
