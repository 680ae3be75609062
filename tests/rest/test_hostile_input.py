"""What a client should never send: refused with a reason, and never a crash."""

import json

import pytest

from resellerhub.kernel.models import Job
from resellerhub.kernel.text import has_forbidden, is_blank

pytestmark = pytest.mark.django_db


def house(**fields) -> str:
    return json.dumps({"title": "A", **fields})


BODIES = {
    "empty": ("", 422),
    "a name of two lines": ('{"title": "A\\r\\nBcc: b@example.com"}', 422),
    "not JSON": ("{", 400),
    "not UTF-8": (b'{"title": "\xff"}', 400),
    "a list": ("[]", 422),
    "null": ("null", 422),
    "a text": ('"x"', 422),
    "a number": ("5", 422),
    "NaN": ('{"title": "A", "total": NaN}', 400),
    "Infinity": ('{"title": "A", "total": -Infinity}', 400),
    "1e400": ('{"title": "A", "total": 1e400}', 400),
    "twice the same name": ('{"title": "A", "title": "B"}', 400),
    "twice in a part": ('{"title": "A", "parts": [{"name": "a", "name": "b"}]}', 400),
    "33 levels": ('{"title": ' + "[" * 32 + "]" * 32 + "}", 400),
    "100,000 levels": ("[" * 100_000, 400),
    "100,000 closed levels": ("[" * 100_000 + "]" * 100_000, 400),
    "more than 1 MB": (house(title="x" * 1_000_001), 413),
    "5,000 digits": ('{"title": "A", "total": ' + "9" * 5000 + "}", 400),
    "beyond 64 bits": (house(big=2**63), 422),
    "below 64 bits": (house(big=-(2**63) - 1), 422),
    "beyond the field": (house(total=100_000), 422),
    "zero": (house(total=0), 422),
    "negative": (house(total=-1), 422),
    "a fraction": (house(total=1.5), 422),
    "a whole fraction": (house(total=1.0), 422),
    "a number as text": (house(total="5"), 422),
    "a truth as a number": (house(total=True), 422),
    "a number as a truth": (house(flag=1), 422),
    "a text as a truth": (house(flag="yes"), 422),
    "a number as text of a name": (house(title=5), 422),
    "null as a name": (house(title=None), 422),
    "NUL": (house(title="a\x00b"), 422),
    "half a character": ('{"title": "\\ud800"}', 422),
    "right to left": (house(title="abc\u202egnp.exe"), 422),
    "isolate": (house(title="abc\u2066"), 422),
    "a mark of direction": (house(title="\u200fabc"), 422),
    "escape": (house(title="a\x1b[31m"), 422),
    "blank": (house(title="   "), 422),
    "zero width": (house(title="\u200b"), 422),
    "zero width within": (house(title="Sh\u200bop"), 422),
    "byte order mark": (house(title="\ufeff"), 422),
    "filler": (house(title="\u3164"), 422),
    "Braille blank": (house(title="\u2800"), 422),
    "joiners": (house(title="\u200d\u200d"), 422),
    "only marks": (house(title="\u0301\u0301"), 422),
    "a name that is not seen": ('{"title": "A", "a\\u0000": 1}', 400),
    "too long": (house(title="x" * 41), 422),
    "text for a list": (house(numbers="123"), 422),
    "object for a list": (house(numbers={"1": 2}), 422),
    "texts in a list": (house(numbers=["1"]), 422),
    "zero in a list": (house(numbers=[0]), 422),
    "too many": (house(numbers=list(range(1, 10_002))), 422),
    "money as a number": (house(price=12.5), 422),
    "money as an amount of number": (house(price={"amount": 12.5, "currency": "EUR"}), 422),
    "money that is no number": (house(price={"amount": "NaN", "currency": "EUR"}), 422),
    "money with exponent": (house(price={"amount": "1e5", "currency": "EUR"}), 422),
    "money in full-width digits": (house(price={"amount": "１２", "currency": "EUR"}), 422),
    "money without digits": (house(price={"amount": "-", "currency": "EUR"}), 422),
    "negative money": (house(price={"amount": "-1", "currency": "EUR"}), 422),
    "too much money": (house(price={"amount": "1000000000000", "currency": "EUR"}), 422),
    "too fine money": (house(price={"amount": "1.0000001", "currency": "EUR"}), 422),
    "small currency": (house(price={"amount": "1", "currency": "eur"}), 422),
    "no currency": (house(price={"amount": "1"}), 422),
    "more than money": (house(price={"amount": "1", "currency": "EUR", "tax": "0"}), 422),
}


@pytest.mark.parametrize("name", BODIES)
def test_bodies(api, name):
    body, status = BODIES[name]
    answer = api("POST", "houses", body, Idempotency_Key="k")
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    "body",
    [
        house(title="Straße 日本 العربية 👩‍👩‍👧 नी"),
        house(total=99_999, big=2**63 - 1, flag=False, numbers=[1, 2, 2**63 - 1]),
        house(price={"amount": "999999999999.999999", "currency": "EUR"}),
        house(parts=[{"name": "a"}]),
        "\n\t " + house() + "\n",
    ],
)
def test_what_is_unusual_but_right(api, body):
    assert api("POST", "houses", body, Idempotency_Key="k").status_code == 201


def test_pointers_lead_to_the_values(api):
    body = house(parts=[{"name": "a"}, {"name": "b\x00"}], big=2**70)
    told = api("POST", "houses", body, Idempotency_Key="k").json()
    assert {error["pointer"] for error in told["errors"]} == {"#/parts/1/name", "#/big"}


def test_other_media_types_are_refused(api):
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        answer = api.client.post(
            "/api/v1/houses", "title=A", content_type=media_type,
            headers={"Authorization": f"Bearer {api.key}", "Idempotency-Key": "k"},
        )  # fmt: skip
        assert answer.status_code == 415, media_type


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("nonsense=1", 400), ("limit=0", 422), ("limit=201", 422), ("limit=-1", 422), ("limit=x", 422),
        ("limit=１", 422),
        ("limit=1&limit=2", 422), ("cursor=x", 400), ("cursor=eyJ9%3Aabc", 400), ("ordering=provider_id", 422),
        ("ordering=--title", 422), ("ordering=", 200), ("expand=owner,secret", 400), ("search=%00", 422),
        ("search=%E2%80%AE", 422), ("search=" + "x" * 501, 422), ("state=odd", 422), ("least=x", 422),
        ("least=NaN", 422), ("least=1e999999", 422), ("least=99999999999999999999999", 200), ("created_after=x", 422),
        ("created_after=99999-01-01", 422), ("q=a", 400), ("search=%25_%27%3B--", 200), ("limit=200&state=done", 200),
        ("search=%FF", 200), ("%00=1", 400),
    ],
)  # fmt: skip
def test_queries(api, query, status):
    answer = api.get(f"houses?{query}")
    assert answer.status_code == status, answer.content
    if status != 200:
        assert all("parameter" in error for error in answer.json()["errors"])


def test_text_rules():
    assert not has_forbidden("Zeile\n\tzwei – ¿qué? 👨‍👩‍👧")
    assert all(has_forbidden(f"a{character}b") for character in "\x00\x7f\u202e\u200b\ufeff\U000e0041\ud800")
    assert is_blank(" \u2800\u3164\u00a0\u200d")
    assert not is_blank("\u200da")
