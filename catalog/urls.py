"""Addresses of the catalogue in the console, the portal and the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from catalog.api.fees import FeeApi, FeeVersionApi
from catalog.api.prices import PriceApi, PriceListApi, PriceListHolderApi, PriceRuleApi
from catalog.api.switching import urls as switch_api
from catalog.api.types import ResourceApi, ServiceInstanceApi, ServiceTypeApi
from catalog.services.switching import SWITCHES
from catalog.views import explanation, fees, packages, price_grid, price_holders, prices, switching, types
from resellerhub.rest.views import api_paths

switches: list[URLPattern] = [
    path(f"{many}/{switch}/", view, {"switch": switch}, name=f"{many}_{switch}")
    for many, view in (("packages", switching.packages), ("fees", switching.fees))
    for switch in SWITCHES
]
shared: list[URLPattern] = [
    *switches,
    path("packages/", packages.packages, name="packages"),
    path("packages/<int:pk>/", packages.package, name="package"),
    path("fees/", fees.fees, name="fees"),
    path("fees/new/", fees.fee_create, name="fee_create"),
    path("fees/<int:pk>/", fees.fee, name="fee"),
    path("fees/<int:pk>/edit/", fees.fee_edit, name="fee_edit"),
    path("fees/<int:pk>/revise/", fees.fee_revise, name="fee_revise"),
    path("price-lists/", prices.price_lists, name="price_lists"),
    path("price-lists/new/", prices.price_list_create, name="price_list_create"),
    path("price-lists/<int:pk>/", prices.price_list, name="price_list"),
    path("price-lists/<int:pk>/edit/", prices.price_list_edit, name="price_list_edit"),
    path("price-lists/<int:pk>/prices/", price_grid.price_list_prices, name="price_list_prices"),
    path("price-lists/<int:pk>/buyers/", price_holders.price_list_buyers, name="price_list_buyers"),
    path("price-lists/<int:pk>/buyers/assign/", price_holders.price_list_assign, name="price_list_assign"),
    path("price-lists/<int:pk>/buyers/release/", price_holders.price_list_release, name="price_list_release"),
    path("tenants/<int:tenant_id>/price-list/", price_holders.price_list_of, name="price_list_of"),
    path("prices/explain/", explanation.price_explain, name="price_explain"),
]
console: list[URLPattern] = [
    *shared,
    path("packages/new/", packages.package_create, name="package_create"),
    path("packages/<int:pk>/edit/", packages.package_edit, name="package_edit"),
    path("service-types/", types.service_types, name="service_types"),
    path("service-types/new/", types.service_type_create, name="service_type_create"),
    path("service-types/<int:pk>/", types.service_type, name="service_type"),
    path("service-types/<int:pk>/edit/", types.service_type_edit, name="service_type_edit"),
    path("service-types/<int:pk>/resources/new/", types.resource_create, name="resource_create"),
    path("service-types/<int:pk>/instances/new/", types.service_instance_create, name="service_instance_create"),
    path("resources/<int:pk>/edit/", types.resource_edit, name="resource_edit"),
    path("service-instances/<int:pk>/edit/", types.service_instance_edit, name="service_instance_edit"),
]
portal: list[URLPattern] = shared
api: list[URLPattern] = [
    *api_paths("service-types", ServiceTypeApi),
    *api_paths("resources", ResourceApi),
    *api_paths("service-instances", ServiceInstanceApi),
    *api_paths("fees", FeeApi),
    *switch_api,
    *api_paths("fees/<int:fee>/versions", FeeVersionApi),
    *api_paths("price-lists", PriceListApi),
    *api_paths("price-lists/<int:price_list>/prices", PriceRuleApi),
    *api_paths("price-lists/<int:price_list>/holders", PriceListHolderApi),
    *api_paths("prices", PriceApi),
]
