"""Who × managed by × shared × operation × route, against the rules; and each rule, taken away, is missed."""

from contextlib import closing

import pytest
from django.db import IntegrityError
from django.db.models import F

from catalog.models import Fee, Package
from resellerhub.kernel.refusals import found
from tests.catalog.matrix import OF_PACKAGES, surprises
from tests.catalog.stage import MANAGERS, Case, Stage

CASES = [Case(managed_by, shared) for managed_by in MANAGERS for shared in (True, False)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.managed_by}-{'shared' if case.shared else 'kept'}")
def test_everybody_may_what_the_rules_say(market, case):
    assert list(surprises(Stage(market, case), OF_PACKAGES)) == []


def everything(rows, actor):
    return rows.filter(provider_id=actor.provider_id)


def by_anybody(model):
    return lambda actor, pk: found(model.objects.visible_to(actor).locked(), pk=pk)


@pytest.mark.parametrize(
    ("rule", "instead", "case"),
    [
        ("catalog.models.packages.PackageQuerySet.visible_to", everything, Case("north", shared=False)),
        ("catalog.models.fees.FeeQuerySet.visible_to", everything, Case("north", shared=False)),
        ("catalog.models.fees.seller_of", lambda _tenant: F("tenant_id"), Case("provider", shared=True)),
        ("subscriptions.services.selling.plans.editable", by_anybody(Package), Case("provider", shared=True)),
        ("catalog.services.fees._editable", by_anybody(Fee), Case("provider", shared=True)),
        ("subscriptions.services.selling.plans._check_reseller_fee", lambda *_args: None, Case("north", shared=True)),
        (
            "subscriptions.services.pushes.terms._check_manager",
            lambda *_args: None,
            Case("north_east", shared=False),
        ),
        ("tenants.admin_site.AdminSite.has_permission", lambda *_: True, Case("north", shared=True)),
        ("tenants.admin.in_scope", lambda _request, rows: rows, Case("provider", shared=True)),
    ],
    ids=[
        "packages in sight",
        "fees in sight",
        "fee of ones seller",
        "package managed by",
        "fee managed by",
        "owed",
        "limits pushed",
        "operators only",
        "operators in their house",
    ],
)
def test_without_a_rule_it_is_red(market, monkeypatch, rule, instead, case):
    stage = Stage(market, case)
    monkeypatch.setattr(rule, instead)
    with closing(surprises(stage, OF_PACKAGES)) as found:
        assert next(found, None)


def test_without_the_rule_of_the_shared_fee_the_database_refuses(market, monkeypatch):
    stage = Stage(market, Case("provider", shared=True))
    monkeypatch.setattr("catalog.services.fees.packages_of_fee", lambda *_args: Package.objects.none())
    with pytest.raises(IntegrityError):
        list(surprises(stage, OF_PACKAGES))
