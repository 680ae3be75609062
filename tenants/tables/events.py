"""The list of events."""

import json
from collections.abc import Sequence
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from resellerhub.web.shells import shell_link
from resellerhub.web.tables import Column, LinkColumn, MomentColumn, Table
from tenants.event_values import Teller
from tenants.event_words import doer, thing, word


class EventTable(Table):
    """What happened, and values before and after, are told twice: in the reader's words, and as data, for machines."""

    at = MomentColumn(verbose_name=_("When"))
    kind = LinkColumn("event", verbose_name=_("What"))
    tenant = Column(verbose_name=_("For whom"), accessor="tenant_name")
    subject = Column(verbose_name=_("Object"), accessor="subject_id")
    before = Column(verbose_name=_("Before"), accessor="seen_before", orderable=False)
    after = Column(verbose_name=_("After"), accessor="seen_after", orderable=False)
    who = Column(verbose_name=_("Who"), empty_values=(None,))
    request = Column(verbose_name=_("Request"), accessor="request_id")
    before_data = Column(verbose_name=_("Before (data)"), accessor="seen_before", orderable=False)
    after_data = Column(verbose_name=_("After (data)"), accessor="seen_after", orderable=False)
    code = Column(verbose_name=_("What (code)"), accessor="kind", orderable=False)

    default_columns = ("at", "kind", "tenant", "before", "after", "who")
    stacks = True

    teller: Teller | None = None

    def learn(self, records: Sequence[Any]) -> None:
        self.teller = self.teller or Teller(self.request.actor)
        self.teller.learn(records)

    def render_kind(self, value: str, record: Any) -> SafeString | str:
        url = shell_link(self.request, "event", record.pk)
        return format_html('<a href="{}">{}</a>', url, word(value)) if url else word(value)

    def value_kind(self, value: str) -> str:
        return str(word(value))

    def render_subject(self, record: Any) -> str:
        return thing(record)

    def value_subject(self, record: Any) -> str:
        return f"{record.subject_type} {record.subject_id}"

    def render_before(self, record: Any) -> SafeString | str:
        return _labelled(_("Before"), self.value_before(record))

    def render_after(self, record: Any) -> SafeString | str:
        return _labelled(_("After"), self.value_after(record))

    def value_before(self, record: Any) -> str:
        return self.teller.line(record.kind, record.seen_before) if self.teller else ""

    def value_after(self, record: Any) -> str:
        return self.teller.line(record.kind, record.seen_after) if self.teller else ""

    def render_before_data(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def value_before_data(self, value: Any) -> str:
        return self.render_before_data(value)

    def render_after_data(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)

    def value_after_data(self, value: Any) -> str:
        return self.render_after_data(value)

    def render_who(self, value: str, record: Any) -> str:
        return doer(value, by_person=record.by_person, as_whom=record.as_whom)

    def value_who(self, value: str, record: Any) -> str:
        return self.render_who(value, record)


def _labelled(label: Any, text: str) -> SafeString | str:
    """Where a row is a stack, nothing else says which of the two it is."""
    return format_html('<span class="stack-label">{}: </span>{}', label, text) if text else "–"
