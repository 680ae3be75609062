"""How the tests ask the API for bulk sales, and read its answers."""


def price(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "EUR"}


def answered(response, status=200):
    assert response.status_code == status, response.content
    return response.json() if response.content else None


def body(shop, **changes):
    return {
        "audience": "customers",
        "owner": "all",
        "service_type": shop.market.exchange.pk,
        "add_on": shop.add_on.pk,
        "only_over_quota": False,
        "quantity": 1,
        **changes,
    }
