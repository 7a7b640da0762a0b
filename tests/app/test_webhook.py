"""Webhooks taken in: signed, recorded before they are read, the same in any order."""

import base64
import hashlib
import hmac
import io
import itertools
import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.chain_facts import open_ledger_facts
from asbuilt.app.webhook import LARGEST, Intake, signature_holds
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.record import decode_entry
from tests.facts.forge.gitlab import hooks

SIGNING = b"whsec_" + base64.b64encode(b"a key that GitLab made of 32 bits")
SECRET = b"It's a Secret to Everybody"
VECTORS = Path(__file__).parents[1] / "vectors" / "github-webhooks"
NOW = 1_790_000_000


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    return tmp_path / "ledger"


def post(intake: Intake, body: bytes, event: str, delivery: str, **changed: Any) -> tuple[int, dict[str, Any]]:
    """What the application answers to a delivery, signed as GitHub signs."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/github",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "HTTP_X_HUB_SIGNATURE_256": "sha256=" + hmac.new(SECRET, body, hashlib.sha256).hexdigest(),
        "HTTP_X_GITHUB_EVENT": event,
        "HTTP_X_GITHUB_DELIVERY": delivery,
        **changed,
    }
    said: list[str] = []
    answer = b"".join(intake(environ, lambda status, _: said.append(status)))
    return int(said[0].split()[0]), json.loads(answer)


def intake_of(folder: Path, clock: int = NOW) -> Intake:
    return Intake(folder, SECRET, clock=lambda: clock)


def review(action: str, state: str, at: str, own: int = 5) -> bytes:
    user = {"login": "cy", "id": 7, "type": "User"}
    told = {
        "action": action,
        "review": {
            "id": own,
            "user": user,
            "state": state,
            "commit_id": "c" * 40,
            "submitted_at": "2026-03-01T10:00:00Z",
            "body": None,
        },
        "pull_request": {"number": 7, "updated_at": at},
        "repository": {"full_name": "o/n"},
        "sender": user,
    }
    return json.dumps(told).encode()


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    with open_ledger_facts(folder) as facts:
        return facts.rows(f"SELECT * FROM {table} ORDER BY record_id")


def test_githubs_own_example_of_a_signature() -> None:
    # GitHub's documentation, "Validating webhook deliveries", "Testing the webhook payload validation".
    given = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert signature_holds(SECRET, b"Hello, World!", given)
    assert not signature_holds(SECRET, b"Hello, World?", given)


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"HTTP_X_HUB_SIGNATURE_256": "sha256=" + "0" * 64}, 401),
        ({"HTTP_X_HUB_SIGNATURE_256": ""}, 401),
        ({"HTTP_X_HUB_SIGNATURE_256": "sha256=\xff"}, 401),
        ({"PATH_INFO": "/other"}, 404),
        ({"REQUEST_METHOD": "GET"}, 405),
        ({"CONTENT_LENGTH": ""}, 411),
        ({"CONTENT_LENGTH": str(LARGEST + 1)}, 413),
        ({"CONTENT_LENGTH": "99999"}, 400),
        ({"HTTP_X_GITHUB_EVENT": "../x"}, 400),
        ({"HTTP_X_GITHUB_DELIVERY": ""}, 400),
    ],
)
def test_what_is_not_a_signed_delivery_leaves_nothing(folder: Path, changed: dict[str, str], status: int) -> None:
    answer = post(intake_of(folder), review("submitted", "approved", "2026-03-01T10:00:00Z"), "x", "d", **changed)
    assert answer[0] == status
    with open_ledger(folder, read_only=True) as opened:
        assert opened.size == 0


@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[" * 99_999, 400), (b"[1]", 422), (b"{}", 422)])
def test_what_is_signed_and_says_nothing_is_refused(folder: Path, body: bytes, status: int) -> None:
    assert post(intake_of(folder), body, "pull_request", "d")[0] == status


def test_a_delivery_is_recorded_as_it_came_and_once(folder: Path) -> None:
    body = review("submitted", "approved", "2026-03-01T10:00:00Z")
    assert post(intake_of(folder), body, "pull_request_review", "d-1") == (202, {"recorded": "new"})
    with open_ledger(folder, read_only=True) as opened:
        size = opened.size
        assert decode_entry(opened.entry(0)).payload == body
    assert post(intake_of(folder, NOW + 60), body, "pull_request_review", "d-1") == (202, {"recorded": "known"})
    with open_ledger(folder, read_only=True) as opened:
        assert opened.size == size
    (row,) = rows(folder, "reviews")
    assert (row["reviewer"], row["state"], row["number"]) == ("cy", "approved", 7)
    (came,) = rows(folder, "deliveries")
    assert (came["is_verified"], came["subject"]) == (True, "review 5")


def test_any_order_and_any_doubles_give_the_same_facts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    told = [
        ("a", review("submitted", "approved", "2026-03-01T10:00:00Z")),
        ("b", review("dismissed", "dismissed", "2026-03-01T10:00:00Z")),  # in the same second
        ("c", review("submitted", "commented", "2026-03-01T09:00:00Z", own=6)),
    ]
    found = []
    for number, order in enumerate(itertools.permutations([*told, told[0]])):
        folder = tmp_path / str(number)
        create_ledger(folder, origin="example.com/log", now=0).close()
        for late, (delivery, body) in enumerate(order):
            assert post(intake_of(folder, NOW + late), body, "pull_request_review", delivery)[0] == 202
        found.append([(row["review_id"], row["state"]) for row in rows(folder, "reviews")])
    assert set(map(tuple, found)) == {(("5", "dismissed"), ("6", "commented"))}


def test_a_large_delivery_lies_beside_the_ledger(folder: Path) -> None:
    told = json.loads(review("submitted", "approved", "2026-03-01T10:00:00Z"))
    told["review"]["body"] = "x" * 100_000
    body = json.dumps(told).encode()
    assert post(intake_of(folder), body, "pull_request_review", "d")[0] == 202
    with open_ledger(folder, read_only=True) as opened:
        assert opened.attachment(hashlib.sha256(body).hexdigest()) == body
    assert rows(folder, "reviews")[0]["body_length"] == 100_000


def test_what_becomes_no_row_is_a_gap_and_once(folder: Path) -> None:
    body = review("submitted", "blessed", "2026-03-01T10:00:00Z")
    for late in (0, 60):
        assert post(intake_of(folder, NOW + late), body, "pull_request_review", "d")[0] == 202
    assert rows(folder, "reviews") == []
    (gap,) = rows(folder, "gaps")
    assert (gap["code"], gap["place"], gap["item_count"]) == ("GAP-PAGE", "webhook/pull_request_review d", 1)


def test_what_names_no_time_is_the_same_when_it_comes_again(folder: Path) -> None:
    told = {"ref": "refs/heads/main", "before": "a" * 40, "after": "b" * 40, "repository": {"full_name": "o/n"}}
    for late in (0, 60):
        assert post(intake_of(folder, NOW + late), json.dumps(told).encode(), "push", "d")[0] == 202
    (row,) = rows(folder, "pushes")
    assert int(row["pushed_at"].replace(tzinfo=UTC).timestamp()) == NOW


def test_an_event_that_nobody_reads_is_kept(folder: Path) -> None:
    body = json.dumps({"action": "started", "repository": {"full_name": "o/n"}}).encode()
    assert post(intake_of(folder), body, "watch", "d")[0] == 202
    assert [row["event"] for row in rows(folder, "deliveries")] == ["watch"]


def test_gitlabs_token_shows_less_than_a_signature(folder: Path) -> None:
    body = json.dumps({"object_kind": "push", "project": {"path_with_namespace": "g/p"}}).encode()
    gitlab = {"PATH_INFO": "/gitlab", "HTTP_X_GITLAB_EVENT": "Push Hook", "HTTP_X_GITLAB_EVENT_UUID": "u-1"}
    assert post(intake_of(folder), body, "", "", **gitlab, HTTP_X_GITLAB_TOKEN="wrong")[0] == 401
    assert post(intake_of(folder), body, "", "", **gitlab, HTTP_X_GITLAB_TOKEN=SECRET.decode())[0] == 202
    assert [row["is_verified"] for row in rows(folder, "deliveries")] == [False]


def gitlab(intake: Intake, body: bytes, event: str, **changed: Any) -> tuple[int, dict[str, Any]]:
    """What the application answers to a delivery of GitLab, signed as the specification asks."""
    own, moment = "msg_1", str(NOW)
    key = base64.b64decode(SIGNING.removeprefix(b"whsec_"))
    mac = hmac.new(key, b".".join((own.encode(), moment.encode(), body)), hashlib.sha256).digest()
    headers = {
        "PATH_INFO": "/gitlab",
        "HTTP_X_GITLAB_EVENT": event,
        "HTTP_WEBHOOK_ID": own,
        "HTTP_WEBHOOK_TIMESTAMP": moment,
        "HTTP_WEBHOOK_SIGNATURE": f"v1,{base64.b64encode(mac).decode()}",
    }
    return post(intake, body, "", "", **headers | changed)


def test_a_signing_token_of_gitlab_signs_the_bytes(folder: Path) -> None:
    intake = Intake(folder, SIGNING, clock=lambda: NOW)
    body = json.dumps(hooks.NOTE).encode()
    assert gitlab(intake, body, "Note Hook") == (202, {"recorded": "new"})
    assert gitlab(intake, body, "Note Hook") == (202, {"recorded": "known"})
    (row,) = rows(folder, "reviews")
    assert (row["review_id"], row["reviewer"], row["state"]) == ("note-900", "ben", "commented")
    (came,) = rows(folder, "deliveries")
    assert (came["is_verified"], came["delivery"], came["action"]) == (True, "msg_1", "create")
    assert (came["subject"], came["event"]) == ("note 900", "Note Hook")


@pytest.mark.parametrize(
    "changed",
    [
        {"HTTP_WEBHOOK_SIGNATURE": ""},
        {"HTTP_WEBHOOK_SIGNATURE": "", "HTTP_X_GITLAB_TOKEN": SIGNING.decode()},
        {"HTTP_WEBHOOK_ID": "msg_2"},
        {"HTTP_WEBHOOK_TIMESTAMP": str(NOW - 10)},
    ],
)
def test_where_gitlab_signs_nothing_unsigned_is_taken(folder: Path, changed: dict[str, str]) -> None:
    intake = Intake(folder, SIGNING, clock=lambda: NOW)
    assert gitlab(intake, json.dumps(hooks.NOTE).encode(), "Note Hook", **changed)[0] == 401
    with open_ledger(folder, read_only=True) as opened:
        assert opened.size == 0


def test_deliveries_of_gitlab_that_one_event_caused_are_told_apart(folder: Path) -> None:
    token = {"PATH_INFO": "/gitlab", "HTTP_X_GITLAB_TOKEN": SECRET.decode(), "HTTP_X_GITLAB_EVENT_UUID": "u-1"}
    for own, event, document in (("k-1", "Pipeline Hook", hooks.PIPELINE), ("k-2", "Job Hook", hooks.JOB)):
        told = {**token, "HTTP_X_GITLAB_EVENT": event, "HTTP_IDEMPOTENCY_KEY": own}
        assert post(intake_of(folder), json.dumps(document).encode(), "", "", **told)[0] == 202
    assert [row["delivery"] for row in rows(folder, "deliveries")] == ["k-1", "k-2"]
    assert [row["check_id"] for row in rows(folder, "checks")] == ["job-70", "pipeline-50"]


def test_a_group_of_gitlab_tells_of_its_members(folder: Path) -> None:
    token = {"PATH_INFO": "/gitlab", "HTTP_X_GITLAB_TOKEN": SECRET.decode(), "HTTP_X_GITLAB_EVENT_UUID": "u-1"}
    body = json.dumps(hooks.MEMBER).encode()
    assert post(intake_of(folder), body, "", "", **token, HTTP_X_GITLAB_EVENT="Member Hook")[0] == 202
    (row,) = rows(folder, "audit_events")
    assert (row["organization"], row["account"]) == ("a", "cleo")


def test_without_a_ledger_the_forge_is_told_to_send_it_again(tmp_path: Path) -> None:
    errors = io.StringIO()
    answer = post(
        Intake(tmp_path / "none", SECRET),
        review("submitted", "approved", "2026-03-01T10:00:00Z"),
        "pull_request_review",
        "d",
        **{"wsgi.errors": errors},
    )
    assert answer[0] == 503
    assert "none" in errors.getvalue()
    assert "none" not in str(answer[1])


def test_a_short_secret_is_none() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        Intake(Path("x"), b"short")
    with pytest.raises(ValueError, match="base64"):
        Intake(Path("x"), b"whsec_no key in base64")
    assert "Secret" not in repr(Intake(Path("x"), SECRET))


@pytest.mark.parametrize("file", sorted(VECTORS.glob("*.json")), ids=lambda file: file.name)
def test_real_payloads(folder: Path, file: Path) -> None:
    event = file.name.partition(".")[0]
    assert post(intake_of(folder), file.read_bytes(), event, "d")[0] == 202
    table = {
        "pull_request": "requests",
        "pull_request_review": "reviews",
        "check_run": "checks",
        "status": "checks",
        "deployment_status": "deliveries",
        "deployment_review": "deliveries",
    }[event]
    assert len(rows(folder, table)) == 1
