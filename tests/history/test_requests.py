"""Which issues and tickets a message names, and what only looks like one."""

import pytest

from asbuilt.catalogue.change_words import load_change_words
from asbuilt.history.messages import read_trailers
from asbuilt.history.requests import RequestReader


def named(message: str, *, own: int | None = None, pulls: dict[int, str] | None = None, branch: str | None = None):
    reader = RequestReader(load_change_words().tickets.never, pulls or {})
    mentions = reader.read("c", message, list(read_trailers(message)), branch)
    return [(mention.kind, mention.text) for mention in reader.settle(mentions, own)]


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("Fix it\n\nFixes #12", [("issue", "#12")]),
        ("Fix it\n\nfixes: #12, #13 and #14", [("issue", "#12"), ("issue", "#13"), ("issue", "#14")]),
        ("Close octo/other#9", [("issue", "octo/other#9")]),
        ("Fix it\n\nCloses GH-7", [("issue", "#7")]),
        ("Fix it\n\nSee https://github.com/o/r/issues/77 for why", [("issue", "https://github.com/o/r/issues/77")]),
        ("Fix it\n\nhttps://acme.atlassian.net/browse/PAY-3", [("ticket", "PAY-3")]),
        ("Fix it\n\nhttps://linear.app/acme/issue/ENG-4/fix-it", [("ticket", "ENG-4")]),
        ("PAY-12: fix it", [("ticket", "PAY-12")]),
        ("[PAY-12] fix it", [("ticket", "PAY-12")]),
        ("Fix it (PAY-12)", [("ticket", "PAY-12")]),
        ("Fix it\n\nBug: 12345", [("issue", "#12345")]),
        ("Fix it\n\nJira: PAY-12", [("ticket", "PAY-12")]),
        ("Bug 123456 - fix it r=ana", [("issue", "bug 123456")]),
        ("Fix it [#3658 state:resolved]", [("issue", "#3658")]),
        ("Fix it AB#55", [("ticket", "AB#55")]),
        ("#123 fix it", [("issue", "#123")]),
        ("ISSUE-9 fix it", [("issue", "#9")]),
        # What only looks like one.
        ("Use UTF-8 and SHA-256, as RFC-2822 and ISO-8859-1 say; CVE-2024-3094", []),
        ("Start 2.50 cycle (batch #5)", []),
        ("Mend LVM-2 and X11-3 in prose", []),
        ('Fix it\n\nFixes: 1234567890 ("the other commit")', []),
        ("Fix it\n\nFixes: 0123abc4567", []),
        ('Revert "Fix it (#12)"', []),
        ("Merge pull request #12 from o/b", []),
        ("Colour #123456 and &#39; and test#1", []),
        ("Fix it\n\nGPT-4 said so; ABC-0; foo-1; FOO-1-2; FOO-1.2", []),
    ],
)
def test_what_a_message_names(message: str, expected: list[tuple[str, str]]) -> None:
    assert named(message) == expected


def test_a_changes_own_number_is_no_request() -> None:
    assert named("Fix it (#12)", own=12) == []
    assert named("Fix it (#9) (#12)", own=12) == [("issue", "#9")]


def test_another_pull_request_is_told_from_an_issue_where_refs_are_here() -> None:
    assert named("Follow-up\n\nRefs #9, #10", pulls={9: "x"}) == [("pull-request", "#9"), ("issue", "#10")]


def test_a_key_in_the_branch_counts() -> None:
    assert named("Merge pull request #3 from o/x", own=3, branch="feature/PAY-77-login") == [("ticket", "PAY-77")]
    assert named("Merge pull request #3 from o/x", own=3, branch="utf-8-names") == []


def test_a_key_in_prose_counts_once_the_project_is_seen_in_a_sure_place() -> None:
    reader = RequestReader(load_change_words().tickets.never, {})
    prose = reader.read("1", "Fix what PAY-1 asked, on LVM-2", [], None)
    assert reader.settle(prose, None) == ()
    reader.read("2", "PAY-2: more", [], None)
    assert [mention.text for mention in reader.settle(prose, None)] == ["PAY-1"]
