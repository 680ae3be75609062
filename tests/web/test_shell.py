"""The shell itself: entrance, theme, language, request ids, error pages, dashboard and search."""

import pytest
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


@pytest.mark.parametrize("words", ["", " ", "\x00", "%", "x" * 5000])
def test_search_takes_anything(browser, words):
    assert browser.get("/console/search/", {"q": words}).status_code == 200


def test_an_address_for_buttons_alone_says_so(world):
    browser = world.provider.browser()
    answer = browser.get(f"/console/resellers/{world.north.id}/resume/")
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert "There is nothing to look at here" in answer.content.decode()
