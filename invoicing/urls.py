"""Addresses of invoicing in the console, the portal and the API."""

from django.urls.resolvers import URLPattern

from invoicing import tax_urls

console: list[URLPattern] = [*tax_urls.shells]
portal: list[URLPattern] = console
api: list[URLPattern] = [*tax_urls.api]
