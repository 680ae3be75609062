"""Filters of the list of mailboxes."""

from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from tenants.models import Mailbox, Tariff


class MailboxFilter(FilterSet):
    q = CharFilter(field_name="address", lookup_expr="icontains", label=_("Search"))
    tariff = ChoiceFilter(choices=Tariff.choices, label=_("Tariff"))

    class Meta:
        model = Mailbox
        fields: list[str] = []
