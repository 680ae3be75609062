"""What tenants add to the dashboard and to the search."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from resellerhub.web.details import Counter, Section
from resellerhub.web.request import PageRequest
from resellerhub.web.search import Hit
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.actor import Actor
from tenants.filters.tenants import CustomerFilter, ResellerFilter
from tenants.models import Tenant
from tenants.views.events import latest


def counters(request: PageRequest) -> list[Counter]:
    """Resellers and customers in scope, and how many of them are suspended."""
    found = []
    if request.actor.can("reseller.view"):
        rows = selectors.resellers(request.actor).exclude(status=Tenant.Status.CLOSED)
        found.append(Counter(_("Resellers"), rows.count(), shell_url(request, "resellers")))
    if request.actor.can("customer.view"):
        rows = selectors.customers(request.actor).exclude(status=Tenant.Status.CLOSED)
        found.append(Counter(_("Customers"), rows.count(), shell_url(request, "customers")))
        if suspended := rows.filter(status=Tenant.Status.SUSPENDED).count():
            url = f"{shell_url(request, 'customers')}?status=suspended"
            found.append(Counter(_("Suspended customers"), suspended, url, tone="warn"))
    return found


def panels(request: PageRequest) -> list[Section]:
    """What happened last."""
    if not request.actor.can("event.view"):
        return []
    return [Section(title=_("Activity"), activity=latest(request))]


def find_resellers(actor: Actor, words: str, limit: int) -> Sequence[Hit]:
    return _hits(ResellerFilter({"q": words}, selectors.resellers(actor)).qs[:limit])


def find_customers(actor: Actor, words: str, limit: int) -> Sequence[Hit]:
    return _hits(CustomerFilter({"q": words}, selectors.customers(actor)).qs[:limit])


def _hits(rows: Sequence[Any]) -> list[Hit]:
    return [Hit(row.name, row.owner_email, row.pk, row.status, row.get_status_display()) for row in rows]
