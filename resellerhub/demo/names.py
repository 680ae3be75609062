"""Names that could stand on a letterhead. The same seed gives the same names."""

from random import Random

from tenants.services.details import Details

RESELLERS = (
    ("Nordwind IT-Systemhaus GmbH", "nordwind-it", "Hamburg", "20457"),
    ("Alpenblick Cloud Services GmbH", "alpenblick-cloud", "München", "80331"),
    ("Mainufer Beratung AG", "mainufer-beratung", "Frankfurt am Main", "60311"),
    ("Rheinwerk Datentechnik KG", "rheinwerk-daten", "Köln", "50667"),
    ("Elbtal Systemhaus GmbH", "elbtal-systeme", "Dresden", "01067"),
    ("Küstenlicht Media UG", "kuestenlicht-media", "Kiel", "24103"),
)
SUB_RESELLER = ("Hanse Büroservice GmbH", "hanse-buero", "Lübeck", "23552")

CITIES = (
    ("Berlin", "10115"), ("Hamburg", "20095"), ("München", "80331"), ("Köln", "50667"), ("Leipzig", "04109"),
    ("Dresden", "01067"), ("Hannover", "30159"), ("Nürnberg", "90402"), ("Bremen", "28195"), ("Rostock", "18055"),
    ("Kassel", "34117"), ("Erfurt", "99084"), ("Freiburg", "79098"), ("Münster", "48143"), ("Potsdam", "14467"),
    ("Regensburg", "93047"), ("Göttingen", "37073"), ("Jena", "07743"), ("Trier", "54290"), ("Würzburg", "97070"),
)  # fmt: skip
TRADES = (
    "Autohaus", "Bäckerei", "Baugesellschaft", "Buchhandlung", "Dachdeckerei", "Druckerei", "Elektrotechnik",
    "Fahrschule", "Gärtnerei", "Glaserei", "Großhandel", "Hausverwaltung", "Hotel", "Immobilien", "Ingenieurbüro",
    "Kanzlei", "Logistik", "Malerbetrieb", "Maschinenbau", "Metallbau", "Möbelhaus", "Optik", "Pflegedienst",
    "Physiotherapie", "Reisebüro", "Sanitärtechnik", "Schreinerei", "Spedition", "Steuerberatung", "Weingut",
)  # fmt: skip
SURNAMES = (
    "Albrecht", "Arnold", "Bauer", "Beck", "Berger", "Böhm", "Brandt", "Busch", "Dietrich", "Engel", "Ernst", "Fischer",
    "Franke", "Friedrich", "Fuchs", "Graf", "Groß", "Günther", "Haas", "Hahn", "Hartmann", "Heinrich", "Hoffmann",
    "Horn", "Huber", "Jäger", "Jansen", "Kaiser", "Keller", "Köhler", "König", "Krämer", "Kuhn", "Lang", "Lehmann",
    "Lindner", "Lorenz", "Ludwig", "Maier", "Martin", "Otto", "Peters", "Pfeiffer", "Pohl", "Richter", "Roth", "Sauer",
    "Schäfer", "Schubert", "Schulte", "Seidel", "Simon", "Sommer", "Stein", "Thomas", "Vogel", "Voigt", "Weiß",
    "Winter", "Wolff", "Ziegler",
)  # fmt: skip
FIRST_NAMES = (
    "Anja", "Birgit", "Claudia", "Daniel", "Eva", "Florian", "Gesa", "Holger", "Ines", "Jan", "Katrin", "Lars",
    "Miriam", "Nils", "Oliver", "Petra", "Ralf", "Sabine", "Thomas", "Ulrike", "Volker", "Wiebke",
)  # fmt: skip
LEGAL = ("GmbH", "GmbH & Co. KG", "e. K.", "KG", "OHG", "GbR")
STREETS = ("Hauptstraße", "Bahnhofstraße", "Gartenweg", "Marktplatz", "Lindenallee", "Am Hafen", "Schulstraße")


def person(random: Random) -> str:
    return f"{random.choice(FIRST_NAMES)} {random.choice(SURNAMES)}"


def reseller(random: Random, position: int) -> tuple[Details, str]:
    """The details and the mail domain of the reseller at this position: the first ones are always the same."""
    if position < len(RESELLERS):
        name, domain, city, postal_code = RESELLERS[position]
    else:
        city, postal_code = random.choice(CITIES)
        surname = random.choice(SURNAMES)
        name, domain = f"{surname} IT-Service {city} GmbH", f"it-service-{position}"
    return _details(random, name, domain, city, postal_code), f"{domain}.example"


def sub_reseller(random: Random) -> tuple[Details, str]:
    name, domain, city, postal_code = SUB_RESELLER
    return _details(random, name, domain, city, postal_code), f"{domain}.example"


def customer(random: Random, number: int) -> Details:
    city, postal_code = random.choice(CITIES)
    name = f"{random.choice(TRADES)} {random.choice(SURNAMES)} {random.choice(LEGAL)}"
    return _details(random, name, f"kunde-{number}", city, postal_code)


def _details(random: Random, name: str, domain: str, city: str, postal_code: str) -> Details:
    return Details(
        name=name,
        owner_email=f"info@{domain}.example",
        contact_name=person(random),
        phone=f"+49 30 {random.randrange(1_000_000, 9_999_999)}",
        street=f"{random.choice(STREETS)} {random.randrange(1, 120)}",
        postal_code=postal_code,
        city=city,
        country="DE",
        language="de",
    )
