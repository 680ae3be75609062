"""The list of events."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.web.shells import shell_link
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, Table
from tenants.event_words import changes, doer, word
from tenants.models import Event


class EventTable(Table):
    at = MomentColumn(verbose_name=_("When"))
    kind = LinkColumn("event", verbose_name=_("What"))
    tenant = Column(verbose_name=_("For whom"), accessor="tenant_name")
    subject = Column(verbose_name=_("Object"), accessor="subject_id")
    change = Column(verbose_name=_("Change"), accessor="seen_after", orderable=False)
    who = Column(verbose_name=_("Who"), empty_values=(None,))
    request = Column(verbose_name=_("Request"), accessor="request_id")

    default_columns = ("at", "kind", "tenant", "change", "who")

    def render_kind(self, value: str, record: Event) -> SafeString | str:
        url = shell_link(self.request, "event", record.pk)
        return format_html('<a href="{}">{}</a>', url, word(value)) if url else word(value)

    def value_kind(self, value: str) -> str:
        return value

    def render_subject(self, record: Event) -> str:
        return f"{record.subject_type} {record.subject_id}"

    def render_change(self, record: Any) -> str:
        return "; ".join(
            f"{name}: {old} → {new}" if old else f"{name}: {new}"
            for name, old, new in changes(record.seen_before, record.seen_after)
        )

    def render_who(self, value: str, record: Any) -> str:
        return doer(value, by_person=record.by_person)
