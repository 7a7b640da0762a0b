"""A finding is the same finding when lines move or other code changes, and no two findings are one."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.scan import ScanResult
from asbuilt.scans.identity import identities, is_sentinel, secret_identity, tool_family
from asbuilt.scans.making import Making
from asbuilt.scans.reading import Content
from tests.scans.samples import SALT

RULES = ("py/sql", "py/xss")
CODE = ("run(sql)", "show(name)", "pass", "x = 1")
MAKING = Making(Content(b"{}", "x"), SALT)


def scanned(lines: list[str], path: str = "a.py", *, tell: bool = True) -> list[ScanResult]:
    """A scanner that finds a rule on every line that runs, and another on every line that shows."""
    return [
        ScanResult(
            tool="Scanner",
            rule=RULES[CODE.index(line)],
            message=f"line {number}",
            path=path,
            line=number,
            snippet=MAKING.snippet(line) if tell else None,
        )
        for number, line in enumerate(lines, 1)
        if line in CODE[:2]
    ]


code = st.lists(st.sampled_from(CODE), max_size=12)
harmless = st.lists(st.sampled_from(CODE[2:]), max_size=6)


@given(code, st.data(), st.booleans())
def test_other_lines_that_come_or_go_or_are_indented_change_no_identity(
    lines: list[str], data: st.DataObject, tell: bool
) -> None:
    moved: list[str] = []
    for line in lines:
        moved += data.draw(harmless)
        if line in CODE[:2] or data.draw(st.booleans()):
            moved.append(line)
    assert identities(scanned(moved, tell=tell)) == identities(scanned(lines, tell=tell))


@given(st.lists(code, max_size=4), st.booleans())
def test_two_findings_never_become_one(files: list[list[str]], tell: bool) -> None:
    results = [each for number, lines in enumerate(files) for each in scanned(lines, f"{number}.py", tell=tell)]
    assert len(set(identities(results))) == len(results)
    again = results * 2  # told twice: a tool's own duplicates are kept apart too
    assert len(set(identities(again))) == len(again)


@given(code, st.randoms(use_true_random=False))
def test_the_order_in_which_a_tool_tells_them_does_not_matter(lines: list[str], random: object) -> None:
    results = scanned(lines)
    expected = dict(zip((each.line for each in results), identities(results), strict=True))
    random.shuffle(results)  # type: ignore[attr-defined]
    assert dict(zip((each.line for each in results), identities(results), strict=True)) == expected


@given(code, code)
def test_a_new_finding_takes_the_identity_of_none_that_was_there(lines: list[str], more: list[str]) -> None:
    before, after = identities(scanned(lines)), identities(scanned([*lines, *more]))
    assert set(before) <= set(after)


def result(**told: object) -> ScanResult:
    return ScanResult(**{"tool": "Semgrep", "rule": "r", "message": "m", "path": "a.py"} | told)  # type: ignore[arg-type]


def one(**told: object) -> str:
    return identities([result(**told)])[0]


@pytest.mark.parametrize(
    "sentinel", ["requires login", "requires login:1", "0" * 40, "0000:1", "", "unknown", "None", "n/a", "fff"]
)
def test_a_word_in_place_of_a_fingerprint_is_none(sentinel: str) -> None:
    assert is_sentinel(sentinel)
    name = "fingerprints/matchBasedId/v1"
    assert one(fingerprints=((name, sentinel),)) == one()


def test_a_fingerprint_counts_where_the_lines_are_not_given() -> None:
    name = "partialFingerprints/primaryLocationLineHash"
    assert not is_sentinel("39fa2ee980eb94b0:1")
    assert one(fingerprints=((name, "39fa2ee980eb94b0:1"),), line=3) == one(
        fingerprints=((name, "39fa2ee980eb94b0:1"),), line=9
    )
    assert one(fingerprints=((name, "39fa2ee980eb94b0:1"),)) != one(fingerprints=((name, "40fa2ee980eb94b0:1"),))
    assert one(fingerprints=((name, "a1"),), snippet="s") == one(fingerprints=((name, "b2"),), snippet="s")


def test_a_fingerprint_that_nobody_knows_or_that_is_the_same_for_all_does_not_count() -> None:
    assert one(fingerprints=(("partialFingerprints/commitSha", "abc1"),)) == one()
    name = "fingerprints/matchBasedId/v1"
    constant = [result(rule=rule, fingerprints=((name, "c0ffee"),)) for rule in ("a", "b", "c")]
    plain = [msgspec.structs.replace(each, fingerprints=()) for each in constant]
    assert identities(constant) == identities(plain)


def test_a_dependency_is_its_package_and_advisory_by_whatever_name() -> None:
    first = one(package="npm:lodash", rule="GHSA-1", aliases=("CVE-2026-1",), version="1.0", path="lock")
    assert first == one(package="npm:lodash", rule="CVE-2026-1", aliases=("GHSA-1",), version="1.1", path="lock")
    assert first != one(package="npm:lodash", rule="CVE-2026-2", path="lock")
    assert first != one(package="npm:lodash.merge", rule="CVE-2026-1", path="lock")
    assert first != one(package="npm:lodash", rule="CVE-2026-1", path="other")


def test_a_secret_is_itself_in_its_file_wherever_it_moves() -> None:
    assert one(is_secret=True, secret="h1", line=1, snippet="a") == one(
        is_secret=True, secret="h1", line=7, snippet="b"
    )
    assert one(is_secret=True, secret="h1") != one(is_secret=True, secret="h2")
    assert one(is_secret=True, snippet="a", line=1) == one(is_secret=True, snippet="a", line=2)


def test_editions_of_a_tool_are_one_tool() -> None:
    assert tool_family("Semgrep OSS") == tool_family("semgrep") == "semgrep"
    assert tool_family("osv-scanner") == tool_family("OSV Scanner")
    assert tool_family("Code") == "code"
    assert one(tool="Semgrep OSS") == one() != one(tool="CodeQL")


def test_a_secret_is_one_in_all_files_and_a_masked_one_stays_in_its_own() -> None:
    here, there = result(is_secret=True, secret="h1", path="a"), result(is_secret=True, secret="h1", path="b")
    assert secret_identity(here) == secret_identity(there) == identities([here])[0]
    assert len(set(identities([here, there]))) == 2
    masked = [result(is_secret=True, is_masked=True, snippet="s", path=path) for path in ("a", "a", "b")]
    assert {secret_identity(each) for each in [*masked, result(secret="h1")]} == {None}
    assert len(set(identities(masked))) == 3
