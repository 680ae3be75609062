"""What a provider decides about its resellers, over REST."""

from typing import Any

from rest_framework.response import Response

from resellerhub.kernel.refusals import found
from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.filters import refuse_unknown
from resellerhub.rest.views import Api
from subscriptions.serializers.settings import ResellerSettingsIn, ResellerSettingsOut
from subscriptions.services.settings import change_reseller_settings
from tenants.models import ProviderSettings
from tenants.services.settings import TypeChange


class ResellerSettingsApi(Api):
    """How resellers are counted, and what new ones may do; the provider's alone."""

    singular, permission, out = "reseller_settings", "settings.edit", ResellerSettingsOut

    def show(self, request: Any) -> Response:
        refuse_unknown(request.query_params, set())
        self.let_look()
        return Response(ResellerSettingsOut(_own(self.actor)).data)

    @operation_endpoint(
        input=ResellerSettingsIn, output=ResellerSettingsOut, method="patch", permission="settings.edit"
    )
    def change(self, call: Call) -> ProviderSettings:
        """Change what is named, all of it or nothing.

        Another basis counts the rows of all resellers anew at once. A type that is switched off cannot be chosen any
        more; the last one cannot be switched off (`no-type-left`). Another text of the terms is another version.
        """
        _own(call.actor)
        changes = [TypeChange(**given) for given in call.values.pop("types", [])]
        change_reseller_settings(actor=call.actor, types=changes, now=call.now, **call.values)
        return _own(call.actor)


def _own(actor: Any) -> ProviderSettings:
    """Nobody else's staff learns of them."""
    rows = ProviderSettings.objects.visible_to(actor).select_related("tenant__profile")
    return found(rows.prefetch_related("tenant__reseller_types"), pk=actor.provider_id)
