"""The way from the entrance to the page on which resellers register."""

from typing import Any

from django import template
from django.urls import reverse

from tenants.houses import slug_at

register = template.Library()


@register.simple_tag(takes_context=True)
def registration_url(context: Any) -> str:
    """Empty where nobody can register."""
    brand = getattr(context.get("request"), "host_brand", None)
    slug = slug_at(brand.owner_id if brand else None)
    return reverse("register", kwargs={"slug": slug}) if slug else ""
