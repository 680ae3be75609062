"""What is refused of documents, and why."""

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import DatedRefusal, Refusal


class NotItsIssuer(Refusal):
    code, status = "not-its-issuer", 403
    message = _("This is for whoever issued the document to do.")


class NotADraft(Refusal):
    code = "not-a-draft"
    message = _("This document was issued: it stays as it is. A correction is a document of its own.")


class NamesOnIt(Refusal):
    code, status = "names-hidden", 403
    message = _("Names of customers stand on this document that their reseller hides from everybody above it.")


class NotOffered(Refusal):
    code = "not-offered"
    message = _("An e-invoice can be made only of what was issued and says all that one needs: {lacking}.")


class NothingToBill(DatedRefusal):
    code = "nothing-to-bill"
    message = _("Nothing is due until {until} that does not stand on a document already.")


class TooFarAhead(DatedRefusal):
    code, status = "too-far-ahead", 422
    message = _("Bills are made a year ahead at most: until {last}.")


class TooLongAgo(DatedRefusal):
    code, status = "too-long-ago", 422
    message = _("A document is of the last year: of {first} at the earliest.")


class NothingOnIt(Refusal):
    code, message = "nothing-on-it", _("Nothing stands on this draft.")


class RollUpIncomplete(DatedRefusal):
    code = "roll-up-incomplete"
    message = _(
        "The bill of {payer} would leave out what is due until {until} for {names}: it was not charged yet."
        " Charge it first."
    )


class TaxUnknown(Refusal):
    code, message = "tax-unknown", _("The tax cannot be said yet: {reason}")


class SeveralTaxes(Refusal):
    code = "several-taxes"
    message = _("What is outside the scope of tax stands on a document of its own: take one or the other off.")


class DatesGoBack(DatedRefusal):
    code = "dates-go-back"
    message = _("The last document of this series is of {last}: the next is of no earlier day.")


class NotYet(DatedRefusal):
    code, message = "not-yet", _("It can be issued on {today} at the latest: no document is of a day to come.")


class NoNumbersLeft(Refusal):
    code, message = "no-numbers-left", _("This series has no numbers left: begin another one in the settings.")


class NotToBeVoid(Refusal):
    code = "not-to-be-void"
    message = _(
        "Only an issued invoice or proforma invoice can be made void, and only while no credit note corrects it."
    )


class NotToBeCredited(Refusal):
    code, message = "not-to-be-credited", _("Only an issued invoice can be credited.")


class CreditTooLarge(Refusal):
    code = "credit-too-large"
    message = _("At most {left} can be given back: the rest was given back before.")


class NotOfInvoice(Refusal):
    code, message = "not-of-invoice", _("These lines do not stand on the invoice, or give back something themselves.")


class NotAProforma(Refusal):
    code = "not-a-proforma"
    message = _("Only an issued proforma invoice of which there is no invoice yet can be turned into one.")


class BilledElsewhere(Refusal):
    code = "billed-elsewhere"
    message = _("Some of it stands on another document by now.")


class RunExists(Refusal):
    code, message = "run-exists", _("There is a billing run for this month already.")


class RunWaits(Refusal):
    code, message = "run-waits", _("Another billing run has to be billed or cancelled first.")


class MonthIsOver(Refusal):
    code, status = "month-is-over", 422
    message = _("A later month was billed already: what is still owed of this one is in the next run.")


class NotYetDue(Refusal):
    code, status = "not-yet-due", 422
    message = _("A run bills what is due: choose a day of the month that has come.")


class NobodyOwes(Refusal):
    code, message = "nobody-owes", _("Nobody owes anything yet.")


class RunNotCounted(Refusal):
    code, message = "run-not-counted", _("This run waits for no approval.")


class ApprovedAlready(Refusal):
    code, message = "approved-already", _("You have approved this run: somebody else has to, too.")


class RunStands(Refusal):
    code, message = "run-stands", _("This run is billed, or was cancelled: it stays.")


class NoDrafts(Refusal):
    code, message = "no-drafts", _("No draft of this run is left.")


class RunAtWork(Refusal):
    code, message = "run-at-work", _("Workers are at it: wait until they are done.")
