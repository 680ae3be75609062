"""PostgreSQL and Valkey: environment, then wheel, then machine, then one sentence."""

import os
import shutil
import stat
from pathlib import Path

import psycopg2
import pytest
import redis

from resellerhub.launch import places, postgres, valkey
from resellerhub.launch.locks import FileLock
from resellerhub.launch.paths import ROOT

PREPARE = """
from resellerhub.launch import places
from resellerhub.launch.services import Services
place = places.throw_away()
services = Services(place)
"""
START = (
    PREPARE
    + """
try:
    services.start()
    print(sorted(child.name for child in services.children), services.env["DATABASE_URL"], services.env["REDIS_URL"])
finally:
    services.stop()
"""
)


@pytest.fixture
def embedded():
    """The programs of the wheels that the tests themselves run on."""
    programs, program = postgres.from_wheel(), valkey.from_wheel()
    if not (programs and program):
        pytest.skip("The servers' wheels are not installed: DATABASE_URL and REDIS_URL are given.")
    return programs, program


@pytest.fixture
def place():
    made = places.throw_away()
    yield made
    made.clear()


def test_the_environment_goes_first(clone):
    given = {"DATABASE_URL": "postgres://a@b/c", "DATABASE_OWNER_URL": "postgres://o@b/c", "REDIS_URL": "redis://d"}
    done = clone.run(START, **given)
    assert done.returncode == 0, done.stderr
    assert "[] postgres://a@b/c redis://d" in done.stdout


def test_a_database_without_its_owner_is_refused_in_a_sentence(clone):
    done = clone.run(START, DATABASE_URL="postgres://a@b/c")
    assert done.returncode != 0
    assert "DATABASE_OWNER_URL is not" in done.stderr


def test_without_a_wheel_the_machines_own_are_used(clone, embedded, tmp_path):
    programs, program = embedded
    machine = tmp_path / "machine"
    machine.mkdir()
    for name in ("postgres", "initdb"):
        (machine / name).write_text(f'#!/bin/sh\nexec "{programs.folder / name}" "$@"\n')
    (machine / "redis-server").write_text(f'#!/bin/sh\nexec "{program.path}" "$@"\n')
    for script in machine.iterdir():
        script.chmod(0o755)
    found = clone.run(
        PREPARE + "from resellerhub.launch import postgres, valkey\n"
        "print(postgres.from_wheel(), valkey.from_wheel(), postgres.from_machine(), valkey.from_machine())",
        PATH=str(machine),
    )
    assert found.returncode == 0, found.stderr
    assert found.stdout.startswith("None None Programs(")
    assert "source='machine'" in found.stdout
    assert "redis-server" in found.stdout


def test_without_anything_there_is_one_sentence_that_says_what_to_do(clone):
    done = clone.run(
        "from resellerhub.launch import python_env; python_env.ensure('requirements.lock')\n"
        + PREPARE
        + "from pathlib import Path\nPath.glob = lambda self, pattern, real=Path.glob: "
        "iter(()) if str(self).startswith('/usr/lib/postgresql') else real(self, pattern)\n"
        "services.start()",
        PATH="/nowhere",
    )
    assert done.returncode != 0
    assert "apt install postgresql" in done.stderr
    assert "DATABASE_URL" in done.stderr


def start(place, embedded, **options):
    programs, _ = embedded
    passwords = {postgres.APP: "app-password", postgres.OWNER: "owner-password"}
    server = postgres.Postgres(programs, place.path, place.sockets, passwords)
    server.make(**{"for_tests": False} | options)
    return server, server.start(place.path / "postgres.log", place.keep, postgres.CARELESS)


def connect(server, role, password, database=postgres.DATABASE):
    return psycopg2.connect(dbname=database, user=role, password=password, host=str(server.sockets))


def test_postgresql_admits_the_two_roles_by_password_and_nobody_else(place, embedded):
    server, child = start(place, embedded)
    try:
        with connect(server, postgres.APP, "app-password") as app, app.cursor() as cursor:
            cursor.execute(
                "SELECT rolname FROM pg_roles WHERE rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls"
            )
            assert cursor.fetchall() == [("postgres",)]
            cursor.execute("SHOW listen_addresses")
            assert cursor.fetchone() == ("",)
            cursor.execute("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()")
            assert cursor.fetchone() == ("b", "C.UTF-8")
        app.close()
        for role, password in ((postgres.APP, "wrong"), (postgres.OWNER, "app-password"), ("postgres", "")):
            with pytest.raises(psycopg2.OperationalError):
                connect(server, role, password)
        assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
        assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o700
    finally:
        child.signal(child.stop_with)
        assert child.wait(30)


def test_valkey_answers_on_its_socket_alone(place, embedded):
    server = valkey.Valkey(embedded[1], place.sockets)
    child = server.start(place.path / "valkey.log", place.keep)
    try:
        client = redis.Redis.from_url(server.url)
        assert client.ping()
        assert client.config_get("port") == {"port": "0"}
        assert client.config_get("save") == {"save": ""}
        client.close()
    finally:
        child.signal(child.stop_with)
        assert child.wait(10)


def test_a_deep_folder_gets_short_sockets(tmp_path):
    deep = tmp_path / ("deep/" * 30)
    deep.mkdir(parents=True)
    lock = FileLock(deep / "alive")
    assert lock.take()
    made = places.Place(deep, lock, [])
    try:
        assert len(str(made.sockets / ".s.PGSQL.5432.lock")) < 107
        assert len(made.keep) == 2
    finally:
        made.clear()
    assert not made.sockets.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="is about root")
def test_root_hands_the_servers_to_nobody_and_opens_no_folder(clone, tmp_path, embedded):
    before = [folder.stat().st_mode for folder in tmp_path.parents]
    code = "from resellerhub.launch import places; place = places.lasting(); print(place.path, place.sockets)"
    done = clone.run(code)
    assert done.returncode == 0, done.stderr
    path, sockets = map(Path, done.stdout.split())
    assert clone.run(code).stdout == done.stdout, "the same at the next start"
    assert path.parent == Path("/var/lib/resellerhub")
    assert sockets.stat().st_uid == places.account().uid
    assert [folder.stat().st_mode for folder in tmp_path.parents] == before
    shutil.rmtree(clone.root / ".run")
    again = Path(clone.run(code).stdout.split()[0])
    assert again != path, "a new clone in the same folder starts anew"
    assert not path.exists(), "and what the old one had goes"
    assert (clone.root / ".run" / "place").read_text() == str(again)


def test_a_killed_runs_folder_is_swept_and_a_live_one_is_not(place):
    gone = places.throw_away()
    for lock in gone.locks:
        lock.release()
    for path in (gone.path, place.path):
        os.utime(path / "alive", (0, 0))
    places.sweep()
    assert not gone.path.exists()
    assert place.path.exists()
    assert ROOT.exists()
