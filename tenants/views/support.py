"""Support levels under the settings: what they are and cost; and the support of a customer over time."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _

from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Forbidden, found
from resellerhub.web import formats
from resellerhub.web.details import Section
from resellerhub.web.forms import FormPage, OperationForm, answer_form
from resellerhub.web.lists import Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants import selectors
from tenants.forms.accounts import SupportLevelForm, SupportPriceForm, fee_of
from tenants.models import CustomerAccount, SupportLevel, Tenant
from tenants.roles import Kind
from tenants.services.support import NotYourPrice, change_support_level, set_support_price
from tenants.support_prices import is_below_cost, issuer_of, priced
from tenants.support_timeline import stretches
from tenants.tables.accounts import SupportLevelTable, SupportTable


@page("settings.edit")
def support_levels(request: PageRequest) -> HttpResponseBase:
    return render_list(
        request,
        ListPage(
            key="support_levels",
            title=_("Support levels"),
            intro=_("Who answers a customer's questions, and what that costs a month."),
            queryset=selectors.support_levels(request.actor, _today()),
            table_class=SupportLevelTable,
            order=("position",),
            empty=Empty(_("No support levels")),
        ),
    )


@page("settings.edit")
def support_level_edit(request: PageRequest, pk: int) -> HttpResponseBase:
    level: Any = found(selectors.support_levels(request.actor, _today()), pk=pk)
    if not request.actor.is_provider:
        raise Forbidden(permission="settings.edit", actor=request.actor)
    initial = {name: getattr(level, name) for name in ("name", "currency", "is_active")}
    form = SupportLevelForm(request.POST or None, initial=initial | _fee(level))
    return _answer(
        request,
        form,
        level,
        _("A new fee counts from its day on, for those who have the level, too."),
        lambda values: change_support_level(actor=request.actor, support_level_id=pk, **values, now=timezone.now()),
    )


@page("settings.edit")
def support_level_price(request: PageRequest, pk: int) -> HttpResponseBase:
    """A seller's own price for those who buy from it."""
    level: Any = found(selectors.support_levels(request.actor, _today()), pk=pk)
    own: Tenant = Tenant.objects.get(pk=request.actor.tenant_id)
    if own.kind == Kind.CUSTOMER or issuer_of(own) != own.pk:
        raise NotYourPrice()
    form = SupportPriceForm(request.POST or None, initial={"currency": level.currency} | _fee(level))

    def save(values: dict[str, Any]) -> SupportLevel:
        done = set_support_price(
            actor=request.actor,
            support_level_id=pk,
            amount=values["monthly_fee"],
            currency=values["currency"],
            effective_on=values["effective_on"],
            now=timezone.now(),
        )
        _warn(request, own, pk, values["effective_on"] or _today())
        return done

    intro = _("What those who buy from you pay for it, from its day on; who has the level pays it, too.")
    return _answer(request, form, level, intro, save)


def sections(request: PageRequest, tenant: Tenant) -> Sequence[Section]:
    """Which level a customer had when, at which price, on its page."""
    if tenant.kind != Kind.CUSTOMER:
        return []
    rows = stretches(request.actor, [tenant.pk])
    return [Section(title=_("Support over time"), table=SupportTable(rows))] if rows else []


def support_fee(tenant: Tenant, account: CustomerAccount) -> str:
    """What the customer pays a month today."""
    seller = Tenant.objects.get(pk=tenant.seller_id)
    return fee_of(priced(seller, _today()).get(pk=account.support_level_id))


def _today() -> date:
    return day_of(timezone.now())


def _fee(level: Any) -> dict[str, Any]:
    return {} if level.monthly_fee is None else {"monthly_fee": level.monthly_fee.normalize()}


def _warn(request: PageRequest, own: Tenant, pk: int, on: date) -> None:
    """Where less is asked than is paid, on the day from which it counts."""
    level: Any = priced(own, on, cost_of=own).get(pk=pk)
    if is_below_cost(level):
        asked, paid = fee_of(level), formats.money(level.cost, level.cost_currency)
        words = _("That is below your cost: you ask %(asked)s a month and pay %(paid)s yourself.")
        messages.warning(request, words % {"asked": asked, "paid": paid})


def _answer(
    request: PageRequest, form: OperationForm, level: Any, intro: str, save: Callable[[dict[str, Any]], SupportLevel]
) -> HttpResponseBase:
    title, url = _("Support level %(name)s") % {"name": level.name}, shell_url(request, "support_levels")
    return answer_form(
        request,
        FormPage(form=form, title=title, intro=intro, submit=_("Save"), cancel_url=url, parent="support_levels"),
        save,
        lambda done: _("%(name)s was saved.") % {"name": done.name},
    )
