"""Values of results: severities, weaknesses, paths, and what is shown of a secret."""

import pytest

from asbuilt.model.errors import SourceError
from asbuilt.scans import making as module
from asbuilt.scans.content import Content
from asbuilt.scans.making import (
    Making,
    commit_id,
    cwes,
    files,
    plain_path,
    sentences,
    severity,
    suppressed,
    web_address,
)
from tests.scans.samples import SALT, SECRET


def make() -> Making:
    return Making(Content(b"{}", "x"), SALT)


@pytest.mark.parametrize(
    ("told", "known"),
    [("CRITICAL", "critical"), ("Moderate", "medium"), ("9.8", "critical"), (7, "high"), (0.1, "low"), (0, None), ("Unknown", None), (True, None), ("nan", None), (None, None), ([], None), (11, None)],
)  # fmt: skip
def test_severities(told: object, known: str | None) -> None:
    assert severity(told) == known


def test_weaknesses_are_found_in_words_lists_and_numbers() -> None:
    assert cwes(["CWE-89: SQL", "external/cwe/cwe-079", 78, True, None]) == ("CWE-89", "CWE-79", "CWE-78")
    assert cwes("none") == ()


@pytest.mark.parametrize(
    ("told", "path"),
    [("./src/a.py", "src/a.py"), ("src\\a.py", "src/a.py"), ("file:///repo/a%20b.py", "a b.py"), ("a\x1b[2Jb", "a\\x1b[2Jb"), ("", None), (None, None), (7, None)],
)  # fmt: skip
def test_paths(told: object, path: str | None) -> None:
    assert plain_path(told, ["file:///repo/"]) == path


def test_only_whole_commits_and_web_addresses_are_taken() -> None:
    assert commit_id("a" * 40) == "a" * 40
    assert commit_id("abc") is None
    assert web_address("https://example.com/x") == "https://example.com/x"
    assert web_address("javascript:alert(1)") is None


def test_of_a_secret_the_rule_is_shown_and_never_the_message() -> None:
    made = make().result(
        tool="x", rule="hard-coded-password", message=f"found '{SECRET}'", title="A password in code"
    )
    assert made.is_secret
    assert made.message == "A password in code"
    assert SECRET not in make().result(tool="gitleaks", rule="r", message=SECRET).message


def test_secrets_that_the_tool_masked_have_no_hash() -> None:
    making = make()
    assert making.secret("*****", "  ", None) is None
    assert making.secret(SECRET) == make().secret(SECRET, "line")
    assert making.secrets == {SECRET}


def test_the_hash_of_lines_does_not_know_their_indentation() -> None:
    assert make().snippet("  a =  1\n\tb") == make().snippet("a = 1\n    b")
    assert make().snippet(" ") is None


def test_counts_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_RESULTS", 1)
    making = make()
    making.result(tool="x", rule="r", message="m")
    with pytest.raises(SourceError, match="more than 1 results"):
        making.result(tool="x", rule="r", message="m")
    assert files([None, "a", "a"]) == {"a"}
    assert files([]) is None
    assert len(sentences(str(number) for number in range(500))) == 101
    assert suppressed("external", "ana", "because") == suppressed("external", " ana ", "because ")
