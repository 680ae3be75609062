"""What the lists of payments, balances and statements show."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from invoicing.models import DocumentKind, Payment
from resellerhub.web.shells import shell_link, shell_url
from resellerhub.web.tables import Column, DateColumn, LinkColumn, MoneyColumn, NumberColumn, Table

KINDS = {**dict(DocumentKind.choices), **dict(Payment.Kind.choices)}


class PaymentTable(Table):
    received_on = DateColumn(verbose_name=gettext_lazy("Received"))
    payer = LinkColumn("payment", verbose_name=gettext_lazy("Payer"), accessor="payer_name")
    id = Column(verbose_name=gettext_lazy("ID"), accessor="pk")
    kind = Column(verbose_name=gettext_lazy("Kind"))
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"))
    left = MoneyColumn(verbose_name=gettext_lazy("Not allocated"))
    method = Column(verbose_name=gettext_lazy("Method"))
    reference = Column(verbose_name=gettext_lazy("Reference"), accessor="reference_shown")
    default_columns = ("received_on", "payer", "kind", "amount", "left", "reference")

    def render_kind(self, record: Any) -> str:
        return str(record.get_kind_display())

    def render_method(self, record: Any) -> str:
        return str(record.get_method_display())


class BalanceTable(Table):
    payer = LinkColumn("balance", verbose_name=gettext_lazy("Payer"), accessor="payer_name")
    issuer = Column(verbose_name=gettext_lazy("Issuer"), accessor="issuer_name")
    owed = MoneyColumn(verbose_name=gettext_lazy("Owed"))
    billed = MoneyColumn(verbose_name=gettext_lazy("Billed"))
    paid = MoneyColumn(verbose_name=gettext_lazy("Paid"))
    unallocated = MoneyColumn(verbose_name=gettext_lazy("Not allocated"))


class AllocationTable(Table):
    document = Column(verbose_name=gettext_lazy("Document"), accessor="document__full_number")
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"), currency="document__currency")
    take_back = Column(verbose_name=gettext_lazy("Action"), accessor="pk", orderable=False)

    def render_take_back(self, record: Any) -> str:
        url = shell_url(self.request, "payment_deallocate", record.payment_id, record.document_id)
        said = _("Take back from %(number)s") % {"number": record.document.full_number}
        return format_html('<a href="{}">{}</a>', url, said)


class StatementTable(Table):
    on = DateColumn(verbose_name=gettext_lazy("Day"))
    kind = Column(verbose_name=gettext_lazy("Kind"))
    name = Column(verbose_name=gettext_lazy("Number or reference"))
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"))
    owed = MoneyColumn(verbose_name=gettext_lazy("Owed"))

    def render_kind(self, record: Any) -> str:
        return str(KINDS.get(record.kind, record.kind))

    def render_name(self, record: Any) -> str:
        url = shell_link(self.request, record.page, record.pk)
        said = record.name or _("Payment %(id)s") % {"id": record.pk}
        return format_html('<a href="{}">{}</a>', url, said) if url else str(said)


class OpenTable(Table):
    number = Column(verbose_name=gettext_lazy("Number"), accessor="full_number")
    due_on = DateColumn(verbose_name=gettext_lazy("Due"))
    payable = MoneyColumn(verbose_name=gettext_lazy("To pay"))
    open = MoneyColumn(verbose_name=gettext_lazy("Open"))


class MatchTable(Table):
    """Lines of a statement, with what was found for each."""

    number = NumberColumn(verbose_name=gettext_lazy("Line"))
    received_on = DateColumn(verbose_name=gettext_lazy("Received"), accessor="values__received_on")
    amount = MoneyColumn(verbose_name=gettext_lazy("Amount"), accessor="values__amount", currency="values__currency")
    payer = Column(verbose_name=gettext_lazy("Payer"), accessor="payer_id")
    how = Column(verbose_name=gettext_lazy("Found"))
    reference = Column(verbose_name=gettext_lazy("Reference"), accessor="values__reference")

    def __init__(self, *args: Any, names: dict[int, str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.names = names

    def render_payer(self, value: int) -> str:
        return self.names.get(value, "–")

    def render_how(self, value: Any) -> str:
        return str(value.label)
