"""White label: whose brand is seen where, and what cannot be one."""

import base64
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from resellerhub.kernel.refusals import Forbidden, Invalid
from tenants import colours
from tenants.brands import brand_for
from tenants.logos import MOST_BYTES, LogoTooLarge, NoLogo, png_of
from tenants.models import Branding, Event, User
from tenants.services.branding import change_branding, remove_branding, unreadable
from tenants.services.proofs import vouch
from tests.together import together
from tests.world import NOW, PASSWORD, Player, World

HOST = "portal.north.example"
LOOK = {"product_name": "Nordportal", "colour": "#7b2d8b", "domain": HOST, "support_email": "help@north.example"}


def picture(size=(900, 300), kind="PNG", **more) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "#7b2d8b").save(file, kind, **more)
    return file.getvalue()


def dress(player: Player, logo: bytes | None = None, **fields) -> Branding:
    """With a domain and an address that are proven."""
    change_branding(actor=player.actor, fields={**LOOK, **fields}, logo=logo, now=NOW)
    return vouch(tenant_id=player.id, request_id="test", now=NOW)


def test_the_nearest_above_wins(world: World):
    dress(world.provider, product_name="Groupware Portal", domain="")
    assert brand_for(world.kiosk.id).product == "Groupware Portal"
    dress(world.north)
    dress(world.north_east, product_name="Ostportal", domain="")
    seen = {name: brand_for(getattr(world, name).id).product for name in ("north", "shop", "kiosk", "mill", "stranger")}
    assert seen == {
        "north": "Nordportal",
        "shop": "Nordportal",
        "kiosk": "Ostportal",
        "mill": "Groupware Portal",
        "stranger": "ResellerHub",
    }
    remove_branding(actor=world.north.actor, now=NOW)
    remove_branding(actor=world.north.actor, now=NOW)
    assert brand_for(world.shop.id).product == "Groupware Portal"
    assert list(
        Event.objects.filter(tenant_id=world.north.id, kind__startswith="branding").order_by("pk").values_list("kind")
    ) == [
        ("branding.changed",),
        ("branding.domain_verified",),
        ("branding.removed",),
    ]


def test_who_has_none_beneath_or_may_not_has_no_brand(world: World):
    for actor in (world.shop.actor, world.north.member("sales")):
        with pytest.raises(Forbidden):
            change_branding(actor=actor, fields=LOOK, now=NOW)
    assert world.shop.browser().get("/portal/branding/").status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("product_name", " ", "A name is needed."),
        ("product_name", "a\u202eb", "nobody can see"),
        ("colour", "#ff8800", "White text on this colour has a contrast of 2.39:1; 4.5:1 is needed."),
        ("colour", "#757575", "Text of this colour on a light page has a contrast of 4.28:1; 4.5:1 is needed."),
        ("colour", "red", "six digits"),
        ("domain", "http://north.example/", "not the name of a host"),
        ("domain", "north", "not the name of a host"),
        ("domain", "10.1.2.3", "not the name of a host"),
        ("domain", "-a.example", "not the name of a host"),
        ("domain", "testserver", "not the name of a host"),
        ("sender_email", "nobody", "valid email"),
        ("footer", "x" * 301, "at most 300"),
    ],
)
def test_what_cannot_be_taken(world: World, field: str, value: str, sentence: str):
    with pytest.raises(Invalid) as refused:
        dress(world.north, **{field: value})
    assert sentence in str(refused.value.errors[field])
    assert not Branding.objects.exists()


def test_the_name_of_the_installation_is_nobodys(world: World, settings):
    settings.BASE_URL = "https://hub.example"
    settings.ALLOWED_HOSTS = ["other.example", ".example"]
    for domain in ("hub.example", "HUB.example.", "other.example"):
        with pytest.raises(Invalid):
            dress(world.north, domain=domain)
    assert dress(world.north, domain="Portal.Hub.Example").domain == "portal.hub.example"


def test_a_domain_is_one_houses(world: World):
    dress(world.north)
    with pytest.raises(Invalid) as refused:
        dress(world.stranger)
    assert refused.value.errors == {"domain": ["This is already taken."]}


def test_two_who_want_the_same_domain_at_once(committed_world: World):
    outcomes = together(lambda: dress(committed_world.north), lambda: dress(committed_world.south))
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Branding", "Invalid"]
    twice = together(*[lambda: dress(committed_world.provider, domain="")] * 2)
    assert [type(outcome).__name__ for outcome in twice] == ["Branding", "Branding"]


