"""Packages with quotas, use of what is held, and what was told of it."""

from datetime import timedelta
from uuid import uuid4

from catalog.services.packages import Content, create_package
from subscriptions.models import UsageCrossing
from subscriptions.services.usage.alerts import change_alerts
from subscriptions.services.usage.ingesting import Measure, ingest_usage
from subscriptions.services.usage.notices import tell_crossings
from tenants.models import Event, Mail
from tests.world import NOW

HOUR = timedelta(hours=1)


def use(market, subscription, quantity, at=NOW, resource="user_mailbox"):
    measures = [Measure(uuid4().hex, subscription.pk, resource, quantity, at)]
    return ingest_usage(actor=market.world.provider.actor, measures=measures, now=at)


def package(market, limit, overage=None, name="Twenty", resource=None, audience="customer"):
    resource = resource or market.mailbox
    overages = {} if overage is None else {resource.pk: overage}
    return create_package(
        actor=market.world.provider.actor,
        service_type_id=market.exchange.pk,
        name=name,
        audience=audience,
        content=Content({resource.pk: limit}, overages=overages),
        now=NOW,
    )


def crossings(subscription, **conditions):
    rows = UsageCrossing.objects.filter(subscription=subscription, **conditions).order_by("pk")
    return list(rows.values_list("percent", "value", "cleared_at"))


def tell(now=NOW):
    """All that is due; the kinds of the events and of the mails that were written, in order."""
    events, mails = (set(rows.values_list("pk", flat=True)) for rows in (Event.objects.all(), Mail.objects.all()))
    while tell_crossings(now=now):
        pass
    told = Event.objects.exclude(pk__in=events).order_by("pk")
    sent = Mail.objects.exclude(pk__in=mails).order_by("pk")
    return [event.kind for event in told], [(mail.kind, mail.to, mail.tenant_id) for mail in sent]


def set_alerts(player, *percents, **more):
    return change_alerts(actor=player.actor, percents=percents, now=NOW, **more)
