"""An export into the ledger: raw first, rows that cite it, once; with git, everything joins."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.sync_export import Imported, sync_export
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.ledger.merkle import leaf_hash
from asbuilt.model.errors import UsageError
from asbuilt.model.record import Record, decode_entry
from tests.exports import REPOSITORY, committed, request, write_export
from tests.facts.telling import facts_of, rows_of
from tests.repos import Repo

NOW = 1_800_000_000


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """An export of three requests."""
    return write_export(
        tmp_path / "export",
        request(2, merged_as="b2" * 20, reviews=(("bo", "APPROVED"), ("coderabbitai[bot]", "APPROVED"))),
        request(3, merged_as="b3" * 20, reviews=(("ana", "APPROVED"), (None, "APPROVED"))),
        request(4, reviews=(("bo", "CHANGES_REQUESTED"),)),
    )


def take(tmp_path: Path, **more: Any) -> Imported:
    """Read the export into the ledger."""
    ledger = tmp_path / "ledger"
    if not ledger.exists():
        create_ledger(ledger, origin="example.com/log", now=0).close()
    told: dict[str, Any] = {"repository": REPOSITORY, "ledger": ledger, "now": NOW} | more
    return sync_export(told.pop("path", tmp_path / "export"), **told)


def entries(tmp_path: Path) -> list[bytes]:
    """Every entry of the ledger."""
    with open_ledger(tmp_path / "ledger", read_only=True) as opened:
        return list(opened.entries())


def records(tmp_path: Path, kind: str) -> list[Record]:
    """The records of one kind."""
    found = [decode_entry(entry) for entry in entries(tmp_path)]
    return [record for record in found if record.kind == kind]


@pytest.mark.usefixtures("export")
def test_every_row_leads_to_the_bytes_it_was_read_from(tmp_path: Path) -> None:
    done = take(tmp_path)
    assert (done.synced.pages, done.synced.new_pages, done.faults, done.unchanged) == (4, 4, [], False)
    assert {table: count.new for table, count in done.synced.rows.items()} == {
        "requests": 3,
        "reviews": 5,
        "request_commits": 3,
        "request_events": 2,
        "extracts": 4,
        "gaps": 5,
    }
    raw = {}
    for entry in entries(tmp_path):
        record = decode_entry(entry)
        if record.kind.startswith("raw/"):
            raw[f"page {leaf_hash(entry).hex()}"] = record.payload
    reviews = records(tmp_path, "fact/reviews")
    assert len(reviews) == 5
    for record in reviews:
        told = json.loads(record.payload)
        assert json.loads(raw[record.how])["pull"]["number"] == told["number"]


@pytest.mark.usefixtures("export")
def test_again_adds_nothing_and_reads_nothing(tmp_path: Path) -> None:
    take(tmp_path)
    before = entries(tmp_path)
    done = take(tmp_path, now=NOW + 100)
    assert (done.unchanged, done.synced.pages, len(done.blind)) == (True, 0, 5)
    assert entries(tmp_path) == before
    # Without what it remembers, everything is read again, and nothing but the gaps is said again.
    for file in (tmp_path / "ledger" / "sync").iterdir():
        file.unlink()
    done = take(tmp_path, now=NOW + 100)
    assert (done.unchanged, done.synced.new_pages) == (False, 0)
    assert {decode_entry(entry).kind for entry in entries(tmp_path)[len(before) :]} <= {"fact/gaps"}


def test_a_state_of_another_ledger_is_not_believed(tmp_path: Path, export: Path) -> None:
    take(tmp_path)
    other = tmp_path / "other"
    create_ledger(other, origin="example.com/other", now=0).close()
    (tmp_path / "ledger" / "sync").rename(other / "sync")
    done = sync_export(export, repository=REPOSITORY, ledger=other, now=NOW)
    assert (done.unchanged, done.synced.new_pages) == (False, 4)


def test_a_ledger_that_was_brought_back_from_before_is_filled_again(tmp_path: Path, export: Path) -> None:
    take(tmp_path)
    told = facts_told(tmp_path)
    kept = (tmp_path / "ledger" / "sync").rename(tmp_path / "kept")
    shutil.rmtree(tmp_path / "ledger")
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    kept.rename(tmp_path / "ledger" / "sync")
    assert not take(tmp_path, path=export).unchanged
    assert facts_told(tmp_path) == told
    # What is remembered may be anything: then nothing is.
    (file,) = (tmp_path / "ledger" / "sync").iterdir()
    state = json.loads(file.read_bytes())
    state["state"] |= {"faults": 3, "blind": [{"what": 3}]}
    file.write_text(json.dumps(state))
    done = take(tmp_path, path=export)
    assert (done.unchanged, done.faults, done.blind) == (True, [], [])
    state["state"] |= {"size": -1}
    file.write_text(json.dumps(state))
    assert not take(tmp_path, path=export).unchanged


def test_what_changed_is_new_and_what_went_back_is_said_again(tmp_path: Path, export: Path) -> None:
    take(tmp_path)
    first = (export / "pulls" / "4.json").read_bytes()
    write_export(export, request(4, reviews=(("bo", "DISMISSED"),)), state={"last_backup": "2026-03-21T00:00:00Z"})
    done = take(tmp_path)
    assert (done.synced.new_pages, done.synced.rows["reviews"].new) == (1, 1)
    write_export(export, state={"last_backup": "2026-03-22T00:00:00Z"})
    (export / "pulls" / "4.json").write_bytes(first)
    take(tmp_path)
    store = facts_of([decode_entry(entry) for entry in entries(tmp_path)])
    assert [row["state"] for row in rows_of(store, "reviews") if row["number"] == 4] == ["changes-requested"]


@pytest.mark.parametrize("body", [b"{", b'{"pull": {"number": 3}}', b'{"a": 1, "a": 1}', b"\xff", b"[" * 100_000])
def test_a_malformed_file_is_kept_as_it_came_and_leaves_the_export_incomplete(
    tmp_path: Path, export: Path, body: bytes
) -> None:
    (export / "pulls" / "4.json").write_bytes(body)
    done = take(tmp_path)
    assert [gap.path for gap in done.faults] == ["export/pull | 4"]
    raw = records(tmp_path, "raw/github/export/pull")
    assert len(raw) == 3
    if len(body) < 30_000:
        assert raw[-1].payload == body
    assert {json.loads(record.payload)["truncated"] for record in records(tmp_path, "fact/extracts")} == {True}
    again = take(tmp_path)
    assert (again.unchanged, again.faults) == (True, done.faults)


def test_a_link_is_named_and_leaves_the_export_incomplete(tmp_path: Path, export: Path) -> None:
    (export / "pulls" / "4.json").unlink()
    (export / "pulls" / "4.json").symlink_to(export / "pulls" / "3.json")
    done = take(tmp_path)
    assert [(gap.code, gap.path) for gap in done.faults] == [("GAP-EXPORT", "pulls/4.json")]
    assert {json.loads(record.payload)["truncated"] for record in records(tmp_path, "fact/extracts")} == {True}


def test_extracts_cover_from_the_first_request_until_it_was_made(tmp_path: Path, export: Path) -> None:
    take(tmp_path)
    told = [json.loads(record.payload) for record in records(tmp_path, "fact/extracts")]
    assert {each["population"]: each["row_count"] for each in told} == {
        "requests": 3,
        "reviews": 5,
        "request_commits": 3,
        "request_events": 2,
    }
    for each in told:
        assert (each["covers_from"], each["covers_until"], each["part"], each["truncated"]) == (
            "2026-03-02T09:00:00Z",
            "2026-03-20T08:00:09Z",
            REPOSITORY,
            False,
        )
    assert export.is_dir()


def test_an_export_in_git_is_known_by_its_commit(tmp_path: Path, export: Path) -> None:
    committed(export)
    assert take(tmp_path).synced.pages == 4
    (export / "pulls" / "9.json").write_text("not committed")
    assert take(tmp_path).unchanged


@pytest.mark.slow
def test_with_git_the_changes_are_recorded_too_and_the_rest_is_not_read_again(tmp_path: Path, export: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("a", "1").commit("Start")
    repo.write("a", "2").commit("Till (#2)")
    assert take(tmp_path).history is None
    done = take(tmp_path, git=repo.path)
    assert done.history is not None
    assert (done.unchanged, done.synced.pages, done.history.rows["changes_seen"]) == (False, 0, 2)
    assert take(tmp_path, git=repo.path).unchanged
    repo.write("a", "3").commit("More")
    done = take(tmp_path, git=repo.path)
    assert done.history is not None
    assert done.synced.pages == 0
    assert export.is_dir()


@pytest.mark.parametrize("name", ["", "acme", "acme/shop/x", "../x", "acme/sh op", "-a/b", "acme/\x1b"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, export: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no repository's name"):
        take(tmp_path, repository=name, path=export)


def facts_told(tmp_path: Path) -> list[tuple[str, str, bytes]]:
    """Every fact of the ledger but gaps, which are said again, each once."""
    found = [decode_entry(entry) for entry in entries(tmp_path)]
    rows = [(each.kind, each.event, each.payload) for each in found if each.kind.startswith(("fact/", "raw/"))]
    assert len(rows) == len(set(rows))
    return sorted(row for row in rows if row[0] != "fact/gaps")


def test_interrupted_after_every_append_and_done_again_it_ends_the_same(
    tmp_path: Path, export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("asbuilt.app.sync_export.AT_ONCE", 1)  # each page is an append of its own
    whole = tmp_path / "whole"
    whole.mkdir()
    take(whole, path=export)
    told = facts_told(whole)
    broken = tmp_path / "broken"
    broken.mkdir()

    class StoppedError(Exception):
        """Somebody pressed a key."""

    for stop in range(1, 6):
        heard = 0

        def listen(stage: str, done: int, total: int | None, stop: int = stop) -> None:
            nonlocal heard
            heard += 1
            if heard == stop:
                raise StoppedError(stage)

        try:
            take(broken, path=export, on=listen)
        except StoppedError:
            assert stop < 5
            continue
        assert stop == 5
    assert facts_told(broken) == told
    assert take(broken, path=export).unchanged
