"""``asbuilt changes`` as a user types it."""

import csv
import io
import json
from pathlib import Path

import pytest

from asbuilt.reports.schemas import read_schema
from tests.commands import asbuilt
from tests.company import Company
from tests.joined import NAME, make_ledger


@pytest.fixture(scope="module")
def place(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the company's ledger at the usual place."""
    folder = tmp_path_factory.mktemp("office")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASBUILT_CACHE", str(tmp_path_factory.mktemp("cache")))
        (folder / ".asbuilt").mkdir()
        make_ledger(company, folder / ".asbuilt" / "ledger")
    return folder


def test_the_usual_ledger_is_read_and_the_table_printed(place: Path) -> None:
    done = asbuilt("changes", cwd=place)
    assert done.code == 0, done.said
    assert done.text.startswith(f"Changes of {NAME}")
    assert "the facts of the ledger" in done.text


def test_json_fits_its_schema_and_says_the_same_as_csv(place: Path) -> None:
    done = asbuilt("changes", "--format", "json", "--output", "csv=out.csv", "--completeness", cwd=place)
    assert done.code == 0, done.said
    found = json.loads(done.out)
    schema = json.loads(read_schema("changes-1"))
    assert found["schema"] == schema["$id"]
    assert set(found) == set(schema["$defs"]["ChangeList"]["properties"])
    rows = list(csv.DictReader(io.StringIO((place / "out.csv").read_text("utf-8"), newline="")))
    assert [row["merge_commit"] for row in rows] == [row["change"] for row in found["changes"]]
    assert [row["link_review"] for row in rows] == [row["grades"]["review"] for row in found["changes"]]
    assert found["reconciliations"]
    assert done.out == asbuilt("changes", "--format", "json", "--completeness", cwd=place).out


def test_filters(place: Path, company: Company) -> None:
    def asked(*words: str) -> set[str]:
        found = json.loads(asbuilt("changes", "--format", "json", "-q", *words, cwd=place).out)
        return {row["change"] for row in found["changes"]}

    assert asked("--verdict", "reviewed") == {company.merge}
    assert company.squash in asked("--attribution", "ai-declared", "--verdict", "not-reviewed")
    assert company.merge not in asked("--unproved", "review")
    assert asked("--repository", NAME, "--verdict", "reviewed", "--verdict", "exempt") == {
        company.merge,
        company.initial,
    }


def test_without_a_ledger_git_speaks_alone_and_the_exit_code_says_so(company: Company, tmp_path: Path) -> None:
    done = asbuilt("changes", "-C", str(company.repo.path), cwd=tmp_path)
    assert done.code == 3
    assert "git alone" in done.text
    assert "GAP-LEDGER" in done.text


def test_what_is_not_there_is_named(place: Path, tmp_path: Path) -> None:
    done = asbuilt("changes", "--ledger", "none", cwd=tmp_path)
    assert (done.code, "There is no ledger in none" in done.said) == (2, True)
    done = asbuilt("changes", "--repository", "octo/none", cwd=place)
    assert (done.code, NAME in done.said) == (2, True)
    assert asbuilt("changes", "--unproved", "reviews", cwd=place).code == 2


def test_a_trace_takes_the_usual_ledger_too(place: Path, company: Company) -> None:
    words = ("trace", company.merge, "-C", str(company.repo.path), "-q")
    proved = asbuilt(*words, cwd=place).text
    assert "Approved by bo" in proved
    assert "answers: ana\n" in proved
    assert "Approved by bo" not in asbuilt(*words, cwd=place.parent).text
