"""Cursor pages: forwards and back, ties and nothing at all, and what is asked of a list."""

from datetime import timedelta

import pytest

from resellerhub.kernel.models import Job
from tests.world import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def houses(house) -> list[Job]:
    """Titles with ties; some never started."""
    return Job.objects.bulk_create(
        Job(
            kind="house", title=f"House {n % 4}", total=n, provider_id=house.id, tenant_id=house.id,
            created_at=NOW + timedelta(days=n), started_at=NOW + timedelta(days=n // 3) if n % 3 else None,
        )
        for n in range(23)
    )  # fmt: skip


@pytest.mark.parametrize("view", ["houses", "hot"])
@pytest.mark.parametrize("order", ["", "title", "-title", "started_at", "-started_at"])
@pytest.mark.parametrize("limit", [1, 5, 23, 200])
def test_every_row_once_in_order(api, houses, view, order, limit):
    query = f"limit={limit}" + (f"&ordering={order}" if order else "")
    pages, url, backwards = [], f"{view}?{query}", None
    while url:
        body = api.get(url).json()
        pages.append([row["id"] for row in body["results"]])
        assert len(pages[-1]) <= limit
        backwards = body["previous"]
        url = body["next"] and body["next"].partition("/api/v1/")[2]
    seen = [pk for page in pages for pk in page]
    assert sorted(seen) == sorted(row.pk for row in houses)

    def key(row):
        if order.endswith("title"):
            return (row.title,)
        if order.endswith("started_at"):
            return (row.started_at is None, row.started_at or NOW)
        return ()

    descending = order.startswith("-") or not order
    assert seen == [row.pk for row in sorted(houses, key=lambda row: (*key(row), row.pk), reverse=descending)]

    back = []
    while backwards:
        body = api.get(backwards.partition("/api/v1/")[2]).json()
        back.append([row["id"] for row in body["results"]])
        assert body["next"]
        backwards = body["previous"]
    assert [pk for page in reversed(back) for pk in page] == [pk for page in pages[:-1] for pk in page]


def test_a_row_that_arrives_meanwhile_moves_no_page(api, houses, house):
    first = api.get("houses?limit=5").json()
    Job.objects.create(kind="house", title="new", provider_id=house.id, tenant_id=1, created_at=NOW)
    second = api.get(first["next"].partition("/api/v1/")[2]).json()
    assert [row["id"] for row in second["results"]] == sorted((h.pk for h in houses), reverse=True)[5:10]


def test_an_empty_list_and_no_count(api):
    assert api.get("houses").json() == {"next": None, "previous": None, "results": []}


def test_a_list_costs_the_same_whatever_its_length(api, houses, django_assert_num_queries):
    api.get("houses")
    with django_assert_num_queries(3) as few:  # the key, its owner, the rows
        api.get("houses?limit=2")
    with django_assert_num_queries(len(few)):
        api.get("houses?limit=200&ordering=title&search=house")


def test_filters_search_and_expand(api, houses, house):
    assert len(api.get("houses?search=house+1").json()["results"]) == 6
    assert len(api.get("houses?least=20").json()["results"]) == 3
    assert api.get("houses?state=done").json()["results"] == []
    assert len(api.get(f"houses?created_after={NOW + timedelta(days=20):%Y-%m-%d}").json()["results"]) == 3
    assert "owner" not in api.get("houses?limit=1").json()["results"][0]
    assert api.get("houses?limit=1&expand=owner").json()["results"][0]["owner"] == house.id
    assert api.get(f"houses/{houses[0].pk}?expand=owner").json()["owner"] == house.id


def test_a_cursor_belongs_to_its_order(api, houses):
    cursor = api.get("houses?limit=5&ordering=title").json()["next"].partition("cursor=")[2].partition("&")[0]
    assert api.get(f"houses?cursor={cursor}&ordering=-title").status_code == 400
    assert api.get(f"houses?cursor={cursor[:-4]}AAAA&ordering=title").status_code == 400


def test_etags(api, houses):
    path = f"houses/{houses[0].pk}"
    seen = api.get(path)
    tag = seen["ETag"]
    assert api.get(path, If_None_Match=tag).status_code == 304
    assert api.get(f"{path}?expand=owner")["ETag"] == tag

    assert api.post(f"{path}/paint", If_Match='"old"').status_code == 412
    assert api.post(f"{path}/paint", If_Match=tag).status_code == 200
    stale = api.post(f"{path}/paint", If_Match=tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "stale")
    assert api.post(f"{path}/paint", If_Match="*").status_code == 200
    assert api.get(path, If_None_Match=tag).status_code == 200
    assert api.post("houses/123456/paint", If_Match="*").status_code == 404
