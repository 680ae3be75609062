"""What the reports tell on the first page."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from resellerhub.web.details import Counter
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.models import Holding


def over_quota(request: PageRequest) -> Sequence[Counter]:
    """How many rows of "Quota over usage" there are; it equals the list that it links to."""
    if not request.actor.can("report.view"):
        return []
    count = Holding.objects.visible_to(request.actor).over_quota().count()
    return [Counter(_("Over quota"), count, shell_url(request, "over_usage"), tone="warn" if count else "")]
