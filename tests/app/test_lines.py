"""Runs of lines cover every line once, and Parquet holds what CSV holds."""

from pathlib import Path

import duckdb
import pytest

from asbuilt.app.lines import lines, write_parquet
from asbuilt.model.errors import UsageError
from tests.company import Company


def test_runs_cover_every_line_once(company: Company) -> None:
    counted: dict[str, int] = {}
    for run in lines(company.repo.path):
        assert run.first == counted.get(run.path, 0) + 1
        counted[run.path] = run.last
    text = company.repo.git("grep", "-c", "", "HEAD").decode().splitlines()
    assert counted == {row.split(":")[1]: int(row.split(":")[2]) for row in text}


def test_a_folder_or_file_limits_the_runs(company: Company) -> None:
    whole = list(lines(company.repo.path))
    assert list(lines(company.repo.path, prefix=b".github")) == [r for r in whole if r.path.startswith(".github/")]
    assert list(lines(company.repo.path / "app.py")) == [r for r in whole if r.path == "app.py"]
    assert list(lines(company.repo.path / ".github")) == [r for r in whole if r.path.startswith(".github/")]
    with pytest.raises(UsageError, match="nothing"):
        list(lines(company.repo.path, prefix=b"nothing"))


def test_parquet_holds_every_run_and_column(company: Company, tmp_path: Path) -> None:
    runs = list(lines(company.repo.path))
    write_parquet(runs, tmp_path / "it's.parquet")
    with duckdb.connect() as connection:
        rows = connection.read_parquet(str(tmp_path / "it's.parquet")).fetchall()
    assert [(row[0], row[1], row[2], row[3], row[6], row[7], row[13]) for row in rows] == [
        (run.path, run.first, run.last, run.origin, run.writing, run.authorship.value, list(run.evidence))
        for run in runs
    ]
