"""What is to be known of a company when its tenant is made."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from resellerhub.kernel.refusals import Invalid


@dataclass(frozen=True)
class Details:
    name: str
    owner_email: str = ""
    contact_name: str = ""
    phone: str = ""
    street: str = ""
    postal_code: str = ""
    city: str = ""
    country: str = ""
    language: str = "en"

    def check(self) -> None:
        """A tenant without a name could not be found again."""
        if not self.name.strip():
            raise Invalid({"name": [_("A name is needed.")]})

    def values(self) -> dict[str, Any]:
        return asdict(self) | {"name": self.name.strip(), "owner_email": self.owner_email.strip().lower()}
