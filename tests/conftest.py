"""What every test stands on: two logins to the database, and the cast."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.management.commands import flush
from django.db import connection
from django.test import override_settings
from django.utils import timezone, translation

from resellerhub.celery import app as celery
from resellerhub.kernel.owner import log_in, refuse_power
from resellerhub.kernel.queue import broker_url
from resellerhub.kernel.tasks import run_job
from tests.kept import Kept
from tests.world import World, build_world


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the long chaos and scale tests too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--slow"):
        for item in items:
            if item.get_closest_marker("slow"):
                item.add_marker(pytest.mark.skip(reason="only with --slow"))


def pytest_collection_finish() -> None:
    """What was loaded stays until the end: nobody has to look through it for garbage again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """The owner creates and migrates the test database ..."""
    log_in(settings.DATABASE_OWNER)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker) -> Iterator[None]:
    """... the tests are the application, which owns nothing, and the owner drops it."""
    with django_db_blocker.unblock():
        log_in(settings.DATABASE_LOGIN)
        refuse_power()
    yield
    with django_db_blocker.unblock():
        end_other_sessions()
        log_in(settings.DATABASE_OWNER)
        end_other_sessions()


def end_other_sessions() -> None:
    """Of this login in this database: what a test has killed may not have left yet, and nothing is dropped before."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


WRITTEN_BY_MIGRATIONS = {"django_content_type", "auth_permission"}


@pytest.fixture(scope="session", autouse=True)
def _flush_what_was_written() -> Iterator[None]:
    """After each test that commits, Django empties all tables and then makes content types and permissions anew, which
    takes longer than the emptying: they stay."""

    def sql_flush(style: Any, connection: Any, **options: Any) -> list[str]:
        every = connection.introspection.django_table_names(only_existing=True, include_views=False)
        emptied: list[str] = connection.ops.sql_flush(style, sorted({*every} - WRITTEN_BY_MIGRATIONS), **options)
        return emptied

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flush, "sql_flush", sql_flush)
        patch.setattr(flush, "emit_post_migrate_signal", lambda *args, **options: None)
        yield


@pytest.fixture(scope="session", autouse=True)
def _own_broker() -> Iterator[None]:
    """Each worker of a run has a numbered database of its own there: who empties the cache empties all of one."""
    number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
    if not number or "CELERY_BROKER_URL" in os.environ:
        yield
        return
    parts = urlsplit(settings.REDIS_URL)
    place = f"{parts.path}?db={number}" if parts.scheme == "unix" else f"/{number}"
    os.environ["REDIS_URL"] = url = f"{parts.scheme}://{parts.netloc}{place}"
    celery.conf.broker_url = broker_url(url)
    with override_settings(REDIS_URL=url, CACHES={"default": {**settings.CACHES["default"], "LOCATION": url}}):
        yield


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hashing slowly is Argon2's purpose and not what the tests are about."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _one_factor() -> Iterator[None]:
    """The cast has passwords alone."""
    with override_settings(REQUIRE_TOTP_FOR_PROVIDERS=False):
        yield


@pytest.fixture(autouse=True)
def _own_reader() -> Iterator[None]:
    """A request leaves the language and the time zone of its reader to the thread: the next test would write dates as
    that one reads them, and compare them with a page."""
    with translation.override("en"), timezone.override(None):
        yield


@pytest.fixture(scope="session", autouse=True)
def _nobody_outside() -> Iterator[None]:
    """Nobody outside is asked: who looks for a domain or a VAT ID brings a server of their own."""
    with override_settings(DNS_SERVERS=["127.0.0.1:9"], VIES_URL="http://127.0.0.1:9/"):
        yield


@pytest.fixture(scope="session", autouse=True)
def _static_files() -> Iterator[None]:
    """Whitenoise warns where nothing was collected yet, and reads a thousand files for each test client."""
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    with override_settings(WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Ids of the jobs that workers were sent for; nothing reaches the broker."""
    messages: list[int] = []
    monkeypatch.setattr(run_job, "delay", lambda job_id: messages.append(job_id))
    return messages


keep_world = Kept(build_world)


@pytest.fixture
def world(db: None) -> World:
    """The cast, inside the test's transaction."""
    return keep_world()


@pytest.fixture
def committed_world(transactional_db: None) -> World:
    """The cast, committed: for threads, workers and live servers."""
    return keep_world()
