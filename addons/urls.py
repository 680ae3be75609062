"""Addresses of add-ons in the console, the portal and the API."""

from django.urls import path
from django.urls.resolvers import URLPattern

from addons.api.add_ons import AddOnApi, AddOnVersionApi
from addons.api.bulk_sales import BulkSaleApi, TargetApi, UnreachedApi
from addons.api.sales import AddOnOneOffApi, AddOnSaleApi, SubscriptionAddOnApi
from addons.api.switching import urls as switch_api
from addons.views import add_ons, bulk_sales, detail, sales, switching, wizard
from catalog.services.switching import SWITCHES
from resellerhub.rest.views import api_paths

pages = [
    path("add-ons/", add_ons.add_ons, name="add_ons"),
    *(path(f"add-ons/{one}/", switching.add_ons, {"switch": one}, name=f"add_ons_{one}") for one in SWITCHES),
    path("add-ons/new/", add_ons.add_on_create, name="add_on_create"),
    path("add-ons/<int:add_on_id>/", detail.add_on, name="add_on"),
    path("add-ons/<int:add_on_id>/edit/", add_ons.add_on_edit, name="add_on_edit"),
    path("add-ons/<int:add_on_id>/packages/", add_ons.add_on_associate, name="add_on_associate"),
    path("add-ons/<int:add_on_id>/activate/", add_ons.add_on_activate, name="add_on_activate"),
    path("add-ons/<int:add_on_id>/deactivate/", add_ons.add_on_deactivate, name="add_on_deactivate"),
    path(
        "subscriptions/<int:subscription_id>/add-ons/new/",
        sales.subscription_sell_add_on,
        name="subscription_sell_add_on",
    ),
    path("add-on-sales/<int:sale_id>/cancel/", sales.add_on_sale_cancel, name="add_on_sale_cancel"),
    path("bulk-sales/", bulk_sales.bulk_sales, name="bulk_sales"),
    path("bulk-sales/to-resellers/", wizard.bulk_sale_to_resellers, name="bulk_sale_to_resellers"),
    path("bulk-sales/to-customers/", wizard.bulk_sale_to_customers, name="bulk_sale_to_customers"),
    path("bulk-sales/<int:bulk_sale_id>/", bulk_sales.bulk_sale, name="bulk_sale"),
    path("bulk-sales/<int:bulk_sale_id>/cancel/", bulk_sales.bulk_sale_cancel, name="bulk_sale_cancel"),
    path("bulk-sales/<int:bulk_sale_id>/retry/", bulk_sales.bulk_sale_retry, name="bulk_sale_retry"),
    path("bulk-sales/<int:bulk_sale_id>/unreached/", bulk_sales.bulk_sale_unreached, name="bulk_sale_unreached"),
    path("bulk-sales/of-job/<int:job_id>/", bulk_sales.bulk_sale_of_job, name="bulk_sale_of_job"),
]
console: list[URLPattern] = pages
portal: list[URLPattern] = pages
api: list[URLPattern] = [
    *api_paths("add-ons", AddOnApi),
    *switch_api,
    *api_paths("add-ons/<int:add_on>/versions", AddOnVersionApi),
    *api_paths("add-on-sales", AddOnSaleApi),
    *api_paths("add-on-sales/<int:add_on_sale>/one-offs", AddOnOneOffApi),
    *api_paths("subscriptions/<int:subscription>/add-ons", SubscriptionAddOnApi),
    *api_paths("bulk-sales", BulkSaleApi),
    *api_paths("bulk-sales/<int:bulk_sale>/items", TargetApi),
    *api_paths("bulk-sales/<int:bulk_sale>/unreached", UnreachedApi),
    path("bulk-sales/<int:bulk_sale>/items.csv", TargetApi.as_view({"get": "csv"}), name="bulk_sale_items_csv"),
]
