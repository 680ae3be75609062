"""Who can hold something, and the filter of those to whom something can be sold."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter

from catalog.filters import Searchable
from resellerhub.kernel.text import id_in
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
        found = matching(words, "name", "owner_email")
        if (pk := id_in(words)) is not None:
            found |= Q(pk=pk)
        return rows.filter(found)