@pytest.mark.parametrize(
    "assignment",
    ["colour = 'red'", "colour = '#FFFFFF'", "domain = 'UPPER.example'", "domain = ''", "product_name = ''"],
)
def test_the_database_says_so_too(world: World, assignment: str):
    dress(world.north)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute(f"UPDATE tenants_branding SET {assignment}")


def test_every_colour_that_is_taken_can_be_read_in_both_themes():
    for red in range(0, 256, 32):
        for green in range(0, 256, 32):
            for blue in range(0, 256, 32):
                colour = f"#{red:02x}{green:02x}{blue:02x}"
                if colours.contrast(colour, colours.WHITE) < 4.5:
                    continue
                lines = dict(line.strip(" ;").split(": ") for line in colours.css(colour).splitlines()[1:7])
                light, dark = lines["--accent"].removeprefix("light-dark(").removesuffix(")").split(", ")
                assert colours.contrast(light, colours.LIGHT_PAGE) >= 4.5
                assert colours.contrast(dark, colours.DARK_SURFACE) >= 4.5


@pytest.mark.parametrize(("kind", "more"), [("PNG", {}), ("JPEG", {"comment": b"secret"}), ("WEBP", {})])
def test_a_logo_is_written_anew(kind: str, more: dict):
    made = png_of(picture(kind=kind, **more))
    with Image.open(BytesIO(made)) as image:
        assert (image.format, image.size, image.info) == ("PNG", (480, 160), {})
    assert b"secret" not in made


def bomb() -> bytes:
    """A small file of very many pixels."""
    file = BytesIO()
    Image.new("1", (20_000, 20_000)).save(file, "PNG")
    return file.getvalue()


def test_what_is_no_logo():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    gif = BytesIO()
    Image.new("P", (2, 2)).save(gif, "GIF")
    for data in (svg, b"", b"text", gif.getvalue(), picture()[:200]):
        with pytest.raises(NoLogo):
            png_of(data)
    for data in (picture((3000, 3000)), bytes(MOST_BYTES + 1)):
        with pytest.raises(LogoTooLarge):
            png_of(data)
    with pytest.raises((LogoTooLarge, NoLogo)):
        png_of(bomb())


def test_the_page(world: World):
    browser = world.north.browser()
    page = browser.get("/portal/branding/")
    assert "your portal is called ResellerHub" in page.content.decode()
    sent = {"request_id": page.context["form"]["request_id"].value(), **LOOK}
    refused = browser.post("/portal/branding/", sent | {"colour": "#ffff00", "footer": "North GmbH"})
    assert refused.status_code == 422
    assert "contrast of 1.07:1" in refused.content.decode()
    assert 'value="North GmbH"' in refused.content.decode()
    broken = browser.post("/portal/branding/", sent | {"logo": SimpleUploadedFile("a.svg", b"<svg/>")})
    assert "no picture in PNG" in broken.content.decode()
    saved = browser.post("/portal/branding/", sent | {"logo": SimpleUploadedFile("a.png", picture())})
    assert saved.status_code == 302
    brand = Branding.objects.get()
    shown = browser.get("/portal/branding/").content.decode()
    assert f"/brand/{brand.logo_digest}.png" in shown
    assert "<title>Branding · Nordportal</title>" in shown
    assert "/brand/7b2d8b.css" in shown
    assert browser.post("/portal/branding/", sent | {"remove_logo": "on"}).status_code == 302
    assert browser.get("/portal/branding/").content.decode().count(".png") == 0
    assert browser.post("/portal/branding/remove/", {"request_id": sent["request_id"]}).status_code == 302
    assert not Branding.objects.exists()


