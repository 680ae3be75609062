"""Filters of the list of invitations."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, DateFromToRangeFilter, FilterSet
from django_filters.widgets import DateRangeWidget

from tenants.models import Invitation

KINDS = [("reseller", _("Resellers")), ("user", _("Users"))]


class InvitationFilter(FilterSet):
    """Over rows with `state` and `target` (`invitees.invitations`)."""

    q = CharFilter(method="search", label=_("Search"))
    status = ChoiceFilter(field_name="state", choices=Invitation.State.choices, label=_("Status"))
    kind = ChoiceFilter(method="of_kind", choices=KINDS, label=_("Invited as"))
    invited = DateFromToRangeFilter(
        field_name="created_at", label=_("Invited"), widget=DateRangeWidget(attrs={"type": "date"})
    )

    class Meta:
        model = Invitation
        fields: list[str] = []

    def search(self, rows: QuerySet[Any], name: str, words: str) -> QuerySet[Any]:
        return rows.filter(Q(email__resembles=words) | Q(target__resembles=words))

    def of_kind(self, rows: QuerySet[Any], name: str, kind: str) -> QuerySet[Any]:
        of_team = Q(into=F("tenant"))
        return rows.filter(of_team) if kind == "user" else rows.filter(Q(into=None) | ~of_team)
