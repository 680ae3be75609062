"""What the demo's companies say of themselves: terms, signatures, who is mapped, and who asks to come in."""

from collections.abc import Sequence

from resellerhub.demo.sellers import Seller, Stage
from tenants.models import Profile, ResellerType
from tenants.services.company import amend_company, change_signatures
from tenants.services.details import Details
from tenants.services.mapping import map_reseller
from tenants.services.registrations import Applicant, request_registration
from tenants.services.settings import TypeChange, change_house, change_reseller_types

SLUG = "groupware"
PREPAID_TERMS = """Der Partner bezieht Kontingente im Voraus und verkauft sie im eigenen Namen und auf eigene Rechnung.
Was über das Kontingent hinaus verkauft wird, wird zum Monatsende nachberechnet."""
COMMISSION_TERMS = """Der Partner vermittelt Pakete des Anbieters. Der Anbieter stellt den Kunden die Rechnung;
die Provision wird monatlich gutgeschrieben."""
APPLICANT = Details(
    name="Spreebogen Systemhaus GmbH",
    owner_email="partner@spreebogen.example",
    contact_name="Mara Vogel",
    phone="+49 30 5550190",
    street="Am Kupfergraben 6",
    postal_code="10117",
    city="Berlin",
    country="DE",
    language="de",
    vat_id="DE136695976",
)


def tell_of_companies(stage: Stage, resellers: Sequence[Seller]) -> None:
    """The first reseller is mapped and the others are not; one request waits for an answer."""
    _word_terms(stage)
    _sign(stage, stage.provider.tenant_id, "Groupware GmbH", "groupware.example")
    first = resellers[0]
    owner = Profile.objects.get(pk=first.id).owner_email
    for reseller in resellers[:2]:
        _sign(stage, reseller.id, reseller.name, Profile.objects.get(pk=reseller.id).owner_email.partition("@")[2])
    amend_company(
        actor=stage.provider,
        tenant_id=first.id,
        values={"legal_name": first.name, "vat_id": "DE136695976", "payment_days": 30, "memo": "Zahlt pünktlich."},
        now=stage.now,
    )
    map_reseller(actor=stage.provider, reseller_id=first.id, owner_email=owner, organisation=first.name, now=stage.now)
    applicant = Applicant(APPLICANT, ResellerType.PREPAID, "Wir betreuen 40 Betriebe in Berlin.", terms_version=2)
    request_registration(provider_id=stage.provider.tenant_id, applicant=applicant, now=stage.now)


def _word_terms(stage: Stage) -> None:
    texts = {ResellerType.PREPAID: PREPAID_TERMS, ResellerType.COMMISSION: COMMISSION_TERMS}
    types = [TypeChange(reseller_type, terms=text) for reseller_type, text in texts.items()]
    change_reseller_types(actor=stage.provider, types=types, now=stage.now)
    change_house(actor=stage.provider, slug=SLUG, takes_registrations=True, now=stage.now)


def _sign(stage: Stage, tenant_id: int, name: str, domain: str) -> None:
    signatures = {
        "sales": f"Vertrieb · {name}\nvertrieb@{domain}",
        "support": f"Ihr Support-Team · {name}\nsupport@{domain}",
        "billing": f"Buchhaltung · {name}\nbuchhaltung@{domain}",
    }
    change_signatures(actor=stage.provider, tenant_id=tenant_id, signatures=signatures, now=stage.now)
