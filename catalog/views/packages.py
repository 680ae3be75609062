"""Packages: the list, one of them, and the provider's forms."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog import hooks
from catalog.filters import PackageFilter
from catalog.forms.packages import PackageForm
from catalog.forms.types import ServiceTypeChoice
from catalog.models import Package, ServiceType
from catalog.selectors import packages as selectors
from catalog.selectors.managers import managed, managers
from catalog.services.packages import change_package, create_package
from catalog.tables.packages import LimitTable, PackageTable, PackageVersionTable, PairTable
from catalog.views.switches import switches
from catalog.views.uses import use_sections
from resellerhub.kernel.periods import Cycle, day_of
from resellerhub.kernel.refusals import found
from resellerhub.kernel.text import id_in
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.formats import money, yes_no
from resellerhub.web.forms import FormPage, answer_form, operate, render_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.search import Hit
from resellerhub.web.shells import shell_url
from tenants.views.events import activity_of


@page("catalog.view")
def packages(request: PageRequest) -> HttpResponseBase:
    return render_list(request, packages_page(request))


def packages_page(request: PageRequest) -> ListPage:
    """What a bulk action takes its chosen rows from, too."""
    name = _("New package") if request.actor.is_provider else _("New plan")
    new = Action(name, shell_url(request, "package_create"), "plus", "catalog.edit")
    refusal = next((refusal for ask in hooks.WITHOUT_PLANS if (refusal := ask(request.actor))), None)
    return ListPage(
        key="packages",
        title=_("Packages") if request.actor.is_provider else _("Plans"),
        queryset=selectors.listed(request.actor, selectors.packages(request.actor)),
        table_class=PackageTable,
        filterset_class=PackageFilter,
        order=("name",),
        intro=refusal.detail if refusal else "",
        actions=[] if refusal else [new],
        bulk_actions=switches(request, "packages", "catalog.edit"),
        empty=Empty(_("No packages yet"), _("A package says what one subscription grants."), None if refusal else new),
    )


def find_packages(actor: Any, words: str, limit: int) -> list[Hit]:
    """For the search over everything: by name, or by id."""
    in_sight = selectors.listed(actor, selectors.packages(actor))
    rows: Any = PackageFilter({"q": words}, in_sight).qs.order_by("name", "pk")[:limit]
    return [
        Hit(
            title=row.name,
            subtitle=row.service_type.name,
            pk=row.pk,
            state="active" if row.is_active else "inactive",
            state_label=_("Active") if row.is_active else _("Inactive"),
        )
        for row in rows
    ]


@page("catalog.view")
def package(request: PageRequest, pk: int) -> HttpResponseBase:
    row: Any = found(selectors.packages_in_force(request.actor, day_of(timezone.now())), pk=pk)
    return render_detail(
        request,
        DetailPage(
            title=row.name,
            reference=row.pk,
            state="active" if row.is_active else "closed",
            state_label=_("Active") if row.is_active else _("Not active"),
            parent="packages",
            actions=_actions(request, row),
            tabs=[Tab("overview", _("Overview"), lambda: _sections(request, row))],
        ),
    )


def _actions(request: PageRequest, row: Package) -> list[Action]:
    push = Action(_("Push to what is sold"), shell_url(request, "package_push", row.pk), "refresh", "catalog.edit")
    if not request.actor.manages(row.tenant_id):
        return [push]
    return [Action(_("Edit"), shell_url(request, "package_edit", row.pk), "edit", "catalog.edit", primary=True), push]


def _sections(request: PageRequest, row: Any) -> list[Section]:
    on = day_of(timezone.now())
    current = row.current
    pair = [fee for fee in (current.reseller_fee, current.account_fee) if fee] if current else []
    versions = selectors.package_versions(request.actor, row, on)
    return [
        Section(
            title=_("Package"),
            facts=[
                (_("Service type"), row.service_type.name),
                (_("For"), row.get_audience_display()),
                (_("Managed by"), row.owner_name),
                (_("Shared with resellers"), yes_no(row.is_shared)),
                (_("Created"), row.created_at),
                *_own_price(request, row, on),
            ],
        ),
        Section(title=_("Fees"), table=PairTable(pair), empty=Empty(_("No fees"), _("Nothing is charged for it."))),
        Section(title=_("Limits"), table=LimitTable(current.limits.all() if current else ())),
        Section(title=_("What it grants and costs, from which day"), table=PackageVersionTable(versions)),
        *use_sections(request, "package", row.pk),
        Section(title=_("Activity"), activity=activity_of(request, row)),
    ]


def _own_price(request: PageRequest, row: Package, on: date) -> list[tuple[str, str]]:
    """What a reseller fee does not say: what the reader is charged by the price list of its seller."""
    prices = [price for ask in hooks.OWN_PRICES for price in ask(request.actor, row.pk, on)]
    if not prices:
        return []
    said = [f"{money(price.amount, price.currency)} {Cycle(price.cycle).label}" for price in prices]
    label = _("You are charged, once") if prices[0].once else _("You are charged for each unit")
    return [(label, ", ".join(said))]


def service_types(request: PageRequest) -> QuerySet[ServiceType]:
    return ServiceType.objects.visible_to(request.actor).active().order_by("name", "pk")


def chosen_service_type(request: PageRequest, choices: QuerySet[ServiceType]) -> ServiceType | None:
    """The one in the address, or the only one there is."""
    if (asked := id_in(request.GET.get("service_type", ""))) is not None:
        return found(choices, pk=asked)
    only = list(choices[:2])
    return only[0] if len(only) == 1 else None


def choose_service_type(request: PageRequest, choices: QuerySet[ServiceType], title: str) -> HttpResponse:
    """The page that asks for the service type, and comes back with it in the address."""
    form = ServiceTypeChoice(request.POST or None, choices=choices)
    chosen = operate(request, form, lambda values: values["service_type"])
    if chosen is not None:
        return redirect(f"{request.path}?service_type={chosen.pk}")
    cancel = shell_url(request, "packages")
    return render_form(
        request, FormPage(form=form, title=title, submit=_("Continue"), cancel_url=cancel, parent="packages")
    )


@page("catalog.edit")
def package_create(request: PageRequest) -> HttpResponse:
    choices = service_types(request)
    service_type = chosen_service_type(request, choices)
    if service_type is None:
        return choose_service_type(request, choices, _("New package"))
    form = PackageForm(
        request.POST or None,
        actor=request.actor,
        on=day_of(timezone.now()),
        resources=service_type.resources.in_order(),
        managers=managers(request.actor),
    )
    return render_create(
        request,
        form,
        service_type,
        lambda **asked: create_package(managed_by_id=form.managed_by_id, **asked),
        _("New package of %(service_type)s") % {"service_type": service_type.name},
        _("Create package"),
    )


@page("catalog.edit")
def package_edit(request: PageRequest, pk: int) -> HttpResponse:
    row = managed(request.actor, Package.objects.visible_to(request.actor).select_related("service_type"), pk)
    form = PackageForm(
        request.POST or None,
        actor=request.actor,
        on=day_of(timezone.now()),
        resources=row.service_type.resources.in_order(),
        package=row,
    )
    return render_edit(request, form, row, change_package)


def render_create(
    request: PageRequest,
    form: PackageForm,
    service_type: ServiceType,
    create: Callable[..., Package],
    title: str,
    submit: str,
) -> HttpResponse:
    return answer_form(
        request,
        _page(form, title, submit, shell_url(request, "packages")),
        lambda values: create(
            actor=request.actor,
            service_type_id=service_type.pk,
            name=values["name"],
            audience=values["audience"],
            is_shared=values["is_shared"],
            content=form.content,
            now=timezone.now(),
        ),
        lambda made: _("%(name)s was created.") % {"name": made.name},
        lambda made: shell_url(request, "package", made.pk),
    )


def render_edit(request: PageRequest, form: PackageForm, row: Package, change: Callable[..., Package]) -> HttpResponse:
    title, back = _("Edit %(name)s") % {"name": row.name}, shell_url(request, "package", row.pk)
    return answer_form(
        request,
        _page(form, title, _("Save"), back),
        lambda values: change(
            actor=request.actor,
            package_id=row.pk,
            name=values["name"],
            is_shared=values["is_shared"],
            is_active=values["is_active"],
            content=form.content_after,
            effective_on=values["effective_on"],
            now=timezone.now(),
        ),
        lambda changed: _("%(name)s was changed.") % {"name": changed.name},
    )


def _page(form: PackageForm, title: str, submit: str, cancel_url: str) -> FormPage:
    return FormPage(
        form=form,
        title=title,
        submit=submit,
        cancel_url=cancel_url,
        parent="packages",
        intro=_(
            "Limits are what one unit grants. A change counts for what is sold from its day on; what is held stays."
        ),
        fieldsets=form.fieldsets,
    )
