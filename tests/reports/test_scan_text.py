"""A scan for people: the worst first, what was looked at and what not, never a word of safety."""

import re

import msgspec

from asbuilt.model.component import Unread
from asbuilt.model.finding import Scan
from asbuilt.reports.scan_text import scan_text
from tests.reports.test_scan_sarif import ACCEPTED, FOUND, SCAN, SECRET


def test_findings_come_by_rule_the_worst_first() -> None:
    text = scan_text(SCAN)
    assert text.index("critical  secret-y") < text.index("high  py-x")
    assert "src/a b.py:3  x(" in text
    assert "To mend it: remedy" in text
    assert 'KEY = "[redacted]"' in text
    assert "src/a b.py:9  py-x, because we know" in text
    assert "1 older findings" in text
    assert text.rstrip().splitlines()[-1].startswith("1 critical, 1 high.")


def test_what_was_not_looked_at_is_told() -> None:
    scan = msgspec.structs.replace(
        SCAN,
        uncovered=(("Go", 3),),
        no_text=2,
        excluded=(("node_modules/", 9),),
        loose=(Unread(path="a.py", line=4, why="A comment accepts nothing."),),
    )
    text = scan_text(scan)
    for told in (
        "not looked at: big.py: It is too large.",
        "Bandit: FAILED. It broke.",
        "gitleaks: not run. Not there.",
        "Go (3)",
        "2 files hold no text",
        "node_modules/ (9)",
        "a.py:4: A comment accepts nothing.",
        "python: 2 files, 20 lines, 3 rules",
    ):
        assert told in text


def test_nothing_found_is_never_told_as_safety() -> None:
    text = scan_text(msgspec.structs.replace(SCAN, findings=()))
    assert "Nothing was found by what was run, in what was looked at." in text
    assert re.search(r"\b(secure|safe|clean|no (?:issues|problems|vulnerabilities))\b", text, re.IGNORECASE) is None


def test_what_is_for_information_is_counted_and_many_places_are_cut() -> None:
    many = tuple(msgspec.structs.replace(FOUND, line=n + 1, path=f"f{n}.py") for n in range(30))
    scan = msgspec.structs.replace(SCAN, findings=(*many, msgspec.structs.replace(SECRET, severity="info")))
    text = scan_text(scan)
    assert "and 10 more; --format json lists them" in text
    assert "1 for information" in text
    assert "30 high, 1 info" in text


def test_an_accepted_one_is_not_open() -> None:
    scan: Scan = msgspec.structs.replace(SCAN, findings=(ACCEPTED,))
    assert scan.open == ()


def test_hostile_texts_are_shown_harmless() -> None:
    bad = msgspec.structs.replace(FOUND, path="a\x1b[31m\n.py", message="x\x1by", snippet="\x1b]0;t")
    assert "\x1b" not in scan_text(msgspec.structs.replace(SCAN, findings=(bad,)))
