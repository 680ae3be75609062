"""Operators: what they look at, and what they change through the services."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Fee, Package, ServiceType
from tenants.models import Event, User
from tests.catalog.lists import assign, line, put
from tests.catalog.lists import make as make_list
from tests.catalog.test_fees import make


@pytest.fixture
def operator(market) -> Client:
    """An operator of the installation who is the provider's administrator as well."""
    User.objects.filter(pk=market.world.provider.user.pk).update(is_staff=True, is_superuser=True)
    return market.world.provider.browser()


def page(row) -> str:
    return reverse(f"admin:catalog_{row._meta.model_name}_change", args=[row.pk])


def save(operator, row, **values):
    """What a browser sends: the switches, and how many rows the inlines show."""
    shown = operator.get(page(row)).context["inline_admin_formsets"]
    counts = {f"{one.formset.prefix}-{what}_FORMS": 0 for one in shown for what in ("TOTAL", "INITIAL")}
    return operator.post(page(row), values | counts, follow=True)


def test_they_change_through_the_services(market, operator):
    fee = make(market.world.provider, name="Seats")
    package = market.package("Seats", "customer", {market.mailbox: 1})
    for row, name in ((fee, "Fee"), (package, "Package"), (market.exchange, "Exchange"), (market.instance, "Here")):
        save(operator, row, name=name, is_active="on", applies_more_than_once="on")
        row.refresh_from_db()
        assert row.name == name
    kinds = ["fee.changed", "package.changed", "service_type.changed", "service_instance.changed"]
    assert set(Event.objects.filter(kind__in=kinds).values_list("user_id", flat=True)) == {
        market.world.provider.user.pk
    }
    assert Event.objects.filter(kind__in=kinds).count() == 4


def test_a_refusal_is_said(market, operator):
    fee = make(market.world.provider, name="Seats", is_shared=True)
    market.package("Seats", "customer", {market.mailbox: 1}, {"account_fee_id": fee.pk})
    answer = save(operator, fee, name="Seats", is_active="on", applies_more_than_once="on")
    assert "switch on “Share with resellers”" in answer.content.decode()
    fee.refresh_from_db()
    assert fee.is_shared


def test_what_is_sold_is_to_look_at(market, operator):
    fee = make(market.world.provider, name="Seats", is_shared=True)
    package = market.package("Seats", "customer", {market.mailbox: 1}, {"account_fee_id": fee.pk})
    market.sell(market.world.direct, package=package)
    for row in (fee, package):
        assert operator.get(page(row)).status_code == 200
        assert operator.post(page(row), {"name": "X"}).status_code == 403


def test_another_providers_are_out_of_sight(market, operator):
    theirs = make(market.world.stranger, name="Theirs")
    assert operator.get(page(theirs)).status_code == 302
    assert operator.post(page(theirs), {"name": "Ours", "is_active": "on"}).status_code == 403
    listed = operator.get(reverse("admin:catalog_fee_changelist"), {"q": "Theirs"})
    assert len(listed.context["cl"].result_list) == 0
    theirs.refresh_from_db()
    assert theirs.name == "Theirs"


def test_packages_are_withdrawn_and_resources_renamed(market, operator):
    save(operator, market.mailbox, name="Mailboxes", unit="boxes", group="Mail", position=3)
    market.mailbox.refresh_from_db()
    assert (market.mailbox.name, market.mailbox.unit) == ("Mailboxes", "boxes")
    packages = reverse("admin:catalog_package_changelist")
    chosen = {"action": "withdraw", "_selected_action": [market.standard.pk]}
    assert "Done: 1" in operator.post(packages, chosen, follow=True).content.decode()
    told = Event.objects.get(kind="package.deactivated")
    assert (told.subject_id, told.user_id) == (market.standard.pk, market.world.provider.user.pk)
    assert "Mailboxes: 10" in operator.get(page(market.standard)).content.decode()


def test_lists_are_searched_and_filtered(market, operator):
    make(market.world.provider, name="Seats")
    for model, query in ((Fee, "q=Sea&kind__exact=account"), (Package, "q=Stand"), (ServiceType, "q=exch")):
        rows = operator.get(f"{reverse(f'admin:catalog_{model._meta.model_name}_changelist')}?{query}")
        assert len(rows.context["cl"].result_list) == 1


def test_price_lists_are_switched_and_their_rules_looked_at(market, operator):
    provider = market.world.provider
    gold = make_list(provider, "reseller", name="Gold")
    put(provider, gold, line("off", "5"))
    assign(provider, gold, market.world.north)
    listed = operator.get(
        f"{reverse('admin:catalog_pricelist_changelist')}?q={market.world.north.id}&audience__exact=reseller"
    )
    assert len(listed.context["cl"].result_list) == 1
    save(operator, gold, name="Golden", is_active="on", is_default="on")
    gold.refresh_from_db()
    assert (gold.name, gold.is_default, gold.rules.count(), gold.holders.count()) == ("Golden", True, 1, 1)
    assert "is assigned to 1" in save(operator, gold, name="Golden").content.decode()
    gold.refresh_from_db()
    assert gold.is_active
