"""How fast new customers come into a large tree: into branches of 100, at 1,000 and at 100,000 tenants.

    python bench/tenant_inserts.py [--tenants 1000 100000] [--inserts 800] [--clients 8] [--rounds 3]

Starts a throw-away PostgreSQL with a database for each size, fills it by SQL, and lets the sizes take turns:

  ours    `create_customer`, beneath a random reseller: lock, gap, tenant, profile, event
  floor   one INSERT into a table that knows its parent only, by the same number of clients
  naive   one mptt tree without branches, one at a time, because its writers stand in each other's way

At the end `verify` reads every tenant of both sizes.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from threading import Barrier, Thread
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench.cluster import throw_away

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
BRANCH = 100
SLOWER, LEAST = 1.5, 100
"""The targets: no more than so many times the time at the smallest size, and at least so many inserts a second."""

FILL = """
INSERT INTO tenants_tenant (id, kind, ancestors, status, created_at, tree_id, lft, rght, level)
VALUES (1, 'provider', '{1}', 'active', %(now)s, nextval('tenants_tree'), 1, 2, 0);

-- Branches of 100: a reseller, 9 sub-resellers, and 10 customers of each.
CREATE TEMP TABLE root AS
  SELECT 2 + 100 * (n - 1) AS id, nextval('tenants_tree')::int AS tree FROM generate_series(1, %(branches)s) n;
INSERT INTO tenants_tenant (id, kind, provider_id, ancestors, status, created_at, tree_id, lft, rght, level)
SELECT id, 'reseller', 1, ARRAY[1, id], 'active', %(now)s, tree, 1, 200, 0 FROM root;
INSERT INTO tenants_tenant (id, kind, provider_id, parent_id, ancestors, status, created_at, tree_id, lft, rght, level)
SELECT id + 1 + s, 'reseller', 1, id, ARRAY[1, id, id + 1 + s], 'active', %(now)s, tree, 2 + 22 * s, 23 + 22 * s, 1
  FROM root, generate_series(0, 8) s;
INSERT INTO tenants_tenant (id, kind, provider_id, parent_id, ancestors, status, created_at, tree_id, lft, rght, level)
SELECT id + 10 + 10 * s + c, 'customer', 1, id + 1 + s, ARRAY[1, id, id + 1 + s, id + 10 + 10 * s + c], 'active',
       %(now)s, tree, 3 + 22 * s + 2 * c, 4 + 22 * s + 2 * c, 2
  FROM root, generate_series(0, 8) s, generate_series(0, 9) c;
INSERT INTO tenants_profile
  (tenant_id, provider_id, name, owner_email, contact_name, phone, street, postal_code, city, country, language)
SELECT id, 1, 'Organisation ' || id, '', '', '', '', '', '', '', 'en' FROM tenants_tenant;
SELECT setval(pg_get_serial_sequence('tenants_tenant', 'id'), max(id)) FROM tenants_tenant;

CREATE TABLE bench_floor (id bigserial PRIMARY KEY, parent_id bigint REFERENCES bench_floor, name text NOT NULL);
CREATE INDEX ON bench_floor (parent_id);
INSERT INTO bench_floor (id, parent_id, name)
  SELECT id, coalesce(parent_id, provider_id), 'Organisation' FROM tenants_tenant;
SELECT setval('bench_floor_id_seq', max(id)) FROM bench_floor;

CREATE TABLE bench_naive (id bigserial PRIMARY KEY, parent_id bigint REFERENCES bench_naive, name text NOT NULL,
                          tree_id int NOT NULL, lft int NOT NULL, rght int NOT NULL, level int NOT NULL);
CREATE INDEX ON bench_naive (parent_id);
CREATE INDEX ON bench_naive (tree_id, lft);
INSERT INTO bench_naive (id, parent_id, name, tree_id, lft, rght, level)
SELECT t.id, coalesce(t.parent_id, t.provider_id), 'Organisation', 1, coalesce(t.lft + 1 + 200 * ((t.id - 2) / 100), 1),
       CASE WHEN t.id = 1 THEN 2 + 200 * %(branches)s ELSE t.rght + 1 + 200 * ((t.id - 2) / 100) END,
       t.level + (t.id <> 1)::int
  FROM tenants_tenant t;
