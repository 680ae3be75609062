"""The list of customers in the order of names, where some of these are hidden."""

from functools import partial

from tenants import selectors
from tenants.services.customers import create_customers
from tenants.services.details import Details
from tenants.services.visibility import hide_customers
from tests.world import NOW, World


def test_pages_of_the_list_are_in_the_order_of_what_is_shown(world: World, django_assert_max_num_queries):
    """Hidden and readable names are merged: each customer once, wherever a page ends, and no more queries for it."""
    add = partial(create_customers, actor=world.provider.actor, now=NOW)
    names = [f"{word} {n}" for n in range(7) for word in ("Anvil", "Customer", "Zinc")]
    for seller in (world.provider, world.north_east):
        add(seller_id=seller.id, customers=[Details(name=f"{name} {seller.id}") for name in names])
    hide_customers(actor=world.provider.actor, reseller_id=world.north_east.id, now=NOW)
    browser, shown = world.provider.browser(), selectors.customers(world.provider.actor)
    for sort, order in (("name", "by_name"), ("-name", "-by_name")):
        wanted = list(shown.order_by(order, "pk").values_list("pk", flat=True))
        seen = []
        for page in (1, 2):
            rows = browser.get("/console/customers/", {"sort": sort, "page": page}).context["table"].page.object_list
            seen += [row.record.pk for row in rows]
        assert seen == wanted
        assert len(seen) == 2 * len(names) + 4
    found = browser.get("/console/customers/", {"q": "Anvil 3"}).context["table"].page.object_list
    assert [row.record.name for row in found] == [f"Anvil 3 {world.provider.id}"]
    for nothing in ({"seller": 10**9}, {"q": "nobody is called so"}):
        assert len(browser.get("/console/customers/", nothing).context["table"].page.object_list) == 0
    with django_assert_max_num_queries(12):
        browser.get("/console/customers/")
