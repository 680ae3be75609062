"""What the portal is called and looks like for whoever asks. Who has which brand, the app that knows tenants says."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse


@dataclass(frozen=True)
class Brand:
    """Nothing given: the product as it comes."""

    product: str = "ResellerHub"
    colour: str = ""
    logo: str = ""
    """Digest of a picture, which is its address: an address that names nobody."""
    sender_name: str = ""
    sender_email: str = ""
    support_email: str = ""
    footer: str = ""
    domain: str = ""
    owner_id: int | None = None
    """The tenant whose brand it is; None for the product's own."""

    @property
    def is_own(self) -> bool:
        return self.owner_id is not None

    @property
    def logo_url(self) -> str:
        """Empty where somebody has a name of their own and no picture: never the product's beside it."""
        if self.logo:
            return reverse("brand_logo", args=[self.logo])
        return "" if self.is_own else static("resellerhub/mark.svg")

    @property
    def css_url(self) -> str:
        return reverse("brand_css", args=[self.colour.removeprefix("#")]) if self.colour else ""


DEFAULT = Brand()


def brand_of(request: HttpRequest | None) -> Brand:
    """Set by the middleware, so that an error page needs neither user nor database to show it."""
    brand: Brand = getattr(request, "brand", DEFAULT)
    return brand
