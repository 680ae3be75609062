"""Accounts of customers out of a file: columns of an import, judged as one alone would be."""

from uuid import uuid4

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenants.models import CustomerAccount, Mail, Profile, TariffLimit, Tenant, User
from tenants.services.accounts import Login, open_account
from tenants.services.imports import check_import, import_customers
from tests.tenants.test_imports import faults, table
from tests.tenants.test_opening import opened
from tests.world import NOW, Player, World, customer

HEADINGS = ["name", "owner_email", "account_name", "support_level", "light", "premium"]


def test_columns_of_an_import(world: World):
    rows = [
        ["One", "one@one.example", "One-1", "Gold", "3", ""],
        ["Two", "", "", "", "", "2"],
        ["Three", "three@three.example", "three", "", "", ""],
    ]
    made = import_customers(
        actor=world.north.actor, seller_id=world.north.id, table=table(rows, headings=HEADINGS), now=NOW,
        request_id=uuid4(),
    )  # fmt: skip
    accounts = {row.pk: (row.login.account_name, row.support_level.code) for row in CustomerAccount.objects.all()}
    first = User.objects.get(account_name="three").account.support_level.code
    assert accounts == {made[0].pk: ("one-1", "gold"), made[2].pk: ("three", first)}
    limits = TariffLimit.objects.values_list("tenant_id", "tariff", "maximum")
    assert set(limits) == {(made[0].pk, "light", 3), (made[1].pk, "premium", 2)}
    assert Profile.objects.get(pk=made[2].pk).owner_email == "three@three.example"
    assert [mail.to for mail in Mail.objects.order_by("pk")] == ["one@one.example", "three@three.example"]


def test_what_is_wrong_with_columns_of_an_import(world: World):
    opened(world.north, world.shop)
    rows = [
        ["One", "one@one.example", "the-shop", "", "", ""],
        ["Two", "", "two-2", "", "", ""],
        ["Three", world.mill.user.email, "three", "", "", ""],
        ["Four", "", "", "Gold", "", ""],
        ["Five", "five@one.example", "five", "Brass", "", ""],
        ["Six", "", "", "", "many", "-1"],
        ["Seven", "seven@one.example", "Seven", "", "", ""],
        ["Eight", "eight@one.example", "seven", "", "", ""],
        ["Nine", "n@one.example", "?", "", "", ""],
    ]
    before = Tenant.objects.count()
    wrong = faults(
        lambda: check_import(
            actor=world.north.actor,
            kind="customer",
            seller_id=world.north.id,
            table=table(rows, headings=HEADINGS),
            now=NOW,
        )
    )
    assert wrong == {
        (2, "Account name"), (3, "Tenant owner"), (4, "Tenant owner"), (5, "Support level"), (6, "Support level"),
        (7, "LIGHT mailboxes"), (7, "PREMIUM mailboxes"), (9, "Account name"), (10, "Account name"),
    }  # fmt: skip
    assert Tenant.objects.count() == before


def test_a_file_keeps_to_the_mails_of_a_day(world: World, settings):
    settings.UNASKED_MAILS_PER_TENANT = 2
    opened(world.north, world.shop, email="new@shop.example")
    rows = [[f"C{number}", f"c{number}@one.example", f"c-{number}", "", "", ""] for number in range(3)]
    north = world.north
    with CaptureQueriesContext(connection) as queries:
        wrong = faults(
            lambda: import_customers(
                actor=north.actor, seller_id=north.id, table=table(rows, headings=HEADINGS), now=NOW
            )
        )
    assert wrong == {(3, "Tenant owner"), (4, "Tenant owner")}
    assert sum("tenants_mail" in query["sql"] for query in queries) == 2
    settings.UNASKED_MAILS_PER_TENANT, settings.UNASKED_MAILS_PER_ADDRESS = 10, 1
    rows[0][1] = "new@one.example"
    customer(north, "Other")
    open_account(
        actor=north.actor, customer_id=Tenant.objects.get(profile__name="Other").pk, login=Login("o-1", rows[1][1]),
        now=NOW,
    )  # fmt: skip
    User.objects.filter(email=rows[1][1]).update(email="changed@one.example")
    assert (3, "Tenant owner") in faults(
        lambda: check_import(
            actor=north.actor, kind="customer", seller_id=north.id, table=table(rows, headings=HEADINGS), now=NOW
        )
    )


def test_limits_in_a_file_are_whoever_sells_sets(world: World):
    rows = [["One", "", "", "", "3", ""], ["Two", "", "", "", "", ""], ["Three", "t@t.example", "t-3", "Gold", "", "0"]]

    def load(by: Player) -> list[Tenant]:
        return import_customers(
            actor=by.actor, seller_id=world.north_east.id, table=table(rows, headings=HEADINGS), now=NOW
        )

    assert faults(lambda: load(world.north)) == {(2, "LIGHT mailboxes"), (4, "Support level")}
    assert len(load(world.provider)) == 3
