"""What browsers send of invitations."""

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import OperationForm
from tenants.choices import TenantSearch
from tenants.forms.acceptance import type_label
from tenants.forms.tenants import TenantField
from tenants.models import Tenant


class InvitationOptions(OperationForm):
    """Beneath whom, as what, in which language: of one and of many."""

    seller = TenantField(label=_("Seller"), queryset=Tenant.objects.none(), widget=TenantSearch, empty_label=None)
    reseller_type = forms.ChoiceField(
        label=_("Type"), required=False, help_text=_("Left open, the invited choose among the types that you take.")
    )
    language = forms.ChoiceField(label=_("Language of the mail"), choices=settings.LANGUAGES)

    def __init__(self, *args: Any, sellers: QuerySet[Tenant], types: QuerySet[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        fields: Any = self.fields
        fields["seller"].queryset = sellers
        fields["reseller_type"].choices = [
            ("", _("The invited choose")),
            *((row.type, type_label(row)) for row in types),
        ]


class InvitationForm(InvitationOptions):
    """`reseller` is the one that was picked among those that the search found."""

    email = forms.EmailField(label=_("E-mail"), max_length=254)
    organisation = forms.CharField(label=_("Organisation"), max_length=200, required=False)
    reseller = forms.IntegerField(required=False, min_value=1, max_value=2**62, widget=forms.HiddenInput)

    field_order = ("email", "organisation", "seller", "reseller_type", "language")


class BatchForm(InvitationOptions):
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=_("CSV or XLSX with the headings of the template, at most 10,000 rows and 10 MB."),
    )
    mails_unregistered = forms.BooleanField(
        label=_("Mail those who are not registered"),
        required=False,
        initial=True,
        help_text=_("Off: they are told of and not written to."),
    )

    field_order = ("file", "mails_unregistered", "seller", "reseller_type", "language")
