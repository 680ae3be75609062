"""What a bulk sale would do, as its wizard shows it before it is started: counts, money, every target."""

from collections.abc import Iterator
from typing import Any, cast

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.forms.sales import BulkSaleForm
from addons.outcomes import NAMED, SALES, first_names, unreached_words
from addons.selectors.sales import with_names
from addons.services.orders import Order
from addons.services.previews import (
    NO_SUBSCRIPTION,
    Foreseen,
    Unreached,
    preview_bulk_sale,
    preview_targets,
)
from addons.tables.bulk_sales import ChargeTable, ForeseenTable
from catalog.models import Resource
from resellerhub.kernel.text import id_in
from resellerhub.web import formats
from resellerhub.web.exports import csv_file
from resellerhub.web.job_lists import render_preview
from resellerhub.web.request import PageRequest
from resellerhub.web.tables import Table
from tenants.actor import Actor

SHOWN, READ = 25, 2_000
"""Targets on a page, and so many at once for a file."""


class PreviewPage:
    """What would happen, with one page of the targets. Asking raises what starting would."""

    def __init__(self, request: PageRequest, form: BulkSaleForm) -> None:
        self.request, self.form = request, form
        self.preview = preview_bulk_sale(actor=request.actor, order=form.order, now=timezone.now())
        pages = Paginator(range(self.preview.total), SHOWN)
        self.page = pages.get_page(id_in(request.POST.get("page", "")) or 1)
        first = SHOWN * (self.page.number - 1)
        self.targets = preview_targets(
            actor=request.actor, order=form.order, after=first, limit=SHOWN, now=timezone.now()
        )

    def render(self, **context: Any) -> HttpResponse:
        preview = self.preview
        targets = ForeseenTable(with_names(self.request.actor, self.targets))
        return render_preview(
            self.request,
            "addons/bulk_sale_preview.html",
            form=self.form,
            counts=preview.counts,
            words=SALES,
            would=_("Would be sold"),
            total=preview.total,
            unreached=missed(preview.unreached),
            charges=self._fixed(ChargeTable(preview.charges)),
            granted=granted(self.request.actor, preview.granted),
            targets=self._fixed(targets),
            page_obj=self.page,
            chosen=chosen(self.form),
            **context,
        )

    def _fixed(self, table: Table) -> Table:
        """For a page that is an answer to a form: nothing to sort by."""
        table.request = self.request
        table.orderable = False
        return table


def missed(unreached: list[Unreached]) -> str:
    names = [one.name for one in unreached[:NAMED]]
    return unreached_words(names, len(unreached)) if unreached else ""


def chosen(form: BulkSaleForm) -> list[tuple[Any, Any]]:
    """What was chosen, in words; to whom comes first."""
    pairs: list[tuple[Any, Any]] = []
    for bound in sorted(form.visible_fields(), key=lambda field: field.name not in ("resellers", "owner")):
        value, field = form.cleaned_data[bound.name], cast(Any, bound.field)
        if bound.name == "resellers":
            words: Any = first_names([field.label_from_instance(row) for row in value[:NAMED]], len(value))
        elif bound.name == "owner":
            words = dict(field.choices)[value]
        elif isinstance(value, bool):
            words = formats.yes_no(value)
        else:
            words = value or field.empty_label
        pairs.append((bound.label, words))
    return pairs


def granted(actor: Actor, amounts: dict[int, int]) -> list[tuple[str, str]]:
    """How much all sales together would grant of each resource; resources of different kinds are never summed."""
    rows = Resource.objects.visible_to(actor).filter(pk__in=amounts).order_by("position", "pk")
    return [(str(row), f"{formats.number(amounts[row.pk])} {row.unit}".strip()) for row in rows]


def foreseen_file(request: PageRequest, order: Order) -> HttpResponseBase:
    """Every target with its outcome, then who was chosen and is none, as CSV."""
    targets = preview_targets(actor=request.actor, order=order, now=timezone.now())
    unreached = preview_bulk_sale(actor=request.actor, order=order, now=timezone.now()).unreached
    return csv_file(_lines(request.actor, targets, unreached), "bulk-sale-preview.csv")


def _lines(actor: Actor, targets: list[Foreseen], unreached: list[Unreached]) -> Iterator[list[Any]]:
    headings = (_("No."), _("Subscription"), _("Subscription ID"), _("Holder"), _("Package"), _("Outcome"), _("Reason"))
    yield list(headings)
    for start in range(0, len(targets), READ):
        for one in with_names(actor, targets[start : start + READ]):
            reason = "" if one.outcome == SALES.done else one.outcome
            named, label = one.named, SALES.label(one.outcome)
            yield [one.position, named.title, one.subscription_id, named.tenant_name, named.package.name, label, reason]
    for reseller in unreached:
        yield [None, None, None, reseller.name, None, _("No subscription"), NO_SUBSCRIPTION]
