"""What browsers send about thresholds."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from resellerhub.web.forms import OperationForm

SEPARATORS = re.compile(r"[\s,;%]+")


class UsageAlertsForm(OperationForm):
    """Percentages in one line; the service decides about them."""

    inherit = forms.BooleanField(
        required=False,
        label=gettext_lazy("As whoever is above says"),
        help_text=gettext_lazy("Where nobody says anything: at 80 and 100 percent, to who holds it."),
    )
    percents = forms.CharField(
        required=False,
        max_length=100,
        label=gettext_lazy("Thresholds in percent"),
        help_text=gettext_lazy("Of what is allocated, such as 80, 100. Empty: nobody is told of any."),
    )
    tells_holder = forms.BooleanField(
        required=False,
        label=gettext_lazy("Tell who holds it"),
        help_text=gettext_lazy("A mail to its administrators, once each time it is crossed."),
    )
    tells_seller = forms.BooleanField(
        required=False,
        label=gettext_lazy("Tell who sells it"),
        help_text=gettext_lazy("A mail to the administrators of the seller, too."),
    )

    def clean_percents(self) -> list[int]:
        words = [word for word in SEPARATORS.split(self.cleaned_data["percents"]) if word]
        if not all(word.isascii() and word.isdigit() and len(word) < 5 for word in words):
            raise forms.ValidationError(_("Whole numbers, with commas between them."))
        return [int(word) for word in words]

    @property
    def wanted(self) -> dict[str, Any]:
        if self.cleaned_data["inherit"]:
            return {"inherit": True}
        return {name: self.cleaned_data[name] for name in ("percents", "tells_holder", "tells_seller")}
