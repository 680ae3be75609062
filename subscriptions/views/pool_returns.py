"""Pools that were chosen in the list go back to the pools they are from: each for itself."""

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from resellerhub.kernel.refusals import Refusal
from resellerhub.web.forms import FormPage, OperationForm, operate, render_form
from resellerhub.web.lists import selected_rows
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.models import Pool
from subscriptions.services.pools.giving import MOST
from subscriptions.services.pools.resolving import return_pool
from subscriptions.views.pools import pools_page

SENT = "return"
"""The button of the confirmation: the bar of the list sends the same rows without it."""


@require_POST
@page("pool.edit")
def pools_return(request: PageRequest) -> HttpResponseBase:
    """First asks, with the selection kept; then says what was returned, and what was not, and why."""
    chosen = list(selected_rows(request, pools_page(request)).order_by("pk")[: MOST + 1])
    back = shell_url(request, "pools")
    if not chosen or len(chosen) > MOST:
        most = _("Return at most %(most)s pools at once.") % {"most": MOST}
        messages.warning(request, most if chosen else _("Nothing was selected."))
        return redirect(back)
    form = OperationForm(request.POST if SENT in request.POST else None)
    done = operate(request, form, lambda values: _returned(request, chosen))
    if done is not None:
        return redirect(back)
    kept = [(name, value) for name in ("selected", "all", "query") for value in request.POST.getlist(name)]
    others = sum(row.status != Pool.State.PENDING for row in chosen)
    title = ngettext("Return %(n)d pool", "Return %(n)d pools", len(chosen)) % {"n": len(chosen)}
    return render_form(
        request,
        FormPage(
            form=form,
            title=title,
            intro=_intro(others),
            submit=_("Return to pool"),
            cancel_url=back,
            parent="pools",
            danger=True,
            template="tenants/assign.html",
            context={"kept": [*kept, (SENT, "1")]},
        ),
    )


def _returned(request: PageRequest, chosen: list[Pool]) -> int:
    count, now = 0, timezone.now()
    for row in chosen:
        try:
            return_pool(actor=request.actor, pool_id=row.pk, now=now)
        except Refusal as refused:
            messages.warning(request, f"{row.name} · {row.pk}: {refused.detail}")
        else:
            count += 1
    if count:
        words = ngettext("%(n)d pool was returned.", "%(n)d pools were returned.", count)
        messages.success(request, words % {"n": count})
    return count


def _intro(others: int) -> str:
    first = _("Their seats go back to the pools they are from.")
    rest = ngettext(
        "%(n)d does not wait for acceptance and stays.", "%(n)d do not wait for acceptance and stay.", others
    )
    return f"{first} {rest % {'n': others}}" if others else first
