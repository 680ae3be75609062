"""API keys over REST."""

from typing import Any

from django.db.models import QuerySet

from resellerhub.rest.endpoints import Call, operation_endpoint
from resellerhub.rest.views import ReadApi, api_paths
from tenants import selectors
from tenants.models import ApiKey
from tenants.serializers.api_keys import ApiKeyIn, ApiKeyOut, NewApiKeyOut
from tenants.services.api_keys import create_api_key, revoke_api_key


class ApiKeyApi(ReadApi):
    """The API keys of your own tenant."""

    singular, permission, out = "api_key", "api_key.manage", ApiKeyOut

    def rows(self, actor: Any) -> QuerySet[ApiKey]:
        return selectors.api_keys(actor)

    @operation_endpoint(input=ApiKeyIn, output=NewApiKeyOut, status=201, permission="api_key.manage", idempotency="own")
    def create(self, call: Call) -> ApiKey:
        """Make a key of your own. Its text is in this answer and is not kept anywhere.

        Asked again with the same Idempotency-Key it is refused (409), because it cannot be shown again.
        """
        row, text = create_api_key(actor=call.actor, request_id=call.request_id, now=call.now, **call.values)
        row.key = text  # type: ignore[attr-defined]
        return row

    @operation_endpoint(output=ApiKeyOut, detail=True, path="revoke", permission="api_key.manage")
    def revoke(self, call: Call) -> ApiKey:
        """Revoke a key: it is dead at once. Doing it again changes nothing."""
        return revoke_api_key(actor=call.actor, api_key_id=call.pk, now=call.now)


urls = [
    *api_paths("api-keys", ApiKeyApi),
]
