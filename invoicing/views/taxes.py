"""Taxes under the settings: the rates of the house, and whether the reader's own organisation charges any."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from invoicing.filters.taxes import TaxRateFilter
from invoicing.forms.taxes import SmallBusinessForm, TaxRateForm
from invoicing.models import SmallBusiness
from invoicing.rating.taxes import Category
from invoicing.selectors.taxes import tax_rates as rates_of_house
from invoicing.services.taxes import (
    NobodyIsBilled,
    adopt_standard_rates,
    set_small_business,
    set_tax_rate,
    withdraw_tax_rate,
)
from invoicing.tables.taxes import OwnTaxRateTable, SmallBusinessTable, TaxRateTable
from resellerhub.kernel.periods import day_of
from resellerhub.kernel.refusals import Forbidden, found
from resellerhub.web import formats
from resellerhub.web.details import DetailPage, Section, Tab, render_detail
from resellerhub.web.forms import FormPage, OperationForm, operate, render_form
from resellerhub.web.lists import Action, Empty, ListPage, render_list
from resellerhub.web.pages import page
from resellerhub.web.request import PageRequest
from resellerhub.web.shells import shell_url
from tenants.roles import Kind


@page("settings.edit")
def tax_rates(request: PageRequest) -> HttpResponseBase:
    actions = [Action(_("Small business"), shell_url(request, "small_business"), "settings", "settings.edit")]
    adopt = Action(_("Take over the rates of the EU"), shell_url(request, "tax_rates_adopt"), "download", post=True)
    if request.actor.is_provider:
        new = Action(_("New tax rate"), shell_url(request, "tax_rate_create"), "plus", "settings.edit")
        actions += [adopt, new]
    return render_list(
        request,
        ListPage(
            key="tax_rates",
            title=_("Tax rates"),
            intro=_("What is charged in each country, from which day. Of a country the newest rate counts."),
            queryset=rates_of_house(request.actor),
            table_class=OwnTaxRateTable if request.actor.is_provider else TaxRateTable,
            filterset_class=TaxRateFilter,
            order=("country", "-effective_on"),
            actions=actions,
            export_name="tax-rates",
            empty=Empty(
                _("No tax rates yet"),
                _("Bills wait until the rate of their country is known."),
                adopt if request.actor.is_provider else None,
            ),
        ),
    )


@page("settings.edit")
def tax_rate_create(request: PageRequest) -> HttpResponseBase:
    _of_provider(request)
    initial = {"category": Category.STANDARD.value, "effective_on": _today()}
    form = TaxRateForm(request.POST or None, initial=initial)
    row = operate(request, form, lambda values: set_tax_rate(actor=request.actor, **values, now=timezone.now()))
    url = shell_url(request, "tax_rates")
    if row is not None:
        messages.success(request, _("The tax rate was saved."))
        return redirect(url)
    return render_form(
        request,
        FormPage(form=form, title=_("New tax rate"), submit=_("Save"), cancel_url=url, parent="tax_rates"),
    )


@page("settings.edit")
def tax_rate_withdraw(request: PageRequest, pk: int) -> HttpResponseBase:
    _of_provider(request)
    row = found(rates_of_house(request.actor), pk=pk)
    form = OperationForm(request.POST or None)

    def withdraw(values: dict[str, Any]) -> bool:
        withdraw_tax_rate(actor=request.actor, tax_rate_id=row.pk, now=timezone.now())
        return True

    url = shell_url(request, "tax_rates")
    if operate(request, form, withdraw):
        messages.success(request, _("The tax rate was withdrawn."))
        return redirect(url)
    said = {"country": formats.countries().get(row.country, row.country), "day": formats.day(row.effective_on)}
    return render_form(
        request,
        FormPage(
            form=form,
            title=_("Withdraw the rate of %(country)s from %(day)s") % said,
            intro=_("What was in force before it goes on. What is issued stays as it is."),
            submit=_("Withdraw"),
            cancel_url=url,
            parent="tax_rates",
            danger=True,
        ),
    )


@require_POST
@page("settings.edit")
def tax_rates_adopt(request: PageRequest) -> HttpResponseBase:
    count = adopt_standard_rates(actor=request.actor, now=timezone.now())
    said = _("The rates of %(count)s countries were taken over. Please compare them with what is in force today.")
    messages.success(request, said % {"count": formats.number(count)})
    return redirect(shell_url(request, "tax_rates"))


@page("settings.edit")
def small_business(request: PageRequest) -> HttpResponseBase:
    """Whether the reader's own organisation charges tax, and since when."""
    if request.actor.kind == Kind.CUSTOMER:
        raise NobodyIsBilled()
    rows = SmallBusiness.objects.filter(tenant=request.actor.tenant_id).order_by("-effective_on")
    change = Action(_("Change"), shell_url(request, "small_business_edit"), "edit", "settings.edit", primary=True)
    return render_detail(
        request,
        DetailPage(
            title=_("Small business"),
            parent="tax_rates",
            actions=[change],
            tabs=[
                Tab(
                    "overview",
                    _("Overview"),
                    lambda: [
                        Section(
                            title=_("Whether you charge VAT"),
                            table=SmallBusinessTable(rows),
                            empty=Empty(_("You charge VAT"), _("Nothing else was said yet.")),
                        )
                    ],
                )
            ],
        ),
    )


@page("settings.edit")
def small_business_edit(request: PageRequest) -> HttpResponseBase:
    if request.actor.kind == Kind.CUSTOMER:
        raise NobodyIsBilled()
    newest = SmallBusiness.objects.filter(tenant=request.actor.tenant_id).order_by("-effective_on").first()
    initial = {"is_small": newest is not None and newest.is_small, "effective_on": _today()}
    form = SmallBusinessForm(request.POST or None, initial=initial)
    row = operate(request, form, lambda values: set_small_business(actor=request.actor, **values, now=timezone.now()))
    url = shell_url(request, "small_business")
    if row is not None:
        messages.success(request, _("This was saved."))
        return redirect(url)
    return render_form(
        request,
        FormPage(form=form, title=_("Small business"), submit=_("Save"), cancel_url=url, parent="tax_rates"),
    )


def _of_provider(request: PageRequest) -> None:
    if not request.actor.is_provider:
        raise Forbidden(permission="settings.edit", actor=request.actor)


def _today() -> date:
    return day_of(timezone.now())
