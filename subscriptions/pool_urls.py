"""Addresses of pools."""

from django.urls import path
from django.urls.resolvers import URLPattern

from resellerhub.rest.views import api_paths
from subscriptions.api.pools import (
    AssignmentApi,
    PoolApi,
    PoolAssignmentApi,
    ResellerPoolApi,
    ResellerPoolsApi,
    SupplyApi,
)
from subscriptions.views import pool_changes, pool_dashboard, pool_returns, pool_wizard, pools, supplies

shared: list[URLPattern] = [
    path("pools/", pools.pools, name="pools"),
    path("pools/new/", pool_changes.pool_create, name="pool_create"),
    path("pools/<int:pk>/", pools.pool, name="pool"),
    path("pools/<int:pk>/edit/", pool_changes.pool_edit, name="pool_edit"),
    path("pools/<int:pk>/stock/", pool_changes.pool_stock, name="pool_stock"),
    path("pools/<int:pk>/return/", pool_changes.pool_return, name="pool_return"),
    path("pools/<int:pk>/assign/", pool_changes.pool_assign, name="pool_assign"),
    path("pools/return/", pool_returns.pools_return, name="pools_return"),
    path("pools/give/", pool_wizard.pools_give, name="pools_give"),
    path("pools/customers/", pools.pool_customers, name="pool_customers"),
    path("pools/holders/<int:pk>/", pool_dashboard.pool_holder, name="pool_holder"),
    path("assignments/", pools.assignments, name="assignments"),
    path("assignments/<int:pk>/", pool_changes.assignment_change, name="assignment_change"),
    path("resellers/<int:pk>/pools/add/", pool_wizard.reseller_pool_add, name="reseller_pool_add"),
]
console: list[URLPattern] = [
    path("resellers/<int:pk>/suppliers/add/", supplies.supplier_add, name="supplier_add"),
    path("supplies/<int:pk>/end/", supplies.supply_end, name="supply_end"),
]
portal: list[URLPattern] = [
    path("pools/<int:pk>/accept/", pool_changes.pool_accept, name="pool_accept"),
    path("pools/<int:pk>/decline/", pool_changes.pool_decline, name="pool_decline"),
]
api: list[URLPattern] = [
    *api_paths("pools", PoolApi),
    *api_paths("pools/<int:pool>/assignments", PoolAssignmentApi),
    *api_paths("assignments", AssignmentApi),
    *api_paths("resellers", ResellerPoolApi),
    *api_paths("resellers/<int:reseller>/pools", ResellerPoolsApi),
    *api_paths("supplies", SupplyApi),
]
