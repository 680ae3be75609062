"""Addresses of company data, mapping and registrations."""

from django.urls import path
from django.urls.resolvers import URLPattern

from tenants.api import company as company_api
from tenants.api import registrations as registrations_api
from tenants.views import company, mapping, register, registrations

shells: list[URLPattern] = [
    path("resellers/<int:pk>/company/", company.reseller_company, name="reseller_company"),
    path("resellers/<int:pk>/map/", mapping.reseller_map, name="reseller_map"),
    path("settings/company/", company.own, name="own_company"),
]
console: list[URLPattern] = [
    path("registrations/", registrations.registrations, name="registrations"),
    path("registrations/<int:pk>/", registrations.registration, name="registration"),
    path("registrations/<int:pk>/approve/", registrations.registration_approve, name="registration_approve"),
    path("registrations/<int:pk>/reject/", registrations.registration_reject, name="registration_reject"),
]
public: list[URLPattern] = [
    path("register/<slug:slug>/", register.register, name="register"),
    path("register/<slug:slug>/thanks/", register.thanks, name="register_thanks"),
]
api: list[URLPattern] = [*company_api.urls, *registrations_api.urls]
