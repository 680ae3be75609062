"""By which billing cycle something is paid, as a browser sends it."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.kernel.periods import Cycle


def cycle_field(usual: Any, **options: Any) -> forms.ChoiceField:
    """`usual` says what it is where nothing is chosen."""
    return forms.ChoiceField(label=_("Billing cycle"), choices=[("", usual), *Cycle.choices], required=False, **options)


def offer_cycles(form: forms.Form, cycles: Iterable[str]) -> None:
    """Of these alone, and one of them."""
    field: Any = form.fields["cycle"]
    field.choices = [(cycle, Cycle(cycle).label) for cycle in cycles]
