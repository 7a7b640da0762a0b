"""A change derived alone comes to the row that a store over the same records derives."""

import random
from typing import Any

import msgspec
import pytest

from asbuilt.facts.one_change import derive_change, tables_of_changes
from asbuilt.facts.schemas import TABLES
from asbuilt.facts.store import open_facts, project
from asbuilt.model.commit import moment
from asbuilt.model.record import FACT, Record, encode_entry

NOW = 1_700_000_000
REPOSITORY = "acme/harbor"
HEAD = "a" * 40
WHO = ("ben", "ana", "cleo", "review-app[bot]", "Ben <ben@example.com>", "dora")


def text(seconds: int) -> str:
    return moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ")


def seen(**more: Any) -> dict[str, Any]:
    return {
        "change_id": HEAD,
        "repository": REPOSITORY,
        "landed_at": text(NOW),
        "landing": "merge",
        "subject": "Merge pull request #7",
        "author": "Ana Alves <ana@example.com>",
        "participants": ["Ana Alves <ana@example.com>"],
        "attribution": "unknown",
        "number": 7,
        "head_commit": HEAD,
        "came_by_pull_request": True,
        **more,
    }


def drawn(seed: int) -> tuple[dict[str, list[dict[str, Any]]], set[str]]:
    """What a forge may tell of one request, drawn at random."""
    draw = random.Random(seed)
    rows: dict[str, list[dict[str, Any]]] = {
        "changes_seen": [
            seen(
                required_checks=draw.choice([None, ["tests"]]),
                stated_approvals=draw.choice([None, 0]),
                guarded_paths=draw.choice([None, ["CODEOWNERS"]]),
            )
        ],
        "people": [{"person": "p1", "name": "Ben", "starts_at": text(0), "identities": ["ben", "b@example.com"]}]
        * draw.randint(0, 1),
        "reviews": [
            {
                "review_id": str(at),
                "repository": REPOSITORY,
                "number": draw.choice([7, 7, None]),
                "commit": draw.choice([HEAD, HEAD, "b" * 40, None]),
                "reviewer": draw.choice([*WHO, None]),
                "is_bot": draw.choice([False, False, True, None]),
                "state": draw.choice(["approved", "approved", "changes-requested", "dismissed", "commented"]),
                "submitted_at": text(NOW - draw.randint(-100, 10_000)),
            }
            for at in range(draw.randint(0, 5))
        ],
        "checks": [
            {
                "check_id": str(at),
                "repository": REPOSITORY,
                "commit": HEAD,
                "name": draw.choice(["tests", "lint"]),
                "kind": draw.choice(["tests", "static-analysis", "other"]),
                "conclusion": draw.choice(["success", "success", "failure", "pending", "skipped"]),
                "completed_at": draw.choice([None, text(NOW - 50)]),
            }
            for at in range(draw.randint(0, 3))
        ],
        "requests": [
            {
                "repository": REPOSITORY,
                "number": 7,
                "opened_at": text(NOW - 20_000),
                "author": draw.choice(["ana", "dora"]),
                "head_commit": HEAD,
                "merge_commit": HEAD,
                "merged_at": text(NOW),
                "state": "merged",
            }
        ]
        * draw.randint(0, 1),
        "request_commits": [
            {
                "repository": REPOSITORY,
                "number": 7,
                "commit": HEAD,
                "author": "Ana Alves <ana@example.com>",
                "author_login": draw.choice(["ana", "cleo", None]),
            }
        ]
        * draw.randint(0, 1),
        "request_events": [
            {
                "repository": REPOSITORY,
                "event_id": "e1",
                "number": 7,
                "kind": draw.choice(["pushed", "force-pushed", "agent-started"]),
                "happened_at": text(NOW - draw.randint(0, 10_000)),
                "actor": draw.choice(["ana", "ben"]),
            }
        ]
        * draw.randint(0, 1),
    }
    told = {
        name: [{key: value for key, value in row.items() if value is not None} for row in each]
        for name, each in rows.items()
        if name in tables_of_changes()
    }
    return told, {name for name in ("reviews", "checks", "requests") if draw.random() < 0.6}


def of_a_store(rows: dict[str, list[dict[str, Any]]], covered: set[str]) -> dict[str, Any]:
    """The same by the way of records, projection and derivation."""
    extracts = [
        {
            "extract": name,
            "population": name,
            "source": "forge",
            "part": REPOSITORY,
            "covers_from": text(0),
            "covers_until": text(NOW + 1),
            "ended_at": text(NOW + 1),
            "truncated": False,
            "row_count": 0,
        }
        for name in sorted(covered)
    ]
    entries = []
    for name, each in {**rows, "extracts": extracts}.items():
        for row in each:
            event = " | ".join(str(row.get(one)) for one in TABLES[name].identity)
            payload = msgspec.json.encode(row)
            entries.append(encode_entry(Record("gate", event, FACT + name, payload, NOW, NOW, "a", "test")))
    names = {*tables_of_changes(), "extracts", "changes"}
    tables = {name: TABLES[name] for name in names}
    with open_facts(None, origin="gate", tables=tables, only=["changes"]) as store:
        done = project(store, entries, start=0)
        assert done.refused == ()
        cursor = store.connection.execute("SELECT * FROM changes")
        columns = [column[0] for column in cursor.description or ()]
        (row,) = cursor.fetchall()
    return dict(zip(columns, row, strict=True))


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without where it comes from, and with moments that compare."""
    return {
        name: value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value
        for name, value in row.items()
        if name != "record"
    }


@pytest.mark.parametrize("seed", range(4))
def test_a_change_alone_is_what_a_store_derives(seed: int) -> None:
    rows, covered = drawn(seed)
    alone = derive_change(rows, covered, repository=REPOSITORY, now=NOW)
    assert plain(alone) == plain(of_a_store(rows, covered))


def test_the_draws_differ_in_what_they_come_to() -> None:
    found = [derive_change(*drawn(seed), repository=REPOSITORY, now=NOW) for seed in range(30)]
    assert {row["independent_human_approvals"] for row in found} >= {None, 0, 1}
    assert {row["checks_succeeded"] for row in found} == {None, True, False}


def test_of_two_rows_of_one_event_the_first_is_taken() -> None:
    review = {
        "review_id": "1",
        "repository": REPOSITORY,
        "number": 7,
        "commit": HEAD,
        "reviewer": "ben",
        "is_bot": False,
        "submitted_at": text(NOW - 5),
    }
    rows = {
        "changes_seen": [seen()],
        "reviews": [{**review, "state": state} for state in ("dismissed", "approved")],
    }
    row = derive_change(rows, {"reviews"}, repository=REPOSITORY, now=NOW)
    assert row["independent_human_approvals"] == 0


def test_a_row_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="changes_seen"):
        derive_change({"changes_seen": [{"change_id": HEAD}]}, set(), repository=REPOSITORY, now=NOW)
