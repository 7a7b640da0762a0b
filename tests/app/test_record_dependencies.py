"""What each change brought in, as rows: the sum of a change, with its extract and its gaps."""

import json
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.evidence_origin import Origin
from asbuilt.app.record_dependencies import record_dependencies
from asbuilt.app.taking import Taking
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.record import decode_entry
from tests.app.test_component_history import lock
from tests.repos import HOUR, START, Repo


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))


def recorded(tmp_path: Path, repo: Repo) -> dict[str, list[dict[str, Any]]]:
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    taking = Taking(tmp_path / "ledger", now=START + 1_000 * HOUR)
    record_dependencies(str(repo.path), Origin(), taking, name="o/n")
    found: dict[str, list[dict[str, Any]]] = {}
    with open_ledger(tmp_path / "ledger", read_only=True) as opened:
        for entry in opened.entries():
            record = decode_entry(entry)
            found.setdefault(record.kind.removeprefix("fact/"), []).append(json.loads(record.payload))
    return found


def test_what_a_change_replaces_again_is_no_row(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", lock(a="1.0.0")).commit("Start")
    repo.checkout("topic", new=True)
    repo.write("package-lock.json", lock(a="1.1.0", b="1.0.0", c="1.0.0")).commit("One")
    repo.write("package-lock.json", lock(a="1.2.0", b="1.1.0")).commit("Two")
    repo.checkout("main").write("README", "x").commit("Else")
    merge = repo.merge("topic")
    found = recorded(tmp_path, repo)
    rows = [
        (row["package"], row["version"], row["kind"], row.get("previous_version"))
        for row in found["dependencies_added"]
        if row["change_id"] == merge
    ]
    assert sorted(rows) == [("npm:a", "1.2.0", "version", "1.0.0"), ("npm:b", "1.1.0", "new", None)]
    (extract,) = found["extracts"]
    assert (extract["population"], extract["part"], extract["covers_from"]) == (
        "dependencies_added",
        "o/n",
        "1970-01-01T00:00:00Z",
    )


def test_what_cannot_be_read_is_a_gap_and_ranges_are_told_as_they_are(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package.json", '{"dependencies": {"a": "^1"}}').write("yarn.lock", "\0").commit("Start")
    found = recorded(tmp_path, repo)
    (row,) = found["dependencies_added"]
    assert (row["package"], row["version"], row["path"], row["line"], row["direct"]) == (
        "npm:a",
        "^1",
        "package.json",
        1,
        True,
    )
    assert {gap["code"] for gap in found["gaps"]} == {"GAP-DEPENDENCIES"}
    assert found["gaps"][0]["what"].startswith("yarn.lock")
