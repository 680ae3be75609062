"""Who uses a fee or a package, for its page."""

from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.selectors.uses import uses
from catalog.tables.fees import UseTable
from resellerhub.kernel.periods import day_of
from resellerhub.web.details import Section
from resellerhub.web.lists import Action, Empty
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_link


def use_sections(request: PageRequest, what: str, pk: int) -> list[Section]:
    """One for each kind of user: the first of them, and the way to all."""
    sections = []
    for used in uses(request.actor, what, pk, day_of(timezone.now())):
        url = shell_link(request, used.list_name)
        every = Action(_("All of them"), f"{url}?{used.query}") if url and used.count > len(used.first) else None
        title = _("Used by: %(what)s (%(count)s)") % {"what": used.label, "count": used.count}
        sections.append(
            Section(title=title, table=UseTable(list(used.first)), action=every, empty=Empty(_("Nobody uses it yet")))
        )
    return sections
