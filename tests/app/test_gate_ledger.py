"""A ledger that was synced just now is believed; an older one is not, for approvals are taken back."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from asbuilt.app.gate import Asked, gate
from asbuilt.app.gate_ledger import FRESH
from asbuilt.app.ledger import init
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.gate import Answer, Gate, Standing
from asbuilt.model.record import FACT, Record
from tests.app.requests import NOW, REPOSITORY, text
from tests.app.test_gate import proposed
from tests.repos import Repo


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    folder = tmp_path / "ledger"
    init(folder, origin="example.com/asbuilt", now=NOW - 10_000)
    return folder


def fill(folder: Path, head: str, *, until: int, **changed: Any) -> None:
    """What a sync leaves: a request, its approval, its check, and until when each listing was read."""
    extract = {"source": "github", "part": REPOSITORY, "truncated": False, "row_count": 1}
    extract |= {"covers_from": text(0), "covers_until": text(until), "ended_at": text(until)}
    rows: list[tuple[str, str, dict[str, Any]]] = [
        (
            "reviews",
            "1",
            {
                "review_id": "1",
                "repository": REPOSITORY,
                "number": 7,
                "commit": head,
                "reviewer": "ben",
                "is_bot": False,
                "state": "approved",
                "submitted_at": text(NOW - 3600),
                **changed,
            },
        ),
        (
            "checks",
            "5",
            {
                "check_id": "5",
                "repository": REPOSITORY,
                "commit": head,
                "name": "tests",
                "kind": "tests",
                "conclusion": "success",
                "completed_at": text(NOW - 3600),
            },
        ),
        *(("extracts", name, {**extract, "extract": name, "population": name}) for name in ("reviews", "checks")),
    ]
    with open_ledger(folder) as opened:
        opened.append(
            Record(
                "github",
                event if table == "extracts" else f"{REPOSITORY} | {event}",
                FACT + table,
                msgspec.json.encode(row),
                until,
                until,
                "asbuilt sync",
                "test",
            )
            for table, event, row in rows
        )


def asked(repo: Repo, ledger: Path) -> Gate:
    return gate(Asked(str(repo.path), "main", "topic", NOW, number=7, repository=REPOSITORY, ledger=ledger))


def test_a_ledger_that_was_synced_just_now_lets_it_land(repo: Repo, ledger: Path) -> None:
    proposed(repo)
    fill(ledger, repo.git("rev-parse", "topic").decode().strip(), until=NOW - 5)
    found = asked(repo, ledger)
    assert (found.answer, found.seen_in) == (Answer.MAY_LAND, ("git", "ledger"))


def test_an_older_one_is_not_believed(repo: Repo, ledger: Path) -> None:
    proposed(repo)
    fill(ledger, repo.git("rev-parse", "topic").decode().strip(), until=NOW - FRESH - 1)
    found = asked(repo, ledger)
    assert found.answer is Answer.NOT_SEEN
    assert [gap.code for gap in found.not_seen].count("GAP-STALE") == 2


def test_an_approval_that_was_dismissed_does_not_count(repo: Repo, ledger: Path) -> None:
    proposed(repo)
    fill(ledger, repo.git("rev-parse", "topic").decode().strip(), until=NOW - 5, state="dismissed")
    found = asked(repo, ledger)
    assert next(test.standing for test in found.tests if test.control == "CHG-01") is Standing.DEVIATION
