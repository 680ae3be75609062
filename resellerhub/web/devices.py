"""What a browser says of itself, in the words of somebody who looks whether it is theirs."""

import re

from django.utils.translation import gettext as _

BROWSERS = [
    ("Edge", r"\bEdg(e|A|iOS)?/"),
    ("Opera", r"\bOPR/|\bOpera\b"),
    ("Samsung Internet", r"\bSamsungBrowser/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"\b(Chrome|Chromium|CriOS|HeadlessChrome)/"),
    ("Safari", r"\bSafari/"),
]
SYSTEMS = [
    ("iPhone", r"\biPhone\b"),
    ("iPad", r"\biPad\b"),
    ("Android", r"\bAndroid\b"),
    ("Windows", r"\bWindows\b"),
    ("ChromeOS", r"\bCrOS\b"),
    ("macOS", r"\bMac OS X\b|\bMacintosh\b"),
    ("Linux", r"\bLinux\b"),
]
"""The most particular first: most browsers also claim to be others."""

LONGEST = 80


def device(agent: str) -> str:
    """Browser and system; what is neither known stands as it was sent."""
    browser = next((name for name, mark in BROWSERS if re.search(mark, agent)), "")
    system = next((name for name, mark in SYSTEMS if re.search(mark, agent)), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or agent[:LONGEST] or "–"
