"""Addresses of charges, and of how an issuer bills."""

from django.urls import path
from django.urls.resolvers import URLPattern

from invoicing.api import charges as api_of_charges
from invoicing.api import policies as api_of_policies
from invoicing.views import charges, policies

shells: list[URLPattern] = [
    path("charges/", charges.charges, name="charges"),
    path("charges/new/", charges.charge_create, name="charge_create"),
    path("charges/reconciliation/", charges.charges_reconciliation, name="charges_reconciliation"),
    path("billing-policy/", policies.billing_policies, name="billing_policies"),
    path("billing-policy/new/", policies.billing_policy_create, name="billing_policy_create"),
]
api: list[URLPattern] = [*api_of_charges.urls, *api_of_policies.urls]