def test_over_rest(world: World):
    api = world.north.api()
    assert api.get("branding").json()["own"] is False
    body = {**LOOK, "logo": base64.b64encode(picture()).decode()}

    def patch(body: dict, player: Player = world.north, *scopes: str):
        return player.api(*scopes).patch("branding", body)

    answer = patch(body)
    assert (answer.status_code, answer.json()["own"], answer.json()["domain"]) == (200, True, HOST)
    assert (answer.json()["domain_verified"], answer.json()["sender_verified"]) == (False, False)
    assert Client().get(answer.json()["logo_url"])["Content-Type"] == "image/png"
    assert patch({"footer": "F"}).json()["product_name"] == "Nordportal"
    assert patch({"logo": None}).json()["logo_url"] == ""
    for wrong, at in ({"colour": "#fff"}, "colour"), ({"logo": "§"}, "logo"), ({"logo": "AAAA"}, "logo"):
        refused = patch(wrong)
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, f"#/{at}")
    assert patch({"footer": "F"}, world.north, "read").status_code == 403
    assert patch({"footer": "F"}, world.shop).status_code == 403
    assert api.delete("branding").status_code == 204
    assert api.get("branding").json()["own"] is False


def test_colours_and_logo_are_files_that_may_be_kept(world: World):
    brand = dress(world.north, picture())
    for path in (reverse("brand_css", args=["7b2d8b"]), reverse("brand_logo", args=[brand.logo_digest])):
        answer = Client().get(path)
        assert (answer.status_code, "immutable" in answer["Cache-Control"]) == (200, True)
        assert str(world.north.id) not in path.replace(".", "/").split("/")
    assert Client().get(f"/brand/{'0' * 64}.png").status_code == 404
    assert Client().get("/brand/7b2d8b;}.css").status_code == 404


def log_in(player: Player, host: str, password: str = PASSWORD) -> Client:
    client = Client(headers={"host": host})
    client.answer = client.post("/accounts/login/", {"login": player.user.email, "password": password})
    return client


def test_before_login_the_domain_says_whose_portal_it_is(world: World, settings):
    settings.ALLOWED_HOSTS = ["testserver"]
    dress(world.north)
    page = Client(headers={"host": f"{HOST}:8443"}).get("/accounts/login/")
    assert "Nordportal" in page.content.decode()
    assert "ResellerHub" not in page.content.decode()
    assert Client(headers={"host": "elsewhere.example"}).get("/accounts/login/").status_code == 400
    assert "ResellerHub" in Client().get("/accounts/login/").content.decode()
    remove_branding(actor=world.north.actor, now=NOW)
    assert Client(headers={"host": HOST}).get("/accounts/login/").status_code == 400


def test_at_a_domain_only_who_belongs_there_logs_in(world: World):
    """And nobody learns that the others have logins elsewhere: not even their rate limit differs."""
    dress(world.north)
    for player in (world.north, world.north_east, world.shop, world.kiosk):
        assert log_in(player, HOST).answer.status_code == 302, player.name
    wrong = [log_in(world.shop, HOST, "wrong"), log_in(world.south, HOST), log_in(world.provider, HOST)]
    pages = {client.answer.context["form"].errors.as_text() for client in wrong}
    assert (len(pages), [client.answer.status_code for client in wrong]) == (1, [200, 200, 200])
    assert log_in(world.south, "testserver").answer.status_code == 302
    for _try in range(10):
        last = log_in(world.mill, HOST)
    assert last.answer.status_code == 429


def test_a_session_from_elsewhere_is_nobody_at_a_domain(world: World):
    dress(world.north)
    browser = world.south.browser()
    assert browser.get("/portal/", headers={"host": HOST}).status_code == 403
    assert browser.get("/portal/").status_code == 200
    api = world.south.api()
    assert api.client.get("/api/v1/me", headers={"host": HOST}).status_code == 401
    assert world.shop.api().client.get("/api/v1/me", headers={"host": HOST}).status_code == 200


def test_after_login_the_brand_is_that_of_the_house(world: World):
    dress(world.north)
    for player in (world.north, world.shop, world.kiosk):
        assert "Nordportal" in player.browser().get("/portal/").content.decode()
    assert "Nordportal" in world.shop.browser().get("/nowhere/").content.decode()
    assert "Nordportal" not in world.south.browser().get("/portal/").content.decode()
    assert User.objects.exists()


def test_numbers_stand_as_the_reader_writes_them():
    with override("de"):
        assert "1,20:1" in unreadable("#ffee00")
        assert "4,5:1" in unreadable("#ffee00")
        assert "1.000.000 Byte" in LogoTooLarge(bytes=1_000_000, pixels=6_000_000).detail
    assert "1,000,000 bytes and 6,000,000 pixels" in LogoTooLarge(bytes=1_000_000, pixels=6_000_000).detail
