"""Company data and signatures: by the seller, by the company itself, two editors at once, and what nobody else sees."""

import pytest
from django.db import IntegrityError, connection, transaction

from resellerhub.kernel.refusals import Forbidden, Invalid, NotFound
from tenants.models import Event, Profile, Signature
from tenants.services.company import (
    ChangedMeanwhile,
    NotItsSeller,
    amend_company,
    change_company,
    change_signatures,
    details_of,
    seen_by,
    signatures_of,
    version_of,
)
from tests.tenants.test_creation import form_values
from tests.together import together
from tests.world import NOW, Player, World

MEMO = "pays late, says the canary"


def change(by, tenant: Player, **values):
    actor = by.actor if isinstance(by, Player) else by
    return amend_company(actor=actor, tenant_id=tenant.id, values=values, now=NOW)


def profile(tenant: Player) -> Profile:
    return Profile.objects.get(pk=tenant.id)


def test_the_seller_changes_all_of_it_and_the_log_says_so(world: World):
    change(world.provider, world.north, vat_id="DE 136695976", payment_days=30)
    change(world.provider, world.north, vat_id="DE136695976", payment_days=30)
    event = Event.objects.get(kind="reseller.company_changed")
    assert event.before == {"vat_id": "", "payment_days": 14}
    assert event.after == {"vat_id": "DE136695976", "payment_days": 30}
    assert event.tenant_id == world.north.id
    change(world.north, world.shop, phone="1")
    assert profile(world.shop).phone == "1"


IBAN, MASKED = "DE89370400440532013000", "DE** **** … 3000"


def test_an_account_number_is_whole_for_who_may_change_it_and_masked_for_all_others(world: World):
    change(world.provider, world.north, iban=IBAN)
    change(world.north, world.north, iban="GB82WEST12345698765432")
    last = Event.objects.filter(kind="reseller.company_changed").latest("pk")
    assert (last.before, last.after) == ({"iban": MASKED}, {"iban": "GB** **** … 5432"})
    change(world.north, world.north_east, iban=IBAN)
    change(world.north, world.shop, iban=IBAN)

    def told(player: Player, path: str) -> tuple[bool, bool]:
        text = player.browser().get(path).content.decode()
        return IBAN in text, MASKED in text

    north_east = f"resellers/{world.north_east.id}"
    assert told(world.north, f"/portal/{north_east}/") == (True, False)
    assert told(world.north, f"/portal/customers/{world.shop.id}/")[0] is True
    assert told(world.provider, f"/console/{north_east}/") == (False, True)
    assert told(world.provider, f"/console/customers/{world.shop.id}/")[0] is False
    assert world.north.api().get(north_east).json()["iban"] == IBAN
    assert world.north.api("read").get(north_east).json()["iban"] == MASKED
    assert world.provider.api().get(north_east).json()["iban"] == MASKED
    assert IBAN not in world.north.api().get("events").content.decode()
    assert IBAN not in world.north.browser().get("/portal/events/?export=csv").getvalue().decode()


def test_a_company_changes_itself_but_not_what_its_seller_decides(world: World):
    for player in (world.provider, world.north, world.shop):
        change(player, player, phone="123", payment_days=365, currency="CHF", memo="mine")
        own = profile(player)
        assert (own.phone, own.payment_days, own.currency, own.memo) == ("123", 14, "EUR", "")


def test_nobody_else_does(world: World):
    for by, tenant in ((world.south, world.north), (world.north, world.south), (world.stranger, world.north)):
        with pytest.raises(NotFound):
            change(by, tenant, phone="1")
    for tenant in (world.north_east, world.shop):
        with pytest.raises(NotItsSeller):
            change(world.provider, tenant, phone="1")
    for actor in (world.north.member("read_only"), world.provider.member("billing")):
        with pytest.raises(Forbidden):
            change(actor, world.north, phone="1")
    assert not Event.objects.filter(kind__endswith="company_changed").exists()


def test_what_cannot_be_changes_nothing(world: World):
    with pytest.raises(Invalid) as refused:
        change(world.provider, world.north, phone="1", iban="DE1", country="ZZ")
    assert set(refused.value.errors) == {"iban", "country"}
    assert profile(world.north).phone == ""


