"""``asbuilt audit`` at the command line."""

import json
from pathlib import Path

import jsonschema
import pytest

from asbuilt.ledger.ledger import open_ledger
from asbuilt.reports.schemas import read_schema
from tests.audited import make_company
from tests.commands import asbuilt
from tests.facts.telling import tell

WINDOW = ("--from", "2026-01-01", "--to", "2026-07-01")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    make_company(folder)
    return folder


def test_every_format_is_written_and_deviations_are_exit_1(company: Path, tmp_path: Path) -> None:
    formats = {
        "json": "a.json",
        "html": "a.html",
        "xlsx": "a.xlsx",
        "pdf": "a.pdf",
        "oscal": "o.json",
        "text": "a.txt",
    }
    outputs = [word for form, name in formats.items() for word in ("--output", f"{form}={tmp_path / name}")]
    package = tmp_path / "p.zip"
    told = asbuilt("audit", "--type", "2", *WINDOW, *outputs, "--package", str(package), "-q", cwd=company)
    assert told.code == 1, told.said
    assert told.out == b""
    assert all((tmp_path / name).stat().st_size > 1000 for name in formats.values())
    found = json.loads((tmp_path / "a.json").read_bytes())
    jsonschema.Draft202012Validator(json.loads(read_schema("audit-1"))).validate(found)
    assert found["company"] == "Acme"
    assert asbuilt("verify", str(package), cwd=company).code == 0


def test_the_page_is_printed_and_a_date_works_too(company: Path) -> None:
    told = asbuilt("audit", "--type", "1", "--as-of", "2026-06-30", "--exit-zero", cwd=company)
    assert told.code == 0, told.said
    assert "Type I, on 2026-06-30" in told.text
    assert "Verdict" in told.text


@pytest.mark.parametrize("form", ["text", "json"])
def test_files_that_could_not_be_brought_are_said(tmp_path: Path, form: str) -> None:
    ledger = make_company(tmp_path / "company")
    digests = [f"{number:064x}" for number in range(22)]
    with open_ledger(ledger) as opened:
        for digest in digests:
            opened.append([tell("extracts", extract=f"E-{digest[-2:]}", population="people", sha256=digest)])
    words = ("--type", "2", *WINDOW, "--format", form, "--package", str(tmp_path / "p.zip"), "--exit-zero")
    told = asbuilt("audit", *words, cwd=tmp_path / "company")
    said, other = (told.text, told.said) if form == "text" else (told.said, told.text)
    assert "files of 22 extracts" in said
    assert f"  E-13: {digests[0x13]}\n  and 2 more" in said
    assert "lacks them" not in other
    if form == "json":
        json.loads(told.out)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--type", "2"), "needs a window"),
        (("--type", "1"), "needs a date"),
        (("--type", "2", *WINDOW, "--as-of", "2026-01-01"), "no single date"),
        (("--type", "2", "--from", "2026-01-01", "--to", "2999-01-01"), "is not over"),
        (("--type", "2", *WINDOW, "--categories", "privacy"), "Security is missing"),
        (("--type", "2", *WINDOW, "--categories", "security,sekurity"), "no category 'sekurity'"),
        (("--type", "2", *WINDOW, "--engine", "flink"), "is no engine"),
        (("--type", "2", *WINDOW, "--engine", "spark:http://x"), "is no Spark master"),
        (("--type", "2", *WINDOW, "--ledger", "nowhere"), "no ledger in nowhere"),
        (("--type", "2", *WINDOW, "--config", "nowhere.toml"), "cannot be read"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_its_remedy(
    company: Path, words: tuple[str, ...], what: str
) -> None:
    told = asbuilt("audit", *words, cwd=company)
    assert told.code == 2
    assert what in told.said
    assert told.out == b""
