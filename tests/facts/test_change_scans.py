"""Which scanners had run on a change when it landed: a fact for each change and tool."""

from typing import Any

import pytest

from asbuilt.facts.store import open_facts, project
from asbuilt.model.record import Record, encode_entry
from tests.facts.telling import covering, facts_of, rows_of, tell

LANDED = "2026-03-02T12:00:00Z"


def change(own: str = "c1", **columns: Any) -> Record:
    told = {"landed_at": LANDED, "landing": "squash", "author": "ana", "head_commit": "h1", **columns}
    return tell("changes_seen", repository="h/a", change_id=own, attribution="ai-declared", **told)


def scan(name: str = "CodeQL", **columns: Any) -> Record:
    told = {
        "check_id": " ".join((name, *map(str, columns.values()))),
        "repository": "h/a",
        "commit": "h1",
        "name": name,
        "kind": "static-analysis",
        "conclusion": "success",
        "completed_at": "2026-03-02T11:00:00Z",
        **columns,
    }
    return tell("checks", **told)


def scans(*records: Record) -> dict[str, Any]:
    with facts_of(records, only=["changes", "change_scans"]) as store:
        (row,) = rows_of(store, "change_scans")
        return row


def lists(row: dict[str, Any]) -> tuple[Any, Any, Any]:
    return row["ran_before"], row["succeeded_before"], row["ran_after"]


def test_a_scanner_ran_on_the_head_or_on_what_landed() -> None:
    row = scans(
        change(),
        scan(),
        scan("pip-audit", kind="dependency-scan", commit="c1", conclusion="failure"),
        scan("tests", kind="tests"),
        scan("other", commit="x"),
    )
    ran = ["dependency-scan: pip-audit", "static-analysis: CodeQL"]
    assert lists(row) == (ran, ["static-analysis: CodeQL"], None)
    assert (row["has_static_analysis"], row["has_dependency_scan"], row["has_secret_scan"]) == (True, True, None)
    assert row["attribution"] == "ai-declared"


def test_one_that_ran_only_after_is_told_apart() -> None:
    late = scan("gitleaks", kind="secret-scan", completed_at="2026-03-02T12:00:01Z")
    row = scans(change(), late, *covering("checks"))
    assert lists(row) == ([], [], ["secret-scan: gitleaks"])
    assert row["has_secret_scan"] is False


def test_of_each_tool_the_last_run_before_it_landed_counts() -> None:
    again = scan(completed_at="2026-03-02T11:30:00Z", conclusion="failure")
    later = scan(completed_at="2026-03-03", conclusion="success")
    assert lists(scans(change(), scan(), again, later, *covering("checks"))) == (
        ["static-analysis: CodeQL"],
        [],
        [],
    )


@pytest.mark.parametrize("wrong", [{"conclusion": "skipped"}, {"conclusion": "cancelled"}, {"completed_at": None}])
def test_a_run_that_did_not_end_is_none(wrong: dict[str, Any]) -> None:
    row = scans(change(), scan(**wrong), *covering("checks"))
    assert lists(row) == ([], [], [])
    assert row["has_static_analysis"] is False


def test_what_was_not_read_is_not_known() -> None:
    row = scans(change())
    assert lists(row) == (None, None, None)
    assert row["has_static_analysis"] is None
    assert scans(change(), *covering("checks", until="2026-03-01"))["has_static_analysis"] is None


def request(head: str = "h1", landed: str = "c1") -> Record:
    told = {"repository": "h/a", "number": 7, "state": "merged", "merged_at": LANDED}
    return tell("requests", head_commit=head, merge_commit=landed, **told)


def test_where_git_does_not_know_the_head_the_request_tells_it() -> None:
    squashed = change(head_commit=None)
    assert lists(scans(squashed, scan(), *covering("checks")))[0] is None  # it may have run on a head nobody knows
    row = scans(squashed, scan(), request(), *covering("checks", "requests"))
    assert (row["ran_before"], row["has_static_analysis"], row["has_secret_scan"]) == (
        ["static-analysis: CodeQL"],
        True,
        False,
    )


STEPS = {
    "a request that tells the head": [request("h1", "c4")],
    "a scan": [scan(commit="h2")],
    "a scan of what landed": [scan(commit="c2", kind="secret-scan")],
    "a change": [change("c3", head_commit="h3")],
    "a change again": [change("c2", head_commit="h1", observed="2026-07-03T00:00:00Z")],
    "what was read": covering("checks"),
}


@pytest.mark.parametrize("name", STEPS)
def test_what_comes_in_later_gives_the_same_rows_as_all_at_once(name: str) -> None:
    first = [change(), change("c2", head_commit="h2"), change("c4", head_commit=None), scan()]
    names = ["changes", "change_scans"]
    with facts_of([*first, *STEPS[name]], only=names) as whole, open_facts(None, origin="test", only=names) as step:
        project(step, map(encode_entry, first), start=0)
        before = rows_of(step, "change_scans")
        project(step, map(encode_entry, STEPS[name]), start=len(first))
        assert rows_of(step, "change_scans") == rows_of(whole, "change_scans") != before
