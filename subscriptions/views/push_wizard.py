"""New terms for what is sold: choose, look at what would happen, start. Earlier answers travel as hidden inputs."""

from collections.abc import Iterator
from typing import Any

from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import Package, Resource
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import found
from resellerhub.web import formats
from resellerhub.web.details import Section, section_for
from resellerhub.web.exports import csv_file
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.job_lists import render_preview
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from resellerhub.web.tables import lines
from subscriptions.forms.pushes import PushForm
from subscriptions.models import PhaseFee
from subscriptions.outcomes import CHANGED, PUSHED
from subscriptions.selectors import pushes as selectors
from subscriptions.services.pushes.decision import REFUSED, Decision
from subscriptions.services.pushes.previews import Preview, foreseen, preview_push
from subscriptions.services.pushes.starting import start_push
from subscriptions.services.pushes.terms import Asked, targets_of
from subscriptions.tables.pushes import ForeseenTable, PushedMoneyTable
from tenants.actor import Actor

CHOOSE, PREVIEW = 1, 2
START, EXPORT, BACK = "start", "export", "back"
READ = 1_000


def steps() -> list[str]:
    return [_("Choose"), _("Preview and confirm"), _("Change")]


@page("catalog.edit&subscription.edit")
def package_push(request: PageRequest, pk: int) -> HttpResponseBase:
    """The step that was asked for. What was chosen is checked again when it starts: hidden inputs can be edited."""
    package = found(Package.objects.visible_to(request.actor), pk=pk)
    form = _form(request, package)
    if BACK in request.POST:
        form.fill([])
    elif START in request.POST:
        if started := operate(request, form, lambda _values: _start(request, form)):
            return redirect(shell_url(request, "push", started.pk))
    elif EXPORT in request.POST:
        if file := operate(request, form, lambda _values: _file(request.actor, form.asked)):
            return file
    elif preview := operate(request, form, lambda _values: _preview(request, form)):
        return _shown(request, package, form, preview)
    title = _("New terms for what is sold of %(package)s") % {"package": package.name}
    shown = FormPage(
        form=form,
        title=title,
        submit=_("Preview"),
        cancel_url=shell_url(request, "package", package.pk),
        intro=_(
            "What is sold keeps its terms until you push others. Nothing changes before you have seen the preview."
        ),
        parent="packages",
        fieldsets=form.fieldsets,
        template="subscriptions/push_form.html",
        context={"steps": steps(), "step": CHOOSE},
    )
    return render_form(request, shown)


def _form(request: PageRequest, package: Package) -> PushForm:
    actor = request.actor
    sellers = selectors.selling(actor, targets_of(actor, Asked(package.pk)))
    return PushForm(
        request.POST or None,
        package=package,
        on=day_of(timezone.now()),
        with_limits=actor.manages(package.tenant_id),
        sellers=sellers,
    )


def _start(request: PageRequest, form: PushForm) -> Any:
    return start_push(actor=request.actor, asked=form.asked, request_id=form.request_uuid, now=timezone.now())


def _preview(request: PageRequest, form: PushForm) -> Preview:
    return preview_push(actor=request.actor, asked=form.asked, now=timezone.now())


def _shown(request: PageRequest, package: Package, form: PushForm, preview: Preview) -> HttpResponseBase:
    money = section_for(request, Section(table=PushedMoneyTable(preview.money)))
    targets = section_for(request, Section(table=ForeseenTable(_rows(request.actor, preview.sample))))
    return render_preview(
        request,
        "subscriptions/push_preview.html",
        form=form,
        counts=preview.counts,
        words=PUSHED,
        would=_("Would change"),
        bad=REFUSED,
        title=_("New terms for what is sold of %(package)s") % {"package": package.name},
        parent="packages",
        steps=steps(),
        step=PREVIEW,
        total=preview.total,
        start=START,
        has_money=bool(preview.money),
        money=money.table,
        granted=_granted(request.actor, preview.granted),
        targets=targets.table,
        chosen=_chosen(form),
    )


def _granted(actor: Actor, amounts: dict[int, int]) -> list[tuple[str, str]]:
    """How much more or less all together are allocated of each resource; different kinds are never summed."""
    rows = Resource.objects.visible_to(actor).filter(pk__in=[pk for pk, amount in amounts.items() if amount])
    return [(str(row), f"{_signed(amounts[row.pk])} {row.unit}".strip()) for row in rows.order_by("position", "pk")]


def _signed(number: int) -> str:
    return f"+{formats.number(number)}" if number > 0 else formats.number(number)


def _chosen(form: PushForm) -> list[tuple[Any, Any]]:
    """What was chosen, in words."""
    pairs: list[tuple[Any, Any]] = []
    for bound in form.visible_fields():
        value: Any = form.cleaned_data[bound.name]
        names = {str(key): words for key, words in getattr(bound.field, "choices", ())}
        if isinstance(value, bool):
            words: Any = formats.yes_no(value)
        elif isinstance(value, list):
            words = ", ".join(str(names[str(each)]) for each in value) or _("All")
        else:
            words = names.get(str(value), value)
        if bound.name != "effective_on" or form.asked.effective_on:
            pairs.append((bound.label, words))
    return pairs


def _rows(actor: Actor, decisions: list[Decision]) -> list[dict[str, Any]]:
    named = selectors.named(actor, (one.subscription.pk for one in decisions))
    return [
        {
            "pk": one.subscription.pk,
            "title": named[one.subscription.pk].title,
            "holder": named[one.subscription.pk].tenant_name,
            "seller": named[one.subscription.pk].seller_name,
            "outcome": _outcome(one.outcome),
            "why": _why(one),
            "change": lines("{}: {} → {}", map(_price, one.moved)),
        }
        for one in decisions
        if one.subscription.pk in named
    ]


def _outcome(outcome: str) -> Any:
    state = "done" if outcome == CHANGED else "failed" if outcome in REFUSED else "skipped"
    return PUSHED.status(state, outcome)


def _why(one: Decision) -> str:
    return PUSHED.sentence(one.outcome, {"on": one.day} if one.outcome == CHANGED else one.facts)


def _price(pair: tuple[PhaseFee | None, PhaseFee | None]) -> tuple[Any, str, str]:
    before, after = ("–" if fee is None else formats.money(fee.unit_price, fee.currency) for fee in pair)
    fee = pair[0] or pair[1]
    return PhaseFee.Stream(fee.stream).label if fee else "", before, after


def _file(actor: Actor, asked: Asked) -> HttpResponseBase:
    """Every target with its outcome, as CSV."""
    return csv_file(_lines(actor, list(foreseen(actor, asked, timezone.now()))), "push-preview.csv")


def _lines(actor: Actor, decisions: list[Decision]) -> Iterator[list[Any]]:
    headings = (_("Subscription"), _("Subscription ID"), _("Holder"), _("Seller"), _("Outcome"), _("Reason"), _("From"))
    yield [*headings, _("What is owed"), _("Before"), _("Afterwards"), _("Currency")]
    for start in range(0, len(decisions), READ):
        some = decisions[start : start + READ]
        named = selectors.named(actor, (one.subscription.pk for one in some))
        for one in some:
            row = named[one.subscription.pk]
            reason = "" if one.outcome == CHANGED else one.outcome
            head = [row.title, row.pk, row.tenant_name, row.seller_name, PUSHED.label(one.outcome), reason, one.day]
            for before, after in one.moved or [(None, None)]:
                fee = after or before
                stream, currency = (fee.stream, fee.currency) if fee else ("", "")
                yield [*head, stream, *(each.unit_price if each else None for each in (before, after)), currency]
