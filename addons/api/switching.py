"""Share many add-ons, stop sharing them, or sell them no more, over REST."""

from addons.services.switching import switch_add_ons
from catalog.serializers.switching import ManySwitchedIn, OutcomeOut
from catalog.services.switching import Outcome, Switch
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import Api, api_paths

SHAPE = {"input": ManySwitchedIn, "output": [OutcomeOut], "permission": "add_on.edit"}


class AddOnsSwitchApi(Api):
    """Many add-ons at once."""

    singular = "add_ons"

    @operation_endpoint(**SHAPE, path="share")
    def share(self, call: Call) -> list[Outcome]:
        """Share many add-ons with resellers, 200 at most.

        Each is done or refused by itself, and the answer says which and why: `not-your-add-on`, `share-with-resellers`.
        With `preview` nothing is written. An id out of sight: 404.
        """
        return self._switch(call, "share")

    @operation_endpoint(**SHAPE, path="unshare")
    def unshare(self, call: Call) -> list[Outcome]:
        """Stop sharing many add-ons: resellers do not see them any more, what is sold stays."""
        return self._switch(call, "unshare")

    @operation_endpoint(**SHAPE, path="deactivate")
    def deactivate(self, call: Call) -> list[Outcome]:
        """Sell many add-ons no more; what was sold stays."""
        return self._switch(call, "deactivate")

    def _switch(self, call: Call, switch: Switch) -> list[Outcome]:
        ids, preview = call.values["ids"], call.values["preview"]
        return switch_add_ons(actor=call.actor, add_on_ids=ids, switch=switch, preview=preview, now=call.now)


urls = api_paths("add-ons", AddOnsSwitchApi)
