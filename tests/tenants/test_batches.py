"""Many invitations out of one file: all or none, every wrong line named, each row ends with a reason; within limits."""

import io
import time
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from resellerhub.kernel.jobs.run import run as run_job
from resellerhub.kernel.models import Job, JobItem
from resellerhub.kernel.refusals import Forbidden, NotFound, RequestReused
from tenants.models import Event, Invitation, InvitationBatch, InvitationRow, Mail, Profile, ResellerTerms
from tenants.services.batches import COLUMNS, Terms, start_invitation_batch
from tenants.services.invitations import invite_reseller
from tenants.services.reading import FaultyRows, read_table, table_of
from tests.kernel.files import ENTITY, csv_file, package, sheet_of, xlsx_file
from tests.world import NOW, Player, World

HEADINGS = ["E-mail", "Organisation"]


def rows(count: int) -> list[list[str]]:
    return [[f"boss{number}@lark{number}.example", f"Lark {number}"] for number in range(count)]


def spoilt(count: int) -> tuple[list[list[str]], set[int]]:
    """Rows of which 30 cannot be taken, and the lines where those stand below the headings."""
    good = rows(count)
    bad = {line: line % 3 for line in range(100, 100 + 30 * 150, 150)}
    for line, kind in bad.items():
        good[line - 2] = [["no address", "Lark"], ["", "Lark"], [good[0][0].upper(), "Lark"]][kind]
    return good, set(bad)


def started(player: Player, content: list[list[str]], **more) -> InvitationBatch:
    table = table_of([dict(zip(("email", "organisation"), row, strict=True)) for row in content], COLUMNS)
    terms = Terms(seller_id=player.id, **{"language": "en", **more})
    return start_invitation_batch(actor=player.actor, terms=terms, table=table, request_id=uuid4(), now=NOW)


def ended(batch: InvitationBatch) -> dict[str, str]:
    run_job(batch.job_id, seconds=60)
    assert Job.objects.get(pk=batch.job_id).state == "done"
    items = JobItem.objects.filter(job=batch.job_id)
    return {item.facts["email"]: item.reason or item.state for item in items}


@pytest.mark.parametrize("write", [csv_file, xlsx_file])
def test_of_five_thousand_rows_exactly_the_bad_ones_are_named_and_nothing_is_saved(world: World, write):
    content, bad = spoilt(5_000)
    began = time.monotonic()
    table = read_table(write([HEADINGS, *content]), COLUMNS)
    terms = Terms(seller_id=world.provider.id, language="en")
    with pytest.raises(FaultyRows) as refused:
        start_invitation_batch(actor=world.provider.actor, terms=terms, table=table, request_id=uuid4(), now=NOW)
    assert time.monotonic() - began < 20
    assert {fault.line for fault in refused.value.faults} == bad
    assert (refused.value.facts["count"], refused.value.facts["rows"]) == (30, 5_000)
    for model in (InvitationBatch, InvitationRow, Invitation, Job, Mail):
        assert not model.objects.exists()


def test_all_of_five_thousand_are_saved_and_invited(world: World):
    batch = started(world.north, rows(5_000))
    assert set(ended(batch).values()) == {"done"}
    assert Invitation.objects.filter(tenant=world.north.id).count() == Mail.objects.count() == 5_000
    assert Event.objects.filter(kind="invitation.sent", user=world.north.user).count() == 5_000
    last = Invitation.objects.get(email="boss4999@lark4999.example")
    assert (last.organisation, last.into_id, last.invited_by_id) == ("Lark 4999", None, world.north.user.pk)


def test_each_row_ends_with_its_reason(world: World):
    ResellerTerms.objects.filter(pk=world.south.id).update(is_large=True)
    Profile.objects.filter(pk=world.north_east.id).update(owner_email="boss@east.example")
    invite_reseller(actor=world.provider.actor, email="now@lark.example", now=timezone.now())
    old = invite_reseller(actor=world.provider.actor, email="old@lark.example", organisation="Old", now=NOW)
    content = [
        [world.south.user.email, ""],
        [world.north.user.email, "North"],
        ["boss@east.example", "North-East"],
        ["now@lark.example", "Lark"],
        ["Old@lark.example", "Lark"],
        ["new@lark.example", "Lark"],
    ]
    assert ended(started(world.provider, content, reseller_type="prepaid", language="de")) == {
        world.south.user.email: "large_account_reseller",
        world.north.user.email: "already_member",
        "boss@east.example": "done",
        "now@lark.example": "invited_just_now",
        "old@lark.example": "done",
        "new@lark.example": "done",
    }
    assert Invitation.objects.get(email="boss@east.example").into_id == world.north_east.id
    old.refresh_from_db()
    assert (old.organisation, old.reseller_type, old.language) == ("Lark", "prepaid", "de")
    assert Invitation.objects.filter(email="old@lark.example").count() == 1


