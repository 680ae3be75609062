"""The same request twice has one effect and one answer."""

import json
import zlib
from datetime import timedelta
from functools import partial

import pytest
from django.db import transaction

from resellerhub.kernel.locks import IDEMPOTENCY, try_advisory_lock
from resellerhub.kernel.models import IdempotencyKey, Job
from resellerhub.kernel.tasks import forget_answers
from resellerhub.rest.idempotency import signed
from tenants.models import ApiKey
from tests.rest.conftest import caller_for
from tests.together import together
from tests.world import provider


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_the_stored_answer_is_given_again(self, api):
        first = api.post("houses", {"title": "A", "total": 5}, Idempotency_Key="one")
        again = api("POST", "houses", '{"total":5,   "title":"A"}', Idempotency_Key="one")
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.content == again.content
        assert first["Location"] == again["Location"] == f"http://testserver/api/v1/houses/{first.json()['id']}"
        assert "Idempotent-Replayed" not in first
        assert again["Idempotent-Replayed"] == "true"
        assert Job.objects.count() == 1

    def test_another_body_or_address_is_refused(self, api):
        house = api.post("houses", {"title": "A"}, Idempotency_Key="one").json()["id"]
        for answer in (
            api.post("houses", {"title": "B"}, Idempotency_Key="one"),
            api.post(f"houses/{house}/paint", Idempotency_Key="one"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (422, "request-reused")
        assert Job.objects.count() == 1

    def test_keys_are_of_a_principal(self, api):
        other = caller_for(provider("Fremd AG"))
        assert api.post("houses", {"title": "A"}, Idempotency_Key="one").status_code == 201
        assert api.post("houses", {"title": "A"}, Idempotency_Key="two").status_code == 201
        theirs = other.post("houses", {"title": "theirs"}, Idempotency_Key="one")
        assert (theirs.status_code, theirs.json()["title"]) == (201, "theirs")

    @pytest.mark.parametrize(
        ("key", "code"),
        [("", "missing"), ("x" * 256, "malformed"), ("ä", "malformed"), ("a b", "malformed")],
    )
    def test_a_key_where_one_is_needed(self, api, key, code):
        answer = api.post("houses", {"title": "A"}, Idempotency_Key=key)
        assert (answer.status_code, answer.json()["code"]) == (400, f"idempotency-key-{code}")
        assert not Job.objects.exists()

    def test_where_it_is_optional_every_request_counts(self, api):
        house = api.post("houses", {"title": "A"}, Idempotency_Key="one").json()["id"]
        assert api.post(f"houses/{house}/paint").status_code == 200
        assert api.post(f"houses/{house}/paint", Idempotency_Key="two").status_code == 200
        assert api.post(f"houses/{house}/paint", Idempotency_Key="two")["Idempotent-Replayed"] == "true"

    def test_a_refusal_leaves_nothing_behind(self, api):
        assert api.post("houses", {"title": "A", "total": 13}, Idempotency_Key="one").status_code == 409
        assert api.post("houses", {"title": ""}, Idempotency_Key="one").status_code == 422
        assert not IdempotencyKey.objects.exists()
        assert api.post("houses", {"title": "A"}, Idempotency_Key="one").status_code == 201

    def test_a_crash_leaves_nothing_behind(self, api):
        assert api.post("broken/crash", Idempotency_Key="one").status_code == 500
        assert not IdempotencyKey.objects.exists()

    def test_the_service_gets_the_same_id_for_the_same_key(self, api):
        ids = [
            Job.objects.get(pk=api.post("houses", {"title": "A"}, Idempotency_Key=key).json()["id"]).request_id
            for key in ("one", "one", "two")
        ]
        assert ids[0] == ids[1] != ids[2]

    def test_long_work_says_where_its_job_is(self, api):
        house = api.post("houses", {"title": "A"}, Idempotency_Key="one").json()["id"]
        answer = api.post(f"houses/{house}/demolish")
        assert (answer.status_code, answer["Location"]) == (202, f"http://testserver/api/v1/jobs/{house}")

    def test_answers_are_kept_for_a_week(self, api):
        api.post("houses", {"title": "A"}, Idempotency_Key="one")
        forget_answers()
        assert IdempotencyKey.objects.count() == 1
        kept = IdempotencyKey.objects.get()
        kept.created_at -= timedelta(days=7, seconds=1)
        kept.save(update_fields=["created_at"])
        forget_answers()
        assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    def test_fifty_keys_of_five_clients_have_fifty_effects(self, transactional_db):
        api = caller_for(provider("Groupware GmbH"))

        def client() -> list[tuple[int, int]]:
            answers = []
            for number in range(50):
                while True:
                    answer = api.post("houses", {"title": f"H{number}"}, Idempotency_Key=f"key-{number}")
                    if answer.status_code != 409:
                        break
                    assert answer.json()["code"] == "in-flight"
                    assert answer["Retry-After"] == "1"
                answers.append((answer.status_code, json.loads(answer.content)["id"]))
            return answers

        outcomes = together(*[client] * 5)
        assert Job.objects.count() == IdempotencyKey.objects.count() == 50
        assert all(outcome == outcomes[0] for outcome in outcomes)
        assert {status for status, _pk in outcomes[0]} == {201}

    def test_a_key_in_flight_is_refused_at_once(self, transactional_db):
        api = caller_for(provider("Groupware GmbH"))
        who = f"key:{ApiKey.objects.get().pk} one"
        with transaction.atomic():
            assert try_advisory_lock(IDEMPOTENCY, signed(zlib.crc32(who.encode())))
            (answer,) = together(partial(api.post, "houses", {"title": "A"}, Idempotency_Key="one"))
        assert (answer.status_code, answer.json()["code"]) == (409, "in-flight")
        assert api.post("houses", {"title": "A"}, Idempotency_Key="one").status_code == 201
