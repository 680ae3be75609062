"""What a secret in a mail is made of: of the mail's salt, by the key of the installation. However often a mail is sent,
its secret is the same; neither the rows alone nor the key alone tell it.
"""

from base64 import urlsafe_b64encode

from django.utils.crypto import salted_hmac

from tenants.models import Mail

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Of codes: none that looks like another. Twelve are 60 bits."""


def token_of(mail: Mail) -> str:
    """256 bits for a link."""
    return urlsafe_b64encode(_secret(mail)).rstrip(b"=").decode()


def code_of(mail: Mail) -> str:
    """What somebody can type."""
    letters = "".join(LETTERS[byte % len(LETTERS)] for byte in _secret(mail)[:12])
    return "-".join(letters[place : place + 4] for place in (0, 4, 8))


def _secret(mail: Mail) -> bytes:
    return salted_hmac("tenants.mail", f"{mail.pk}.{mail.kind}.{mail.salt}", algorithm="sha256").digest()
