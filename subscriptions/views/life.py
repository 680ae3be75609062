"""The page of a step in the life of a subscription: its form, what it comes to, and the doing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.periods import Cycle
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.forms import FormPage, attempt, operate, render_form
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.forms.life import StepForm
from subscriptions.models import PlannedChange, Subscription
from subscriptions.naming import title_of
from subscriptions.quoting import Quote, total_of
from subscriptions.refusals import OwnSubscription, QuoteChanged
from subscriptions.selectors.subscriptions import subscriptions
from subscriptions.services.life.steps.taking import Step, preview_step, take_step
from subscriptions.tables.quotes import LimitTable, lines_part
from subscriptions.views.timeline import one_off_table


@dataclass(frozen=True)
class StepPage:
    """`form` makes the form of a request for a subscription. What asks for nothing is previewed when it is opened."""

    form: Callable[[PageRequest, Subscription, Any], StepForm]
    title: Any
    submit: Any
    done: Any
    intro: Any = ""
    danger: bool = False
    at_once: Step | None = None
    can_wait: bool = False
    """It may be planned for a day to come."""
    is_priced: bool = False
    """What it leaves to the seller is at stake."""


def render_step(request: PageRequest, pk: int, step: StepPage) -> HttpResponse:
    """First the preview, then the doing, held to it: where it would be another by then, it is previewed again."""
    row = mine_to_change(request, pk)
    form = step.form(request, row, request.POST or None)
    quote = None
    if form.is_bound and not form.wants_preview:
        try:
            taken = operate(request, form, lambda _values: _take(request, row, form))
        except _Outdated:
            taken, quote = None, _previewed(request, row, form)
            form.refuse(QuoteChanged())
        if taken is not None:
            messages.success(request, _done(request, row, step))
            return redirect(shell_url(request, "subscription", row.pk))
    elif form.is_bound:
        quote = _previewed(request, row, form)
    elif step.at_once:
        quote = _at_once(request, row, step.at_once, form)
    return render_form(
        request,
        FormPage(
            form=form,
            title=step.title % {"name": title_of(request.actor, row)},
            submit=step.submit,
            cancel_url=shell_url(request, "subscription", row.pk),
            parent="subscriptions",
            intro=step.intro,
            danger=step.danger,
            template="subscriptions/step.html",
            context=_panel(request, quote, step.is_priced) | {"is_ready": quote is not None or bool(step.at_once)},
        ),
    )


class _Outdated(Exception):
    """The doing would be another than its preview."""


def _take(request: PageRequest, row: Subscription, form: StepForm) -> Subscription:
    try:
        return take_step(
            actor=request.actor,
            subscription_id=row.pk,
            step=form.step,
            seal=form.cleaned_data["seal"],
            now=timezone.now(),
        )
    except QuoteChanged as changed:
        raise _Outdated from changed


def _previewed(request: PageRequest, row: Subscription, form: StepForm) -> Quote | None:
    quote = operate(
        request,
        form,
        lambda _values: preview_step(actor=request.actor, subscription_id=row.pk, step=form.step, now=timezone.now()),
    )
    if quote is not None:
        form.show(quote.seal)
    return quote


def _at_once(request: PageRequest, row: Subscription, step: Step, form: StepForm) -> Quote | None:
    """Before anything was chosen; a refusal is told above the form. Who is suspended looks at the form alone."""
    if not request.actor.can(step.permission):
        return None
    asked = {"actor": request.actor, "subscription_id": row.pk, "step": step, "now": timezone.now()}
    quote = attempt(request, lambda: preview_step(**asked))
    if quote is not None:
        form.show(quote.seal)
    return quote


def mine_to_change(request: PageRequest, pk: int) -> Subscription:
    row = found(subscriptions(request.actor), pk=pk)
    if row.tenant_id == request.actor.tenant_id:
        raise OwnSubscription()
    return row


def _done(request: PageRequest, row: Subscription, step: StepPage) -> str:
    plan = PlannedChange.objects.filter(subscription=row).open().first() if step.can_wait else None
    if plan is None:
        return str(step.done % {"name": title_of(request.actor, row)})
    words = {"name": title_of(request.actor, row), "day": formats.day(plan.on)}
    return _("It is planned for %(name)s on %(day)s, and can be withdrawn until then.") % words


def _other_cycle(quote: Quote) -> str:
    """Said where it is another than before."""
    if not quote.cycle or quote.cycle_before in {"", quote.cycle}:
        return ""
    words = {"now": Cycle(quote.cycle).label, "before": Cycle(quote.cycle_before).label}
    return _("%(now)s, instead of %(before)s") % words


def _above(request: PageRequest, quote: Quote, is_priced: bool) -> Any:
    """What resellers owe once, and are given back; of a seller that stands in its own lines."""
    told = request.actor.tenant_id if is_priced else None
    return one_off_table(request, [row for row in quote.one_offs if row.stream == "reseller" and row.payer_id != told])


def _panel(request: PageRequest, quote: Quote | None, is_priced: bool) -> dict[str, Any]:
    """What stands in the preview."""
    if quote is None:
        return {}
    cycle = str(Cycle(quote.cycle).label) if quote.cycle else ""

    def money(amount: Any, per: str = "") -> str:
        return f"{formats.money(amount, quote.currency)} {per}".strip() if amount is not None else ""

    facts = [
        (_("Takes effect"), formats.day(quote.on)),
        (_("Quantity"), formats.number(quote.quantity) if quote.quantity else ""),
        (_("Price of one unit"), money(quote.unit_price, cycle) if quote.quantity else ""),
        (_("Billing cycle"), _other_cycle(quote)),
        (_("Cost"), money(quote.cost, cycle) if is_priced else ""),
        (_("Margin"), money(quote.margin, cycle) if is_priced else ""),
        (_("Renews on"), formats.day(quote.renews_on)),
        (_("Ends on"), formats.day(quote.ends_on)),
    ]
    limits = LimitTable(list(quote.limits))
    limits.request, limits.orderable = request, False
    if all(limit.left is None for limit in quote.limits):
        limits.show_only(["resource", "before", "after", "unit"])
    return {
        "quote": quote,
        "facts": [(label, value) for label, value in facts if value],
        "charged": lines_part(request, quote.lines, quote.total, quote.cost_lines if is_priced else ()),
        "to_come": lines_part(request, quote.to_come, total_of(quote.to_come)),
        "above": _above(request, quote, is_priced),
        "limits": limits,
        "is_once": is_priced and quote.cost_once,
        "loss": money(-quote.margin) if is_priced and quote.margin is not None and quote.is_below_cost else "",
    }
