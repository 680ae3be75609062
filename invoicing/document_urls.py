"""Addresses of documents and their numbers."""

from django.urls import path
from django.urls.resolvers import URLPattern

from invoicing.api import documents as api_of_documents
from invoicing.papers.files import Format
from invoicing.views import document_files, document_steps, documents, series

shells: list[URLPattern] = [
    path("invoices/", documents.invoices, name="invoices"),
    path("invoices/new/", document_steps.invoice_create, name="invoice_create"),
    path("invoices/<int:pk>/", documents.invoice, name="invoice"),
    path("invoices/<int:pk>/edit/", document_steps.invoice_edit, name="invoice_edit"),
    path("invoices/<int:pk>/issue/", document_steps.invoice_issue, name="invoice_issue"),
    path("invoices/<int:pk>/void/", document_steps.invoice_void, name="invoice_void"),
    path("invoices/<int:pk>/credit/", document_steps.invoice_credit, name="invoice_credit"),
    path("invoices/<int:pk>/discard/", document_steps.invoice_discard, name="invoice_discard"),
    path("invoices/<int:pk>/convert/", document_steps.invoice_convert, name="invoice_convert"),
    *(
        path(f"invoices/<int:pk>/{kind}/", document_files.invoice_file, {"kind": kind.value}, name=f"invoice_{kind}")
        for kind in Format
    ),
    path("number-series/", series.number_series, name="number_series"),
    path("number-series/<slug:kind>/", series.number_series_edit, name="number_series_edit"),
]
api: list[URLPattern] = api_of_documents.urls
