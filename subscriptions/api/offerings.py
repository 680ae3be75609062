"""What commission resellers may offer, over REST."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import Api, ReadApi, api_paths
from subscriptions.models import Offering
from subscriptions.selectors.orders import offerings
from subscriptions.serializers.orders import OfferingOut, OfferingsAddIn, OfferingsIn
from subscriptions.services.ordering.offerings import add_offerings, set_offerings
from tenants.models import Tenant


class OfferingApi(ReadApi):
    """The packages that a commission reseller may offer; a prepaid one has none."""

    singular, plural = "reseller_offering", "reseller_offerings"
    permission, out = "catalog.view", OfferingOut
    reads = ("list",)

    def rows(self, actor: Any) -> QuerySet[Offering]:
        return offerings(actor, found(Tenant.objects.visible_to(actor).resellers(), pk=self.kwargs["reseller"]))

    @operation_endpoint(input=OfferingsIn, output=[OfferingOut], permission="reseller.edit")
    def create(self, call: Call) -> list[Offering]:
        """Choose what a commission reseller may offer: these packages and no others.

        Refused: `prepaid-reseller` (409) of one that sells what it subscribed to, `own-offering` (403); beside
        `packages` what its seller does not offer to it (422).
        """
        reseller_id = int(call.kwargs["reseller"])
        set_offerings(actor=call.actor, reseller_id=reseller_id, package_ids=call.values["packages"], now=call.now)
        return list(self.rows(call.actor))


class OfferingsApi(Api):
    """What several commission resellers may offer."""

    singular = "offering"

    @operation_endpoint(input=OfferingsAddIn, output=[OfferingOut], permission="reseller.edit")
    def create(self, call: Call) -> list[Offering]:
        """Let several commission resellers offer these packages besides what they may already; all or nothing.

        The answer lists all that they may offer now. Refused as for one of them.
        """
        return add_offerings(
            actor=call.actor,
            reseller_ids=call.values["resellers"],
            package_ids=call.values["packages"],
            now=call.now,
        )


urls = [
    *api_paths("resellers/<int:reseller>/offerings", OfferingApi),
    *api_paths("offerings", OfferingsApi),
]
