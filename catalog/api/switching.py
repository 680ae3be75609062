"""Share many packages or fees, stop sharing them, or sell them no more, over REST."""

from catalog.serializers.switching import ManySwitchedIn, OutcomeOut
from catalog.services.switching import Outcome, Switch, switch_fees, switch_packages
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import Api, api_paths

SHAPE = {"input": ManySwitchedIn, "output": [OutcomeOut], "permission": "catalog.edit"}


class PackagesSwitchApi(Api):
    """Many packages at once."""

    singular = "packages"

    @operation_endpoint(**SHAPE, path="share")
    def share(self, call: Call) -> list[Outcome]:
        """Share many packages with resellers, 200 at most.

        Each is done or refused by itself, and the answer says which and why: `managed-by-another`,
        `share-with-resellers`. With `preview` nothing is written. An id out of sight: 404.
        """
        return self._switch(call, "share")

    @operation_endpoint(**SHAPE, path="unshare")
    def unshare(self, call: Call) -> list[Outcome]:
        """Stop sharing many packages: resellers do not see them any more, what is sold stays."""
        return self._switch(call, "unshare")

    @operation_endpoint(**SHAPE, path="deactivate")
    def deactivate(self, call: Call) -> list[Outcome]:
        """Sell many packages no more; who holds them keeps them."""
        return self._switch(call, "deactivate")

    def _switch(self, call: Call, switch: Switch) -> list[Outcome]:
        ids, preview = call.values["ids"], call.values["preview"]
        return switch_packages(actor=call.actor, package_ids=ids, switch=switch, preview=preview, now=call.now)


class FeesSwitchApi(Api):
    """Many fees at once."""

    singular = "fees"

    @operation_endpoint(**SHAPE, path="share")
    def share(self, call: Call) -> list[Outcome]:
        """Share many account fees with resellers, 200 at most: they see them as recommended prices.

        Each is done or refused by itself, and the answer says which and why: `managed-by-another`, `never-shared` of a
        reseller fee. With `preview` nothing is written. An id out of sight: 404.
        """
        return self._switch(call, "share")

    @operation_endpoint(**SHAPE, path="unshare")
    def unshare(self, call: Call) -> list[Outcome]:
        """Stop sharing many fees. Refused where a shared package rests on one: `share-with-resellers`."""
        return self._switch(call, "unshare")

    @operation_endpoint(**SHAPE, path="deactivate")
    def deactivate(self, call: Call) -> list[Outcome]:
        """Let many fees be chosen no more. Refused where something that is sold has one: `fee-in-use`."""
        return self._switch(call, "deactivate")

    def _switch(self, call: Call, switch: Switch) -> list[Outcome]:
        ids, preview = call.values["ids"], call.values["preview"]
        return switch_fees(actor=call.actor, fee_ids=ids, switch=switch, preview=preview, now=call.now)


urls = [*api_paths("packages", PackagesSwitchApi), *api_paths("fees", FeesSwitchApi)]
