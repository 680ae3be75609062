"""What is refused about subscriptions, in words that say why."""

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Refusal


class OversellRefused(Refusal):
    code = "oversell-refused"
    message = _("Only {remaining} of {resource} remain to be sold; {asked} were asked for.")


class CommissionReseller(Refusal):
    code, status = "commission-reseller", 403
    message = _("A commission reseller holds no subscriptions: only prepaid resellers do.")


class OwnSubscription(Refusal):
    code, status = "own-subscription", 403
    message = _("What you hold yourself is changed by whoever sells it to you.")


class HolderNotActive(Refusal):
    code, message = "holder-not-active", _("This account or its seller is not active: nothing can be sold to it.")


class NotOffered(Refusal):
    code, message = "not-offered", _("The seller of this account does not offer this package.")


class NoSource(Refusal):
    code = "no-source"
    message = _("The seller holds no active subscription of this service from which this could be drawn.")


class PriceOutOfBounds(Refusal):
    code, status = "price-out-of-bounds", 422
    message = _("Who sells to the seller allows a price from {floor} to {ceiling} {currency}.")


class NotGranted(Refusal):
    code, message = "not-granted", _("You hold no subscription that grants {resource}.")


class SubscriptionClosed(Refusal):
    code, message = "subscription-closed", _("This subscription is closed.")


class SubscriptionNotActive(Refusal):
    code, message = "subscription-not-active", _("Only an active subscription can be suspended.")


class SubscriptionNotSuspended(Refusal):
    code, message = "subscription-not-suspended", _("Only a suspended subscription can be resumed.")


class StillDrawn(Refusal):
    code, message = "still-drawn", _("{count} open subscriptions draw on this one. Cancel them first.")


class BelowUtilised(Refusal):
    code = "below-utilised"
    message = _("{resource} cannot go down to {asked}: {utilised} are taken already.")
