"""Selling in bulk, step by step: choose, look at what would happen, sell. Earlier answers travel as hidden inputs."""

from typing import Any, cast
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from addons.forms.sales import BulkSaleForm, CustomersSaleForm, ResellersSaleForm
from addons.models import BulkSale
from addons.outcomes import NAMED, SOLD, first_names, outcome_label
from addons.services.bulk import Preview, preview_bulk_sale, start_bulk_sale
from addons.tables import SampleTable
from catalog.models import Resource
from resellerhub.kernel.models import JobItem
from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.details import Counter
from resellerhub.web.forms import operate
from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.models import Subscription
from subscriptions.naming import called
from tenants.naming import shown

CHOOSE, PREVIEW = 1, 2
SELL = "sell"
UNCHECKED = ("continue", "back")
"""Buttons that check nothing yet: go on with the service type, and back from the preview."""
CARRIED = ("service_type", "service_instance", "add_on", "owner")
"""What a link may choose beforehand."""


def steps() -> list[str]:
    return [_("Choose"), _("Preview and confirm"), _("Sell")]


@page("bulk_sale.run")
def bulk_sale_to_resellers(request: PageRequest) -> HttpResponse:
    return wizard(request, ResellersSaleForm, _("Sell to resellers"))


@page("bulk_sale.run")
def bulk_sale_to_customers(request: PageRequest) -> HttpResponse:
    return wizard(request, CustomersSaleForm, _("Sell to customers"))


def wizard(request: PageRequest, form_class: type[BulkSaleForm], title: str) -> HttpResponse:
    """The step that was asked for. What was chosen is checked again when it is sold: hidden inputs can be edited."""
    carried = {name: request.GET[name] for name in CARRIED if name in request.GET}
    form = form_class(request.actor, request.POST or None, initial=carried)
    if any(button in request.POST for button in UNCHECKED):
        form.fill([])
    elif SELL in request.POST:
        if started := operate(request, form, lambda _values: start(request, form)):
            return redirect(shell_url(request, "bulk_sale", started.pk))
    elif preview := operate(request, form, lambda _values: preview_bulk_sale(actor=request.actor, order=form.order)):
        return show(request, form, preview, title)
    return render_page(
        request,
        "addons/bulk_sale_form.html",
        title=title,
        status=form.status,
        form=form,
        steps=steps(),
        step=CHOOSE,
        is_for_resellers=form.audience == BulkSale.Audience.RESELLERS,
        cancel_url=shell_url(request, "add_ons"),
    )


def start(request: PageRequest, form: BulkSaleForm) -> BulkSale:
    return start_bulk_sale(actor=request.actor, order=form.order, request_id=form.request_uuid, now=timezone.now())


def show(request: PageRequest, form: BulkSaleForm, preview: Preview, title: str) -> HttpResponse:
    """What would happen. The request id is new with each preview, so that each can be sold, and only once."""
    sold = preview.counts.get(SOLD, 0)
    return render_page(
        request,
        "addons/bulk_sale_preview.html",
        title=title,
        form=form,
        hidden=[bound.as_hidden() for bound in form if bound.name != "request_id"],
        request_id=uuid4(),
        steps=steps(),
        step=PREVIEW,
        total=preview.total,
        sold=sold,
        counters=outcome_counters(preview.counts),
        chosen=chosen(form),
        charges=[
            {
                "amount": formats.money(charge.amount, charge.currency),
                "cost": formats.money(charge.cost, charge.currency) if charge.cost else "",
                "cycle": Cycle(charge.cycle).label,
            }
            for charge in preview.charges
        ],
        granted=granted(request, preview),
        sample=sample(request, preview),
    )


def outcome_counters(counts: dict[str, int]) -> list[Counter]:
    """How many are sold to, and of each reason that occurs how many are not."""
    words = {SOLD: _("Would be sold")}
    return [
        Counter(words.get(outcome) or outcome_label(outcome), number, tone="good" if outcome == SOLD else "")
        for outcome, number in counts.items()
        if number or outcome == SOLD
    ]


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
            words = _("Yes") if value else _("No")
        else:
            words = value or field.empty_label
        pairs.append((bound.label, words))
    return pairs


def granted(request: PageRequest, preview: Preview) -> list[tuple[str, str]]:
    """How much all sales together would grant of each resource; resources of different kinds are never summed."""
    rows = Resource.objects.visible_to(request.actor).filter(pk__in=preview.granted).order_by("position", "pk")
    return [(str(row), f"{formats.number(preview.granted[row.pk])} {row.unit}".strip()) for row in rows]


def sample(request: PageRequest, preview: Preview) -> SampleTable:
    """The first targets of each outcome, what is sold first."""
    outcomes = {pk: outcome for outcome, ids in preview.samples.items() for pk in ids}
    rows: Any = Subscription.objects.visible_to(request.actor).filter(pk__in=outcomes)
    names = {"title": called(request.actor), "tenant_name": shown(request.actor)}
    targets = list(rows.select_related("package").annotate(**names).order_by("pk"))
    for target in targets:
        is_sold = outcomes[target.pk] == SOLD
        target.reason = "" if is_sold else outcomes[target.pk]
        target.state = JobItem.State.DONE if is_sold else JobItem.State.SKIPPED
    table = SampleTable(sorted(targets, key=lambda target: bool(target.reason)))
    table.request = request
    table.orderable = False
    return table
