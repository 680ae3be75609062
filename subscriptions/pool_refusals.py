"""What pools say no to."""

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Refusal


class PoolExhausted(Refusal):
    code, message = "pool-exhausted", _("Only {free} are free in this pool; {asked} were asked for.")


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
    """U04: nothing is dropped in silence; `holders` says who has what, as far as the reader may know."""

    code, message = "pool-in-use", _("{used} of this pool are in use, so it cannot shrink to {asked}: {holders}.")


class PaymentTypeKept(Refusal):
    code, message = "payment-type-kept", _("The payment type stays: seats of this pool were assigned to a customer.")


class NotMapped(Refusal):
    code, message = "not-mapped", _("Pools are given to mapped resellers alone. Map this one first.")


class EndsAfterParent(Refusal):
    code, message = (
        "ends-after-parent",
        _("A pool ends with the one it is given from at the latest, on {ends_on}."),
    )


class NotYoursToGive(Refusal):
    code, message, status = "not-yours-to-give", _("Seats are given by who holds the pool."), 403


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
