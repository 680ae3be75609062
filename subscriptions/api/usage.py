"""Usage over REST."""

from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import Api
from subscriptions.serializers.usage import UsageIn, UsageOut
from subscriptions.services.usage.ingesting import Ingested, Measure, ingest_usage


class UsageApi(Api):
    """What was measured."""

    singular, plural = "usage", "usage"

    @operation_endpoint(input=UsageIn, output=UsageOut, permission="usage.report")
    def create(self, call: Call) -> Ingested:
        """Report up to 10,000 events (and 1 MB). Each id counts once; late and repeated events do no harm.

        An id that was counted with other values is a `conflict` in `rejected`: what was counted first stands. Of a
        gauge the latest event counts, of a counter the sum of its calendar month in UTC. Events that cannot be counted
        are listed in `rejected`; the others count all the same. Only the provider measures.
        """
        measures = [
            Measure(
                event_id=event["event_id"],
                subscription_id=event["subscription"],
                resource=event["resource"],
                quantity=event["quantity"],
                at=event["at"],
            )
            for event in call.values["events"]
        ]
        return ingest_usage(actor=call.actor, measures=measures, now=call.now)
