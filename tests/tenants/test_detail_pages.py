"""The page of a reseller or customer: what it offers, and what it does not offer of whom nothing can be done with."""

import pytest

from resellerhub.kernel.refusals import Refusal
from tenants.models import Membership, ResellerTypeSetting
from tenants.services.accounts import Login, Service, open_account
from tenants.services.closing import close_tenant
from tenants.services.company import amend_company, change_signatures
from tenants.services.limits import create_mailbox
from tenants.services.managers import release_customers
from tenants.services.members import change_role, deactivate_user, remove_member
from tenants.services.people import Person, add_user
from tenants.services.resellers import change_terms
from tenants.services.tree import TenantClosed
from tenants.services.visibility import hide_customers
from tests.tenants.test_creation import form_values
from tests.world import NOW, Player, World, reseller


def page_of(by: Player, path: str, **query: str) -> str:
    shell = "console" if by.tenant.kind == "provider" else "portal"
    return by.browser().get(f"/{shell}/{path}", query).content.decode()


def with_account(world: World) -> None:
    service = Service("gold", {"light": 10})
    login = Login("the-shop", world.shop.user.email)
    open_account(actor=world.north.actor, customer_id=world.shop.id, login=login, service=service, now=NOW)
    for number in range(3):
        address = f"{number}@shop.example"
        create_mailbox(actor=world.north.actor, customer_id=world.shop.id, tariff="light", address=address, now=NOW)


def test_what_is_hidden_is_neither_converted_nor_said_to_have_no_users(world: World):
    hide_customers(actor=world.north.actor, reseller_id=world.north.id, now=NOW)
    path = f"customers/{world.shop.id}/"
    hidden, shown = page_of(world.provider, path), page_of(world.north, path)
    assert ("/convert/" in hidden, "/convert/" in shown) == (False, True)
    assert ("?tab=users" in hidden, "?tab=users" in shown) == (False, True)
    assert "Nobody has a login yet" not in page_of(world.provider, path, tab="users")


def test_nothing_changes_about_who_is_deleted(world: World):
    west = reseller(world.provider, "West")
    member = Membership.objects.get(tenant=west.tenant)
    manager = add_user(
        actor=west.actor, tenant_id=west.id, person=Person("m@west.example"), role="account_manager", now=NOW
    )
    close_tenant(actor=world.provider.actor, tenant_id=west.id, confirmation="Yes", now=NOW)
    by = {"actor": world.provider.actor, "now": NOW}
    for change in (
        lambda: amend_company(tenant_id=west.id, values={"city": "Ulm"}, **by),
        lambda: change_signatures(tenant_id=west.id, signatures={"sales": "W"}, **by),
        lambda: change_terms(reseller_id=west.id, may_oversell=True, **by),
        lambda: hide_customers(reseller_id=west.id, **by),
        lambda: add_user(tenant_id=west.id, person=Person("n@west.example"), role="sales", **by),
        lambda: change_role(membership_id=member.pk, role="sales", **by),
        lambda: deactivate_user(membership_id=member.pk, **by),
        lambda: remove_member(membership_id=member.pk, **by),
        lambda: release_customers(membership_id=manager.pk, customer_ids=[], **by),
    ):
        with pytest.raises(TenantClosed):
            change()
    browser, path = world.provider.browser(), f"/console/resellers/{west.id}/"
    for page in (
        *(f"{path}{name}/" for name in ("company", "terms", "hide-customers", "move")),
        *(f"/console/tenants/{west.id}/users/{name}/" for name in ("new", "invite")),
        *(f"/console/users/{member.pk}/{name}/" for name in ("role", "remove")),
    ):
        assert browser.get(page).status_code == 409, page
    for tab in ("overview", "users"):
        shown = browser.get(path, {"tab": tab}).content.decode().partition("<main")[2]
        assert shown.partition('class="page-actions">')[2].partition("</div>")[0].split() == []
        assert "/users/new/" not in shown
    assert "/role/" not in browser.get(f"/console/users/{member.pk}/").content.decode()
    assert world.provider.api().patch(f"resellers/{west.id}/signatures", {"sales": "W"}).status_code == 409