def test_who_is_not_registered_is_told_of_and_not_written_to(world: World):
    content = [["new@lark.example", "Lark"], ["boss@east.example", ""]]
    Profile.objects.filter(pk=world.north_east.id).update(owner_email="boss@east.example")
    outcome = ended(started(world.provider, content, mails_unregistered=False))
    assert outcome == {"new@lark.example": "not_registered", "boss@east.example": "done"}
    assert [mail.to for mail in Mail.objects.all()] == ["boss@east.example"]


def test_running_again_invites_nobody_twice(world: World):
    batch = started(world.north, rows(3))
    ended(batch)
    run_job(batch.job_id, seconds=60)
    assert Invitation.objects.count() == Mail.objects.count() == 3


def test_a_batch_is_started_once_and_in_sight(world: World):
    table, request_id = table_of([{"email": "a@lark.example"}], COLUMNS), uuid4()
    common = {"actor": world.north.actor, "table": table, "request_id": request_id, "now": NOW}
    first = start_invitation_batch(terms=Terms(world.north.id, "en"), **common)
    assert start_invitation_batch(terms=Terms(world.north.id, "en"), **common) == first
    with pytest.raises(RequestReused):
        start_invitation_batch(terms=Terms(world.north.id, "de"), **common)
    with pytest.raises(NotFound):
        started(world.north, rows(1)) if False else start_invitation_batch(
            terms=Terms(world.south.id, "en"), **{**common, "request_id": uuid4()}
        )
    with pytest.raises(Forbidden):
        start_invitation_batch(terms=Terms(world.north.id, "en"), **{**common, "actor": world.north.member("billing")})


def upload(player: Player, file: io.BytesIO, name: str = "rows.csv", **more):
    data = {"file": SimpleUploadedFile(name, file.getvalue()), "seller": player.id, "language": "en",
            "mails_unregistered": "on", "request_id": str(uuid4()), **more}  # fmt: skip
    return player.browser().post("/portal/invitations/batch/", data)


@pytest.mark.parametrize("write", [csv_file, xlsx_file])
def test_the_page_takes_a_file_and_shows_how_each_row_ended(world: World, write):
    response = upload(world.north, write([HEADINGS, *rows(2)]))
    batch = InvitationBatch.objects.get()
    assert response["Location"] == f"/portal/invitations/batches/{batch.pk}/"
    ended(batch)
    browser = world.north.browser()
    page = browser.get(response["Location"]).content.decode()
    for words in ("boss0@lark0.example", "Lark 1", "Invited", "rows.csv"):
        assert words in page
    assert browser.get(f"/portal/jobs/{batch.job_id}/", follow=True).redirect_chain[-1][0] == response["Location"]
    assert "boss0" in browser.get(f"{response['Location']}?outcome=done").content.decode()
    assert "boss0" not in browser.get(f"{response['Location']}?outcome=failed").content.decode()


def test_the_page_names_each_wrong_line(world: World):
    content = [["a@lark.example", "A"], ["nobody", "B"], ["A@lark.example", "C"]]
    response = upload(world.north, csv_file([HEADINGS, *content]))
    text = response.content.decode()
    assert response.status_code == 422
    assert "2 of 3 rows cannot be taken" in text
    assert "The same stands in line 2." in text
    assert not InvitationBatch.objects.exists()


def test_a_wrong_line_has_the_number_that_an_editor_shows(world: World):
    content = rows(1_300)
    content[1_269] = content[1_268] = ["twice@lark.example", "Lark"]
    file = csv_file([HEADINGS, *content])
    lines = file.getvalue().decode().splitlines()
    assert [number for number, line in enumerate(lines, 1) if line.startswith("twice@")] == [1270, 1271]
    text = upload(world.north, file).content.decode()
    assert '<td class="num">1271</td>' in text
    assert "The same stands in line 1270." in text


