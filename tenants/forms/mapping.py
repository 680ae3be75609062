"""What browsers send to map a reseller."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from resellerhub.web.widgets import SearchSelect


class MapForm(OperationForm):
    """Whom a reseller is; the choices are the addresses that are known of it."""

    owner_email = forms.ChoiceField(label=_("Tenant owner"), widget=SearchSelect)
    organisation = forms.CharField(label=_("Organisation"), max_length=200)

    def __init__(self, *args: Any, owners: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["owner_email"].choices = owners  # type: ignore[attr-defined]
        if not owners:
            self.fields["owner_email"].help_text = _("No address is known: add a user or say the tenant owner first.")
