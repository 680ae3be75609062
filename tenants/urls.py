"""Addresses of tenants in the console, the portal and the API."""

from django.urls.resolvers import URLPattern

console: list[URLPattern] = []
portal: list[URLPattern] = []
api: list[URLPattern] = []
