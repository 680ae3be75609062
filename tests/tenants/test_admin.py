"""What operators can look at and change by hand."""

import pytest
from django.test import Client

from tenants.models import User
from tests.world import PASSWORD, World


@pytest.fixture
def operator(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("operator@example.com", PASSWORD))
    return client


@pytest.mark.parametrize("model", ["user", "providersettings", "membership", "apikey", "event"])
def test_operators_may_look(operator: Client, world: World, model: str):
    world.north.key()
    assert operator.get(f"/admin/tenants/{model}/").status_code == 200
    assert operator.get(f"/admin/tenants/{model}/add/").status_code == 403


def test_settings_are_changed_by_their_services_alone(operator: Client, world: World):
    page = f"/admin/tenants/providersettings/{world.provider.id}/change/"
    assert operator.get(page).status_code == 200
    assert operator.post(page, {"currency": "USD", "language": "de", "oversell_default": "on"}).status_code == 403


def test_the_tree_has_no_admin_page(operator: Client):
    assert operator.get("/admin/tenants/tenant/").status_code == 404


def test_members_are_no_operators(world: World):
    assert world.provider.browser().get("/admin/tenants/user/").status_code == 302
