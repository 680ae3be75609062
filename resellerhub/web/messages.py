"""The German catalogue: what the sources ask for, taken out with Babel, so that no gettext need be installed."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

PLACES = ("resellerhub", "tenants", "catalog", "subscriptions", "addons", "invoicing", "reports")
TEMPLATES = ("templates",)
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "_": None,
}


def po_path(language: str = "de") -> Path:
    return Path(settings.LOCALE_PATHS[0]) / language / "LC_MESSAGES" / "django.po"


def _sources() -> Iterator[tuple[Path, bytes]]:
    for place in PLACES:
        for path in sorted((settings.BASE_DIR / place).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_bytes()
    for place in TEMPLATES:
        for path in sorted((settings.BASE_DIR / place).rglob("*.*")):
            if path.suffix in {".html", ".txt"}:
                yield path, _as_python(path)


def _as_python(path: Path) -> bytes:
    """A template as calls of gettext; without its indentation, which would mean something to Python."""
    lines = templatize(path.read_text(), origin=str(path)).splitlines()
    return "\n".join(line.lstrip() for line in lines).encode()


def wanted() -> Catalog:
    """Every string that pages, refusals and mails ask to be translated."""
    catalog = Catalog(charset="utf-8")
    for path, source in _sources():
        name = str(path.relative_to(settings.BASE_DIR))
        for _line, function, message, _comments in extract_python(BytesIO(source), KEYWORDS, [], {}):
            context, key = _key(str(function), message)
            if key and (isinstance(key, tuple) or key.strip()):
                catalog.add(key, context=context, locations=[(name, 0)])
    return catalog


def _key(function: str, message: object) -> tuple[str | None, str | tuple[str, str] | None]:
    given = list(message) if isinstance(message, tuple) else [message]
    plural = function.startswith(("ngettext", "npgettext"))
    words = [word for word in given[: 1 + plural + ("pgettext" in function)] if isinstance(word, str)]
    context = words.pop(0) if "pgettext" in function and words else None
    if len(words) != 1 + plural:
        return None, None  # not a literal: nothing to take out
    return context, (words[0], words[1]) if plural else words[0]


def update(language: str = "de") -> Catalog:
    """The stored catalogue, brought up to what the sources ask for; what nobody asks for any more is dropped."""
    path = po_path(language)
    stored = read_po(path.open("rb"), locale=language) if path.exists() else Catalog(locale=language, charset="utf-8")
    stored.update(wanted(), no_fuzzy_matching=True)
    stored.obsolete.clear()
    return stored


def untranslated(catalog: Catalog) -> list[str]:
    """What has no German yet."""
    return [
        str(message.id)
        for message in catalog
        if message.id and not all(message.string if isinstance(message.string, tuple | list) else [message.string])
    ]


def write(catalog: Catalog, language: str = "de") -> None:
    path = po_path(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=120, include_lineno=False, sort_output=True, omit_header=False)


def compile_catalogue(language: str = "de") -> Path:
    target = po_path(language).with_suffix(".mo")
    with po_path(language).open("rb") as source, target.open("wb") as file:
        write_mo(file, read_po(source, locale=language))
    return target
