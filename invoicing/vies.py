"""Who is asked whether a VAT ID is one: the Commission's VIES, or where nobody is to be asked, ourselves.

Which of them is said by the setting `VAT_CHECKER`, and where VIES answers by `VIES_URL`: both are the operator's, and
nothing that a tenant types reaches further than the two fields of the question. Never ask inside a transaction: an
answer takes seconds, or does not come.
"""

import http.client
import json
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.module_loading import import_string

from invoicing.models import VatCheck

SECONDS = 10.0
"""So long an answer is waited for, at each step of it."""
MOST_BYTES = 100_000
NOT_OURS = "INVALID_REQUESTER_INFO"
"""VIES does not know the VAT ID of who asks: it is asked again without, and gives no consultation number."""
NEVER = "INVALID_INPUT"
"""What the country's office says of a number that can be none."""


class Answer(NamedTuple):
    state: str
    consultation: str = ""
    problem: str = ""
    """Why there is no answer, as a code of VIES."""


class Checker(Protocol):
    def ask(self, vat_id: str, requester: str) -> Answer:
        """Both with their country. Never raises: what goes wrong is no answer, with its `problem`."""


def checker() -> Checker:
    made: Checker = import_string(settings.VAT_CHECKER)()
    return made


class Vies:
    """https://ec.europa.eu/taxation_customs/vies/, the service over REST. Redirects are not followed."""

    def ask(self, vat_id: str, requester: str) -> Answer:
        answer = self._ask(vat_id, requester)
        return self._ask(vat_id, "") if requester and answer.problem == NOT_OURS else answer

    def _ask(self, vat_id: str, requester: str) -> Answer:
        question = {"countryCode": vat_id[:2], "vatNumber": vat_id[2:]}
        if requester:
            question |= {"requesterMemberStateCode": requester[:2], "requesterNumber": requester[2:]}
        try:
            return _read(_post(settings.VIES_URL, question))
        except (OSError, http.client.HTTPException, ValueError) as error:
            return Answer(VatCheck.State.UNKNOWN, problem=type(error).__name__)


class WellFormed:
    """Asks nobody: what has the form of a VAT ID is taken for one. For machines without a way out, and for tests."""

    def ask(self, vat_id: str, requester: str) -> Answer:
        return Answer(VatCheck.State.VALID)


def _post(url: str, question: dict[str, str]) -> Any:
    place = urlsplit(url)
    kind = http.client.HTTPSConnection if place.scheme == "https" else http.client.HTTPConnection
    connection = kind(place.netloc, timeout=SECONDS)
    try:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        connection.request("POST", place.path, json.dumps(question), headers)
        reply = connection.getresponse()
        body = reply.read(MOST_BYTES + 1)
    finally:
        connection.close()
    if len(body) > MOST_BYTES:
        raise ValueError("too much of an answer")
    return json.loads(body) if reply.status in (200, 400) else {"userError": f"HTTP_{reply.status}"}


def _read(reply: Any) -> Answer:
    """Of an answer, or of a refusal to give one; the service has two shapes for either."""
    if not isinstance(reply, dict):
        raise ValueError("no answer of VIES")
    wrappers = reply.get("errorWrappers") or [{"error": reply.get("userError") or ""}]
    problem = str(wrappers[0].get("error", ""))[:100]
    said = reply.get("valid", reply.get("isValid"))
    if problem == NEVER:
        return Answer(VatCheck.State.INVALID)
    if reply.get("actionSucceed") is False or not isinstance(said, bool) or problem not in ("", "VALID", "INVALID"):
        return Answer(VatCheck.State.UNKNOWN, problem=problem or "NO_ANSWER")
    consultation = str(reply.get("requestIdentifier") or "")[:40]
    return Answer(VatCheck.State.VALID if said else VatCheck.State.INVALID, consultation)
