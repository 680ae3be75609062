"""How whoever is billed is taxed: asked for one payer or for as many as a chunk of a run has, in five queries."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from invoicing.models import SmallBusiness, TaxRate, VatCheck
from invoicing.rating.liability import EU, VatId, liability
from invoicing.rating.taxation import VAT_CHECK, Rate, Taxation, taxation
from invoicing.rating.taxes import Category
from tenants.actor import Actor
from tenants.models import Profile
from tenants.naming import readable
from tenants.services.checks import is_vat_id

FRESH = timedelta(days=30)
"""So long before a bill an answer about a VAT ID may have been given."""

WAITS: dict[str, Any] = {
    "issuer_country": _("The company data of whoever bills says no country."),
    "payer_country": _("The company data of the payer says no country."),
    VAT_CHECK: _("The VAT ID of the payer was not confirmed yet."),
    "rate": _("No tax rate of this country is known for these days."),
}
"""What a document can wait for, in words."""


def tax_rates(actor: Actor) -> QuerySet[TaxRate]:
    return TaxRate.objects.visible_to(actor)


def vat_checks(actor: Actor) -> QuerySet[VatCheck]:
    """Those in scope. A VAT ID names its owner: where the name is hidden, so is the check."""
    return VatCheck.objects.visible_to(actor).filter(readable(actor))


def liability_of(issuer_id: int, payer_id: int, on: date) -> Taxation:
    """`liabilities_of` for one."""
    return liabilities_of(issuer_id, [payer_id], on)[payer_id]


def liabilities_of(issuer_id: int, payer_ids: Collection[int], on: date) -> dict[int, Taxation]:
    """How the lines of each payer are taxed on a bill of the day `on`: its VAT ID counts as it was confirmed in the
    thirty days before, each line at the rate of the day that it is for (`Taxation.split`). Where `waits` says
    something, which `WAITS` has in words, the bill cannot be issued yet."""
    issuer = Profile.objects.get(pk=issuer_id)
    if not issuer.country:
        return dict.fromkeys(payer_ids, Taxation(waits="issuer_country"))
    rates = _rates(issuer.provider_id)
    small = _small_business(issuer_id)
    taxed: dict[tuple[str, VatId], Taxation] = {}
    found = dict.fromkeys(payer_ids, Taxation(waits="payer_country"))
    for payer in _payers(payer_ids, on).exclude(country=""):
        key = payer.country, vat_id_of(payer)
        if key not in taxed:
            owed = liability(issuer.country, *key)
            made = taxation(owed, rates[owed.country], small)
            taxed[key] = made if made.rates else replace(made, waits=made.waits or "rate")
        found[payer.pk] = taxed[key]
    return found


def vat_id_of(payer: Any) -> VatId:
    """What is known of the VAT ID of a profile that `_payers` has read."""
    if not payer.vat_id:
        return VatId.MISSING
    if vat_country(payer.vat_id) not in EU or not is_vat_id(payer.vat_id):
        return VatId.MALFORMED
    return VatId(payer.checked or VatId.UNKNOWN)


def vat_country(vat_id: str) -> str:
    """By its prefix, which of Greece is EL."""
    return "GR" if vat_id.startswith("EL") else vat_id[:2]


def exemption_reason(category: Category, country: str, language: str) -> str:
    """Why there is no tax, where that is not what the category always means: as a document of this language says it.
    `country` is that of whoever bills, at home of which small businesses charge none."""
    if category is not Category.EXEMPT:
        return ""
    with override(language):
        if country == "DE":
            return gettext("Exempt from VAT as a small business under § 19 UStG.")
        return gettext("Exempt from VAT as a small business (Article 284 of Directive 2006/112/EC).")


def _payers(payer_ids: Collection[int], on: date) -> QuerySet[Profile]:
    answers = VatCheck.objects.filter(
        tenant=OuterRef("pk"), vat_id=OuterRef("vat_id"), answered_at__date__gte=on - FRESH
    ).order_by("-answered_at")
    checked = Subquery(answers.values("state")[:1])
    return Profile.objects.filter(pk__in=payer_ids).annotate(checked=checked).only("country", "vat_id")


def _rates(provider_id: int) -> defaultdict[str, list[Rate]]:
    rows = TaxRate.objects.filter(provider=provider_id).order_by("country", "effective_on")
    found = defaultdict[str, list[Rate]](list)
    for country, since, category, percent in rows.values_list("country", "effective_on", "category", "percent"):
        found[country].append(Rate(since, Category(category), percent))
    return found


def _small_business(issuer_id: int) -> Sequence[tuple[date, bool]]:
    rows = SmallBusiness.objects.filter(tenant=issuer_id).order_by("effective_on")
    return list(rows.values_list("effective_on", "is_small"))
