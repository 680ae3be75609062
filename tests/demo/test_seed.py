import json
import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from catalog.models import Package
from invoicing.models import Document, Payment
from resellerhub.demo.seed import SIZES, seed
from resellerhub.kernel.verify import findings
from subscriptions.models import Holding, PlannedChange, Pool, PoolSupply, Subscription
from subscriptions.selectors.over_usage import over_usage
from tenants.models import Mapping, Profile, Registration, ResellerTerms, Signature, Tenant, User
from tests.world import NOW, Api, player

pytestmark = pytest.mark.django_db


def made(tmp_path):
    """The logins of a freshly made small demo."""
    path = tmp_path / "demo.json"
    said = StringIO()
    call_command("seed_demo", "--size=small", f"--credentials={path}", stdout=said)
    return path, json.loads(path.read_text()), said.getvalue()


def test_the_small_demo(tmp_path):
    path, demo, said = made(tmp_path)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Tenant.objects.customers().count() == 60
    assert sorted(ResellerTerms.objects.values_list("type", flat=True)) == ["commission"] * 2 + ["prepaid"] * 5
    assert {code for found in findings().values() for code in found} == set()

    kinds = [(user["kind"], user["role"]) for user in demo["users"]]
    assert sorted(kinds) == sorted(
        [("provider", "administrator")] + [("reseller", "administrator")] * 3 + [("customer", "administrator")] * 4
    )
    assert [key["tenant"] for key in demo["api_keys"]] == [user["tenant"] for user in demo["users"]]
    assert not any(user["password"] in said for user in demo["users"])
    for user, key in zip(demo["users"], demo["api_keys"], strict=True):
        assert User.objects.get(email=user["email"]).check_password(user["password"])
        assert Api(key["key"]).get("me").status_code == 200

    house = player(Tenant.objects.get(kind="provider")).actor
    over = list(over_usage(house))
    assert {row.tenant.kind for row in over} == {"reseller", "customer"}
    assert Holding.objects.filter(remaining=0, used__gt=0).exists()
    assert set(Subscription.objects.values_list("state", flat=True)) == {"active", "suspended", "closed"}
    assert PlannedChange.objects.get().kind == "change"
    assert Subscription.objects.open().filter(renews=False).count() == 1
    assert Package.objects.filter(tenant__kind="reseller").exists()
    assert Mapping.objects.count() == 3
    assert set(Pool.objects.values_list("state", flat=True)) == {"active", "pending"}
    assert PoolSupply.objects.count() == 1
    assert set(Signature.objects.values_list("department", flat=True)) == {"sales", "support", "billing"}
    assert Registration.objects.get().state == "pending"
    assert set(Document.objects.values_list("issuer__kind", "state")) == {("provider", "issued"), ("reseller", "draft")}
    assert not Document.objects.exclude(waits="").exists()
    assert Payment.objects.exists()


def test_it_is_made_in_an_empty_database_only(world):
    with pytest.raises(CommandError):
        call_command("seed_demo", stdout=StringIO())
    said = StringIO()
    call_command("seed_demo", "--if-empty", stdout=said)
    assert "already" in said.getvalue()


def test_the_same_size_gives_the_same_data():
    def told():
        seed(size=SIZES["small"], url="", say=lambda line: None, now=NOW)
        return (
            list(Profile.objects.order_by("pk").values_list("name", "city", "phone")),
            list(Holding.objects.order_by("pk").values_list("resource__code", "allocated", "sold", "used")),
        )

    first = transaction.savepoint()
    once = told()
    transaction.savepoint_rollback(first)
    assert told() == once
