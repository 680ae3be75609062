"""Give pools to a reseller in two steps: which services, then of each which pool and how much. All or none."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.models import ServiceType
from resellerhub.kernel.refusals import found
from resellerhub.kernel.text import id_in
from resellerhub.web.forms import OperationForm, operate
from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from subscriptions.forms.pools import GiveForm
from subscriptions.models import Pool
from subscriptions.pool_refusals import NotMapped
from subscriptions.selectors import pools as selectors
from subscriptions.services.pools.giving import give_pools
from tenants.models import Mapping, Tenant
from tenants.naming import name_of

CHOOSE, SAY = 1, 2


@page("pool.edit")
def reseller_pool_add(request: PageRequest, pk: int) -> HttpResponseBase:
    reseller: Tenant = found(
        Tenant.objects.visible_to(request.actor).resellers().exclude(pk=request.actor.tenant_id), pk=pk
    )
    if not Mapping.objects.filter(pk=reseller.pk).exists():
        raise NotMapped()
    stock = _stock(request)
    chosen = [key for text in request.POST.getlist("services") if (key := id_in(text) or 0) in stock]
    form = OperationForm(request.POST or None)
    if not chosen or "back" in request.POST:
        return _choose(request, reseller, stock, chosen, form, missed=request.method == "POST" and not chosen)
    saying = "save" in request.POST
    parts = [
        GiveForm(request.POST if saying else None, service=stock[service][0].service_type, pools=stock[service])
        for service in chosen
    ]
    if saying and not [part for part in parts if not part.is_valid()]:
        made = operate(
            request,
            form,
            lambda values: give_pools(
                actor=request.actor,
                reseller_id=reseller.pk,
                wanted=[part.wanted for part in parts],
                request_id=form.request_uuid,
                now=timezone.now(),
            ),
        )
        if made is not None:
            words = _("%(count)s pools are offered to %(name)s, who has to accept them.")
            messages.success(request, words % {"count": len(made), "name": name_of(request.actor, reseller)})
            return redirect(f"{shell_url(request, 'reseller', reseller.pk)}?tab=pools")
    status = 422 if saying else 200
    return _render(request, reseller, SAY, form, status=status, parts=parts, chosen=chosen)


def _stock(request: PageRequest) -> dict[int, list[Any]]:
    """What the actor has to give, by service: its own active pools that have something free."""
    now = timezone.now()
    rows = selectors.pools(request.actor, now).held_by(request.actor.tenant_id)
    stock: dict[int, list[Any]] = defaultdict(list)
    for row in rows.filter(pk__in=Pool.objects.active(now).order_by().values("pk")).order_by("ends_at", "pk"):
        stock[row.service_type_id].append(row)
    return dict(stock)


def _choose(
    request: PageRequest, reseller: Tenant, stock: dict[int, list[Any]], chosen: list[int], form: Any, *, missed: bool
) -> HttpResponseBase:
    services = ServiceType.objects.filter(pk__in=stock).order_by("name", "pk")
    cards = [
        {
            "service": service,
            "available": sum(row.available for row in stock[service.pk]),
            "unit": stock[service.pk][0].get_unit_display(),
            "is_chosen": service.pk in chosen,
        }
        for service in services
    ]
    return _render(request, reseller, CHOOSE, form, status=422 if missed else 200, cards=cards, missed=missed)


def _render(
    request: PageRequest, reseller: Tenant, step: int, form: Any, *, status: int, **context: Any
) -> HttpResponseBase:
    return render_page(
        request,
        "subscriptions/pool_services.html" if step == CHOOSE else "subscriptions/pool_give.html",
        title=_("Add pools for %(name)s") % {"name": name_of(request.actor, reseller)},
        parent="pools",
        status=status,
        form=form,
        steps=[_("Services"), _("Subscription information")],
        step=step,
        cancel_url=f"{shell_url(request, 'reseller', reseller.pk)}?tab=pools",
        **context,
    )