def test_its_main_actions_are_buttons_and_the_others_in_a_menu(world: World):
    page = page_of(world.provider, f"resellers/{world.north.id}/")
    buttons, _, menu = page.partition('class="page-actions"')[2].partition('<details class="menu menu-end"')
    menu = menu.partition("</details>")[0]
    for minor in ("suspend", "terms", "map", "move", "convert", "delete", "hide-customers"):
        assert f"/resellers/{world.north.id}/{minor}/" in menu
        assert f"/{minor}/" not in buttons
    assert "/company/" in buttons
    assert "/customers/new/" in buttons
    assert '<summary class="btn">More' in page


def test_a_move_and_an_end_name_all_that_goes_with_it(world: World):
    with_account(world)
    browser, path = world.provider.browser(), f"/console/customers/{world.shop.id}/"
    form = browser.get(f"{path}move/")
    preview = browser.post(f"{path}move/", form_values(form, seller=world.south.id)).content.decode()
    for said in ("0@shop.example", "Mailboxes", "Gold", "Support level", "LIGHT mailboxes", "3 of 10", "Users"):
        assert said in preview, said
    following = world.provider.api().post(f"customers/{world.shop.id}/move/preview", {"seller": world.south.id}).json()
    assert {part["what"]: part["count"] for part in following["along"]} == {
        "Users": 1, "Support level": 1, "Limits": 1, "Mailboxes": 3,
    }  # fmt: skip
    branch = world.provider.api().post(f"resellers/{world.north.id}/move/preview", {"seller": world.south.id}).json()
    assert {part["what"]: part["count"] for part in branch["along"]} == {"Users": 4, "Mailboxes": 3}
    end = page_of(world.provider, f"customers/{world.shop.id}/delete/")
    assert "2@shop.example" in end
    close_tenant(actor=world.north.actor, tenant_id=world.shop.id, confirmation="Yes", now=NOW)


def test_a_customer_reads_its_support_level_and_what_is_in_use_first(world: World):
    assert "Your account" not in page_of(world.shop, "")
    with_account(world)
    panels = {str(panel.title): dict(panel.facts) for panel in world.shop.browser().get("/portal/").context["panels"]}
    mine = panels["Your account"]
    assert (mine["Account name"], mine["Support level"], mine["LIGHT mailboxes"]) == ("the-shop", "Gold", "3 of 10")
    assert "Monthly fee" not in mine


def test_the_provider_s_word_for_a_type_is_used_everywhere(world: World):
    ResellerTypeSetting.objects.filter(provider=world.provider.id, type="commission").update(label="Agent")
    shown = page_of(world.provider, "resellers/")
    assert ">Agent<" in shown
    assert '<option value="commission">Agent</option>' in shown
    assert "Commission" not in shown
    export = b"".join(world.provider.browser().get("/console/resellers/?export=csv").streaming_content).decode()
    assert "Agent" in export
    assert "commission" not in export
    chosen = page_of(world.provider, "resellers/", type="commission").partition("<tbody")[2]
    assert ("South" in chosen, "North-East" in chosen) == (True, False)
    assert "Agent" in page_of(world.provider, f"resellers/{world.south.id}/")


def test_it_is_refused_in_one_word(world: World):
    close_tenant(actor=world.south.actor, tenant_id=world.mill.id, confirmation="Yes", now=NOW)
    assert "Deleted" in page_of(world.south, f"customers/{world.mill.id}/")
    with pytest.raises(Refusal) as refused:
        change_terms(actor=world.provider.actor, reseller_id=world.mill.id, may_oversell=True, now=NOW)
    assert refused.value.status == 404