def test_of_two_editors_the_second_is_told(world: World):
    stored = details_of(profile(world.north))
    seen = version_of(seen_by(world.north.actor, world.north.tenant, stored), {})
    change(world.provider, world.north, phone="222")
    mine = {"actor": world.north.actor, "tenant_id": world.north.id, "seen": seen, "now": NOW}
    with pytest.raises(ChangedMeanwhile) as refused:
        change_company(details=stored, **mine)
    assert "222" in refused.value.detail
    assert profile(world.north).phone == "222"


def test_a_memo_is_no_change_to_the_company_itself(world: World):
    stored = details_of(profile(world.north))
    seen = version_of(seen_by(world.north.actor, world.north.tenant, stored), {})
    change(world.provider, world.north, memo=MEMO)
    assert seen == version_of(seen_by(world.north.actor, world.north.tenant, details_of(profile(world.north))), {})


def test_two_who_change_other_things_at_once_both_do(committed_world: World):
    world = committed_world
    outcomes = together(
        lambda: change(world.provider, world.north, payment_days=30),
        lambda: change(world.north, world.north, phone="222"),
        lambda: change(world.north, world.north, city="Kiel"),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    own = profile(world.north)
    assert (own.payment_days, own.phone, own.city) == (30, "222", "Kiel")


def test_the_memo_is_seen_by_the_seller_alone(world: World):
    change(world.provider, world.north, memo=MEMO)
    change(world.north, world.north_east, memo=MEMO)
    event = Event.objects.get(kind="company.memo_changed", tenant=world.provider.id)
    assert MEMO not in str((event.before, event.after))
    assert MEMO in world.provider.browser().get(f"/console/resellers/{world.north.id}/").content.decode()
    assert world.provider.api().get(f"resellers/{world.north.id}").json()["memo"] == MEMO
    assert world.north.api().get(f"resellers/{world.north_east.id}").json()["memo"] == MEMO
    assert world.provider.api().get(f"resellers/{world.north_east.id}").json()["memo"] is None
    north, provider = world.north.browser(), world.provider.browser()
    for browser, url in (
        (provider, f"/console/resellers/{world.north_east.id}/"),
        (north, "/portal/settings/company/"),
        (north, "/portal/events/"),
        (north, "/portal/events/?_export=csv"),
        (world.north_east.browser(), "/portal/settings/company/"),
        (world.shop.browser(), "/portal/settings/company/"),
    ):
        answer = browser.get(url)
        assert answer.status_code == 200
        assert MEMO not in b"".join(answer).decode(), url
    for player in (world.north, world.north_east):
        assert MEMO not in str(player.api().get("company").json())
    assert Event.objects.get(tenant=world.north.id, kind="company.memo_changed").subject_id == world.north_east.id


def test_departments_sign(world: World):
    def sign(by, tenant: Player, **texts):
        return change_signatures(actor=by.actor, tenant_id=tenant.id, signatures=texts, now=NOW)

    sign(world.provider, world.north, sales="Nora\r\nSales ", support="Team North")
    sign(world.north, world.north, support="")
    assert signatures_of(world.north.id) == {"sales": "Nora\nSales"}
    event = Event.objects.filter(kind="reseller.signatures_changed").latest("pk")
    assert (event.before, event.after) == ({"signature_support": "Team North"}, {"signature_support": ""})
    for wrong in ({"kitchen": "Chef"}, {"sales": "x" * 2001}, {"sales": "in\u200bvisible"}):
        with pytest.raises(Invalid):
            sign(world.north, world.north, **wrong)
    with pytest.raises(Invalid):
        sign(world.north, world.shop, sales="Shop")
    with pytest.raises(NotItsSeller):
        sign(world.provider, world.north_east, sales="Not mine")
    page = world.provider.browser().get(f"/console/resellers/{world.north.id}/").content.decode()
    assert "Nora<br>Sales" in page


def test_the_page_keeps_what_was_typed_and_tells_of_another_editor(world: World):
    browser, url = world.provider.browser(), f"/console/resellers/{world.north.id}/company/"
    assert url in browser.get(f"/console/resellers/{world.north.id}/").content.decode()
    values = form_values(browser.get(url), vat_id="DE1", city="Köln", signature_sales="Nora")
    refused = browser.post(url, values)
    assert refused.status_code == 422
    assert refused.context["form"].errors["vat_id"]
    for typed in ("Köln", "Nora", "DE1"):
        assert typed in refused.content.decode()
    change(world.north, world.north, city="Kiel")
    told = browser.post(url, values | {"vat_id": "DE136695976"})
    assert told.status_code == 422
    assert "Kiel" in told.content.decode()
    assert browser.post(url, form_values(told)).status_code == 302
    assert (profile(world.north).city, signatures_of(world.north.id)) == ("Köln", {"sales": "Nora"})


def test_whose_page_it_is(world: World):
    north_east = f"/console/resellers/{world.north_east.id}/company/"
    assert world.provider.browser().get(north_east).status_code == 403
    assert north_east not in world.provider.browser().get(north_east.replace("company/", "")).content.decode()
    assert world.south.browser().get(f"/portal/resellers/{world.north_east.id}/company/").status_code == 404
    for player, shell in ((world.provider, "console"), (world.north, "portal"), (world.shop, "portal")):
        browser, url = player.browser(), f"/{shell}/settings/company/"
        page = browser.get(url)
        assert "memo" not in page.context["form"].fields
        assert browser.post(url, form_values(page, phone="321")).status_code == 302
        own = profile(player)
        assert (own.phone, own.language, own.time_zone, own.currency) == ("321", "en", "Europe/Berlin", "EUR")


def test_over_rest(world: World):
    api = world.north.api()
    read = api.get("company")
    assert (read.json()["name"], read.json()["signatures"]["sales"]) == ("North", "")

    def patch(path, body, player=world.north, **headers):
        return player.api().patch(path, body, headers=headers)

    body = {"vat_id": "DE136695976", "signatures": {"sales": "Nora"}}
    changed = patch("company", body, **{"If-Match": read["ETag"]})
    assert (changed.status_code, changed.json()["signatures"]["sales"]) == (200, "Nora")
    assert patch("company", {"phone": "1"}, **{"If-Match": read["ETag"]}).status_code == 412
    assert patch("company", {"memo": "mine"}).json()["errors"][0]["pointer"] == "#/memo"
    assert patch("company", {"iban": "DE1"}).json()["errors"][0]["pointer"] == "#/iban"
    path = f"resellers/{world.north_east.id}"
    changed = patch(path, {"memo": MEMO, "may_oversell": True, "signatures": {"billing": "Bill"}})
    assert (changed.json()["memo"], changed.json()["may_oversell"]) == (MEMO, True)
    assert api.get(f"{path}/signatures").json()["billing"] == "Bill"
    assert patch(f"{path}/signatures", {"billing": "", "sales": "Sal"}).json()["billing"] == ""
    assert patch(path, {"memo": "theirs"}, world.provider).json()["code"] == "not-its-seller"
    assert patch(f"{path}/signatures", {"sales": ""}, world.provider).status_code == 403
    assert patch(path, {"phone": "1"}, world.south).status_code == 404
    assert world.south.api().get(f"{path}/signatures").status_code == 404
    assert patch(path, {"is_large": True}).status_code == 403
    assert patch(f"resellers/{world.north.id}", {"is_large": True}, world.provider).json()["is_large"] is True


@pytest.mark.parametrize(
    "column",
    ["currency = 'eur'", "vat_id = 'de 1'", "iban = 'DE89 3704'", "payment_days = 400", "billing_city = 'Bonn'"],
)
def test_the_database_holds_it_too(world: World, column: str):
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute(f"UPDATE tenants_profile SET {column} WHERE tenant_id = %s", [world.north.id])
    with pytest.raises(IntegrityError), transaction.atomic():
        Signature.objects.create(tenant_id=world.north.id, provider_id=world.provider.id, department="x", text="y")
