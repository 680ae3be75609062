"""What is refused about add-ons, in words that say why."""

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Forbidden, Refusal


class NotYourAddOn(Forbidden):
    code, message = (
        "not-your-add-on",
        _("This add-on belongs to somebody else: it can be looked at, not changed or sold."),
    )

    def __init__(self) -> None:
        super().__init__(permission="add_on.edit")


class CopyIsFixed(Refusal):
    code, status = "copy-is-fixed", 422
    message = _(
        "Of a copy, only name, description, fees and switches can be changed: it grants what the original does."
    )


class WrongServiceType(Refusal):
    code, message, status = "wrong-service-type", _("This belongs to another service type."), 422


class AddOnInactive(Refusal):
    code, message = "add-on-inactive", _("{add_on} is not sold any more.")


class NotOfferedYet(Refusal):
    code, message = "not-offered-yet", _("{add_on} is sold from a later day on.")


class NoPackages(Refusal):
    code, message = "no-packages", _("{add_on} is not associated with any package, so there is nothing to sell it on.")


class BelowMinimum(Refusal):
    code, status = "below-minimum", 422
    message = _("One sale must grant at least {minimum} of {resource}; {quantity} units grant {granted}.")


class NotAssociated(Refusal):
    code, message = "not-associated", _("{add_on} is not associated with the package {package}.")


class TargetNotActive(Refusal):
    code, message = "target-not-active", _("The subscription, its holder or the seller is not active.")


class NothingSelected(Refusal):
    code, message, status = "nothing-selected", _("No subscription matches this selection."), 422


class TooMuch(Refusal):
    code, message = "too-much", _("This is more than can be counted.")
