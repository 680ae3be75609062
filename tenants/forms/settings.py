"""What browsers send of a provider's settings."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from resellerhub.web.forms import Fieldset, OperationForm
from resellerhub.web.widgets import SearchSelect
from tenants.forms.choices import currencies, time_zones
from tenants.models import ProviderSettings, ResellerType, ResellerTypeSetting
from tenants.services.settings import TypeChange

TYPE_FIELDS = ("is_enabled", "label", "terms")
HOUSE = ("oversell_default", "takes_registrations", "slug", "currency", "language", "time_zone")


class ResellerSettingsForm(OperationForm):
    """All that a provider decides about its resellers; the types stand in fields of their own, made from its rows."""

    oversell_default = forms.BooleanField(
        label=_("New resellers may oversell"),
        required=False,
        help_text=_("Unless it is said otherwise when they are made. Those who are there keep what they have."),
    )
    over_quota_basis = forms.ChoiceField(
        label=_("Over quota counts"),
        choices=ProviderSettings.Basis.choices,
        widget=forms.RadioSelect,
        help_text=_("Every reseller is counted anew at once. Customers are always measured by what they use."),
    )
    takes_registrations = forms.BooleanField(
        label=_("Resellers may register"),
        required=False,
        help_text=_("On a public page. Each request waits until it is approved."),
    )
    slug = forms.SlugField(
        label=_("Short name"),
        max_length=40,
        required=False,
        help_text=_("In the address of that page: /register/short-name/"),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=currencies, widget=SearchSelect)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=time_zones, widget=SearchSelect)

    def __init__(self, *args: Any, types: Sequence[ResellerTypeSetting], **options: Any) -> None:
        super().__init__(*args, **options)
        self.types = types
        for row in types:
            for name in TYPE_FIELDS:
                self.fields[f"{row.type}_{name}"] = type_field(name, row)

    @property
    def house(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in HOUSE}

    @property
    def changes(self) -> list[TypeChange]:
        said = self.cleaned_data
        return [
            TypeChange(row.type, **{name: said[f"{row.type}_{name}"] for name in TYPE_FIELDS}) for row in self.types
        ]

    @property
    def parts(self) -> list[Fieldset]:
        types = [
            Fieldset(
                _("Type: %(name)s") % {"name": ResellerType(row.type).label},
                [f"{row.type}_{name}" for name in TYPE_FIELDS],
            )
            for row in self.types
        ]
        return [
            *types,
            Fieldset(_("Selling"), ("oversell_default", "over_quota_basis")),
            Fieldset(_("Registration"), ("takes_registrations", "slug")),
            Fieldset(
                _("New companies begin with"), ("currency", "language", "time_zone"), grid=True,
                text=_("Those who are there keep what they have."),
            ),
        ]  # fmt: skip


def type_field(name: str, row: ResellerTypeSetting) -> forms.Field:
    """One of the three inputs of a type."""
    if name == "is_enabled":
        note = _("Switched off, nobody can choose it any more. Resellers of this type keep it.")
        return forms.BooleanField(label=_("Can be chosen"), required=False, initial=row.is_enabled, help_text=note)
    if name == "label":
        note = _("Left empty: the usual word.")
        return forms.CharField(label=_("Label"), max_length=60, required=False, initial=row.label, help_text=note)
    return forms.CharField(
        label=_("Terms"),
        max_length=20_000,
        required=False,
        initial=row.terms,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Version %(number)s. Another text is another version; the log keeps both.")
        % {"number": row.version},
    )