UPDATE bench_naive SET lft = 1 WHERE id = 1;
SELECT setval('bench_naive_id_seq', max(id)) FROM bench_naive;
GRANT ALL ON bench_floor, bench_naive, bench_floor_id_seq, bench_naive_id_seq TO rh_app;
"""


def use(name: str) -> None:
    """From now on every connection, of this and of later threads, goes to this database."""
    from django.db import connections

    connections["default"].close()
    connections.settings["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name


def make(name: str, tenants: int) -> None:
    from django.db import connection

    from resellerhub.kernel.owner import as_owner

    with as_owner():
        use("postgres")
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE {name} TEMPLATE rh")
        use(name)
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE tenants_tenant DISABLE TRIGGER USER")
            cursor.execute(FILL, {"now": NOW, "branches": tenants // BRANCH})
            cursor.execute("ALTER TABLE tenants_tenant ENABLE TRIGGER USER")
            cursor.execute("VACUUM (ANALYZE)")


def by_clients(clients: int, inserts: int, insert: Callable[[random.Random], Any]) -> float:
    """Seconds that the clients take together, each on a connection of its own."""
    barrier, errors = Barrier(clients + 1), list[Exception]()

    def run(seed: int) -> None:
        from django.db import connection

        dice = random.Random(seed)  # noqa: S311 - dice, not a secret
        connection.ensure_connection()
        barrier.wait()
        try:
            for _ in range(inserts // clients):
                insert(dice)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=[seed]) for seed in range(clients)]
    for thread in threads:
        thread.start()
    barrier.wait()
    started = time.perf_counter()
    for thread in threads:
        thread.join()
    assert not errors, errors
    return time.perf_counter() - started


def a_seller(dice: random.Random, tenants: int) -> int:
    """The top of a random branch, or one of its nine sub-resellers."""
    return 2 + BRANCH * dice.randrange(tenants // BRANCH) + dice.randrange(10)


def insert_ours(dice: random.Random, *, tenants: int) -> None:
    from tenants.actor import Actor
    from tenants.services.customers import create_customer
    from tenants.services.details import Details

    details = Details(name=f"Customer {dice.random()}")
    create_customer(actor=Actor.system(1, "bench"), seller_id=a_seller(dice, tenants), details=details, now=NOW)


def insert_floor(dice: random.Random, *, tenants: int) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        row: list[Any] = [a_seller(dice, tenants), "Customer"]
        cursor.execute("INSERT INTO bench_floor (parent_id, name) VALUES (%s, %s)", row)


def naive_model() -> Any:
    from django.db import models
    from mptt.models import MPTTModel, TreeForeignKey

    class Naive(MPTTModel):
        parent = TreeForeignKey("self", models.PROTECT, null=True)
        name = models.CharField(max_length=200)

        class Meta:
            app_label, db_table, managed = "bench", "bench_naive", False

    return Naive


def insert_naive(dice: random.Random, *, tenants: int, model: Any) -> None:
    from django.db import transaction

    with transaction.atomic():
        model.objects.create(parent=model.objects.get(pk=a_seller(dice, tenants)), name="Customer")


def measure(sizes: list[int], inserts: int, clients: int, rounds: int) -> dict[str, dict[int, float]]:
    """Milliseconds per insert as one client waits for it, and inserts per second of all clients; medians."""
    model = naive_model()
    taken: dict[str, dict[int, list[float]]] = {}
    for turn in range(rounds + 1):
        for size in sizes:
            use(f"size_{size}")
            variants = {
                "ours, 1 client": (1, inserts // clients, partial(insert_ours, tenants=size)),
                f"ours, {clients} clients": (clients, inserts, partial(insert_ours, tenants=size)),
                "floor, 1 client": (1, inserts // clients, partial(insert_floor, tenants=size)),
                f"floor, {clients} clients": (clients, inserts, partial(insert_floor, tenants=size)),
                "naive, 1 client": (1, 3, partial(insert_naive, tenants=size, model=model)),
            }
            for name, (count, number, insert) in variants.items():
                seconds = by_clients(count, number, insert)
                if turn:  # the first is for warm caches
                    taken.setdefault(name, {}).setdefault(size, []).append(seconds * 1000 / number)
    return {name: {size: median(times) for size, times in by_size.items()} for name, by_size in taken.items()}


def report(measured: dict[str, dict[int, float]], sizes: list[int], clients: int) -> bool:
    small, large = sizes[0], sizes[-1]
    print(f"\n{'ms an insert':22}" + "".join(f"{size:>12,}" for size in sizes) + f"{'ratio':>9}{'a second':>11}")
    for name, times in measured.items():
        cells = "".join(f"{times[size]:12.2f}" for size in sizes)
        print(f"{name:22}{cells}{times[large] / times[small]:9.2f}{1000 / times[large]:11.0f}")
    ours, all_clients = measured["ours, 1 client"], measured[f"ours, {clients} clients"]
    slower = max(ours[large] / ours[small], all_clients[large] / all_clients[small])
    rate = 1000 / all_clients[large]
    print(
        f"\nat {large:,}: ours / floor {ours[large] / measured['floor, 1 client'][large]:.1f},"
        f" naive / ours {measured['naive, 1 client'][large] / ours[large]:.0f}"
    )
    met = slower <= SLOWER and rate >= LEAST
    print(f"targets: ≤ {SLOWER} × the time at {small:,} ({slower:.2f}), ≥ {LEAST} a second ({rate:.0f}):", end=" ")
    print("met" if met else "missed")
    return met


def intact(sizes: list[int]) -> bool:
    from tenants.verify import tree

    found = []
    for size in sizes:
        use(f"size_{size}")
        found += tree()
    print("verify:", f"{len(found)} findings, the first {found[0]}" if found else "every tree is intact")
    return not found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tenants", type=int, nargs="+", default=[1_000, 100_000])
    parser.add_argument("--inserts", type=int, default=800)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    with throw_away():
        for size in asked.tenants:
            make(f"size_{size}", size)
        met = report(measure(asked.tenants, asked.inserts, asked.clients, asked.rounds), asked.tenants, asked.clients)
        whole = intact(asked.tenants)
        use("rh")
    sys.exit(not (met and whole))


if __name__ == "__main__":
    main()
