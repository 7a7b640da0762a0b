"""``asbuilt lines`` as a user types it."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest

from asbuilt.model.origin import LineRun
from tests.commands import asbuilt
from tests.repos import Repo


@pytest.fixture
def small(repo: Repo) -> Repo:
    """Two files, two commits."""
    repo.write("a.txt", "one\ntwo\n").commit("Start")
    repo.write("a.txt", "one\ntwo\nthree\n").write("d/b, c.txt", "x\n")
    repo.commit("Add\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n")
    return repo


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_csv_has_the_documented_columns_and_every_line_once(small: Repo) -> None:
    done = asbuilt("lines", cwd=small.path)
    assert done.code == 0, done.said
    found = rows(done.text)
    assert list(found[0]) == list(LineRun.__struct_fields__)
    assert [(row["path"], row["first"], row["last"], row["authorship"]) for row in found] == [
        ("a.txt", "1", "2", "unknown"),
        ("a.txt", "3", "3", "ai-declared"),
        ("d/b, c.txt", "1", "1", "ai-declared"),
    ]


def test_json_and_parquet_say_the_same(small: Repo, tmp_path: Path) -> None:
    from_csv = [(row["path"], row["first"], row["origin"]) for row in rows(asbuilt("lines", cwd=small.path).text)]
    listed = json.loads(asbuilt("lines", "--format", "json", cwd=small.path).out)
    assert [(row["path"], str(row["first"]), row["origin"]) for row in listed] == from_csv
    file = tmp_path / "lines.parquet"
    done = asbuilt("lines", "--format", "parquet", "--output", str(file), cwd=small.path)
    assert (done.code, done.out) == (0, b"")
    stored = duckdb.sql(f"select * from read_parquet('{file}')")
    assert stored.columns == list(LineRun.__struct_fields__)
    assert [
        (path, str(first), origin) for path, first, origin in stored.select("path, first, origin").fetchall()
    ] == (from_csv)


def test_a_prefix_leaves_the_rest_out(small: Repo) -> None:
    assert {row["path"] for row in rows(asbuilt("lines", "--prefix", "d", cwd=small.path).text)} == {"d/b, c.txt"}
    assert {row["path"] for row in rows(asbuilt("lines", "--prefix", "a.txt", cwd=small.path).text)} == {"a.txt"}


def test_output_is_whole_and_the_same(small: Repo, tmp_path: Path) -> None:
    asbuilt("lines", "--output", str(tmp_path / "lines.csv"), cwd=small.path)
    assert (tmp_path / "lines.csv").read_bytes() == asbuilt("lines", cwd=small.path).out


def test_parquet_needs_a_file(small: Repo) -> None:
    done = asbuilt("lines", "--format", "parquet", cwd=small.path)
    assert (done.code, done.out) == (2, b"")
    assert "--output lines.parquet" in done.said
