"""What a buyer would be charged, and why: all its prices, and each step of one."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.forms.prices import ExplainForm
from catalog.hooks import Sold
from catalog.selectors.explaining import Charged, Explained, buyers_in_sight, explain, prices_for
from catalog.tables.prices import ChargedTable, WeighedTable, add_ons_of
from catalog.views.prices import add_on_names
from catalog.words import sentence
from resellerhub.kernel.periods import Cycle, day_of
from resellerhub.web import formats
from resellerhub.web.details import Section, section_for
from resellerhub.web.lists import Empty
from resellerhub.web.pages import page, render_page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.models import Tenant


@page("catalog.view")
def price_explain(request: PageRequest) -> HttpResponse:
    """The buyer first; then what it is sold, and what of it is to be explained. All by the address, nothing is sent."""
    buyers = buyers_in_sight(request.actor).order_by("name", "pk")
    day = day_of(timezone.now()).isoformat()
    asked = {"on": day, **{name: value for name, value in request.GET.items() if value}}
    form = ExplainForm(asked if "buyer" in asked else None, buyers=buyers, initial={"on": day})
    sections: list[Section] = []
    if form.is_bound and form.is_valid():
        buyer: Tenant = form.cleaned_data["buyer"]
        charged = prices_for(request.actor, buyer, form.cleaned_data["on"])
        form.offer(list({key_of(one.thing): one.thing.name for one in charged}.items()))
        sections = _sections(request, buyer, charged, form.cleaned_data)
    return render_page(
        request,
        "catalog/explain.html",
        title=_("Explain a price"),
        parent="price_lists",
        form=form,
        chosen=bool(sections),
        sections=[section_for(request, section) for section in sections],
    )


def key_of(thing: Sold) -> str:
    return f"p{thing.about.package_id}" if thing.about.package_id else f"a{thing.about.add_on_id}"


def _sections(request: PageRequest, buyer: Any, charged: list[Charged], values: dict[str, Any]) -> list[Section]:
    key, on = values["thing"], values["on"]
    if one := next((one for one in charged if key_of(one.thing) == key), None):
        about = {"package_id": one.thing.about.package_id, "add_on_id": one.thing.about.add_on_id}
        told = explain(request.actor, buyer_id=buyer.pk, cycle=values["cycle"], on=on, **about)
        return [_price(told), _steps(told), _rules(request, told)]

    def link(thing: Sold) -> str:
        query = {"buyer": buyer.pk, "thing": key_of(thing), "cycle": thing.about.cycle, "on": on.isoformat()}
        return f"{shell_url(request, 'price_explain')}?{urlencode(query)}"

    title = _("What %(name)s would be charged") % {"name": buyer.name}
    empty = Empty(_("Nothing is sold to this buyer"))
    return [Section(title=title, table=ChargedTable(charged, link=link), empty=empty)]


def _price(told: Explained) -> Section:
    def money(amount: Any) -> str:
        return formats.money(amount, told.currency)

    cycle = Cycle(told.thing.about.cycle).label
    price = f"{money(told.amount)} {cycle}" if told.amount is not None else _("Nothing is charged")
    once = _("once per reseller")
    facts = [
        (_("Price of one unit"), price),
        (_("Cost to the seller"), f"{money(told.cost)} · {once}" if told.thing.cost_once else money(told.cost)),
        (_("Recommended price"), money(told.thing.recommended)),
        (_("Margin"), f"{money(told.margin)} · {_('Below cost')}" if told.is_below_cost else money(told.margin)),
    ]
    if told.priced.floor is not None or told.priced.ceiling is not None:
        facts.append((_("The buyer charges at least"), money(told.priced.floor)))
        facts.append((_("The buyer charges at most"), money(told.priced.ceiling)))
    return Section(title=told.thing.name, facts=facts)


def _steps(told: Explained) -> Section:
    def money(amount: Any) -> str:
        return formats.money(amount, told.currency)

    row = told.price_list
    first = _("The seller has no price list for this buyer in %(currency)s.") % {"currency": told.currency}
    if row is not None:
        words = (
            _("The buyer holds the price list %(name)s.") if told.is_assigned else _("The default list is %(name)s.")
        )
        first = words % {"name": row.name}
    steps = [first, *(sentence(step, money, formats.number) for step in told.priced.steps)]
    return Section(title=_("Step by step"), template="catalog/steps.html", context={"steps": steps})


def _rules(request: PageRequest, told: Explained) -> Section:
    rules: Any = [each.rule for each in told.rules]
    names = add_on_names(request, add_ons_of(rules))
    table = WeighedTable(list(told.rules), currency=told.currency, add_ons=names)
    return Section(title=_("Rules about it"), table=table, empty=Empty(_("No rule of the list is about this")))
