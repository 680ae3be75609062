"""Addresses of invoicing in the console, the portal and the API."""

from django.urls.resolvers import URLPattern

from invoicing import charge_urls, document_urls, payment_urls, run_urls, tax_urls

console: list[URLPattern] = [
    *document_urls.shells,
    *charge_urls.shells,
    *payment_urls.shells,
    *run_urls.shells,
    *tax_urls.shells,
]
portal: list[URLPattern] = console
api: list[URLPattern] = [*document_urls.api, *charge_urls.api, *payment_urls.api, *run_urls.api, *tax_urls.api]
