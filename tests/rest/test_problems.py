"""Every error is a problem, with a code, a sentence and the request's id."""

import pytest
from django.test import Client

from resellerhub.kernel.models import Job
from tests.rest.conftest import Caller, caller_for
from tests.world import NOW, provider

pytestmark = pytest.mark.django_db

KEY = {"Idempotency_Key": "k"}


def problem(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    body = response.json()
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:resellerhub:problem:{code}")
    assert body["request_id"] == response["X-Request-Id"] != ""
    assert body["title"]
    assert body["detail"]
    return body


def test_no_key_and_a_wrong_key_are_401(api):
    for headers in ({}, {"Authorization": "Bearer rh_wrong"}, {"Authorization": "Bearer"}):
        answer = Client().get("/api/v1/houses", headers=headers)
        problem(answer, 401, "unauthenticated")
        assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_logged_in_browser_is_not_a_key(house):
    told = problem(house.browser().get("/api/v1/houses"), 401, "unauthenticated")
    assert told["code"] == "unauthenticated"


def test_unknown_addresses_and_methods(api):
    problem(Client().get("/api/v1/nothing/at/all"), 404, "not-found")
    problem(api.get("houses/99999999999999999999999"), 404, "not-found")
    problem(api.get("houses/0"), 404, "not-found")
    answer = api("PUT", "houses", "{}")
    problem(answer, 405, "method-not-allowed")
    assert "POST" in answer["Allow"]
    assert Client().get("/nothing")["Content-Type"].startswith("text/html")


def test_out_of_sight_is_absent(api):
    stranger = provider("Fremd AG")
    theirs = Job.objects.create(
        kind="house", title="theirs", provider_id=stranger.id, tenant_id=stranger.id, created_at=NOW
    )
    there = problem(api.get(f"houses/{theirs.pk}"), 404, "not-found")
    nowhere = problem(api.get("houses/123456"), 404, "not-found")
    assert {**there, "request_id": ""} == {**nowhere, "request_id": ""}
    problem(api.post(f"houses/{theirs.pk}/paint"), 404, "not-found")
    assert caller_for(stranger).get(f"houses/{theirs.pk}").status_code == 200


def test_a_refusal_tells_its_facts_and_its_place(api):
    told = problem(api.post("houses", {"title": "A", "total": 13}, **KEY), 409, "too-many")
    assert told["detail"] == "Only 12 are free; 13 were asked for."
    assert (told["free"], told["asked"]) == (12, 13)
    assert told["errors"] == [{"pointer": "#/total", "detail": told["detail"], "code": "invalid"}]


def test_in_sight_but_not_permitted(api):
    told = problem(api("DELETE", "houses/1"), 403, "forbidden")
    assert told["permission"] == "house.raze"


def test_a_crash_tells_nothing_of_itself(api):
    told = problem(api.post("broken/crash"), 500, "error")
    assert "secret" not in str(told)


def test_a_timeout_is_busy(api):
    answer = api.post("broken/slow")
    assert problem(answer, 503, "busy")["retry_after"] == 2
    assert answer["Retry-After"] == "2"


def test_what_no_column_takes_is_not_a_crash(api):
    assert problem(api.post("broken/overflow"), 422, "invalid")["code"] == "invalid"


def test_values_and_unknown_fields(api):
    told = problem(api.post("houses", {"title": "", "total": 0, "parts": [{"name": "x" * 21}]}, **KEY), 422, "invalid")
    assert {error["pointer"]: error["code"] for error in told["errors"]} == {"#/title": "blank"}
    told = problem(api.post("houses", {"title": "A", "total": 0, "parts": [{"name": "x" * 21}]}, **KEY), 422, "invalid")
    assert {error["pointer"]: error["code"] for error in told["errors"]} == {
        "#/total": "min_value",
        "#/parts/0/name": "max_length",
    }
    told = problem(api.post("houses", {"title": "A", "no/such~field": 1, "parts": [{"x": 1}]}, **KEY), 400, "unknown")
    assert told["errors"][0]["pointer"] == "#/no~1such~0field"
    told = problem(api.post("houses", {"title": "A", "parts": [{"name": "a"}, {"x": 1}]}, **KEY), 400, "unknown")
    assert told["errors"][0]["pointer"] == "#/parts/1/x"
    problem(api.post("houses/1/paint", {"colour": "red"}), 400, "unknown")
    problem(api.post("houses?force=1", {"title": "A"}, **KEY), 400, "unknown")


def test_the_sentence_is_in_the_language_that_is_asked_for(api):
    answer = api.get("nothing", Accept_Language="de")
    assert answer["Content-Language"] == "de"
    assert problem(answer, 404, "not-found")["title"] == "Not Found"


def test_the_request_id_of_the_client_is_kept_when_it_is_sane(api: Caller):
    assert api.get("houses", X_Request_Id="client-0001")["X-Request-Id"] == "client-0001"
    assert api.get("houses", X_Request_Id="x" * 500)["X-Request-Id"] != "x" * 500


def test_any_accept_header_gets_json(api):
    for accept in ("text/html", "text/csv;q=0.3", "nonsense", "*/*"):
        answer = api.get("houses", Accept=accept)
        assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
