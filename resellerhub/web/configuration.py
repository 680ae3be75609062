"""How pages are put together and sent; the settings of the project take it from here."""

from pathlib import Path
from typing import Any

from csp.constants import NONE, SELF

VENDORS = {
    "vendor/tabler": "@tabler/core/dist",
    "vendor/chart": "chart.js/dist",
    "vendor/tom-select": "tom-select/dist",
    "vendor/htmx": "htmx.org/dist",
}
"""Where the browser finds a front-end package, and where that lies."""

CONTENT_SECURITY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
PERMISSIONS: dict[str, list[str]] = {
    **{name: [] for name in ("camera", "geolocation", "microphone", "payment", "usb")},
    **{f"publickey-credentials-{name}": ["self"] for name in ("create", "get")},
}


def templates(folder: Path) -> list[dict[str, Any]]:
    return [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "DIRS": [folder],
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.template.context_processors.i18n",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                    "resellerhub.web.context.shell",
                ],
            },
        }
    ]


def packages(folder: Path) -> list[tuple[str, Path]]:
    """The front-end packages that are installed."""
    return [(prefix, folder / inside) for prefix, inside in VENDORS.items() if (folder / inside).is_dir()]
