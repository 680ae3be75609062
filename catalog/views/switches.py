"""The buttons of a list that share what was chosen, stop sharing it, or sell it no more."""

from django.utils.translation import gettext_lazy as _

from resellerhub.web.lists import BulkAction
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url

LABELS = {"share": _("Share with resellers"), "unshare": _("Stop sharing"), "deactivate": _("Deactivate")}
ICONS = {"share": "send", "unshare": "x", "deactivate": "pause"}


def switches(request: PageRequest, listed: str, permission: str) -> list[BulkAction]:
    """Of the list with this url name, for those who may edit what is in it."""
    return [
        BulkAction(label, shell_url(request, f"{listed}_{switch}"), ICONS[switch], permission, switch == "deactivate")
        for switch, label in LABELS.items()
    ]
