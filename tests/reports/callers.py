"""How the tests look at pages and ask the API."""

import html
import re

from django.utils import timezone
from rest_framework.test import APIClient

from tenants.services.api_keys import create_api_key
from tests.world import Player

CELL = re.compile(r"<td[^>]*>(.*?)</td>", re.S)
ROW = re.compile(r"<tr>(.*?)</tr>", re.S)
TAG = re.compile(r"<[^>]+>")


def get(browser, address, **query):
    return browser.get(address, query)


def page_rows(browser, address, **query):
    """The cells of the page's table as text; the column of links is left out."""
    page = get(browser, address, **query).content.decode()
    if "<tbody>" not in page:
        return []
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    rows = [
        tuple(html.unescape(TAG.sub("", cell)).strip() for cell in CELL.findall(row) if "View detail" not in cell)
        for row in ROW.findall(body)
    ]
    return [row for row in rows if row]


def api(player: Player, *scopes: str) -> APIClient:
    """The API as the administrator of this tenant, by a key."""
    client = APIClient()
    _key, text = create_api_key(actor=player.actor, name="Tests", scopes=list(scopes or ("*",)), now=timezone.now())
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {text}")
    return client


def post(client, address, body, key="one"):
    return client.post(address, body, format="json", headers={"Idempotency-Key": key})


def content(response) -> bytes:
    """What is streamed; the test's client closes it at the end."""
    return b"".join(response)


def stored(run) -> bytes:
    with run.file.open("rb") as file:
        return file.read()
