"""The shell itself: entrance, theme, language, request ids, error pages, dashboard and search."""

import pytest
from django.contrib.auth import get_user_model
from django.test import Client


@pytest.fixture
def browser(world):
    return world.provider.browser()


def test_everybody_begins_at_their_own_dashboard(world, client):
    assert client.get("/").url == "/accounts/login/?next=/"
    assert world.provider.browser().get("/").url == "/console/"
    assert world.north.browser().get("/").url == "/portal/"
    assert world.shop.browser().get("/").url == "/portal/"


def test_a_page_asks_to_log_in_and_comes_back(client, db):
    assert client.get("/console/jobs/?q=a").url == "/accounts/login/?next=/console/jobs/%3Fq%3Da"


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/", "/nowhere/"])
def test_pages_at_the_entrance_have_landmark_language_and_policy(client, db, path):
    response = client.get(path)
    assert '<html lang="en"' in response.text
    assert '<main id="main"' in response.text
    policy = response.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'self'" in policy
    assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_the_theme_is_a_cookie(client, db):
    assert 'data-theme="auto"' in client.get("/accounts/login/").text
    response = client.post("/appearance/", {"theme": "dark", "next": "/accounts/login/"})
    assert response.url == "/accounts/login/"
    assert 'data-theme="dark"' in client.get("/accounts/login/").text
    client.post("/appearance/", {"theme": '"><script>'})
    assert 'data-theme="dark"' in client.get("/accounts/login/").text


def test_the_navigation_stays_folded(browser):
    browser.post("/appearance/", {"navigation": "folded"})
    assert 'data-navigation="folded"' in browser.get("/console/").text


def test_the_language_is_the_browsers_then_the_users_then_a_choice(world, client):
    assert '<html lang="de"' in client.get("/accounts/login/", headers={"accept-language": "de-AT"}).text
    user = world.provider.user
    type(user).objects.filter(pk=user.pk).update(language="de")
    browser = world.provider.browser()
    assert '<html lang="de"' in browser.get("/console/").text
    browser.post("/language/", {"language": "en", "next": "/console/"})
    assert '<html lang="en"' in browser.get("/console/").text


@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-DEF_12.3", True), ("short", False), ("x" * 65, False), ("a b c d e f", False), ("<script>1", False)],
)
def test_a_sane_request_id_is_kept(client, db, given, kept):
    answered = client.get("/accounts/login/", headers={"x-request-id": given})["X-Request-Id"]
    assert (answered == given) is kept
    assert len(answered) >= 8


def test_error_pages_say_what_and_under_which_number(client, db):
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert response["X-Request-Id"] in response.text
    assert "There is nothing here" in response.text


def reading(world) -> Client:
    """The browser of somebody of North's who only reads."""
    browser = Client()
    member = get_user_model().objects.get(pk=world.north.member("read_only").user_id)
    browser.force_login(member, backend="allauth.account.auth_backends.AuthenticationBackend")
    return browser


def navigation_of(page) -> bool:
    return 'id="navigation"' in page.text


def test_error_pages_keep_the_shell_of_who_is_logged_in(world, client):
    """Also where somebody asks for the other shell: it is their own that they see."""
    clerk = reading(world)
    for page, status in (
        (clerk.get("/portal/resellers/new/"), 403),
        (clerk.get(f"/portal/customers/{world.mill.id}/"), 404),
        (clerk.get("/console/"), 404),
        (clerk.get("/nowhere/"), 404),
        (clerk.get("/language/"), 405),
    ):
        assert (page.status_code, navigation_of(page), 'href="/portal/' in page.text) == (status, True, True)
        assert 'href="/console/' not in page.text
    assert not navigation_of(client.get("/nowhere/"))


@pytest.mark.parametrize(
    ("language", "right", "roles", "advice"),
    [
        ("en", "Create resellers", "Administrator, Sales", "can change your role"),
        ("de", "Reseller anlegen", "Administrator, Vertrieb", "kann Ihre Rolle ändern"),
    ],
)
def test_who_may_not_reads_what_is_missing_and_who_has_it(world, language, right, roles, advice):
    browser = reading(world)
    browser.cookies["language"] = language
    page = browser.get("/portal/resellers/new/").text
    assert "reseller.create" not in page
    for words in (right, roles, advice):
        assert words in page


