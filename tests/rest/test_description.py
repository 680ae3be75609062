"""The OpenAPI document says what the views do; the pages that show it load nothing from elsewhere."""

import re

import pytest
from django.test import Client
from openapi_spec_validator import validate

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def document(django_db_blocker):
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator(urlconf="tests.rest.urls").get_schema(request=None, public=True)


def test_it_is_valid_openapi_3_1(document):
    validate(document)
    assert document["openapi"].startswith("3.1")


def test_it_is_served_to_everybody():
    answer = Client().get("/api/v1/openapi.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    assert "/api/v1/houses/{id}/paint" in answer.json()["paths"]


def test_an_operation_is_described(document):
    create = document["paths"]["/api/v1/houses"]["post"]
    assert create["operationId"] == "house_create"
    assert create["summary"] == "Build a house."
    assert "`job.view`" in create["description"]
    assert create["security"] == [{"bearer": []}]
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    key = next(one for one in create["parameters"] if one["name"] == "Idempotency-Key")
    assert key["required"] is True
    assert set(create["responses"]) >= {"201", "400", "401", "403", "409", "422", "429", "503"}
    problems = document["components"]["responses"]
    assert create["responses"]["422"] == {"$ref": "#/components/responses/Problem422"}
    assert "application/problem+json" in problems["Problem422"]["content"]
    assert {"Location", "X-Request-Id", "RateLimit"} <= set(create["responses"]["201"]["headers"])
    assert "Retry-After" in problems["Problem429"]["headers"]


def test_shapes_are_described(document):
    shapes = document["components"]["schemas"]
    taken = shapes["HouseInRequest"]
    assert taken["additionalProperties"] is False
    assert taken["properties"]["total"]["maximum"] == 99_999
    assert set(taken["properties"]["price"]["properties"]) == {"amount", "currency"}
    assert "owner" not in shapes["HouseOut"]["required"]


def test_a_list_is_described(document):
    house = document["paths"]["/api/v1/houses"]["get"]
    names = {one["name"] for one in house["parameters"]}
    assert names == {
        "search",
        "state",
        "least",
        "created_after",
        "created_before",
        "ordering",
        "limit",
        "cursor",
        "expand",
    }
    answer = house["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert set(document["components"]["schemas"][answer.rpartition("/")[2]]["properties"]) == {
        "next",
        "previous",
        "results",
    }
    assert document["paths"]["/api/v1/houses/{id}"]["get"]["responses"]["200"]["headers"]["ETag"]


def test_operation_ids_are_unique(document):
    ids = [one["operationId"] for path in document["paths"].values() for one in path.values()]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("page", ["docs", "redoc"])
def test_the_pages_keep_to_the_policy(page):
    answer = Client().get(f"/api/v1/{page}")
    assert answer.status_code == 200
    text = answer.content.decode()
    sources = re.findall(r'(?:src|href)="([^"]+)"', text)
    assert sources
    assert all(source.startswith(("/", "data:")) for source in sources), sources
    assert not re.findall(r"<script(?![^>]*src=)[^>]*>\s*\S", text), "an inline script"
    assert "script-src" not in answer["Content-Security-Policy"]
    assert "default-src 'self'" in answer["Content-Security-Policy"]
