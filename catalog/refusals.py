"""What is refused about the catalogue, in words that say why."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Invalid, Refusal


class ManagedByAnother(Refusal):
    code, status = "managed-by-another", 403
    message = _("{name} is managed by somebody else: it can be looked at, not changed.")


class ShareWithResellers(Refusal):
    code, status = "share-with-resellers", 422
    message = _(
        "The account fee {fee} is managed by the provider, and {package} is shared with resellers: switch on"
        " “Share with resellers” at the fee, so that they see the recommended price."
    )


class FeeDoesNotFit(Refusal):
    code, message, status = "fee-does-not-fit", _("This fee is of another kind, or managed by somebody beneath."), 422


class FeeNotActive(Refusal):
    code, message, status = "fee-not-active", _("{fee} is not active any more: choose another fee."), 422


class ResellerFeeFixed(Refusal):
    code, status = "reseller-fee-fixed", 403
    message = _("The reseller fee is what you owe: it is set by whoever sells to you.")


class CurrenciesDiffer(Refusal):
    code, status = "currencies-differ", 422
    message = _("The reseller fee is in {reseller}, the account fee in {account}: a pair has one currency.")


class NeverShared(Refusal):
    code, status = "never-shared", 422
    message = _("A reseller fee is what resellers owe: only account fees are shared with them.")


class TooMany(Refusal):
    code, message, status = "too-many", _("At most {most} at once: choose fewer."), 422


class FeeInUse(Refusal):
    code, message = "fee-in-use", _("{fee} is a fee of {used}, which is sold.")


class BeforeToday(Refusal):
    code, status = "before-today", 422
    message = _("What was agreed stays as it was: a change takes effect today or later.")


class CurrencyKept(Refusal):
    code, message, status = "currency-kept", _("This fee is in {currency}, and stays so."), 422


class ListAssigned(Refusal):
    code, message = "list-assigned", _("{name} is assigned to {count}: take it away from them first.")


class CommissionLists(Refusal):
    code, status = "commission-reseller", 403
    message = _("A commission reseller has no price lists: whoever bills what it sells makes the prices.")


class ListNotActive(Refusal):
    code, message = "list-not-active", _("{name} is not active.")


class NotABuyer(Refusal):
    code, status = "not-a-buyer", 422
    message = _("{id} cannot hold {name}: it is of another kind, or buys from somebody else.")


class BadLines(Invalid):
    """Lines of a grid that cannot be taken: for each, by its place, a sentence for each of its values."""

    def __init__(self, count: int, lines: Mapping[int, Mapping[str, Sequence[str]]]) -> None:
        super().__init__({})
        self.count, self.lines = count, lines

    @property
    def errors(self) -> dict[str, Any]:
        return {"lines": [self.lines.get(place, {}) for place in range(self.count)]}
