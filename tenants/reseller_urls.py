"""Addresses of reseller settings, company data, mapping and registrations."""

from django.urls import path
from django.urls.resolvers import URLPattern

from tenants.api import company as company_api
from tenants.views import company, mapping

shells: list[URLPattern] = [
    path("resellers/<int:pk>/company/", company.reseller_company, name="reseller_company"),
    path("resellers/<int:pk>/map/", mapping.reseller_map, name="reseller_map"),
    path("settings/company/", company.own, name="own_company"),
]
api: list[URLPattern] = company_api.urls