def test_what_was_said_in_the_other_language_is_not_said_after_the_switch(world):
    browser = world.north.browser()
    page = browser.get("/portal/profile/")
    values = {"request_id": page.context["form"]["request_id"].value(), "name": "Nora", "time_zone": "Europe/Berlin"}
    browser.post("/portal/profile/", values | {"language": "en"})
    browser.post("/language/", {"language": "de", "next": "/portal/profile/"})
    page = browser.get("/portal/profile/").text
    assert "Your profile is saved" not in page
    assert 'lang="de"' in page
    page = browser.get("/portal/profile/")
    values["request_id"] = page.context["form"]["request_id"].value()
    browser.post("/portal/profile/", values | {"language": "de"})
    assert "Profil" in browser.get("/portal/profile/").text
    browser.post("/portal/profile/", values | {"language": "en"})
    page = browser.get("/portal/profile/").text
    assert ('lang="en"' in page, "Your profile is saved" in page) == (True, True)


def test_a_form_from_elsewhere_is_refused_in_plain_words(db):
    response = Client(enforce_csrf_checks=True).post("/appearance/", {"theme": "dark"})
    assert response.status_code == 403
    assert "too old or came from elsewhere" in response.text


def test_a_crash_shows_a_page_that_asks_nobody(browser, monkeypatch):
    from resellerhub.web import dashboard

    def crash(request):
        raise RuntimeError("boom")

    monkeypatch.setattr(dashboard, "_counters", [crash])
    browser.raise_request_exception = False
    response = browser.get("/console/")
    assert response.status_code == 500
    assert "boom" not in response.text
    assert response["X-Request-Id"] in response.text


def test_search_finds_what_the_actor_may_see(world):
    assert "North-East" in world.provider.browser().get("/console/search/", {"q": "north"}).text
    found = world.south.browser().get("/portal/search/", {"q": "north"}).context["groups"]
    assert found == []


def hits(player, words) -> dict[str, list[str]]:
    shell = "console" if player.actor.is_provider else "portal"
    groups = player.browser().get(f"/{shell}/search/", {"q": words}).context["groups"]
    return {str(group["label"]): [str(hit.title) for hit, _url in group["hits"]] for group in groups}


def test_search_finds_letters_whatever_marks_they_have(world):
    from tenants.models import Profile

    Profile.objects.filter(pk=world.shop.id).update(name="Müller & Groß GmbH")
    Profile.objects.filter(pk=world.kiosk.id).update(name="Mueller Zoe\u0308")
    both = {"Müller & Groß GmbH", "Mueller Zoe\u0308"}
    for words in ("müller", "MUELLER"):
        assert set(hits(world.north, words)["Customers"]) == both, words
    for words in ("muller", "gross", "Groß", "GROSS gm"):
        assert hits(world.north, words)["Customers"] == ["Müller & Groß GmbH"], words
    assert hits(world.north, "zoe")["Customers"] == ["Mueller Zoe\u0308"]
    assert hits(world.north, "m_ller") == {}
    assert hits(world.south, "müller") == {}
    Profile.objects.filter(pk=world.kiosk.id).update(name="Neustadt")
    assert hits(world.north, "neue") == {}


def test_search_finds_users_and_packages_in_scope_and_nobody_hidden(world, django_assert_max_num_queries):
    from tenants.services.visibility import hide_customers
    from tests.world import NOW

    address = world.shop.user.email
    assert hits(world.north, address)["Users"] == [world.shop.user.get_full_name()]
    assert hits(world.provider, address)["Users"] == [world.shop.user.get_full_name()]
    assert hits(world.south, address) == {}
    groups = reading(world).get("/portal/search/", {"q": address}).context["groups"]
    assert "Users" not in [str(group["label"]) for group in groups]
    hide_customers(actor=world.provider.actor, reseller_id=world.north.id, now=NOW)
    assert "Users" not in hits(world.provider, address)
    browser = world.provider.browser()
    with django_assert_max_num_queries(30):
        browser.get("/console/search/", {"q": "a"})


@pytest.mark.parametrize("words", ["", " ", "\x00", "%", "x" * 5000])
def test_search_takes_anything(browser, words):
    assert browser.get("/console/search/", {"q": words}).status_code == 200


def test_an_address_for_buttons_alone_says_so(world):
    browser = world.provider.browser()
    answer = browser.get(f"/console/resellers/{world.north.id}/resume/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "There is nothing to look at here" in answer.content.decode()
