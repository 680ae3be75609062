"""What is refused about add-ons, in words that say why."""

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Forbidden, Refusal


class NameTaken(Refusal):
    code, message = "name-taken", _("There is already an add-on called {name}.")


class NotGranted(Refusal):
    code, message = "not-granted", _("You can only sell on what you hold yourself; {resource} is not part of that.")


class NotYourAddOn(Forbidden):
    code, message = (
        "not-your-add-on",
        _("This add-on belongs to somebody else: it can be looked at, not changed or sold."),
    )


class CopyIsFixed(Refusal):
    code, message, status = (
        "copy-is-fixed",
        _("Of a copy, only name, description, prices and whether it is sold can be changed."),
        422,
    )


class WrongServiceType(Refusal):
    code, message, status = "wrong-service-type", _("This belongs to another service type."), 422


class AddOnInactive(Refusal):
    code, message = "add-on-inactive", _("{add_on} is not sold any more.")


class NoPackages(Refusal):
    code, message = "no-packages", _("{add_on} is not associated with any package, so there is nothing to sell it on.")


class BelowMinimum(Refusal):
    code, message, status = (
        "below-minimum",
        _("One sale must grant at least {minimum} of {resource}; {quantity} units grant {granted}."),
        422,
    )


class NotAssociated(Refusal):
    code, message = "not-associated", _("{add_on} is not associated with the package {package}.")


class SubscriptionNotActive(Refusal):
    code, message = "subscription-not-active", _("The subscription or its holder is not active.")


class OversellRefused(Refusal):
    code, message = (
        "oversell-refused",
        _("The seller may not oversell: {remaining} of {resource} remain, {asked} were asked for."),
    )


class StillSold(Refusal):
    code, message = (
        "still-sold",
        _("{sold} of {resource} are sold on; without this add-on only {left} would be allocated."),
    )


class NothingSelected(Refusal):
    code, message, status = "nothing-selected", _("No subscription matches this selection."), 422
