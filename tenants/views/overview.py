"""What tenants add to the dashboard and to the search."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.web.details import Counter, Section
from resellerhub.web.lists import Action
from resellerhub.web.request import PageRequest
from resellerhub.web.search import Hit
from resellerhub.web.shells import shell_link, shell_url
from tenants import selectors
from tenants.actor import Actor
from tenants.filters.people import UserFilter
from tenants.filters.tenants import CustomerFilter, ResellerFilter
from tenants.models import Membership, Tenant
from tenants.naming import name_of, profile_of
from tenants.roles import Kind
from tenants.views.accounts import own_account
from tenants.views.events import latest

NEW_DAYS = 30


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
    """The customers, one's own company, and what happened last."""
    found = [*own_account(request), *_customer_base(request), _own_company(request)]
    if request.actor.can("event.view"):
        found.append(Section(title=_("Activity"), activity=latest(request)))
    return found


def _customer_base(request: PageRequest) -> list[Section]:
    """How many there are in which state, how many are new, and whose they are."""
    actor: Actor = request.actor
    if not actor.can("customer.view") or actor.kind == Kind.CUSTOMER:
        return []
    new = timezone.now() - timedelta(days=NEW_DAYS)
    own = Q(parent_id=actor.tenant_id) | Q(parent=None, provider_id=actor.tenant_id)
    counts = selectors.counted(actor, Kind.CUSTOMER).aggregate(
        active=Count("pk", filter=Q(status=Tenant.Status.ACTIVE)),
        suspended=Count("pk", filter=Q(status=Tenant.Status.SUSPENDED)),
        closed=Count("pk", filter=Q(status=Tenant.Status.CLOSED)),
        new=Count("pk", filter=Q(created_at__gte=new)),
        own=Count("pk", filter=own & ~Q(status=Tenant.Status.CLOSED)),
    )
    facts = [
        (_("Active"), counts["active"]),
        (_("Suspended"), counts["suspended"]),
        (_("Deleted"), counts["closed"]),
        (_("New in the last %(days)d days") % {"days": NEW_DAYS}, counts["new"]),
        (_("Sold to directly"), counts["own"]),
        (_("Sold to by resellers"), counts["active"] + counts["suspended"] - counts["own"]),
    ]
    more = Action(_("All customers"), shell_url(request, "customers"), permission="customer.view")
    return [Section(title=_("Customer base"), facts=facts, action=more)]


def _own_company(request: PageRequest) -> Section:
    """What is known of the reader's own tenant."""
    mine: Any = Tenant.objects.select_related("profile").get(pk=request.actor.tenant_id)
    profile = profile_of(request.actor, mine)
    place = " ".join(part for part in (profile.postal_code, profile.city, profile.country) if part)
    facts = [
        (_("Organisation"), profile.name),
        (_("Legal name"), profile.legal_name),
        (_("Tenant owner"), profile.owner_email),
        (_("Contact person"), profile.contact_name),
        (_("Phone"), profile.phone),
        (_("Street and number"), profile.street),
        (_("City"), place),
        (_("VAT ID"), profile.vat_id),
    ]
    url = shell_link(request, "own_company") if request.actor.can("company.edit") else None
    return Section(title=_("Your company"), facts=facts, action=Action(_("Edit"), url, "edit") if url else None)


def find_resellers(actor: Actor, words: str, limit: int) -> Sequence[Hit]:
    return _hits(ResellerFilter({"q": words}, selectors.resellers(actor)).qs[:limit])


def find_customers(actor: Actor, words: str, limit: int) -> Sequence[Hit]:
    return _hits(CustomerFilter({"q": words}, selectors.customers(actor)).qs[:limit])


def find_users(actor: Actor, words: str, limit: int) -> Sequence[Hit]:
    """By name or address, those in scope."""
    rows = UserFilter({"q": words}, selectors.users(actor).select_related("tenant__profile")).qs[:limit]
    return [_person(actor, row) for row in rows]


def _person(actor: Actor, row: Membership) -> Hit:
    state, label = ("active", _("Active")) if row.user.is_active else ("closed", _("Deactivated"))
    about = f"{row.user.email} · {name_of(actor, row.tenant)}" if row.user.name else name_of(actor, row.tenant)
    return Hit(row.user.get_full_name(), about, row.pk, state, label)


def _hits(rows: Sequence[Any]) -> list[Hit]:
    return [Hit(row.name, row.owner_email, row.pk, row.status, row.get_status_display()) for row in rows]
