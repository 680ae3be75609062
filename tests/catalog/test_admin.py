"""Operators: what they look at, and what they make and change through the services."""

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Fee, Package, PriceList, Resource, ServiceInstance, ServiceType
from catalog.services.packages import content_on
from tenants.models import Event, User
from tests.catalog.lists import assign, line, put
from tests.catalog.lists import make as make_list
from tests.catalog.operators import page, send
from tests.catalog.test_fees import make


@pytest.fixture
def operator(market) -> Client:
    """An operator of the installation who is the provider's administrator as well."""
    User.objects.filter(pk=market.world.provider.user.pk).update(is_staff=True, is_superuser=True)
    return market.world.provider.browser()


def added(model) -> str:
    return reverse(f"admin:catalog_{model._meta.model_name}_add")


def test_they_change_through_the_services(market, operator):
    fee = make(market.world.provider, name="Seats")
    package = market.package("Seats", "customer", {market.mailbox: 1})
    for row, name in ((fee, "Fee"), (package, "Package"), (market.exchange, "Exchange"), (market.instance, "Here")):
        send(operator, page(row), name=name)
        row.refresh_from_db()
        assert row.name == name
    kinds = ["fee.changed", "package.changed", "service_type.changed", "service_instance.changed"]
    assert set(Event.objects.filter(kind__in=kinds).values_list("user_id", flat=True)) == {
        market.world.provider.user.pk
    }
    assert Event.objects.filter(kind__in=kinds).count() == 4
    assert (fee.versions.count(), package.versions.count()) == (1, 1)


def test_they_make_what_is_sold(market, operator):
    """All of it, from the service type to a package with its pair of fees."""
    send(operator, added(ServiceType), name="Backup", code="backup")
    backup = ServiceType.objects.get(code="backup")
    of_type = f"?service_type={backup.pk}"
    for model in (Resource, ServiceInstance, Package):
        assert f"{of_type}&quot;" not in (asked := operator.get(added(model)).content.decode())
        assert f'href="{of_type}"' in asked
    send(operator, added(Resource) + of_type, name="Seats", code="seat")
    send(operator, added(ServiceInstance) + of_type, name="Vault")
    send(operator, added(Fee), name="Seat", kind="account", amount="20", is_shared="on")
    seat, fee = Resource.objects.get(code="seat"), Fee.objects.get(name="Seat")
    send(operator, added(Package) + of_type, name="Basic", account_fee=fee.pk, **{f"limit_{seat.pk}": 5})
    send(operator, added(PriceList), name="Gold", audience="reseller", currency="EUR")
    content = content_on(Package.objects.get(name="Basic"), fee.versions.get().effective_on)
    assert (content.limits, content.account_fee_id) == ({seat.pk: 5}, fee.pk)
    assert fee.versions.get().amount == 20
    kinds = ["service_type", "resource", "service_instance", "fee", "package", "price_list"]
    made = Event.objects.filter(kind__in=[f"{kind}.created" for kind in kinds], user=market.world.provider.user)
    assert list(made.order_by("-pk").values_list("kind", flat=True)[:6]) == [f"{kind}.created" for kind in kinds[::-1]]


def test_what_is_not_sold_yet_gets_other_fees_limits_and_amounts(market, operator):
    fee = make(market.world.provider, name="Seats", is_shared=True)
    package = market.package("Seats", "customer", {market.mailbox: 1})
    send(operator, page(package), account_fee=fee.pk, **{f"limit_{market.mailbox.pk}": 7})
    send(operator, page(fee), amount="13.5", effective_on="2090-01-01")
    package_now, fee_then = package.versions.latest("pk"), fee.versions.latest("pk")
    assert (package_now.account_fee_id, package_now.limits.get().limit) == (fee.pk, 7)
    assert (f"{fee_then.amount:.2f}", fee_then.effective_on.year, fee.versions.count()) == ("13.50", 2090, 2)
    wrong = send(operator, page(fee), effective_on="2020-01-01", amount="3")
    assert "today or later" in wrong.content.decode()
    assert wrong.context["adminform"].form["amount"].value() == "3"
    assert fee.versions.count() == 2
    owed = make(market.world.provider, kind="reseller", name="Owed")
    send(operator, page(owed), name="Owed by resellers")
    assert owed.versions.count() == 1  # what stays as it is adds no version


def test_a_refusal_stands_beside_its_field_and_nothing_is_done(market, operator):
    fee = make(market.world.provider, name="Seats", is_shared=True)
    package = market.package("Seats", "customer", {market.mailbox: 1}, {"account_fee_id": fee.pk})
    answer = send(operator, page(fee), name="Renamed", is_shared=None)
    assert "switch on “Share with resellers”" in str(answer.context["adminform"].form.errors["is_shared"])
    fee.refresh_from_db()
    assert (fee.is_shared, fee.name) == (True, "Seats")
    assert (
        "account_fee"
        in send(operator, page(package), account_fee=make(market.world.provider, name="Kept").pk)
        .context["adminform"]
        .form.errors
    )
    assert package.versions.count() == 1
    assert (
        "name" in send(operator, added(Fee), name="Seats", kind="account", amount="1").context["adminform"].form.errors
    )


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
    mine = market.package("Seats", "customer", {market.mailbox: 1})
    assert "account_fee" in send(operator, page(mine), account_fee=theirs.pk).context["adminform"].form.errors


def test_packages_are_withdrawn_and_resources_renamed(market, operator):
    send(operator, page(market.mailbox), name="Mailboxes", unit="boxes", group="Mail", position=3)
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


def test_price_lists_get_rules_and_holders(market, operator):
    provider, world = market.world.provider, market.world
    gold = make_list(provider, "reseller", name="Gold")
    put(provider, gold, line("off", "5"))
    assign(provider, gold, world.north)
    listed = operator.get(
        f"{reverse('admin:catalog_pricelist_changelist')}?q={world.north.id}&audience__exact=reseller"
    )
    assert len(listed.context["cl"].result_list) == 1
    asked = {"method": "off", "value": "10", "about": f"t{market.exchange.pk}", "assign": f"{world.south.id}"}
    send(operator, page(gold), name="Golden", is_default="on", **asked)
    gold.refresh_from_db()
    assert (gold.name, gold.is_default, gold.rules.count(), gold.holders.count()) == ("Golden", True, 2, 2)
    send(operator, page(gold), release=f"{world.south.id}")
    assert (gold.rules.count(), gold.holders.count()) == (2, 1)
    bound = {"method": "stated", "floor": "1", "about": f"t{market.exchange.pk}"}
    send(operator, page(gold), **bound)
    assert gold.rules.latest("pk").floor == 1
    for values, field, said in (
        ({"method": "off", "value": "101"}, "value", "at most 100"),
        ({"method": "off"}, "value", "needs it"),
        ({"method": "markup", "value": "5"}, "method", "buys from nobody"),
        ({"method": "stated", "value": "5"}, "value", "no such value"),
        ({"assign": f"{world.shop.id}"}, "assign", "cannot hold"),
        ({"assign": "9999999"}, "assign", "nothing here"),
        ({"assign": "North"}, "assign", "separated by commas"),
        ({"is_active": None, "is_default": None}, "is_active", "is assigned to 1"),
    ):
        errors = send(operator, page(gold), **values).context["adminform"].form.errors
        assert said in str(errors.get(field)), (values, errors)
    gold.refresh_from_db()
    assert gold.is_active
    assert (gold.rules.count(), gold.holders.count()) == (3, 1)