REFUSED = {
    "no heading known": csv_file([["a@lark.example"]]),
    "a column missing": csv_file([["Organisation"], ["Lark"]]),
    "a column twice": csv_file([["E-mail", "email"], ["a@lark.example", "b@lark.example"]]),
    "nothing": io.BytesIO(b""),
    "headings alone": csv_file([HEADINGS]),
    "entities": package(ENTITY + sheet_of("<row><c><v>&a;</v></c></row>")),
    "too many": csv_file([HEADINGS, *rows(10_001)]),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_is_none_is_refused(world: World, name: str):
    response = upload(world.north, REFUSED[name])
    assert response.status_code == 422
    assert 'id="id_file_error"' in response.content.decode()
    api = world.north.api()
    told = send(api, REFUSED[name])
    assert (told.status_code, told.json()["code"]) == (422, "unreadable-file")


def send(api, file: io.BytesIO, *, key: str = "", **more):
    data = {"file": SimpleUploadedFile("rows.csv", file.getvalue()), **more}
    return api.client.post("/api/v1/invitations/batch", data, headers={"Idempotency-Key": key or uuid4().hex})


def test_over_rest_with_a_file_or_with_rows(world: World):
    api = world.north.api()
    made = send(api, csv_file([HEADINGS, *rows(2)]), key="one", mail_unregistered="false", language="de")
    assert made.status_code == 202
    assert made["Location"].endswith(f"/api/v1/jobs/{made.json()['job']}")
    assert (made.json()["rows"], made.json()["mail_unregistered"], made.json()["language"]) == (2, False, "de")
    again = send(api, csv_file([HEADINGS, *rows(2)]), key="one", mail_unregistered="false", language="de")
    assert again["Idempotent-Replayed"] == "true"
    assert send(api, csv_file([HEADINGS, *rows(3)]), key="one", mail_unregistered="false").status_code == 422
    run_job(made.json()["job"], seconds=60)
    items = api.get(f"jobs/{made.json()['job']}/items").json()["results"]
    assert [(item["reason"], item["facts"]["line"]) for item in items] == [("not_registered", 2), ("not_registered", 3)]

    body = {"rows": [{"email": "a@lark.example", "organisation": "Lark"}, {"email": "no"}, {"email": "A@lark.example"}]}
    told = api.post("invitations/batch", body)
    assert (told.status_code, told.json()["code"], told.json()["count"]) == (422, "faulty-rows", 2)
    assert [problem["line"] for problem in told.json()["problems"]] == [2, 3]
    assert api.post("invitations/batch", {"rows": body["rows"][:1]}).status_code == 202
    for wrong in ({}, {"rows": [{"mail": "x"}]}, {"rows": "x"}, {"rows": [{"email": "a@b.example"}], "seller": "1"}):
        assert api.post("invitations/batch", wrong).status_code in (400, 422)
    assert api.post("invitations/batch", {"rows": body["rows"][:1], "seller": world.south.id}).status_code == 404


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_template_can_be_filled_in_and_uploaded(world: World, kind: str):
    browser = world.north.browser()
    response = browser.get(f"/portal/invitations/batch/template/?format={kind}")
    assert f'filename="invitations.{kind}"' in response["Content-Disposition"]
    file = io.BytesIO(response.getvalue())
    headings = [str(column.field.label) for column in COLUMNS]
    if kind == "csv":
        assert file.getvalue().decode("utf-8-sig").strip() == ",".join(headings)
    api = world.north.api().get("invitations/batch/template", format=kind)
    assert (api.status_code, bool(api.getvalue())) == (200, True)
    assert world.north.api().get("invitations/batch/template", format="pdf").status_code == 400


@pytest.mark.parametrize("path", ["/portal/invitations/batch/", "/api/v1/invitations/batch"])
def test_a_gigabyte_is_refused_before_a_byte_is_read(world: World, path: str):
    class Unread(io.BytesIO):
        def read(self, *args):
            raise AssertionError("it was read")

    headers = {"Authorization": f"Bearer {world.north.key()}"} if "api" in path else {}
    client = Client(headers=headers) if headers else world.north.browser()
    response = client.generic("POST", path, b"x", content_type="multipart/form-data; boundary=x",
                              CONTENT_LENGTH="1000000000", **{"wsgi.input": Unread()})  # fmt: skip
    assert response.status_code == 413
    assert "10 MB" in response.content.decode() or response.json()["code"] == "too-large"


def test_a_rival_sees_no_batch(world: World):
    batch = started(world.north, rows(1))
    for player, shell in ((world.south, "portal"), (world.stranger, "console")):
        for path in (f"batches/{batch.pk}/", f"batches/by-job/{batch.job_id}/"):
            assert player.browser().get(f"/{shell}/invitations/{path}").status_code == 404
        assert player.api().get(f"jobs/{batch.job_id}").status_code == 404


@pytest.mark.parametrize("column", ["line", "email"])
def test_the_database_takes_no_row_twice(world: World, column: str):
    batch = started(world.north, rows(1))
    other = {"line": "99", "email": "'other@lark.example'"}
    values = ", ".join(other[name] if name != column else name for name in ("line", "email"))
    statement = (
        "INSERT INTO tenants_invitationrow (batch_id, line, email, organisation)"
        f" SELECT batch_id, {values}, '' FROM tenants_invitationrow WHERE batch_id = %s"
    )
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, [batch.pk])
