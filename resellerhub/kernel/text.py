"""Which text may be stored: nothing that cannot be seen or makes others see something else. And which is an id."""

import re
import unicodedata

FORBIDDEN = re.compile(
    "["
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"  # control characters other than tab and line break
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # turn the direction of what follows
    "\u200b\u180e\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0000-\U000e007f"  # take no room
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"  # halves of characters, and none at all
    "]"
)
LOOKS_EMPTY = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u200c\u200d\u2800\u3164\uffa0")


LONGEST_ID = 18
"""So many digits always fit into a 64-bit key."""


def id_in(text: str) -> int | None:
    """The id that somebody typed or that an address names; None where it can be none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= LONGEST_ID else None


def has_forbidden(text: str) -> bool:
    return FORBIDDEN.search(text) is not None


def has_lines(text: str) -> bool:
    """More than one line, or a tab: nothing for a name, which stands in cells, subjects and headings."""
    return any(character in text for character in "\n\r\t\v\f\u2028\u2029")


LINK = re.compile(r"://|\bwww\.|\bmailto:|\b[\w-]+\.[a-z]{2,}/", re.IGNORECASE)


def has_link(text: str) -> bool:
    """Something that mail programs make a link of: nothing for a name, which stands in mails to strangers. A bare
    domain is left alone: there are companies of that name.
    """
    return LINK.search(unicodedata.normalize("NFKC", text)) is not None


def is_blank(text: str) -> bool:
    """Nothing in it would be seen: spaces, fillers, joiners, marks without a letter."""
    return all(
        character in LOOKS_EMPTY or character.isspace() or unicodedata.category(character) in {"Mn", "Me", "Cf", "Zs"}
        for character in text
    )
