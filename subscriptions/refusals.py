"""What is refused about subscriptions, in words that say why."""

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import DatedRefusal, Refusal


class OversellRefused(Refusal):
    code = "oversell-refused"
    message = _("Only {remaining} of {resource} remain to be sold; {asked} were asked for.")


class CommissionReseller(Refusal):
    code, status = "commission-reseller", 403
    message = _("A commission reseller holds no subscriptions: only prepaid resellers do.")


class CommissionPlans(CommissionReseller):
    message = _("A commission reseller makes no plans: it offers the packages that were chosen for it.")


class OwnSubscription(Refusal):
    code, status = "own-subscription", 403
    message = _("What you hold yourself is changed by whoever sells it to you.")


class HolderNotActive(Refusal):
    code, message = "holder-not-active", _("This account or its seller is not active: nothing can be sold to it.")


class HolderSuspended(Refusal):
    code = "holder-suspended"
    message = _("Its account is suspended: this subscription is resumed together with the account.")


class NotOffered(Refusal):
    code, message = "not-offered", _("The seller of this account does not offer this package.")


class NoSource(Refusal):
    code = "no-source"
    message = _("The seller holds no active subscription of this service from which this could be drawn.")


class PriceOutOfBounds(Refusal):
    code, status = "price-out-of-bounds", 422
    message = _("Allowed is a price from {floor} to {ceiling} {currency}.")


class BilledByAnother(Refusal):
    code, status = "billed-by-another", 403
    message = _(
        "On commission you may sell for more than {amount} {currency}, not for less: whoever bills this asks that."
    )


class PriceTooLarge(Refusal):
    code, status = "price-too-large", 422
    message = _("By its price list this would cost more than can be charged: a price is below {most}.")


class NothingGranted(Refusal):
    code = "no-reseller-subscription"
    message = _(
        "Plans are made from what you were granted, and you hold no active subscription yet."
        " Ask {seller} for one: then you can make plans."
    )


class NotGranted(Refusal):
    code, message = "not-granted", _("You hold no subscription that grants {resource}.")


class SubscriptionClosed(Refusal):
    code, message = "subscription-closed", _("This subscription is closed.")


class SubscriptionNotActive(Refusal):
    code, message = "subscription-not-active", _("Only an active subscription can be suspended.")


class NothingAdded(SubscriptionNotActive):
    message = _("Nothing is added to a subscription while it is suspended.")


class SourceSuspended(NothingAdded):
    message = _("What this is drawn from is suspended: nothing is added to it meanwhile.")


class SubscriptionNotSuspended(Refusal):
    code, message = "subscription-not-suspended", _("Only a suspended subscription can be resumed.")


class StillDrawn(Refusal):
    code, message = "still-drawn", _("{count} open subscriptions draw on this one. Cancel them first.")


class BelowUtilised(Refusal):
    code = "below-utilised"
    message = _("{resource} cannot go down to {asked}: {utilised} are taken already.")


class VersionLater(DatedRefusal):
    code, status = "version-later", 422
    message = _("This version counts from {day} on: nothing can change to it before.")


class NothingSold(Refusal):
    code, message = "nothing-sold", _("Nothing of this package is sold to whom you chose.")


class NothingWaits(Refusal):
    code, message = "nothing-waits", _("This push has ended: nothing waits for its day any more.")


class AlreadyPlanned(DatedRefusal):
    code = "already-planned"
    message = _("Something is planned for {on} already. Withdraw it first.")


class DoesNotRenew(DatedRefusal):
    code = "does-not-renew"
    message = _("It ends on {ends_on} and does not renew: nothing can be planned for then.")


class NotPending(DatedRefusal):
    code, message = "subscription-pending", _("It begins on {on}. Until then it can be cancelled, and nothing else.")


class NothingPlanned(Refusal):
    code, message = "nothing-planned", _("Nothing is planned for this subscription.")


class WindowClosed(DatedRefusal):
    code = "cancellation-window-closed"
    message = _("This was possible until {until} (UTC). It is possible again at the end of the term, on {ends_on}.")


class CycleNotOffered(Refusal):
    code, status = "cycle-not-offered", 422
    message = _("It is not offered by this billing cycle, only {offered}.")


class OtherService(Refusal):
    code, status = "other-service", 422
    message = _("A subscription changes to a package of the same service type for the same kind of holder.")


class OtherCurrency(Refusal):
    code, status = "other-currency", 422
    message = _("It is paid in {currency}, and this package in {other}: a subscription keeps its currency.")


class EndsEarlier(DatedRefusal):
    code = "ends-earlier"
    message = _("The other one ends on {other}, before the term of this one does on {ends_on}.")


class CannotEndTogether(Refusal):
    code, status = "cannot-end-together", 422
    message = _("Choose another open subscription of the same holder.")


class CannotHandOver(Refusal):
    code, status = "cannot-hand-over", 422
    message = _("A subscription moves to another active customer of the same seller.")


class QuoteChanged(Refusal):
    code = "quote-changed"
    message = _("Meanwhile it would no longer be what the preview said. Look at it again.")


class TermChanged(DatedRefusal):
    code = "term-changed"
    message = _("Meanwhile the term ends on {ends_on}. Look at the preview again.")
