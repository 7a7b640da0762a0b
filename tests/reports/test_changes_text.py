"""The list of changes in a terminal."""

import msgspec
import pytest

from asbuilt.model.changes import Difference, Reconciliation
from asbuilt.model.inspection import Gap
from asbuilt.reports.changes_text import render_changes
from asbuilt.reports.page import cells
from asbuilt.reports.words import LINKS
from tests.reports.test_changes_csv import ROW, listed

PLAIN = msgspec.structs.replace(
    ROW, change="e" * 40, number=None, landing="direct", review="not-reviewed", approvers=(), rejected=(),
    tests_failed=(), attribution="unknown", signals=(), grades=dict.fromkeys(LINKS, "stated"), unbroken=True,
)  # fmt: skip
WIDE = msgspec.structs.replace(ROW, approvers=("a-very-long-login-" * 6,), subject="A subject " * 20)


@pytest.mark.parametrize("width", [64, 80, 100, 120])
def test_every_line_fits_the_width(width: int) -> None:
    text = render_changes(listed(ROW, PLAIN, WIDE), width=width, color=False)
    assert max(cells(line) for line in text.splitlines()) <= width


def test_a_change_is_one_line_with_ten_marks() -> None:
    lines = render_changes(listed(ROW, PLAIN), width=120, color=False).splitlines()
    (first,) = [line for line in lines if line.startswith("7  cccccccccc")]
    assert "2023-11-14  merge " in first
    assert "···✗●·····" in first
    assert "reviewed" in first
    assert "ben" in first
    (second,) = [line for line in lines if line.startswith("–  eeeeeeeeee")]
    assert "◐" * 10 in second


def test_all_columns_are_shown_whole() -> None:
    text = render_changes(listed(WIDE), width=80, color=False, all_columns=True)
    assert "a-very-long-login-" * 6 in text
    assert "A subject A subject" in text
    assert "approved 8 s after 900 lines" in text


def test_what_it_comes_to_is_counted() -> None:
    text = render_changes(listed(ROW, PLAIN), width=80, color=False)
    assert "2 changes" in text
    assert "Reviews: 1 reviewed, 1 not-reviewed." in text
    assert "Chains unbroken: 1 (50.0 %)." in text
    assert "Sources disagree about 1 change." in text


def test_filters_and_window_and_source_are_named() -> None:
    found = listed(ROW, total=9, start=1_700_000_000, end=1_800_000_000, source="git")
    head = render_changes(found, width=120, color=False).splitlines()[1]
    assert head == "1 of 9 changes · from 2023-11-14 until 2027-01-15 · git alone: nothing of a forge"


def test_nothing_is_shown_as_nothing() -> None:
    gap = Gap("GAP-CHANGES", "No change was recorded.", "why", "asbuilt record git PATH")
    text = render_changes(listed(repositories=(), gaps=(gap,)), width=80, color=False)
    assert "0 changes" in text
    assert "asbuilt record git PATH" in text


def test_sides_that_tie_and_sides_that_do_not() -> None:
    found = listed(
        ROW,
        reconciliations=(
            Reconciliation("change", "o/n", 3, 1, 1, {"direct-push": 1, "forge-not-read": 1}, ties=True),
            Reconciliation("request", "o/n", 2, 1, 0, {}, ties=False),
        ),
        differences=(
            *(Difference("change", f"{place}" * 40, "direct-push", "", "o/n", 0, None) for place in range(9)),
            Difference("request", "17", "unreachable", "to main", "o/n", 1_700_000_000, None),
        ),
    )
    text = render_changes(found, width=100, color=False)
    assert "? 3 changes = 1 matched + 1 direct-push + 1 forge-not-read" in text
    assert "✗ 2 merged requests = 1 matched: the sums are not equal" in text
    assert text.index("unreachable") < text.index("0000000000")  # what is rare comes first
    assert "#17" in text
    assert "… 3 more" in text


def test_foreign_text_is_made_safe() -> None:
    evil = msgspec.structs.replace(ROW, approvers=("x\x1b[2J\u202e",), request_author="a\nb")
    text = render_changes(listed(evil), width=120, color=False)
    assert "\x1b" not in text
    assert "\u202e" not in text
