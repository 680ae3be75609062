"""The grid in which the prices of a list are set, with what they change shown before they are saved."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.forms.prices import GridForm
from catalog.models import PriceList
from catalog.price_grid import grid_rows, newest_rule
from catalog.refusals import ListNotActive
from catalog.selectors.managers import managed
from catalog.services.price_lines import Repriced, preview_prices, set_prices
from catalog.tables.prices import RepricedTable
from resellerhub.kernel.periods import Cycle, day_of
from resellerhub.kernel.text import id_in
from resellerhub.web.forms import FormPage, operate, render_form
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url

ROWS = 40
CHANGES = 200
"""So many changed prices of a preview are listed; the rest are counted."""


@page("catalog.edit")
def price_list_prices(request: PageRequest, pk: int) -> HttpResponse:
    """Without JavaScript, too: one page of the grid at a time, searched and for one billing cycle by the address."""
    row = managed(request.actor, PriceList.objects.visible_to(request.actor), pk)
    if not row.is_active:
        raise ListNotActive(name=row.name)
    now = timezone.now()
    cycle = request.GET.get("cycle", "")
    cycle = cycle if cycle in Cycle.values else ""
    newest = newest_rule(row)
    seen = id_in(request.POST.get("newest", "0")) or 0 if request.method == "POST" else newest
    words = request.GET.get("q", "")
    rows = grid_rows(request.actor, row, cycle=cycle, words=words, on=day_of(now), newest=seen)
    paginator = Paginator(rows, ROWS)
    page_obj = paginator.get_page(request.GET.get("page"))
    form = GridForm(
        request.POST or None,
        rows=list(page_obj.object_list),
        cycle=cycle,
        with_bounds=row.audience == PriceList.Audience.RESELLER,
        with_cost=row.tenant_id != row.provider_id,
        initial={"effective_on": day_of(now).isoformat(), "newest": newest},
    )
    back = shell_url(request, "price_list", row.pk)
    changes: list[Repriced] | None = None
    asked: dict[str, Any] = {"actor": request.actor, "price_list_id": row.pk, "now": now}
    if "preview" in request.POST:
        changes = operate(request, form, lambda _values: preview_prices(lines=form.lines, **asked))
    else:
        made = operate(request, form, lambda _values: set_prices(lines=form.lines, **asked))
        if made is not None:
            said = ngettext("%(count)d price was set.", "%(count)d prices were set.", len(made))
            messages.success(request, said % {"count": len(made)})
            return redirect(back)
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Prices of %(name)s") % {"name": row.name},
            submit=_("Preview") if changes is None else _("Save prices"),
            cancel_url=back,
            parent="price_lists",
            template="catalog/price_grid.html",
            context={
                "price_list": row,
                "cycle": cycle,
                "cycles": Cycle.choices,
                "words": words,
                "page_obj": page_obj,
                "page_range": list(paginator.get_elided_page_range(page_obj.number, on_each_side=1, on_ends=1)),
                "count": paginator.count,
                **_preview(changes, form),
            },
        ),
    )


def _preview(changes: list[Repriced] | None, form: GridForm) -> dict[str, Any]:
    """What the lines change; None: nothing was asked yet, or it was refused."""
    if changes is None:
        return {"changes": None}
    return {
        "changes": RepricedTable(changes[:CHANGES]),
        "lines": len(form.sent),
        "changed": len(changes),
        "more": max(len(changes) - CHANGES, 0),
        "below": sum(change.is_below_cost for change in changes),
    }
