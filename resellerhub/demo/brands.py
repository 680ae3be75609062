"""A reseller of the demo whose customers see its name, its colour and its mountains, at an address of its own."""

from io import BytesIO

from PIL import Image, ImageDraw

from resellerhub.demo.sellers import Seller, Stage
from tenants.services.branding import change_branding
from tenants.services.proofs import vouch

PLUM = "#8a1c4a"
DOMAIN = "alpenblick.localhost"
"""Every browser finds the machine itself there."""


def make_brand(stage: Stage, seller: Seller) -> None:
    look = {
        "product_name": "Alpenblick Kundencenter",
        "colour": PLUM,
        "sender_name": "Alpenblick Kundencenter",
        "sender_email": "kundencenter@alpenblick-cloud.example",
        "support_email": "hilfe@alpenblick-cloud.example",
        "footer": "Alpenblick Cloud Services GmbH · München",
        "domain": DOMAIN,
    }
    change_branding(actor=seller.actor, fields=look, logo=mountains(), now=stage.now)
    vouch(tenant_id=seller.actor.tenant_id, request_id="demo", now=stage.now)  # nobody has these names in a DNS


def mountains() -> bytes:
    image = Image.new("RGBA", (320, 320), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.polygon([(10, 290), (130, 60), (250, 290)], fill=PLUM)
    draw.polygon([(150, 290), (230, 140), (310, 290)], fill="#d9a5bc")
    draw.polygon([(98, 122), (130, 60), (162, 122), (130, 150)], fill="#ffffff")
    file = BytesIO()
    image.save(file, "PNG")
    return file.getvalue()
