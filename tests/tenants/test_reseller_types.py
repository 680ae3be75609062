"""Which types of reseller a provider takes, and what new companies begin with: service, page, REST, race, raw SQL."""

import pytest
from django.db import IntegrityError, connection, transaction

from resellerhub.kernel.refusals import Forbidden, Invalid
from tenants.models import Event, Profile, ProviderSettings, ResellerTerms, ResellerTypeSetting, Tenant
from tenants.services.details import Details
from tenants.services.resellers import create_reseller
from tenants.services.settings import (
    NoTypeLeft,
    TypeChange,
    TypeUnavailable,
    change_house,
    change_reseller_types,
)
from tests.tenants.test_creation import form_values
from tests.together import together
from tests.world import NOW, World

PAGE, URL = "/console/settings/resellers/", "reseller-settings"


def change(player, *types: TypeChange):
    return change_reseller_types(actor=player.actor, types=types, now=NOW)


def off(reseller_type: str) -> TypeChange:
    return TypeChange(reseller_type, is_enabled=False)


def create(player, reseller_type: str):
    details = Details(name="New")
    return create_reseller(
        actor=player.actor, seller_id=player.id, details=details, reseller_type=reseller_type, now=NOW
    )


def enabled(world: World) -> set[str]:
    rows = ResellerTypeSetting.objects.filter(provider_id=world.provider.id, is_enabled=True)
    return set(rows.values_list("type", flat=True))


def test_a_type_that_is_switched_off_cannot_be_chosen_and_who_has_it_keeps_it(world: World):
    change(world.provider, off("commission"))
    for seller in (world.provider, world.north):
        with pytest.raises(TypeUnavailable):
            create(seller, "commission")
    assert create(world.provider, "prepaid").terms.type == "prepaid"
    assert ResellerTerms.objects.get(pk=world.south.id).type == "commission"
    assert create(world.stranger, "commission").terms.type == "commission"
    body = {"name": "New", "type": "commission"}
    refused = world.provider.api().post("resellers", body)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "#/type")
    page = world.provider.browser().get("/console/resellers/new/")
    assert [value for value, _label in page.context["form"]["type"].field.choices] == ["prepaid"]
    refused = world.provider.browser().post("/console/resellers/new/", form_values(page, name="N", type="commission"))
    assert refused.status_code == 422
    assert refused.context["form"].errors["type"]


def test_one_type_stays(world: World):
    with pytest.raises(NoTypeLeft):
        change(world.provider, off("commission"), off("prepaid"))
    assert len(enabled(world)) == 2
    change(world.provider, off("commission"))
    change(world.provider, TypeChange("commission", is_enabled=True), off("prepaid"))
    assert enabled(world) == {"commission"}
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE tenants_resellertypesetting SET is_enabled = false")
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("DELETE FROM tenants_resellertypesetting WHERE provider_id = %s", [world.provider.id])


def test_two_who_each_switch_off_another_leave_one(committed_world: World):
    provider = committed_world.provider
    outcomes = together(lambda: change(provider, off("prepaid")), lambda: change(provider, off("commission")))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["NoTypeLeft", "list"]
    assert len(enabled(committed_world)) == 1


def test_another_text_is_another_version_and_the_log_keeps_both(world: World):
    change(world.provider, TypeChange("prepaid", label="Partner", terms="Pay first.\r\nSell then."))
    change(world.provider, TypeChange("prepaid", label="Partner", terms="Pay first.\nSell then."))
    change(world.provider, TypeChange("prepaid", terms="Pay later."))
    row = ResellerTypeSetting.objects.get(provider_id=world.provider.id, type="prepaid")
    assert (str(row), row.terms, row.version) == ("Partner", "Pay later.", 3)
    first, second = Event.objects.filter(kind="reseller_type.changed").order_by("pk")
    assert first.before == {"type": "prepaid", "label": "", "terms": "", "version": 1}
    assert second.before == {"type": "prepaid", "terms": "Pay first.\nSell then.", "version": 2}
    assert second.after == {"type": "prepaid", "terms": "Pay later.", "version": 3}
    with pytest.raises(Invalid):
        change(world.provider, TypeChange("prepaid", terms="in\u200bvisible"))
    with pytest.raises(Invalid):
        change(world.provider, TypeChange("barter"))


