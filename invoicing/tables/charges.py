"""What the list of charges shows, and what can be exported of it."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from invoicing.models import Charge
from resellerhub.web.tables import Column, DateColumn, LinkColumn, MomentColumn, MoneyColumn, NumberColumn, Table


class WordColumn(Column):
    """A code in the words of its choices; a file has the code."""

    def __init__(self, words: Any, **options: Any) -> None:
        super().__init__(**options)
        self.words = dict(words)

    def render(self, value: str) -> str:
        return str(self.words.get(value, value))

    def value(self, value: Any) -> Any:
        return value


class ChargeTable(Table):
    id = Column(verbose_name=_("Number"), accessor="pk")
    due_on = DateColumn(verbose_name=_("Due on"))
    payer = Column(verbose_name=_("Payer"), accessor="payer_name")
    holder = Column(verbose_name=_("Customer"), accessor="holder_name")
    issuer = Column(verbose_name=_("Issuer"), accessor="issuer_name")
    label = Column(verbose_name=_("Description"), accessor="label_shown")
    stream = WordColumn(Charge.Stream.choices, verbose_name=_("What for"))
    kind = WordColumn(Charge.Kind.choices, verbose_name=_("Kind"))
    service_start = DateColumn(verbose_name=_("Service from"))
    service_end = DateColumn(verbose_name=_("Service until"))
    billing_start = DateColumn(verbose_name=_("Period from"))
    billing_end = DateColumn(verbose_name=_("Period until"))
    quantity = NumberColumn(verbose_name=_("Quantity"))
    unit_price = MoneyColumn(verbose_name=_("Unit price"))
    ratio = Column(verbose_name=_("Share"), orderable=False)
    amount = MoneyColumn(verbose_name=_("Amount"))
    subscription = LinkColumn(
        "subscription", key="subscription_id", verbose_name=_("Subscription"), accessor="subscription_id"
    )
    credits = Column(verbose_name=_("Gives back"), accessor="credits_id")
    made_at = MomentColumn(verbose_name=_("Made"))

    default_columns = ("id", "due_on", "payer", "holder", "label", "kind", "service_start", "service_end", "amount")
