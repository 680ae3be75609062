"""Where the pages of the reports stand in the navigation."""

from django.http import HttpRequest

from resellerhub.web.shells import CONSOLE, shell_of


def home(request: HttpRequest, name: str) -> str:
    """The console lists each report; the portal has one entry, Usage, and the rest beneath it."""
    return name if shell_of(request) == CONSOLE else "over_usage"