def test_nobody_else_changes_them(world: World):
    for actor in (world.north.actor, world.shop.actor, world.provider.member("support")):
        with pytest.raises(Forbidden):
            change_reseller_types(actor=actor, types=[off("prepaid")], now=NOW)
        with pytest.raises(Forbidden):
            change_house(actor=actor, currency="CHF", now=NOW)
    assert world.north.browser().get(PAGE).status_code == 404
    assert world.north.api().patch(URL, {"types": [{"type": "prepaid", "is_enabled": False}]}).status_code == 404


def test_what_new_companies_begin_with(world: World):
    change_house(actor=world.provider.actor, currency="CHF", language="de", time_zone="Europe/Zurich", now=NOW)
    own = Profile.objects.get(pk=world.provider.id)
    assert (own.currency, own.language, own.time_zone) == ("CHF", "de", "Europe/Zurich")
    event = Event.objects.get(kind="settings.changed")
    assert event.before == {"currency": "EUR", "language": "en", "time_zone": "Europe/Berlin"}
    form = world.provider.browser().get("/console/resellers/new/").context["form"]
    assert [form[name].value() for name in ("currency", "language", "time_zone")] == ["CHF", "de", "Europe/Zurich"]
    with pytest.raises(Invalid) as refused:
        change_house(actor=world.provider.actor, currency="DEM", time_zone="Mars/Olympus", now=NOW)
    assert set(refused.value.errors) == {"currency", "time_zone"}


def test_registrations_need_an_address_that_is_theirs_alone(world: World):
    def register(player, **values):
        return change_house(actor=player.actor, takes_registrations=True, now=NOW, **values)

    with pytest.raises(Invalid) as refused:
        register(world.provider)
    assert set(refused.value.errors) == {"slug"}
    register(world.provider, slug="Groupware")
    assert ProviderSettings.objects.get(pk=world.provider.id).slug == "groupware"
    with pytest.raises(Invalid) as refused:
        register(world.stranger, slug="groupware")
    assert set(refused.value.errors) == {"slug"}
    with pytest.raises(Invalid):
        change_house(actor=world.provider.actor, slug="", now=NOW)
    with connection.cursor() as cursor, pytest.raises(IntegrityError), transaction.atomic():
        cursor.execute("UPDATE tenants_providersettings SET slug = NULL WHERE takes_registrations")


def test_the_page_keeps_what_was_typed(world: World):
    browser = world.provider.browser()
    page = browser.get(PAGE)
    values = form_values(page, prepaid_terms="Pay first.", takes_registrations="on", slug="")
    refused = browser.post(PAGE, values)
    assert refused.status_code == 422
    assert "Pay first." in refused.content.decode()
    assert refused.context["form"].errors["slug"]
    assert browser.post(PAGE, values | {"slug": "groupware", "prepaid_label": "Partner"}).status_code == 302
    assert str(ResellerTypeSetting.objects.get(provider_id=world.provider.id, type="prepaid")) == "Partner"
    assert "Partner" in browser.get("/console/resellers/new/").content.decode()
    without = {name: value for name, value in values.items() if not name.endswith("_is_enabled")}
    refused = browser.post(PAGE, without | {"slug": "groupware"})
    assert refused.status_code == 422
    assert "One type of reseller must stay" in refused.content.decode()


def test_over_rest(world: World):
    body = {"types": [{"type": "prepaid", "label": "Partner", "terms": "Pay first."}], "slug": "groupware"}
    changed = world.provider.api().patch(
        "reseller-settings", body | {"takes_registrations": True, "time_zone": "Europe/Vienna"}
    )
    assert changed.status_code == 200
    assert changed.json()["time_zone"] == "Europe/Vienna"
    assert changed.json()["types"][0] | {"version": 2} == changed.json()["types"][0]
    refused = world.provider.api().patch(
        "reseller-settings", {"types": [{"type": name, "is_enabled": False} for name in enabled(world)]}
    )
    assert (refused.status_code, refused.json()["code"]) == (422, "no-type-left")
    refused = world.provider.api().patch(URL, {"currency": "DEM", "oversell_default": True})
    assert refused.json()["errors"][0]["pointer"] == "#/currency"
    assert not ProviderSettings.objects.filter(oversell_default=True).exists()
    assert Tenant.objects.filter(pk=world.provider.id).exists()
