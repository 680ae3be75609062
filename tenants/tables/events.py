"""The list of events."""

from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.web.shells import shell_link
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, Table
from tenants.event_words import doer, fact, plain, word
from tenants.models import Event


class EventTable(Table):
    at = MomentColumn(verbose_name=_("When"))
    kind = LinkColumn("event", verbose_name=_("What"))
    tenant = Column(verbose_name=_("For whom"), accessor="tenant_name")
    subject = Column(verbose_name=_("Object"), accessor="subject_id")
    before = Column(verbose_name=_("Before"), accessor="seen_before", orderable=False)
    after = Column(verbose_name=_("After"), accessor="seen_after", orderable=False)
    who = Column(verbose_name=_("Who"), empty_values=(None,))
    request = Column(verbose_name=_("Request"), accessor="request_id")

    default_columns = ("at", "kind", "tenant", "before", "after", "who")

    def render_kind(self, value: str, record: Event) -> SafeString | str:
        url = shell_link(self.request, "event", record.pk)
        return format_html('<a href="{}">{}</a>', url, word(value)) if url else word(value)

    def value_kind(self, value: str) -> str:
        return value

    def render_subject(self, record: Event) -> str:
        return f"{record.subject_type} {record.subject_id}"

    def render_before(self, value: dict[str, Any]) -> str:
        return in_words(value)

    def render_after(self, value: dict[str, Any]) -> str:
        return in_words(value)

    def value_before(self, value: dict[str, Any]) -> str:
        return in_words(value)

    def value_after(self, value: dict[str, Any]) -> str:
        return in_words(value)

    def render_who(self, value: str, record: Any) -> str:
        return doer(value, by_person=record.by_person, as_whom=record.as_whom)

    def value_who(self, value: str, record: Any) -> str:
        return self.render_who(value, record)


def in_words(values: dict[str, Any] | None) -> str:
    return "; ".join(f"{fact(name)}: {plain(value)}" for name, value in (values or {}).items())
