"""What browsers send about how an issuer bills; the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from invoicing.models import BillingPolicy
from invoicing.services.policies import SAID
from resellerhub.web.forms import Fieldset, OperationForm
from resellerhub.web.widgets import DateInput, SearchSelect
from tenants.forms.choices import currencies, time_zones


def _field_of(name: str) -> forms.Field:
    """As the model says it."""
    column: Any = BillingPolicy._meta.get_field(name)
    field: forms.Field = column.formfield()
    return field


class BillingPolicyForm(OperationForm):
    effective_on = forms.DateField(label=_("Effective from"), widget=DateInput)
    zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, widget=SearchSelect)
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, widget=SearchSelect)

    field_order = ("effective_on",)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in SAID:
            if name not in self.fields:
                self.fields[name] = _field_of(name)

    @property
    def parts(self) -> list[Fieldset]:
        periods = ("anchoring", "anchor_day", "ahead", "day_count", "rounding")
        days = ("last_day_included", "change_day_is_old", "end_day_is_billed")
        return [
            Fieldset("", ("effective_on",)),
            Fieldset(
                _("Periods"),
                (*periods, *days),
                text=_("For what begins from that day on. What runs goes on as it began."),
            ),
            Fieldset(_("Lines"), ("changes", "free_days"), text=_("For what begins from that day on.")),
            Fieldset(
                _("Bills"),
                ("zone", "currency", "run_day", "needs_second", "grace_days"),
                text=_("For all from that day on."),
            ),
        ]
