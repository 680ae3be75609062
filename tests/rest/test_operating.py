"""Limits, health and metrics."""

import pytest
from django.core.cache import cache
from django.test import Client

from resellerhub.kernel.tasks import sweep_jobs

pytestmark = pytest.mark.django_db


def limit(settings, rate: str) -> None:
    settings.REST_FRAMEWORK = {**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"principal": rate}}


def test_what_is_left_is_told_and_then_refused(api, settings):
    limit(settings, "3/h")
    left = [api.get("houses") for _ in range(3)]
    assert [answer["RateLimit"].partition(";t=")[0] for answer in left] == [f'"principal";r={n}' for n in (2, 1, 0)]
    assert left[0]["RateLimit-Policy"] == '"principal";q=3;w=3600'
    refused = api.get("houses")
    assert (refused.status_code, refused.json()["code"]) == (429, "rate-limited")
    assert 0 < int(refused["Retry-After"]) <= 3600
    assert refused["RateLimit"].startswith('"principal";r=0')


def test_guessing_keys_is_counted_by_address(api, settings):
    limit(settings, "3/h")
    guess = Client(headers={"Authorization": "Bearer rh_guess"})
    assert [guess.get("/api/v1/houses").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert api.get("houses").status_code == 200


def test_without_the_cache_nobody_is_held_up(api, settings, monkeypatch):
    def gone(*_args, **_kwargs):
        raise ConnectionError

    monkeypatch.setattr(type(cache._connections["default"] if hasattr(cache, "_connections") else cache), "add", gone)
    assert api.get("houses").status_code == 200


def test_alive_and_ready():
    assert Client().get("/healthz").json() == {"status": "ok"}
    sweep_jobs()
    ready = Client().get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["checks"] == {"database": "ok", "migrations": "ok", "broker": "ok"}
    assert ready.json()["seen_seconds_ago"]["beat"] < 60


def test_not_ready_without_a_broker(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere.sock"}
    }
    ready = Client().get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["broker"]) == (503, "ConnectionError")


@pytest.mark.parametrize(
    ("token", "headers", "address", "status"),
    [
        ("", {}, "127.0.0.1", 200),
        ("", {}, "10.0.0.7", 404),
        ("", {"X-Forwarded-For": "1.2.3.4"}, "127.0.0.1", 404),
        ("secret", {}, "127.0.0.1", 404),
        ("secret", {"Authorization": "Bearer wrong"}, "127.0.0.1", 404),
        ("secret", {"Authorization": "Bearer secret"}, "10.0.0.7", 200),
    ],
)
def test_metrics_are_not_public(settings, token, headers, address, status):
    settings.METRICS_TOKEN = token
    answer = Client().get("/metrics", headers=headers, REMOTE_ADDR=address)
    assert answer.status_code == status
    if status == 200:
        assert b'resellerhub_jobs{state="queued"} 0' in answer.content
