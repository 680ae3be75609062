from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils.translation import override

from resellerhub.web import formats
from resellerhub.web.devices import device
from resellerhub.web.statuses import status, tone_of


@pytest.mark.parametrize(
    ("language", "number", "money", "price", "day"),
    [
        ("en", "1,234,567", "€12.50", "€0.0125", "1 Dec 2026"),
        ("de", "1.234.567", "12,50\xa0€", "0,0125\xa0€", "01.12.2026"),
    ],
)
def test_values_follow_the_language(language, number, money, price, day):
    with override(language):
        assert formats.number(1_234_567) == number
        assert formats.money(Decimal("12.5"), "EUR") == money
        assert formats.money(Decimal("12.500000"), "EUR") == money
        assert formats.money(Decimal("0.012500"), "EUR") == price
        assert formats.day(date(2026, 12, 1)) == day


def test_negative_amounts_have_a_true_minus():
    with override("en"):
        assert formats.number(-20) == "−20"
        assert formats.money(Decimal("-2.5"), "EUR") == "−€2.50"


def test_currencies_keep_their_own_minor_unit():
    with override("en"):
        assert formats.money(Decimal("1200"), "JPY") == "JP¥1,200"


@pytest.mark.parametrize(
    ("name", "letter"),
    [
        ("Nora Nord", "N"),
        ("özlem", "Ö"),
        ("o\u0308zlem", "Ö"),
        ("ßeta", "ß"),
        ("  (Anna)", "A"),
        ("info@north.example", "I"),
        ("", ""),
        (None, ""),
    ],
)
def test_a_person_has_a_letter(name, letter):
    assert formats.initial(name) == letter


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", "Firefox on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 "
            "Safari/537.36 Edg/131.0.0.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.1 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "–"),
    ],
)
def test_a_browser_is_told_by_its_name(agent, words):
    assert device(agent) == words


def test_nothing_is_nothing():
    assert formats.number(None) == formats.money(None, "EUR") == formats.day(None) == formats.moment(None) == ""


def test_moments_are_told_to_the_minute():
    with override("en"):
        assert formats.moment(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)).startswith("2 Jan 2026, ")


def test_a_status_is_a_dot_and_an_escaped_word():
    assert status("active", "<b>") == '<span class="state is-good">&lt;b&gt;</span>'
    assert tone_of("something else") == "calm"
