"""What comes of each of many rows."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from resellerhub.web.shells import shell_link
from resellerhub.web.statuses import status
from resellerhub.web.tables import Column, SentenceColumn, Table

BEFORE = {"changed": _("Changes"), "unchanged": _("Is so already"), "refused": _("Refused")}
AFTER = {"changed": _("Changed"), "unchanged": _("Was so already"), "refused": _("Refused")}
TONES = {"changed": "good", "unchanged": "calm", "refused": "bad"}


class OutcomeTable(Table):
    """`row_page` is the url name of the page of a row; `words` say what would become of it, or what became."""

    name = SentenceColumn(verbose_name=_("Name"), accessor="row__name")
    state = Column(verbose_name=_("Outcome"))
    detail = SentenceColumn(verbose_name=_("Why"))

    stacks = True

    def __init__(self, *args: Any, row_page: str, words: dict[str, Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.row_page, self.words = row_page, words

    def render_name(self, value: str, record: Any) -> Any:
        url = shell_link(self.request, self.row_page, record.row.pk)
        return format_html('<a href="{}">{}</a>', url, value) if url else value

    def render_state(self, value: str) -> Any:
        return status(value, self.words[value], TONES[value])
