import pytest
from django.urls import reverse

from subscriptions.services.usage import Measure, ingest_usage
from tenants.models import User
from tests.world import NOW


@pytest.fixture
def operator(client, db):
    client.force_login(
        User.objects.create_superuser("operator@example.org"),
        backend="allauth.account.auth_backends.AuthenticationBackend",
    )
    return client


@pytest.mark.parametrize(
    "name",
    [
        "catalog_servicetype",
        "catalog_serviceinstance",
        "catalog_package",
        "subscriptions_subscription",
        "subscriptions_grant",
        "subscriptions_usageevent",
    ],
)
def test_operators_look_and_change_nothing(market, operator, name):
    sold = market.sell(market.world.direct)
    measure = Measure("e", sold.pk, "user_mailbox", 1, NOW)
    ingest_usage(actor=market.world.provider.actor, measures=[measure], now=NOW)
    rows = operator.get(reverse(f"admin:{name}_changelist"))
    assert rows.status_code == 200
    row = rows.context["cl"].result_list[0]
    page = reverse(f"admin:{name}_change", args=[row.pk])
    assert operator.get(page).status_code == 200
    assert operator.post(page, {}).status_code == 403
    assert operator.get(reverse(f"admin:{name}_add")).status_code == 403
    assert operator.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
