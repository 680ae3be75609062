"""Bodies that would be taken if the row were theirs: a sweep with empty ones would stop at the first check."""

from datetime import UTC, datetime
from uuid import uuid4

from tests.isolation.routes import Route


def body_of(route: Route, ids: dict[str, int]) -> dict[str, object]:
    return BODIES.get(route.name, lambda _ids: {})(ids)


BODIES = {
    "invoices": lambda ids: {"payer": ids["customers"], "until": "2026-11-30"},
    "invoice_void": lambda ids: {"reason": "Wrong"},
    "invoice_credit": lambda ids: {"reason": "Agreed"},
    "reseller_close": lambda ids: {"confirmation": "Yes"},
    "customer_close": lambda ids: {"confirmation": "Yes"},
    "customer_convert": lambda ids: {"type": "prepaid"},
    "reseller_move": lambda ids: {"seller": ids["resellers"]},
    "customer_move": lambda ids: {"seller": ids["resellers"]},
    "reseller_preview_move": lambda ids: {"seller": ids["resellers"]},
    "customer_preview_move": lambda ids: {"seller": ids["resellers"]},
    "customer_change_account": lambda ids: {"support_level": "gold"},
    "customer_limits": lambda ids: {"light": 9},
    "mailboxes": lambda ids: {"tariff": "light", "address": "another@shop.example"},
    "support_level": lambda ids: {"name": "Renamed"},
    "user": lambda ids: {"role": "read_only"},
    "user_assign": lambda ids: {"customers": [ids["customers"]]},
    "user_release": lambda ids: {"customers": [ids["customers"]]},
    "user_hand_on": lambda ids: {"to": ids["users"]},
    "subscription_change": lambda ids: {"quantity": 2},
    "subscription_preview": lambda ids: {"operation": "change", "quantity": 2},
    "subscription_renewal": lambda ids: {"renews": False},
    "subscription_co_term": lambda ids: {"subscription": ids["subscriptions"]},
    "subscription_move": lambda ids: {"customer": ids["customers"]},
    "reseller": lambda ids: {"may_oversell": True},
    "reseller_terms": lambda ids: {"may_oversell": "on", "request_id": str(uuid4())},
    "reseller_map": lambda ids: {
        "owner_email": "admin@north-east.example",
        "organisation": "Mapped",
    },
    "reseller_company": lambda ids: {"request_id": str(uuid4())},
    "reseller_signatures": lambda ids: {"sales": "Signed"},
    "registration_reject": lambda ids: {"reason": "No room."},
    "reseller_subscribe": lambda ids: {
        "package": ids["wholesale"],
        "service_instance": ids["service-instances"],
        "quantity": 1,
    },
    "over_usage_raise": lambda ids: {"amount": 1},
    "over_usage_sell": lambda ids: {"add_on": ids["add-ons"], "quantity": 1},
    "add_on_associate": lambda ids: {"packages": "all"},
    "service_type": lambda ids: {"name": "Renamed"},
    "resource": lambda ids: {"name": "Renamed"},
    "service_instance": lambda ids: {"name": "Renamed"},
    "package": lambda ids: {"name": "Renamed"},
    "fee": lambda ids: {"name": "Renamed"},
    "price_list": lambda ids: {"name": "Renamed"},
    "price_list_preview": lambda ids: {"lines": [{"method": "markup", "percent": "1"}]},
    "price_rules": lambda ids: {"lines": [{"method": "markup", "percent": "1"}]},
    "price_list_holders": lambda ids: {"buyers": [ids["customers"]]},
    "price_list_holder_release": lambda ids: {"buyers": [ids["customers"]]},
    "fee_versions": lambda ids: {"amount": {"amount": "1", "currency": "EUR"}},
    "add_on": lambda ids: {"name": "Renamed"},
    "subscriptions": lambda ids: {
        "tenant": ids["customers"],
        "package": ids["packages"],
        "service_instance": ids["service-instances"],
        "quantity": 1,
    },
    "subscription_preview_sale": lambda ids: {
        "tenant": ids["customers"],
        "package": ids["packages"],
        "service_instance": ids["service-instances"],
        "quantity": 1,
    },
    "reseller_offerings": lambda ids: {"packages": [ids["wholesale"]]},
    "listing": lambda ids: {"is_active": False},
    "order_reject": lambda ids: {"comment": "No."},
    "package_push": lambda ids: {"prices": True},
    "package_preview_push": lambda ids: {"prices": True},
    "pool": lambda ids: {"seats": 9},
    "assignment": lambda ids: {"seats": 2},
    "pool_assignments": lambda ids: {"customer": ids["customers"], "seats": 1},
    "reseller_pools": lambda ids: {
        "pools": [{"source_pool": ids["pools"], "source": "direct", "payment_type": "yearly", "seats": 1}]
    },
    "reseller_supply": lambda ids: {"supplier": ids["resellers"]},
    "usage": lambda ids: {
        "events": [
            {
                "event_id": str(uuid4()),
                "subscription": ids["subscriptions"],
                "resource": "user_mailbox",
                "quantity": 1,
                "at": datetime(2026, 11, 20, tzinfo=UTC).isoformat(),
            }
        ]
    },
}
