"""Give pools to one reseller or to several in two steps: which services, then of each which pool and how much. All or
none."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.models import ServiceType
from resellerhub.kernel.refusals import Invalid, Refusal, found
from resellerhub.kernel.text import id_in
from resellerhub.web import formats
from resellerhub.web.forms import OperationForm, operate
from resellerhub.web.lists import selected_rows
from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.forms.pools import GiveForm, TakersForm
from subscriptions.models import Pool
from subscriptions.pool_refusals import NotMapped
from subscriptions.pool_words import end_shown
from subscriptions.selectors import pools as selectors
from subscriptions.services.pools.giving import give_pools
from tenants.mapped import RECEIVING, mapping_of
from tenants.models import Tenant
from tenants.views.directory import resellers_page

CHOOSE, SAY = 1, 2
TYPED = re.compile(r"service\d+-\w+")
"""What was said of a service: it is kept while one goes back to choose others."""
OF_ONE = re.compile(r"pools\.(\d+)(?:\.(.+))?")
"""What a refusal says is to blame of one of the pools."""


@dataclass(frozen=True)
class Errand:
    """For whom, and where it came from; `taker` alone, or those that `form` says."""

    request: PageRequest
    form: OperationForm
    title: str
    back: str
    done: str
    taker: Tenant | None = None

    @property
    def chosen(self) -> list[int]:
        """The resellers, as far as the form is right."""
        if self.taker is not None:
            return [self.taker.pk]
        return [row.pk for row in self.form.cleaned_data.get("resellers", ())] if self.form.is_bound else []


@page("pool.edit")
def reseller_pool_add(request: PageRequest, pk: int) -> HttpResponseBase:
    """For one reseller, from its page."""
    reseller = found(selectors.takers_by_name(request.actor), pk=pk)
    if mapping_of(reseller) is None:
        raise NotMapped(resellers=reseller.called)
    beneath = Tenant.objects.visible_to(request.actor).filter(pk=reseller.pk).exists()
    page_of = f"{shell_url(request, 'reseller', pk)}?tab=pools" if beneath else shell_url(request, "pool_holder", pk)
    title = _("Add pools for %(name)s") % {"name": reseller.called}
    return _go(Errand(request, OperationForm(request.POST or None), title, page_of, page_of, reseller))


@page("pool.edit")
def pools_give(request: PageRequest) -> HttpResponseBase:
    """For several at once: all are chosen here, or the boxes of the directory were ticked."""
    takers = selectors.takers_by_name(request.actor).filter(RECEIVING)
    ticked = "selected" in request.POST or "all" in request.POST
    initial: dict[str, Any] = {}
    if ticked:
        wanted = set(selected_rows(request, resellers_page(request)).order_by().values_list("pk", flat=True))
        initial["resellers"] = [row.pk for row in takers if row.pk in wanted]
        if missing := len(wanted) - len(initial["resellers"]):
            words = ngettext(
                "%(count)s reseller was left out: pools are given to active, mapped resellers alone.",
                "%(count)s resellers were left out: pools are given to active, mapped resellers alone.",
                missing,
            )
            messages.warning(request, words % {"count": missing})
    form = TakersForm(None if ticked else request.POST or None, takers=takers, initial=initial)
    back = shell_url(request, "pools")
    return _go(Errand(request, form, _("Add pools for several resellers"), back, f"{back}?status=pending"))


def _go(errand: Errand) -> HttpResponseBase:
    request, form = errand.request, errand.form
    stock = _stock(request)
    chosen = [key for text in request.POST.getlist("services") if (key := id_in(text) or 0) in stock]
    fine = not form.is_bound or form.is_valid()
    if not chosen or not fine or not form.is_bound or "back" in request.POST:
        return _choose(errand, stock, chosen)
    saying = "save" in request.POST
    parts = [_part(request, stock[service], saying) for service in chosen]
    if saying and not [part for part in parts if not part.is_valid()]:
        made = operate(request, form, lambda values: _given(errand, parts))
        if made is not None:
            _tell(request, made)
            return redirect(errand.done)
    return _render(errand, SAY, status=422 if saying else 200, parts=parts, chosen=chosen)


def _part(request: PageRequest, pools: list[Any], saying: bool) -> GiveForm:
    """With what was typed before one went back, not looked at yet."""
    service = pools[0].service_type
    typed = any(name.startswith(f"{GiveForm.prefix_of(service)}-") for name in request.POST)
    part = GiveForm(request.POST if saying or typed else None, service=service, pools=pools)
    if typed and not saying:
        part.fill(())
    return part


def _given(errand: Errand, parts: Sequence[GiveForm]) -> list[Pool] | None:
    """What is refused of one of the pools stands at its part of the page, and is no refusal of the whole."""
    try:
        return give_pools(
            actor=errand.request.actor,
            reseller_ids=errand.chosen,
            wanted=[part.wanted for part in parts],
            request_id=errand.form.request_uuid,
            now=timezone.now(),
        )
    except Refusal as refusal:
        places = [(place, told) for name, told in refusal.errors.items() if (place := OF_ONE.fullmatch(name))]
        if not places:
            raise
        for place, told in places:
            parts[int(place[1])].refuse(Invalid({place[2] or "": told}))
        return None


def _tell(request: PageRequest, made: Sequence[Pool]) -> None:
    """What ended as it was made has nobody to accept it."""
    over = sum(pool.own_end is not None and pool.own_end <= pool.made_at for pool in made)
    if waits := len(made) - over:
        words = ngettext(
            "%(count)s pool is offered, and has to be accepted.",
            "%(count)s pools are offered, and have to be accepted.",
            waits,
        )
        messages.success(request, words % {"count": formats.number(waits)})
    if over:
        words = ngettext(
            "%(count)s pool has expired at once: there is nothing to be accepted.",
            "%(count)s pools have expired at once: there is nothing to be accepted.",
            over,
        )
        messages.success(request, words % {"count": formats.number(over)})


def _stock(request: PageRequest) -> dict[int, list[Any]]:
    """What the actor has to give, by service: its own active pools."""
    now = timezone.now()
    rows = selectors.pools(request.actor, now).held_by(request.actor.tenant_id)
    stock: dict[int, list[Any]] = defaultdict(list)
    for row in rows.filter(pk__in=Pool.objects.active(now).order_by().values("pk")).order_by("ends_at", "pk"):
        row.ends_shown = end_shown(row.ends_at)
        stock[row.service_type_id].append(row)
    return dict(stock)


def _choose(errand: Errand, stock: dict[int, list[Any]], chosen: Sequence[int]) -> HttpResponseBase:
    form = errand.form
    services = ServiceType.objects.filter(pk__in=stock).order_by("name", "pk")
    cards = [
        {"service": service, "available": _available(stock[service.pk]), "is_chosen": service.pk in chosen}
        for service in services
    ]
    asked = form.is_bound and "back" not in errand.request.POST
    missed = asked and not chosen
    status = 422 if missed or (asked and not form.is_valid()) else 200
    posted = errand.request.POST
    kept = [(name, value) for name in posted if TYPED.fullmatch(name) for value in posted.getlist(name)]
    return _render(errand, CHOOSE, status=status, cards=cards, missed=missed, kept=kept)


def _available(pools: Sequence[Any]) -> list[tuple[Any, int]]:
    """Unit by unit: these are never summed."""
    return [
        (label, sum(row.available for row in pools if row.unit == unit))
        for unit, label in Pool.Unit.choices
        if any(row.unit == unit for row in pools)
    ]


def _render(errand: Errand, step: int, *, status: int, **context: Any) -> HttpResponseBase:
    return render_page(
        errand.request,
        "subscriptions/pool_services.html" if step == CHOOSE else "subscriptions/pool_give.html",
        title=errand.title,
        parent="pools",
        status=status,
        form=errand.form,
        takers=errand.chosen if errand.taker is None else [],
        steps=[_("Services"), _("Subscription information")],
        step=step,
        cancel_url=errand.back,
        **context,
    )
