"""What a provider decides about its resellers: over REST, on its page, and nowhere else."""

import pytest

from resellerhub.kernel.refusals import Forbidden
from subscriptions.models import Holding
from subscriptions.verify import holdings
from tenants.models import Event, ProviderSettings, ResellerTerms
from tenants.services.settings import change_house
from tests.world import NOW


def patch(player, body, *scopes):
    return player.api(*scopes).patch("reseller-settings", body)


def test_the_provider_reads_and_changes_them(market):
    provider = market.world.provider
    wholesale = market.subscribe(market.world.north)
    before = provider.api().get("reseller-settings").json()
    assert (before["over_quota_basis"], before["oversell_default"]) == ("sold", False)
    changed = patch(provider, {"over_quota_basis": "used", "oversell_default": True})
    assert (changed.status_code, changed.json()) == (
        200,
        before | {"over_quota_basis": "used", "oversell_default": True},
    )
    assert set(Holding.objects.filter(subscription=wholesale).values_list("basis", flat=True)) == {"used"}
    assert patch(provider, {"oversell_default": False}).json()["over_quota_basis"] == "used"
    assert patch(provider, {"oversell_default": False}).status_code == 200
    events = Event.objects.filter(kind="settings.changed").order_by("pk").values_list("before", "after")
    assert list(events) == [
        ({"over_quota_basis": "sold"}, {"over_quota_basis": "used"}),
        ({"oversell_default": False}, {"oversell_default": True}),
        ({"oversell_default": True}, {"oversell_default": False}),
    ]
    assert holdings() == []


def test_a_bad_value_changes_nothing(market):
    assert patch(market.world.provider, {"over_quota_basis": "felt", "oversell_default": True}).status_code == 422
    assert not ProviderSettings.objects.filter(oversell_default=True).exists()


def test_new_resellers_follow_the_default(market):
    provider = market.world.provider
    change_house(actor=provider.actor, oversell_default=True, now=NOW)
    assert not ResellerTerms.objects.filter(may_oversell=True).exists()
    body = {"name": "West", "owner_email": "w@west.example", "type": "prepaid"}
    made = provider.api().post("resellers", body)
    assert (made.status_code, made.json()["may_oversell"]) == (201, True)


def test_nobody_else_reads_or_changes_them(market):
    for player in (market.world.north, market.world.south):
        assert player.api().get("reseller-settings").status_code == 404
        assert patch(player, {"oversell_default": True}).status_code == 404
        with pytest.raises(Forbidden):
            change_house(actor=player.actor, oversell_default=True, now=NOW)
    assert market.world.shop.api().get("reseller-settings").status_code == 403
    assert patch(market.world.provider, {"oversell_default": True}, "read").status_code == 403
    with pytest.raises(Forbidden):
        change_house(actor=market.world.provider.member("read_only"), oversell_default=True, now=NOW)
    patch(market.world.stranger, {"oversell_default": True})
    assert not ProviderSettings.objects.get(pk=market.world.provider.id).oversell_default
