"""Share what was chosen in a list, stop sharing it, or sell it no more: what would come of each, then what did."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from catalog.refusals import TooMany
from catalog.services.switching import MOST, Outcome, Switch, switch_fees, switch_packages
from catalog.tables.switching import AFTER, BEFORE, OutcomeTable
from catalog.views.fees import fees_page
from catalog.views.packages import packages_page
from catalog.views.switches import LABELS
from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, OperationForm, operate, render_form
from resellerhub.web.lists import ListPage, selected_rows
from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url

SENT = "switch"
"""The button of the confirmation: the bar of the list sends the same rows without it."""
INTROS = {
    "share": gettext_lazy("Resellers beneath who manages them see them from then on."),
    "unshare": gettext_lazy("Resellers beneath who manages them do not see them any more. What is sold stays."),
    "deactivate": gettext_lazy("They cannot be chosen for anything new any more. What is sold stays."),
}
Operation = Callable[[Sequence[int], bool], list[Outcome]]
"""On the rows of these ids; only beforehand?"""


def render_switch(
    request: PageRequest, listed: ListPage, switch: Switch, operation: Operation, *, row_page: str
) -> HttpResponseBase:
    """First asks, with the selection kept and what would come of each; then does it, and says what came of each."""
    back = shell_url(request, listed.key)
    chosen = list(selected_rows(request, listed).order_by("pk").values_list("pk", flat=True)[: MOST + 1])
    if not chosen or len(chosen) > MOST:
        messages.warning(request, TooMany(most=MOST).detail if chosen else _("Nothing was selected."))
        return redirect(back)
    form = OperationForm(request.POST if SENT in request.POST else None)
    done = operate(request, form, lambda _values: operation(chosen, False))
    outcomes = operation(chosen, True) if done is None else done
    table = OutcomeTable(outcomes, row_page=row_page, words=BEFORE if done is None else AFTER)
    table.request = request
    section = Section(title=_count(outcomes, before=done is None), table=table)
    if done is not None:
        title = str(LABELS[switch])
        return render_page(request, "catalog/switched.html", title=title, parent=listed.key, section=section, back=back)
    kept = [(name, value) for name in ("selected", "all", "query") for value in request.POST.getlist(name)]
    changes = any(outcome.state == "changed" for outcome in outcomes)
    return render_form(
        request,
        FormPage(
            form=form,
            title=LABELS[switch],
            intro=INTROS[switch],
            submit=LABELS[switch],
            cancel_url=back,
            parent=listed.key,
            danger=switch == "deactivate",
            template="catalog/switch.html",
            context={"kept": [*kept, (SENT, "1")], "section": section, "changes": changes},
        ),
    )


def _count(outcomes: Sequence[Outcome], *, before: bool) -> str:
    """How many of how many."""
    numbers = {"changed": sum(one.state == "changed" for one in outcomes), "all": len(outcomes)}
    words = _("%(changed)d of %(all)d would change") if before else _("%(changed)d of %(all)d changed")
    return words % numbers


@require_POST
@page("catalog.edit")
def packages(request: PageRequest, switch: Switch) -> HttpResponseBase:
    asked: dict[str, Any] = {"actor": request.actor, "switch": switch, "now": timezone.now()}
    return render_switch(
        request,
        packages_page(request),
        switch,
        lambda ids, preview: switch_packages(package_ids=ids, preview=preview, **asked),
        row_page="package",
    )


@require_POST
@page("catalog.edit")
def fees(request: PageRequest, switch: Switch) -> HttpResponseBase:
    asked: dict[str, Any] = {"actor": request.actor, "switch": switch, "now": timezone.now()}
    return render_switch(
        request,
        fees_page(request),
        switch,
        lambda ids, preview: switch_fees(fee_ids=ids, preview=preview, **asked),
        row_page="fee",
    )
