"""Addresses of payments and balances."""

from django.urls import path
from django.urls.resolvers import URLPattern

from invoicing.api import payments as api_of_payments
from invoicing.views import balances, payment_import, payments

shells: list[URLPattern] = [
    path("payments/", payments.payments, name="payments"),
    path("payments/new/", payments.payment_create, name="payment_create"),
    path("payments/import/", payment_import.payments_import, name="payments_import"),
    path("payments/import/template/", payment_import.payments_import_template, name="payments_import_template"),
    path("payments/<int:pk>/", payments.payment, name="payment"),
    path("payments/<int:pk>/allocate/", payments.payment_allocate, name="payment_allocate"),
    path("payments/<int:pk>/documents/<int:document>/", payments.payment_deallocate, name="payment_deallocate"),
    path("payments/<int:pk>/reverse/", payments.payment_reverse, name="payment_reverse"),
    path("balances/", balances.balances, name="balances"),
    path("balances/<int:pk>/", balances.balance, name="balance"),
    path("balances/<int:pk>/statement.csv", balances.balance_statement, name="balance_statement"),
]
api: list[URLPattern] = api_of_payments.urls
