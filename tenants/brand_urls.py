"""Addresses of brands."""

from django.urls import path, re_path
from django.urls.resolvers import URLPattern

from tenants.api import branding as branding_api
from tenants.views import branding

shells: list[URLPattern] = [
    path("branding/", branding.branding, name="branding"),
    path("branding/remove/", branding.branding_remove, name="branding_remove"),
]
public: list[URLPattern] = [
    re_path(r"^brand/(?P<colour>[0-9a-f]{6})\.css$", branding.brand_css, name="brand_css"),
    re_path(r"^brand/(?P<digest>[0-9a-f]{64})\.png$", branding.brand_logo, name="brand_logo"),
]
api: list[URLPattern] = [*branding_api.urls]
