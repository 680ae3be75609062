"""A client made from the committed description sells in bulk against a live server."""

import importlib
import subprocess
import sys
from uuid import uuid4

import pytest

from addons.models import BulkSale
from subscriptions.models import Holding
from tests.addons.shop import work
from tests.architecture.sources import ROOT

PACKAGE = "resellerhub_client"


@pytest.fixture(scope="module")
def client_package(tmp_path_factory):
    """The package that openapi-python-client writes; importable while these tests run."""
    place = tmp_path_factory.mktemp("client")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    description = ROOT / "docs" / "openapi.json"
    subprocess.run(
        [*command, "--path", str(description), "--output-path", str(place / PACKAGE)],
        check=True,
        capture_output=True,
        cwd=place,
    )
    sys.path.insert(0, str(place))
    yield PACKAGE
    sys.path.remove(str(place))


def part(package: str, name: str):
    return importlib.import_module(f"{package}.{name}")


def test_a_generated_client_sells_in_bulk(client_package, committed_shop, live_server):
    shop = committed_shop
    held = shop.market.subscribe(shop.world.north)
    key = shop.world.provider.key()
    models = part(client_package, "models")
    order = models.BulkSaleInRequest(
        audience=models.BulkSaleInRequestAudience.RESELLERS,
        service_type=shop.market.exchange.pk,
        add_on=shop.add_on.pk,
        quantity=99_999,
        resellers=[shop.world.north.id],
        only_over_quota=False,
    )
    with part(client_package, "client").AuthenticatedClient(base_url=live_server.url, token=key) as client:
        seen = part(client_package, "api.bulk_sales.bulk_sale_preview").sync(client=client, body=order)
        assert seen.counts.to_dict()["sold"] == 1

        start = part(client_package, "api.bulk_sales.bulk_sale_start")
        once = str(uuid4())
        answers = [start.sync_detailed(client=client, body=order, idempotency_key=once) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [202, 202]
        assert answers[1].headers["Idempotent-Replayed"] == "true"
        assert answers[0].parsed == answers[1].parsed
        sale = answers[0].parsed

        work(BulkSale.objects.get(pk=sale.id))
        job = part(client_package, "api.jobs.job_retrieve").sync(sale.job, client=client)
        assert job.state == "done"
        items = part(client_package, "api.bulk_sales.bulk_sale_items_list").sync(sale.id, client=client)
        assert [item.subscription for item in items.results] == [held.pk]
    assert Holding.objects.get(subscription=held, resource=shop.shared).allocated == 999_890_001
