"""Customers and resellers out of a file: all or none, wrong lines named, checked beforehand, again out of an export."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from resellerhub.kernel.refusals import Forbidden, NotFound
from tenants.models import Event, Profile, ResellerTerms, ResellerTypeSetting, Tenant
from tenants.services.imports import (
    CUSTOMER_COLUMNS,
    RESELLER_COLUMNS,
    AlreadyImported,
    check_import,
    import_customers,
    import_resellers,
)
from tenants.services.reading import FaultyRows, Table, read_table
from tenants.verify import tree
from tests.kernel.files import csv_file, xlsx_file
from tests.together import together
from tests.world import NOW, Player, World

HEADINGS = [
    "Organisation",
    "Tenant owner",
    "Contact person",
    "Phone",
    "City",
    "Country",
    "VAT ID",
    "Language",
    "Currency",
]
WHOLE = ["Lärche GmbH", "Boss@Lark.example", "Lea Lark", "'+49 30 1", "Berlin", "de", "DE 136 695 976", "German", "EUR"]


def table(rows: list[list[str]], *, headings=HEADINGS, columns=CUSTOMER_COLUMNS, write=csv_file) -> Table:
    return read_table(write([headings, *rows]), columns)


def load(player: Player, rows: list[list[str]], by: Player | None = None, **more) -> list[Tenant]:
    actor = (by or player).actor
    return import_customers(actor=actor, seller_id=player.id, table=table(rows), now=NOW, **more)


def faults(call) -> set[tuple[int, str]]:
    with pytest.raises(FaultyRows) as refused:
        call()
    return {(fault.line, fault.column) for fault in refused.value.faults}


def test_a_thousand_customers_in_one_go(world: World):
    rows = [[f"Customer {number}", f"boss@c{number}.example"] for number in range(1_000)]
    made = import_customers(
        actor=world.north.actor,
        seller_id=world.north.id,
        table=table(rows, headings=HEADINGS[:2], write=xlsx_file),
        now=NOW,
    )
    assert [tenant.profile.name for tenant in made] == [row[0] for row in rows]
    assert Event.objects.filter(kind="customer.created", tenant__in=made).count() == 1_000
    assert {tenant.seller_id for tenant in made} == {world.north.id}
    assert tree() == []


def test_every_field_is_read_as_it_is_meant(world: World):
    (made,) = load(world.north, [WHOLE])
    profile = made.profile
    assert (profile.name, profile.owner_email, profile.contact_name) == ("Lärche GmbH", "boss@lark.example", "Lea Lark")
    assert (profile.phone, profile.city, profile.country) == ("+49 30 1", "Berlin", "DE")
    assert (profile.vat_id, profile.language, profile.currency) == ("DE136695976", "de", "EUR")


def test_one_wrong_row_and_nothing_is_saved(world: World):
    good = ["Good", "", "", "", "", "", "", "", ""]
    rows = [
        good,
        ["", "boss@lark.example", *good[2:]],
        ["Bad mail", "nobody", *good[2:]],
        ["Bad country", *good[1:5], "XX", *good[6:]],
        ["Bad VAT", *good[1:6], "DE123456789", *good[7:]],
        ["Bad language", *good[1:7], "Klingon", ""],
        ["Bad currency", *good[1:8], "EURO"],
        good,
        ["Shop", world.shop.user.email, *good[2:]],
    ]
    before = Tenant.objects.count()
    found = faults(lambda: load(world.north, rows))
    assert found == {
        (3, "Organisation"), (4, "Tenant owner"), (5, "Country"), (6, "VAT ID"), (7, "Language"), (8, "Currency"),
        (9, "Organisation"), (10, "Organisation"),
    }  # fmt: skip
    assert found == faults(
        lambda: check_import(
            actor=world.north.actor, kind="customer", seller_id=world.north.id, table=table(rows), now=NOW
        )
    )
    assert Tenant.objects.count() == before


def test_checking_saves_nothing(world: World):
    before = Tenant.objects.count()
    checked = check_import(
        actor=world.north.actor, kind="customer", seller_id=world.north.id, table=table([WHOLE]), now=NOW
    )
    assert (checked, Tenant.objects.count()) == (1, before)


def test_resellers_with_their_type(world: World):
    ResellerTypeSetting.objects.filter(provider=world.provider.id, type="commission").update(is_enabled=False)

    def load_resellers(*kinds: str) -> list[Tenant]:
        content = [[f"R{number}", kind] for number, kind in enumerate(kinds)]
        rows = table(content, headings=["name", "type"], columns=RESELLER_COLUMNS)
        return import_resellers(actor=world.provider.actor, seller_id=world.provider.id, table=rows, now=NOW)

    assert faults(lambda: load_resellers("prepaid", "commission", "barter")) == {(3, "Type"), (4, "Type")}
    made = load_resellers("prepaid", "Prepaid")
    assert ResellerTerms.objects.filter(tenant__in=made, type="prepaid").count() == 2
    assert len({tenant.tree_id for tenant in made}) == 2
    assert Event.objects.filter(kind="reseller.created", tenant__in=made).count() == 2
    assert tree() == []


def test_only_in_sight_and_with_the_right(world: World):
    with pytest.raises(NotFound):
        load(world.south, [WHOLE], by=world.north)
    with pytest.raises(Forbidden):
        import_customers(actor=world.north.member("billing"), seller_id=world.north.id, table=table([WHOLE]), now=NOW)


def test_the_same_request_imports_once(world: World):
    request_id = uuid4()
    load(world.north, [WHOLE], request_id=request_id)
    with pytest.raises(AlreadyImported):
        load(world.north, [WHOLE], request_id=request_id)


def test_the_same_file_at_once_is_imported_once(committed_world: World):
    outcomes = together(*[lambda: load(committed_world.north, [WHOLE])] * 3)
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["FaultyRows", "FaultyRows", "list"]
    assert Profile.objects.filter(name="Lärche GmbH").count() == 1


def post(player: Player, path: str, file: io.BytesIO, **more):
    data = {
        "file": SimpleUploadedFile("rows.csv", file.getvalue()),
        "seller": player.id,
        "request_id": str(uuid4()),
        **more,
    }
    return player.browser().post(path, data)


def test_the_page_checks_then_imports(world: World):
    url = "/portal/customers/import/"
    checked = post(world.north, url, csv_file([HEADINGS, WHOLE]), dry_run="on")
    assert checked.status_code == 200
    assert "All 1 rows can be imported" in checked.content.decode()
    assert not Profile.objects.filter(name="Lärche GmbH").exists()
    assert post(world.north, url, csv_file([HEADINGS, WHOLE]))["Location"] == "/portal/customers/"
    assert Profile.objects.filter(name="Lärche GmbH").exists()
    again = post(world.north, url, csv_file([HEADINGS, WHOLE]))
    assert again.status_code == 422
    assert "This is there already" in again.content.decode()
    assert (
        post(world.north, "/portal/resellers/import/", csv_file([["name", "type"], ["Sub", "prepaid"]])).status_code
        == 302
    )
    template = world.north.browser().get(f"{url}template/?format=csv").getvalue().decode()
    assert "Organisation,Tenant owner" in template


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_can_be_imported_elsewhere(world: World, kind: str):
    load(world.north, [WHOLE])
    response = world.north.browser().get(f"/portal/customers/?export={kind}")
    content = io.BytesIO(response.getvalue())
    assert post(world.south, "/portal/customers/import/", content).status_code == 302
    assert {"Shop", "Lärche GmbH"} <= {row.name for row in Profile.objects.filter(tenant__parent=world.south.id)}


def test_over_rest(world: World):
    api = world.north.api()

    def send(path: str, rows: list[list[str]], **more):
        data = {"file": SimpleUploadedFile("rows.csv", csv_file(rows).getvalue()), **more}
        return api.client.post(f"/api/v1/{path}", data, headers={"Idempotency-Key": uuid4().hex})

    rows = [["name", "country"], ["Lark", "DE"]]
    assert send("customers/import", rows, dry_run="true").json() == {"rows": 1, "saved": False, "ids": []}
    made = send("customers/import", rows).json()
    assert (made["rows"], made["saved"]) == (1, True)
    assert api.get(f"customers/{made['ids'][0]}").json()["name"] == "Lark"
    wrong = send("customers/import", rows).json()
    assert (wrong["code"], wrong["problems"][0]["line"]) == ("faulty-rows", 2)
    assert send("customers/import", rows, seller=str(world.south.id)).status_code == 404
    assert send("resellers/import", [["name", "type"], ["Sub", "prepaid"]]).json()["saved"] is True
    assert api.get("customers/import/template").status_code == 200
    assert api.post("customers/import", {"rows": []}).status_code == 415
