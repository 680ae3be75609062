"""Who × managed by × shared × operation × route, against the rules; and each rule, taken away, is missed."""

from contextlib import closing

import pytest
from django.db import IntegrityError
from django.db.models import F, Q

from catalog.models import Fee, Package
from resellerhub.kernel.refusals import found
from tests.catalog.matrix import OF_MAKING, OF_PACKAGES, surprises
from tests.catalog.stage import MANAGERS, Case, Stage

ALL = OF_PACKAGES | OF_MAKING
CASES = [Case(managed_by, shared) for managed_by in MANAGERS for shared in (True, False)]


def called(case: Case) -> str:
    return f"{case.managed_by}-{'shared' if case.shared else 'kept'}"


@pytest.mark.parametrize("case", CASES, ids=called)
def test_everybody_may_what_the_rules_say(market, case):
    stage = Stage(market, case)
    assert list(surprises(stage, OF_PACKAGES)) == []
    assert list(surprises(stage, OF_MAKING if case.shared else {})) == []


APART = [Case("provider", shared=False, fee_shared=True), Case("north", shared=True, fee_shared=False)]
"""A thing and its account fee of which one is shared."""
SWITCHED = ("look_at_account_fee", "share", "keep_fee_back")


@pytest.mark.parametrize("case", APART, ids=called)
def test_the_account_fee_has_a_switch_of_its_own(market, case):
    assert list(surprises(Stage(market, case), {name: OF_PACKAGES[name] for name in SWITCHED})) == []


def everything(rows, actor):
    return rows.filter(provider_id=actor.provider_id)


def by_anybody(model):
    return lambda actor, pk: found(model.objects.visible_to(actor).locked(), pk=pk)


RULES = {
    "packages in sight": ("catalog.models.packages.PackageQuerySet.visible_to", everything, "look", "north-kept"),
    "fees in sight": ("catalog.models.fees.FeeQuerySet.visible_to", everything, "look_at_account_fee", "north-kept"),
    "fee of ones seller": (
        "catalog.models.fees.seller_of",
        lambda _tenant: F("tenant_id"),
        "look_at_reseller_fee",
        "provider-shared",
    ),
    "package managed by": (
        "subscriptions.services.selling.plans.editable",
        by_anybody(Package),
        "rename",
        "provider-shared",
    ),
    "one of many managed by": ("catalog.services.packages.editable", by_anybody(Package), "share", "north_east-kept"),
    "fee managed by": ("catalog.services.fees._editable", by_anybody(Fee), "rename_account_fee", "provider-shared"),
    "owed": (
        "subscriptions.services.selling.plans._check_reseller_fee",
        lambda *_args: None,
        "drop_reseller_fee",
        "north-shared",
    ),
    "limits pushed": (
        "subscriptions.services.pushes.terms._check_manager",
        lambda *_args: None,
        "push_limits",
        "north_east-kept",
    ),
    "sold by": ("subscriptions.selectors.offers._sold_by", lambda *_args: Q(), "sell", "north-kept"),
    "sold by, beforehand": ("subscriptions.selectors.offers._sold_by", lambda *_: Q(), "preview_sale", "north-kept"),
    "made by": ("tenants.actor.Actor.require_provider", lambda *_args: None, "create", "north_east-kept"),
    "fee made by": ("tenants.actor.Actor.require_provider", lambda *_args: None, "create_fee", "north_east-kept"),
    "made of what was granted": ("subscriptions.views.plans.without_plans", lambda _: None, "create", "north-shared"),
    "operators only": ("tenants.admin_site.AdminSite.has_permission", lambda *_: True, "look", "north-shared"),
    "operators in their house": (
        "tenants.admin_services.in_scope",
        lambda _request, rows: rows,
        "look",
        "provider-shared",
    ),
}
"""Each with what stands in its place, and an operation on a case by which that is missed."""


@pytest.mark.parametrize("missing", RULES)
def test_without_a_rule_it_is_red(market, monkeypatch, missing):
    rule, instead, operation, case = RULES[missing]
    manager, kept = case.rsplit("-", 1)
    stage = Stage(market, Case(manager, shared=kept == "shared"))
    monkeypatch.setattr(rule, instead)
    with closing(surprises(stage, {operation: ALL[operation]})) as found:
        assert next(found, None)


def test_without_the_rule_of_the_shared_fee_the_database_refuses(market, monkeypatch):
    stage = Stage(market, Case("provider", shared=True))
    monkeypatch.setattr("catalog.services.fees.packages_of_fee", lambda *_args: Package.objects.none())
    with pytest.raises(IntegrityError):
        list(surprises(stage, {"keep_fee_back": OF_PACKAGES["keep_fee_back"]}))
