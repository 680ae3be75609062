"""What is said of a company: which values are taken, how they are stored, and what a repeat compares."""

from uuid import uuid4

import pytest

from resellerhub.kernel.refusals import Invalid, RequestReused
from tenants.models import Profile
from tenants.services.customers import create_customer
from tenants.services.details import Details
from tests.world import NOW, World

WRONG = {
    "name": " ",
    "owner_email": "nobody",
    "country": "ZZ",
    "language": "tlh",
    "time_zone": "Mars/Olympus",
    "legal_name": "x" * 201,
    "vat_id": "DE136695975",
    "currency": "DEM",
    "payment_days": 366,
    "iban": "DE89370400440532013001",
    "billing_email": "nobody@",
    "memo": "what\u200bever",
}


def refused(**values) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as caught:
        Details(**{"name": "New"} | values).check()
    return caught.value.errors


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_is_refused_beside_its_field(name: str):
    assert list(refused(**{name: WRONG[name]})) == [name]


def test_all_that_is_wrong_is_said_at_once():
    assert set(refused(**WRONG)) == set(WRONG)


def test_an_address_of_its_own_for_invoices_is_whole():
    assert set(refused(billing_same=False)) == {"billing_street", "billing_city", "billing_country"}
    Details(name="New", billing_same=False, billing_street="Weg 1", billing_city="Bonn", billing_country="DE").check()


@pytest.mark.parametrize(
    ("given", "country", "stored"),
    [
        ("de 136.695 976", "", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("094259216", "GR", "EL094259216"),
        ("CHE-107.787.577 MWST", "CH", "CHE107787577MWST"),
        ("GB 980 7806 84", "", "GB980780684"),
        ("", "DE", ""),
    ],
)
def test_a_vat_id_is_stored_without_spaces(given: str, country: str, stored: str):
    details = Details(name="New", vat_id=given, country=country)
    details.check()
    assert details.values()["vat_id"] == stored


def test_it_is_stored_as_it_is_compared(world: World):
    request_id = uuid4()

    def create(**values):
        said = {"name": "Löwe", "iban": "DE89 3704 0044 0532 0130 00", "owner_email": "Boss@Loewe.example"} | values
        return create_customer(
            actor=world.north.actor, seller_id=world.north.id, details=Details(**said), request_id=request_id, now=NOW
        )

    made = create()
    profile = Profile.objects.get(pk=made.pk)
    assert (profile.iban, profile.owner_email) == ("DE89370400440532013000", "boss@loewe.example")
    assert (profile.currency, profile.time_zone, profile.payment_days) == ("EUR", "Europe/Berlin", 14)
    assert create(iban="DE89370400440532013000", billing_street="not stored") == made
    with pytest.raises(RequestReused):
        create(payment_days=30)
    with pytest.raises(RequestReused):
        create(memo="pays late")


def test_the_interface_takes_all_of_it_and_fills_in_what_the_house_says(world: World):
    api = world.provider.api()
    refused = api.post("resellers", {"name": "New", "type": "prepaid", "vat_id": "DE1", "iban": "X"})
    assert refused.status_code == 422
    assert {error["pointer"] for error in refused.json()["errors"]} == {"#/vat_id", "#/iban"}
    world.provider.tenant.settings.currency = "CHF"
    world.provider.tenant.settings.save(update_fields=["currency"])
    made = api.post("resellers", {"name": "New", "type": "prepaid", "vat_id": "DE 136695976"})
    profile = Profile.objects.get(pk=made.json()["id"])
    assert (profile.vat_id, profile.currency) == ("DE136695976", "CHF")
