"""Addresses of what is done with many resellers or customers at once."""

from django.urls import path
from django.urls.resolvers import URLPattern

from tenants.api import switching as switching_api
from tenants.views import switching

shells: list[URLPattern] = [
    path("resellers/suspend/", switching.resellers_suspend, name="resellers_suspend"),
    path("resellers/resume/", switching.resellers_resume, name="resellers_resume"),
    path("customers/suspend/", switching.customers_suspend, name="customers_suspend"),
    path("customers/resume/", switching.customers_resume, name="customers_resume"),
]
api: list[URLPattern] = switching_api.urls
