"""What is refused about reports, in words that say why."""

from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.refusals import Refusal


class NoFileYet(Refusal):
    code, message, status = "no-file-yet", _("This report has not been written yet."), 409


class FileWithdrawn(Refusal):
    code, message, status = (
        "file-withdrawn",
        _("Names of customers were hidden after this report was asked for. Have it written anew."),
        409,
    )


class TooManyDocuments(Refusal):
    code = "too-many-documents"
    message = _("These are {found} documents, and a ZIP may hold {most}: choose fewer, or take CSV.")


class MakerGone(Refusal):
    code, message = "maker-gone", _("Whoever asked for this report does not work here any more.")
