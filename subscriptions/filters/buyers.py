"""Who can hold something, and the filter of those to whom something can be sold."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from catalog.filters import Searchable
from resellerhub.web.filters import by_id
from tenants.models import Tenant
from tenants.naming import matching
from tenants.roles import Kind

BUYERS = [(Kind.RESELLER.value, _("Resellers")), (Kind.CUSTOMER.value, _("Customers"))]


class BuyerFilter(Searchable):
    kind = ChoiceFilter(choices=BUYERS, label=_("Kind"))

    class Meta:
        model = Tenant
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        """By organisation, tenant owner or id."""
        return rows.filter(matching(words, "name", "owner_email") | by_id(words))
