"""Addresses of subscriptions in the console, the portal and the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from resellerhub.rest.views import api_paths
from subscriptions import order_urls, pool_urls, push_urls
from subscriptions.api import alerts as alerts_api
from subscriptions.api.facts import SubscriptionOneOffApi, SubscriptionTermApi
from subscriptions.api.packages import PackageApi, PackageVersionApi
from subscriptions.api.sales import SalePreviewApi, SubscriptionPhaseApi
from subscriptions.api.settings import ResellerSettingsApi
from subscriptions.api.subscriptions import (
    ResellerSubscribeApi,
    SubscriptionApi,
    SubscriptionEventApi,
    SubscriptionResourceApi,
)
from subscriptions.api.usage import UsageApi
from subscriptions.views import alerts, changes, directory, plans, selling, settings

shared: list[URLPattern] = [
    *order_urls.shared,
    *pool_urls.shared,
    *push_urls.shared,
    *alerts.urls,
    path("subscriptions/", directory.subscriptions, name="subscriptions"),
    path("subscriptions/new/", selling.subscription_create, name="subscription_create"),
    path("subscriptions/<int:pk>/", directory.subscription, name="subscription"),
    path("subscriptions/<int:pk>/change/", changes.subscription_change, name="subscription_change"),
    path("subscriptions/<int:pk>/package/", changes.subscription_package, name="subscription_package"),
    path("subscriptions/<int:pk>/renewal/", changes.subscription_renewal, name="subscription_renewal"),
    path("subscriptions/<int:pk>/renew/", changes.subscription_renew, name="subscription_renew"),
    path("subscriptions/<int:pk>/co-term/", changes.subscription_co_term, name="subscription_co_term"),
    path("subscriptions/<int:pk>/move/", changes.subscription_move, name="subscription_move"),
    path("subscriptions/<int:pk>/keep/", changes.subscription_keep, name="subscription_keep"),
    path("subscriptions/<int:pk>/suspend/", changes.subscription_suspend, name="subscription_suspend"),
    path("subscriptions/<int:pk>/resume/", changes.subscription_resume, name="subscription_resume"),
    path("subscriptions/<int:pk>/cancel/", changes.subscription_cancel, name="subscription_cancel"),
]
console: list[URLPattern] = [
    *pool_urls.console,
    *shared,
    path("settings/resellers/", settings.reseller_settings, name="reseller_settings"),
]
portal: list[URLPattern] = [
    *order_urls.portal,
    *pool_urls.portal,
    *shared,
    path("packages/new/", plans.plan_create, name="package_create"),
    path("packages/<int:pk>/edit/", plans.plan_edit, name="package_edit"),
]
api: list[URLPattern] = [
    *order_urls.api,
    *pool_urls.api,
    *push_urls.api,
    *alerts_api.urls,
    *api_paths("packages", PackageApi),
    *api_paths("packages/<int:package>/versions", PackageVersionApi),
    *api_paths("subscriptions", SubscriptionApi),
    *api_paths("subscriptions", SalePreviewApi),
    *api_paths("subscriptions/<int:subscription>/phases", SubscriptionPhaseApi),
    *api_paths("subscriptions/<int:subscription>/one-offs", SubscriptionOneOffApi),
    *api_paths("subscriptions/<int:subscription>/terms", SubscriptionTermApi),
    *api_paths("subscriptions/<int:subscription>/resources", SubscriptionResourceApi),
    *api_paths("subscriptions/<int:subscription>/events", SubscriptionEventApi),
    *api_paths("resellers", ResellerSubscribeApi),
    *api_paths("usage", UsageApi),
    path(
        "reseller-settings",
        ResellerSettingsApi.as_view({"get": "show", "patch": "change"}),
        name="reseller_settings",
    ),
]
