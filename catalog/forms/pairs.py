"""The pair of fees of a package or an add-on, as it comes from a browser."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Fee
from catalog.selectors.fees import fees, fees_for
from catalog.services.pairs import Pair
from resellerhub.kernel.periods import Cycle
from resellerhub.web import formats
from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import SearchSelect
from tenants.actor import Actor


class FeeField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A fee, with what it charges today and who manages it."""

    def __init__(self, **options: Any) -> None:
        words = {"empty_label": gettext_lazy("None"), "required": False}
        super().__init__(**{"queryset": Fee.objects.none(), "widget": SearchSelect, **words, **options})

    def label_from_instance(self, obj: Any) -> str:
        cycle = dict(Cycle.choices).get(obj.cycle, "")
        return f"{obj.name} · {formats.money(obj.amount, obj.currency)} {cycle} ({obj.manager_name})"


class PairForm(OperationForm):
    """Which fees something has. What the actor may not set, or not even see, stays as it is."""

    reseller_fee = FeeField(
        label=gettext_lazy("Reseller fee"),
        help_text=gettext_lazy("What resellers owe for each customer subscription with it."),
    )
    account_fee = FeeField(
        label=gettext_lazy("Account fee"), help_text=gettext_lazy("What the holder pays; to resellers, recommended.")
    )

    def offer_pair(self, actor: Actor, manager_id: int, on: date, had: Pair) -> None:
        self._offer_fees(actor, "reseller_fee", Fee.Kind.RESELLER, manager_id, on, had.reseller_fee_id)
        self._offer_fees(actor, "account_fee", Fee.Kind.ACCOUNT, manager_id, on, had.account_fee_id)

    def chosen_fee(self, name: str, had_id: int | None) -> int | None:
        if name not in self.fields:
            return had_id
        fee = self.cleaned_data.get(name)
        return fee.pk if fee else None

    def fee_after(self, name: str, shown_id: int | None, had_id: int | None) -> int | None:
        """The one that was chosen; where it stands as it was shown, the one that there is on the day."""
        chosen_id = self.chosen_fee(name, shown_id)
        return had_id if chosen_id == shown_id else chosen_id

    def _offer_fees(self, actor: Actor, name: str, kind: str, manager_id: int, on: date, had_id: int | None) -> None:
        """The fees that may be chosen; one that is out of the actor's hands is shown, one out of its sight is not."""
        if had_id is not None and not Fee.objects.visible_to(actor).filter(pk=had_id).exists():
            del self.fields[name]
            return
        field: Any = self.fields[name]
        free = fees_for(actor, kind, manager_id, on)
        self.initial[name] = had_id
        if had_id is not None and kind == Fee.Kind.RESELLER and not free.filter(pk=had_id).exists():
            field.disabled = True
            field.help_text = _("It is what you owe: whoever sells to you sets it.")
            free = fees(actor, on).filter(pk=had_id)
        field.queryset = free.filter(Q(is_active=True) | Q(pk=had_id))
