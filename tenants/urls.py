"""Addresses of tenants in the console, the portal and the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from tenants import brand_urls, directory_urls, invitation_urls, people_urls, reseller_urls
from tenants.api import accounts as accounts_api
from tenants.api import api_keys as api_keys_api
from tenants.api import events as events_api
from tenants.api import lifecycle as lifecycle_api
from tenants.api import people as people_api
from tenants.api import tenants as tenants_api
from tenants.api import visibility as visibility_api
from tenants.views import (
    accounts,
    api_keys,
    closing,
    conversion,
    creation,
    directory,
    events,
    mailboxes,
    moves,
    opening,
    status,
    support,
    terms,
    visibility,
)

console: list[URLPattern] = [
    path("resellers/", directory.resellers, name="resellers"),
    path("resellers/new/", creation.reseller_create, name="reseller_create"),
    path("resellers/<int:pk>/", directory.reseller, name="reseller"),
    path("resellers/<int:pk>/terms/", terms.reseller_terms, name="reseller_terms"),
    path("resellers/<int:pk>/suspend/", status.suspend, {"kind": "reseller"}, name="reseller_suspend"),
    path("resellers/<int:pk>/resume/", status.resume, {"kind": "reseller"}, name="reseller_resume"),
    path("resellers/<int:pk>/delete/", closing.close, {"kind": "reseller"}, name="reseller_delete"),
    path("resellers/<int:pk>/hide-customers/", visibility.reseller_hide_customers, name="reseller_hide_customers"),
    path("resellers/<int:pk>/convert/", conversion.convert, {"kind": "reseller"}, name="reseller_convert"),
    path("customers/<int:pk>/convert/", conversion.convert, {"kind": "customer"}, name="customer_convert"),
    path("resellers/<int:pk>/move/", moves.move, {"kind": "reseller"}, name="reseller_move"),
    path("customers/<int:pk>/move/", moves.move, {"kind": "customer"}, name="customer_move"),
    path("customers/<int:pk>/delete/", closing.close, {"kind": "customer"}, name="customer_delete"),
    *directory_urls.shells,
    path("customers/", directory.customers, name="customers"),
    path("customers/new/", accounts.customer_create, name="customer_create"),
    path("customers/<int:pk>/edit/", accounts.customer_edit, name="customer_edit"),
    path("customers/<int:pk>/account/", opening.account_open, name="account_open"),
    path("customers/<int:pk>/mailboxes/new/", mailboxes.mailbox_create, name="mailbox_create"),
    path("mailboxes/", mailboxes.mailboxes, name="mailboxes"),
    path("mailboxes/<int:pk>/remove/", mailboxes.mailbox_remove, name="mailbox_remove"),
    path("support-levels/", support.support_levels, name="support_levels"),
    path("support-levels/<int:pk>/edit/", support.support_level_edit, name="support_level_edit"),
    path("support-levels/<int:pk>/price/", support.support_level_price, name="support_level_price"),
    path("customers/<int:pk>/", directory.customer, name="customer"),
    path("customers/<int:pk>/suspend/", status.suspend, {"kind": "customer"}, name="customer_suspend"),
    path("customers/<int:pk>/resume/", status.resume, {"kind": "customer"}, name="customer_resume"),
    *invitation_urls.shells,
    path("events/", events.events, name="events"),
    path("events/<int:pk>/", events.event, name="event"),
    *people_urls.shell,
    *reseller_urls.shells,
    *brand_urls.shells,
    path("api-keys/", api_keys.api_keys, name="api_keys"),
    path("api-keys/new/", api_keys.api_key_create, name="api_key_create"),
    path("api-keys/<int:pk>/revoke/", api_keys.api_key_revoke, name="api_key_revoke"),
]
portal: list[URLPattern] = [
    *console,
    path("settings/customer-visibility/", visibility.customer_visibility, name="customer_visibility"),
]
console += reseller_urls.console
public: list[URLPattern] = [*invitation_urls.public, *brand_urls.public, *reseller_urls.public]
api: list[URLPattern] = [
    *people_api.urls,
    *invitation_urls.api,
    *tenants_api.urls,
    *lifecycle_api.urls,
    *visibility_api.urls,
    *directory_urls.api,
    *accounts_api.urls,
    *events_api.urls,
    *api_keys_api.urls,
    *reseller_urls.api,
    *brand_urls.api,
]
