"""A logo is written anew by us, whatever was uploaded: what a picture hides besides its pixels is gone."""

from io import BytesIO

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from resellerhub.kernel.refusals import Refusal

MOST_BYTES = 1_000_000
MOST_PIXELS = 6_000_000
BROKEN = (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombWarning, Image.DecompressionBombError)
ROOM = (640, 160)
FORMATS = ("PNG", "JPEG", "WEBP")


class LogoTooLarge(Refusal):
    code, message, status = "logo-too-large", _("A logo has at most {bytes} bytes and {pixels} pixels."), 422

    @property
    def detail(self) -> str:
        told = {name: number_format(value, force_grouping=True) for name, value in self.facts.items()}
        return str(self.message).format(**told)


class NoLogo(Refusal):
    code, message, status = "no-logo", _("This is no picture in PNG, JPEG or WebP."), 422


def png_of(data: bytes) -> bytes:
    """The picture as a PNG that fits. Its size is read from its head before any pixel is unpacked."""
    if len(data) > MOST_BYTES:
        raise _too_large()
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise _too_large()
            upright = ImageOps.exif_transpose(image).convert("RGBA")
            upright.thumbnail(ROOM)
            return _clean(upright)
    except BROKEN as error:
        raise NoLogo(field="logo") from error


def _clean(image: Image.Image) -> bytes:
    """The pixels alone: no place, no camera, no profile, no comment."""
    bare = Image.new("RGBA", image.size)
    bare.paste(image)
    file = BytesIO()
    bare.save(file, "PNG", optimize=True)
    return file.getvalue()


def _too_large() -> LogoTooLarge:
    return LogoTooLarge(field="logo", bytes=MOST_BYTES, pixels=MOST_PIXELS)
