"""What browsers send of a brand."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from tenants.services.branding import FIELDS


class ColourInput(forms.TextInput):
    """The browser's own picker; what it cannot pick is typed."""

    input_type = "color"


class CodeForm(OperationForm):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
    )


class BrandingForm(OperationForm):
    product_name = forms.CharField(label=_("Name of the portal"), max_length=60)
    logo = forms.FileField(
        label=_("Logo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
        help_text=_("PNG, JPEG or WebP, at most 1 MB. Left empty, the logo stays as it is."),
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    colour = forms.CharField(
        label=_("Colour"),
        widget=ColourInput,
        help_text=_("Of buttons and links. It must be dark enough for white text."),
    )
    domain = forms.CharField(
        label=_("Domain"),
        max_length=253,
        required=False,
        widget=forms.TextInput(attrs={"placeholder": "portal.example.com", "autocapitalize": "off"}),
        help_text=_("Point this name at the installation: whoever opens it sees your portal, once it is verified."),
    )
    sender_name = forms.CharField(label=_("Sender of mails"), max_length=100, required=False)
    sender_email = forms.EmailField(
        label=_("Address of the sender"),
        required=False,
        help_text=_("Left empty, or not verified yet, mails come from the address of the installation."),
    )
    support_email = forms.EmailField(label=_("Support address"), required=False)
    footer = forms.CharField(label=_("Foot of pages and mails"), max_length=300, required=False)

    @property
    def fields_of_brand(self) -> dict[str, str]:
        return {name: self.cleaned_data[name] for name in FIELDS}

    @property
    def picture(self) -> bytes | None:
        """The new logo, nothing to take it away, None to keep it."""
        upload: Any = self.cleaned_data["logo"]
        if upload:
            return bytes(upload.read())
        return b"" if self.cleaned_data["remove_logo"] else None
