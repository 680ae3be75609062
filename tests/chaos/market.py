"""Called in a process of the application, on a rig: makes a market, starts a bulk sale in it, looks at the end."""

from uuid import uuid4

from django.db import transaction

from addons.services.bulk import start_bulk_sale
from addons.services.orders import Order
from bench import market
from resellerhub.kernel import verify
from resellerhub.kernel.models import Job
from resellerhub.kernel.owner import as_owner
from tenants.actor import Actor


def make(resellers: int, each: int) -> list[int]:
    with as_owner():
        made = market.make(resellers, each)
    return [made.provider, made.service_type, made.add_on]


def start(provider: int, service_type: int, add_on: int, chunk: int) -> int:
    """Sell one unit to the customers of all; the job's id."""
    order = Order("customers", service_type, add_on, 1, only_over_quota=False, skip_already_sold=True)
    actor = Actor.system(provider, "chaos")
    with transaction.atomic():  # the workers hear of it when this commits
        job_id: int = start_bulk_sale(actor=actor, order=order, request_id=uuid4(), now=market.NOW).job_id
        Job.objects.filter(pk=job_id).update(chunk=chunk)
    return job_id


def findings() -> list[str]:
    return [sentence for sentences in verify.findings().values() for sentence in sentences]
