"""What browsers send of mail templates."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm

LIVE = {
    "hx-post": "",
    "hx-trigger": "input changed delay:400ms",
    "hx-target": "#preview",
    "hx-select": "#preview",
    "hx-swap": "outerHTML",
    "hx-vals": '{"preview": "1"}',
}
"""With JavaScript the preview follows what is typed; without, it has a button."""


class TemplateForm(OperationForm):
    subject = forms.CharField(label=_("Subject"), max_length=200, widget=forms.TextInput(attrs=LIVE))
    body = forms.CharField(label=_("Text"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 14, **LIVE}))
    is_on = forms.BooleanField(label=_("This mail is sent"), required=False)

    def __init__(self, *args: Any, is_essential: bool, placeholders: dict[str, str], **options: Any) -> None:
        super().__init__(*args, **options)
        words = ", ".join(f"{{{name}}}" for name in placeholders)
        self.fields["body"].help_text = _("Placeholders: %(words)s") % {"words": words}
        if is_essential:
            del self.fields["is_on"]
