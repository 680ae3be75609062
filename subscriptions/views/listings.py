"""What those who buy from the reader's tenant may order themselves."""

from typing import Any

from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.details import Counter, DetailPage, Section, Tab, render_detail
from resellerhub.web.formats import yes_no
from resellerhub.web.forms import FormPage, answer_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.filters.ordering import ListingFilter
from subscriptions.forms.orders import ListingForm
from subscriptions.models import Listing
from subscriptions.selectors.offers import offered_instances, sellable
from subscriptions.selectors.orders import listings as seen
from subscriptions.selectors.orders import orders, public_name, tell_prices
from subscriptions.services.ordering.listings import change_listing, create_listing
from subscriptions.tables.columns import cycle_word
from subscriptions.tables.ordering import ListingTable, OrderTable
from tenants.models import Tenant
from tenants.views.events import activity_of

LATEST = 25


@page("catalog.view")
def listings(request: PageRequest) -> HttpResponseBase:
    new = Action(_("New entry"), shell_url(request, "listing_create"), "plus", "catalog.edit")
    return render_list(
        request,
        ListPage(
            key="listings",
            title=_("Self-service"),
            queryset=_own(request),
            table_class=ListingTable,
            filterset_class=ListingFilter,
            order=("package",),
            actions=[new],
            intro=_("What those who buy from you may order themselves, with your approval or without."),
            empty=Empty(_("Nothing can be ordered yet"), _("Choose the packages that can be ordered from you."), new),
        ),
    )


@page("catalog.view")
def listing(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(_own(request), pk=pk)
    ordered = orders(request.actor).filter(listing=row.pk)
    edit = Action(_("Edit"), shell_url(request, "listing_edit", row.pk), "edit", "catalog.edit")
    url = shell_url(request, "orders")

    def sections() -> list[Section]:
        table = OrderTable(list(ordered.order_by("-pk")[:LATEST]))
        table.show_only(["number", "who", "quantity", "total", "status", "ordered"])
        return [
            Section(title=_("Entry"), facts=_facts(request, row)),
            Section(title=_("Orders"), table=table, empty=Empty(_("Nobody has ordered it yet"))),
            Section(title=_("Activity"), activity=activity_of(request, row)),
        ]

    return render_detail(
        request,
        DetailPage(
            title=row.package.name,
            reference=row.pk,
            state="active" if row.is_active else "closed",
            state_label=_("Can be ordered") if row.is_active else _("Cannot be ordered"),
            parent="listings",
            actions=[edit],
            counters=[Counter(_("Orders"), ordered.count(), f"{url}?package={row.package_id}")],
            tabs=[Tab("overview", _("Overview"), sections)],
        ),
    )


@page("catalog.edit")
def listing_create(request: PageRequest) -> HttpResponseBase:
    seller: Tenant = Tenant.objects.get(pk=request.actor.tenant_id)
    listed = Listing.objects.filter(tenant=seller).order_by().values("package")
    form = ListingForm(
        request.POST or None,
        packages=sellable(seller).exclude(pk__in=listed).order_by("name", "pk"),
        instances=offered_instances(request.actor, seller).order_by("name", "pk"),
        initial={"currency": _currency(seller)},
    )
    cancel = shell_url(request, "listings")
    title = _("Let a package be ordered")
    return answer_form(
        request,
        FormPage(form=form, title=title, submit=_("Save"), cancel_url=cancel, parent="listings"),
        lambda values: create_listing(
            actor=request.actor, package_id=values["package"].pk, conditions=form.conditions, now=timezone.now()
        ),
        lambda made: _("%(name)s can be ordered from you.") % {"name": made.package.name},
        lambda made: shell_url(request, "listing", made.pk),
    )


@page("catalog.edit")
def listing_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    row = found(_own(request), pk=pk)
    form = ListingForm(
        request.POST or None,
        packages=sellable(row.tenant).none(),
        instances=offered_instances(request.actor, row.tenant)
        .filter(service_type=row.service_type_id)
        .order_by("name", "pk"),
        listing=row,
        initial={"currency": _currency(row.tenant)},
    )
    back = shell_url(request, "listing", row.pk)
    title = _("Edit %(name)s") % {"name": row.package.name}
    return answer_form(
        request,
        FormPage(form=form, title=title, submit=_("Save"), cancel_url=back, parent="listings"),
        lambda values: change_listing(
            actor=request.actor, listing_id=row.pk, conditions=form.conditions, now=timezone.now()
        ),
        _("%(name)s was changed.") % {"name": row.package.name},
    )


def _own(request: PageRequest) -> Any:
    return seen(request.actor).filter(tenant=request.actor.tenant_id)


def _currency(seller: Tenant) -> str:
    return str(seller.profile.currency)


def _facts(request: PageRequest, row: Any) -> list[tuple[str, Any]]:
    tell_prices(request.actor, [row], day_of(timezone.now()))
    own = formats.money(row.unit_price, row.currency) if row.unit_price is not None else _("as price list or fee say")
    return [
        (_("Name for end users"), public_name(row)),
        (_("For"), row.package.get_audience_display()),
        (_("Service type"), row.service_type.name),
        (_("Service instance"), row.service_instance.name),
        (_("Price of your own"), own),
        (_("Billing cycle"), row.get_cycle_display() or _("Whoever orders chooses")),
        (_("Price today"), ", ".join(price_of(owed) for owed in row.asked_by)),
        (_("Needs approval"), yes_no(row.needs_approval)),
        (_("Description"), row.text),
        (_("Created"), row.created_at),
    ]


def price_of(asked: Any) -> str:
    """In words; without an amount nothing is charged."""
    if asked is None:
        return ""
    if asked.amount is None:
        return _("free of charge")
    return f"{formats.money(asked.amount, asked.currency)} {cycle_word(asked.cycle)}"
