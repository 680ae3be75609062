"""Many packages, fees or add-ons shared, kept back or sold no more: by service, by page and by REST."""

from itertools import product
from uuid import uuid4

import pytest
from django.urls import reverse

from catalog.services.packages import change_package, content_on
from catalog.services.switching import MOST, switch_packages
from resellerhub.kernel.refusals import NotFound
from tenants.models import Event
from tests.addons.matrix import AddOnStage
from tests.catalog.stage import Case
from tests.catalog.test_fees import make
from tests.together import together
from tests.world import NOW

SWITCHES = ("share", "unshare", "deactivate")


def rows_of(market):
    """One that can be shared, one that is so already, and one whose fee is kept back."""
    provider = market.world.provider
    fee = make(provider, name="Kept back")
    kept = {"is_shared": False}
    return [
        market.package("Can be", "customer", {market.mailbox: 1}, **kept),
        market.standard,
        market.package("Cannot be", "customer", {market.mailbox: 1}, {"account_fee_id": fee.pk}, **kept),
    ]


def test_the_page_says_beforehand_what_comes_of_each_and_then_what_did(market):
    rows = rows_of(market)
    browser, address = market.world.provider.browser(), reverse("console:packages_share")
    chosen = {"selected": [row.pk for row in rows]}
    before = Event.objects.count()
    asked = browser.post(address, chosen)
    text = asked.content.decode()
    assert asked.status_code == 200
    assert "1 of 3 would change" in text
    assert "Is so already" in text
    assert "switch on “Share with resellers” at the fee" in text
    assert Event.objects.count() == before
    form = {"request_id": uuid4(), **dict(asked.context["kept"]), **chosen}
    done = browser.post(address, form).content.decode()
    assert "1 of 3 changed" in done
    assert "Was so already" in done
    for row, shared in zip(rows, (True, True, False), strict=True):
        row.refresh_from_db()
        assert row.is_shared is shared
    told = Event.objects.get(kind="package.changed", subject_id=rows[0].pk)
    assert (told.before["is_shared"], told.after["is_shared"]) == (False, True)
    again = browser.post(address, {**chosen, "all": "1", "query": "q=Cannot"}).content.decode()
    assert "0 of 1 would change" in again
    assert "Nothing would change." in again
    assert browser.post(address, {}, follow=True).content.decode().count("Nothing was selected.") == 1
    assert browser.get(address).status_code == 405


def test_by_rest_each_row_has_its_outcome(market):
    rows = rows_of(market)
    program, ids = market.world.provider.api(), [row.pk for row in rows]
    said = program.post("packages/share", {"ids": ids, "preview": True})
    outcomes = [(one["id"], one["outcome"], one["code"]) for one in said.json()]
    assert outcomes == [
        (market.standard.pk, "unchanged", ""),
        (rows[0].pk, "changed", ""),
        (rows[2].pk, "refused", "share-with-resellers"),
    ]
    rows[0].refresh_from_db()
    assert not rows[0].is_shared
    done = program.post("packages/share", {"ids": ids})
    assert [one["outcome"] for one in done.json()] == ["unchanged", "changed", "refused"]
    fees = [make(market.world.provider, kind=kind).pk for kind in ("account", "reseller")]
    assert [one["code"] for one in program.post("fees/share", {"ids": fees}).json()] == ["", "never-shared"]
    assert program.post("packages/share", {"ids": []}).status_code == 422
    assert program.post("packages/share", {"ids": [1], "all": True}).status_code == 400
    assert program.post("packages/share", {"ids": list(range(1, MOST + 2))}).json()["code"] == "too-many"
    assert program.post("packages/share", {"ids": [rows[0].pk, 9_999_999]}).status_code == 404


def test_who_may(market):
    """What somebody else manages is refused row by row; what is out of sight is not there; a reader changes nothing."""
    stage = AddOnStage(market, Case("provider", shared=True))
    rows = {"packages": market.standard, "fees": stage.account_fee, "add-ons": stage.thing}
    for area, switch in product(rows, SWITCHES):
        path, body = f"{area}/{switch}", {"ids": [rows[area].pk]}
        (outcome,) = stage.programs["north"].post(path, body).json()
        refused = "not-your-add-on" if area == "add-ons" else "managed-by-another"
        assert (outcome["outcome"], outcome["code"]) == ("refused", refused)
        assert stage.programs["stranger"].post(path, body).status_code == 404
        (mine,) = stage.programs["provider"].post(path, body | {"preview": True}).json()
        assert mine["code"] in {"", "share-with-resellers", "fee-in-use"}
        assert (mine["outcome"] == "unchanged") == (switch == "share")
        if switch != "deactivate":
            continue
        assert stage.programs["north_reader"].post(path, body).status_code == 403
        assert stage.programs["shop"].post(path, body).status_code == 403
        page, chosen = reverse(f"portal:{area.replace('-', '_')}_{switch}"), {"selected": rows[area].pk}
        assert "0 of 1 would change" in stage.browsers["north"].post(page, chosen).content.decode()
        assert stage.browsers["north_reader"].post(page, chosen).status_code == 403
        assert stage.browsers["shop"].post(page, chosen).status_code == 403
        rival = stage.browsers["stranger"].post(page.replace("portal", "console"), chosen, follow=True)
        assert "Nothing was selected." in rival.content.decode()


def test_what_is_out_of_sight_stops_all_of_it(market):
    own = rows_of(market)[0]
    theirs = make(market.world.stranger)
    for ids in ([own.pk, 9_999_999], [own.pk, theirs.pk + 9_000_000]):
        with pytest.raises(NotFound):
            switch_packages(actor=market.world.provider.actor, package_ids=ids, switch="share", now=NOW)
    own.refresh_from_db()
    assert not own.is_shared


@pytest.mark.django_db(transaction=True)
def test_many_and_one_at_once(market):
    """Whoever is second sees what the first has done; nobody is stuck."""
    actor, rows = market.world.provider.actor, rows_of(market)

    def many():
        return switch_packages(actor=actor, package_ids=[row.pk for row in rows], switch="deactivate", now=NOW)

    def one():
        content = content_on(rows[2], NOW.date())
        values = {"name": "Renamed", "content": content, "is_shared": False, "is_active": True}
        return change_package(actor=actor, package_id=rows[2].pk, now=NOW, **values)

    outcomes, changed = together(many, one)
    assert [outcome.state for outcome in outcomes] == ["changed"] * 3
    assert changed.name == "Renamed"
