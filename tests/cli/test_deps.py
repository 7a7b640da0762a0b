"""``asbuilt deps`` as a user types it."""

import csv
import io
import json
from pathlib import Path

from asbuilt.reports.schemas import read_schema
from tests.app.test_component_history import lock
from tests.commands import asbuilt
from tests.repos import Repo

CLAUDE = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"


def test_a_person_asks_what_ai_brought_in(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", lock(a="1.0.0")).commit("Start")
    brought = repo.write("package-lock.json", lock(a="1.0.0", b="1.0.0")).commit(f"Take b{CLAUDE}")
    done = asbuilt("deps", "--introduced-by", "ai", cwd=repo.path)
    assert done.code == 3, done.said  # no ledger: approvals are not known
    assert "1 of 2 dependencies" in done.text
    assert brought[:10] in done.text
    assert "+ npm b " in done.text
    assert "npm a " not in done.text

    done = asbuilt("deps", "--format", "json", "--output", "csv=out.csv", "--unapproved", cwd=repo.path)
    found = json.loads(done.out)
    schema = json.loads(read_schema("deps-1"))
    assert found["schema"] == schema["$id"]
    assert set(found) == set(schema["$defs"]["DependencyList"]["properties"])
    rows = list(csv.DictReader(io.StringIO((repo.path / "out.csv").read_text("utf-8"), newline="")))
    assert [row["name"] for row in rows] == [row["name"] for row in found["dependencies"]] == ["b", "a"]
    assert asbuilt("deps", "--since", "2030-01-01", "--history", cwd=repo.path).text.startswith(
        "Dependencies of repo"
    )


def test_a_folder_that_is_no_repository_and_a_revision_that_is_not_there_are_said(tmp_path: Path) -> None:
    assert asbuilt("deps", str(tmp_path), cwd=tmp_path).code == 3
    repo = Repo(tmp_path / "repo")
    repo.write("a", "b").commit("Start")
    assert asbuilt("deps", "--rev", "nope", cwd=repo.path).code == 2
    assert "0 dependencies" in asbuilt("deps", cwd=repo.path).text
