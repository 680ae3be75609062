"""`manage.py up --check`: web, worker and beat prove themselves over REST, as an integrator would use them."""

import csv
import io
import json
import time
import urllib.error
import urllib.request
import uuid
from pathlib import Path
from typing import Any, NamedTuple

from resellerhub.launch.stack import Stack
from resellerhub.launch.terminal import Trouble, say, step

PATIENCE = 120
RECENT = 60.0
ENDED = {"done", "cancelled"}


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Api:
    def __init__(self, url: str, key: str) -> None:
        self.url, self.key = url, key

    def ask(self, path: str, body: dict[str, Any] | None = None, *, expect: int) -> Answer:
        """One request; a POST carries an Idempotency-Key, as selling demands."""
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "*/*"}
        data = None
        if body is not None:
            headers |= {"Content-Type": "application/json", "Idempotency-Key": str(uuid.uuid4())}
            data = json.dumps(body).encode()
        address = path if path.startswith("http") else f"{self.url}{path}"
        request = urllib.request.Request(address, data=data, headers=headers)  # noqa: S310  our own server
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310
                answer = Answer(
                    reply.status, {name.lower(): value for name, value in reply.headers.items()}, reply.read()
                )
        except urllib.error.HTTPError as error:
            answer = Answer(error.code, {}, error.read())
        if answer.status != expect:
            said = answer.body.decode(errors="replace")[:600]
            raise Trouble(f"{request.get_method()} {address} answered {answer.status} instead of {expect}: {said}")
        return answer


def prove(stack: Stack, credentials: Path) -> int:
    """0 once a bulk sale and a report have gone through the worker and beat has been seen; Trouble otherwise."""
    demo = json.loads(credentials.read_text())
    key = next(entry["key"] for entry in demo["api_keys"] if entry["kind"] == "provider")
    api = Api(f"{stack.url}/api/v1", key)
    with step("A bulk sale by REST, done by the worker"):
        sale = _sell(stack, api)
    with step("The over-usage report, made by the worker"):
        rows = _report(stack, api)
    with step("Beat has been seen"):
        _see_beat(stack)
    counts, reasons = sale["counts"], sale["reasons"]
    why = ", ".join(f"{reason}: {number:,}" for reason, number in reasons.items())
    skipped = f"{counts['skipped']:,} skipped" + (f" ({why})" if why else "")
    say(f"\nSold {sale['add_on_name']} to {counts['sold']:,} of {counts['total']:,} targets; {skipped}.")
    say(f"Quota over usage: {len(rows) - 1:,} rows, worst first:")
    for row in rows[:6]:
        say("  " + " | ".join(row))
    say("\nWeb, worker and beat work.")
    return 0


def _sell(stack: Stack, api: Api) -> dict[str, Any]:
    """An add-on to the customers of all; the bulk sale as it ended."""
    add_on = api.ask("/add-ons?limit=1", expect=200).json["results"][0]
    body = {
        "audience": "customers",
        "owner": "all",
        "service_type": _identity(add_on["service_type"]),
        "add_on": add_on["id"],
        "only_over_quota": False,
        "quantity": 1,
    }
    started = api.ask("/bulk-sales", body, expect=202)
    _finish(stack, api, started)
    sale: dict[str, Any] = api.ask(f"/bulk-sales/{started.json['id']}?expand=reasons", expect=200).json
    if not sale["counts"]["sold"]:
        raise Trouble(f"The bulk sale sold nothing: {sale['counts']}, {sale['reasons']}.")
    return sale


def _report(stack: Stack, api: Api) -> list[list[str]]:
    started = api.ask("/report-runs", {"report": "quota-over-usage", "format": "csv"}, expect=202)
    _finish(stack, api, started)
    file = api.ask(f"/report-runs/{started.json['id']}/file", expect=200)
    rows = list(csv.reader(io.StringIO(file.body.decode("utf-8-sig"))))
    if len(rows) < 2:
        raise Trouble("The over-usage report is empty, and the demo data has customers over their quota.")
    return rows


def _finish(stack: Stack, api: Api, started: Answer) -> None:
    location = started.headers["location"]
    path = location if location.startswith("http") else f"{stack.url}{location}"
    until = time.monotonic() + PATIENCE
    while (job := api.ask(path, expect=200).json)["state"] not in ENDED:
        stack.check()
        if time.monotonic() > until:
            raise Trouble(f"The job {path} has not ended within {PATIENCE} s: {job}")
        time.sleep(0.2)
    if job["state"] != "done" or job["failed"]:
        raise Trouble(f"The job {path} did not end well: {job}")


def _see_beat(stack: Stack) -> None:
    """Its sign is written by the task that it sends, and a worker runs."""
    until = time.monotonic() + PATIENCE
    while True:
        with urllib.request.urlopen(f"{stack.url}/readyz", timeout=10) as answer:  # noqa: S310  our own server
            state = json.load(answer)
        if state.get("seen_seconds_ago", {}).get("beat", RECENT) < RECENT:
            return
        stack.check()
        if time.monotonic() > until:
            raise Trouble(f"Beat has not been seen within {PATIENCE} s: {state}")
        time.sleep(0.3)


def _identity(value: Any) -> int:
    return int(value["id"] if isinstance(value, dict) else value)
