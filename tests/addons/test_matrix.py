"""Who × managed by × shared × operation × route over add-ons, against the rules of packages; and each rule, taken away,
is missed."""

from contextlib import closing

import pytest
from django.db import IntegrityError
from django.db.models import F

from addons.models import AddOn
from addons.selectors.add_ons import add_ons_of_fee
from catalog import hooks
from catalog.models import Fee
from tests.addons.matrix import OF_ADD_ONS, OF_EDITING, OF_MAKING, OF_SELLING, OF_SIGHT, AddOnStage
from tests.catalog.matrix import surprises
from tests.catalog.stage import Case
from tests.catalog.test_matrix import CASES, by_anybody, called, everything
from tests.subscriptions.market import build_market

SELLERS = ("provider", "north", "north_east", "west")
"""The others do nothing of the kind: it is enough to see that with one operation."""
ALL = OF_ADD_ONS | OF_SIGHT | OF_EDITING | OF_SELLING | OF_MAKING


@pytest.fixture
def market(world):
    return build_market(world)


@pytest.mark.parametrize("case", CASES, ids=called)
def test_everybody_may_what_the_rules_say(market, case):
    stage = AddOnStage(market, case)
    assert list(surprises(stage, OF_ADD_ONS)) == []
    in_each = OF_SIGHT | OF_SELLING
    assert list(surprises(stage, in_each | (OF_EDITING | OF_MAKING if case.shared else {}), SELLERS)) == []


def anything(rows, actor):
    return rows.visible_to(actor)


@pytest.mark.parametrize(
    ("rule", "instead", "operations", "case"),
    [
        ("addons.models.add_ons.AddOnQuerySet.visible_to", everything, "look", Case("provider", shared=False)),
        ("catalog.models.fees.FeeQuerySet.visible_to", everything, "look_at_account_fee", Case("north", shared=False)),
        ("catalog.models.fees.seller_of", lambda _id: F("tenant_id"), "look_at_reseller_fee", Case("provider", True)),
        ("addons.services.add_ons.editable", by_anybody(AddOn), "rename grant withdraw", Case("provider", True)),
        ("catalog.services.fees._editable", by_anybody(Fee), "rename_account_fee", Case("provider", shared=True)),
        ("addons.services.content.check_reseller_fee", lambda *_: None, "drop_reseller_fee", Case("north", True)),
        ("addons.models.add_ons.AddOnQuerySet.sellable_by", anything, "sell", Case("north", shared=False)),
        ("addons.models.add_ons.AddOnQuerySet.sellable_by", anything, "sell_in_bulk", Case("north", shared=False)),
        ("tenants.actor.Actor.require_provider", lambda *_: None, "create", Case("north_east", shared=True)),
        ("tenants.admin_site.AdminSite.has_permission", lambda *_: True, "rename look", Case("north", True)),
        ("tenants.admin_services.in_scope", lambda _request, rows: rows, "look", Case("provider", shared=True)),
    ],
    ids=[
        "add-ons in sight",
        "fees in sight",
        "fee of ones seller",
        "add-on managed by",
        "fee managed by",
        "owed",
        "sold by",
        "sold in bulk by",
        "made by",
        "operators only",
        "operators in their house",
    ],
)
def test_without_a_rule_it_is_red(market, monkeypatch, rule, instead, operations, case):
    stage = AddOnStage(market, case)
    monkeypatch.setattr(rule, instead)
    with closing(surprises(stage, {name: ALL[name] for name in operations.split()})) as found:
        assert next(found, None)


def test_without_the_rule_of_the_shared_fee_the_database_refuses(market, monkeypatch):
    stage = AddOnStage(market, Case("provider", shared=True))
    monkeypatch.setattr(hooks, "NAMING", [one for one in hooks.NAMING if one is not add_ons_of_fee])
    with pytest.raises(IntegrityError):
        list(surprises(stage, {"keep_fee_back": ALL["keep_fee_back"]}))


def test_what_a_reseller_owes_is_refused_with_the_reason(market):
    stage = AddOnStage(market, Case("north", shared=True))
    for fee in (stage.other_reseller_fee.pk, None):
        refused = stage.programs["north"].patch(stage.path, {"reseller_fee": fee})
        assert (refused.status_code, refused.json()["code"]) == (403, "reseller-fee-fixed")
    form = stage.browsers["north"].get(f"/portal/{stage.path}/edit/").context["form"]
    assert form.fields["reseller_fee"].disabled
    assert "whoever sells to you sets it" in form.fields["reseller_fee"].help_text
