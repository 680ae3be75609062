"""Addresses of tenants in the console, the portal and the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from tenants.api import api_keys as api_keys_api
from tenants.api import events as events_api
from tenants.api import lifecycle as lifecycle_api
from tenants.api import people as people_api
from tenants.api import tenants as tenants_api
from tenants.views import acceptance, api_keys, closing, creation, directory, events, status, team, terms

console: list[URLPattern] = [
    path("resellers/", directory.resellers, name="resellers"),
    path("resellers/new/", creation.reseller_create, name="reseller_create"),
    path("resellers/<int:pk>/", directory.reseller, name="reseller"),
    path("resellers/<int:pk>/terms/", terms.reseller_terms, name="reseller_terms"),
    path("resellers/<int:pk>/suspend/", status.suspend, {"kind": "reseller"}, name="reseller_suspend"),
    path("resellers/<int:pk>/resume/", status.resume, {"kind": "reseller"}, name="reseller_resume"),
    path("resellers/<int:pk>/delete/", closing.close, {"kind": "reseller"}, name="reseller_delete"),
    path("customers/<int:pk>/delete/", closing.close, {"kind": "customer"}, name="customer_delete"),
    path("customers/", directory.customers, name="customers"),
    path("customers/new/", creation.customer_create, name="customer_create"),
    path("customers/<int:pk>/", directory.customer, name="customer"),
    path("customers/<int:pk>/suspend/", status.suspend, {"kind": "customer"}, name="customer_suspend"),
    path("customers/<int:pk>/resume/", status.resume, {"kind": "customer"}, name="customer_resume"),
    path("events/", events.events, name="events"),
    path("events/<int:pk>/", events.event, name="event"),
    path("team/", team.team, name="team"),
    path("team/new/", team.user_create, name="user_create"),
    path("tenants/<int:pk>/users/new/", team.user_create, name="tenant_user_create"),
    path("profile/", team.profile, name="profile"),
    path("memberships/<int:pk>/switch/", team.membership_switch, name="membership_switch"),
    path("api-keys/", api_keys.api_keys, name="api_keys"),
    path("api-keys/new/", api_keys.api_key_create, name="api_key_create"),
    path("api-keys/<int:pk>/revoke/", api_keys.api_key_revoke, name="api_key_revoke"),
]
portal = console
public: list[URLPattern] = [path("invitations/<str:token>/", acceptance.invitation, name="invitation_accept")]
api: list[URLPattern] = [*people_api.urls, *tenants_api.urls, *lifecycle_api.urls, *events_api.urls, *api_keys_api.urls]
