"""The audit as text: everything weighty is on the page, and nothing foreign acts."""

import re

import pytest

from asbuilt.model.result import Conclusion
from asbuilt.reports.audit_text import render_audit_text
from tests import audit_world


def page(**more: object) -> str:
    return render_audit_text(audit_world.audit(**more), width=110, color=False)


def test_every_part_is_on_the_page() -> None:
    text = page()
    for part in (
        "Type II, 2026-01-01 to 2026-06-30 (181 days)",
        "Security, Availability",
        "ledger acme.example/ledger, 1,234 entries",
        "CC8.1  Changes",
        "no control",
        "The same controls for all code",
        "97.8 % of 92",
        "How long findings stayed open",
        "AI, declared code 9 6 4.5 21 3",
        "unknown code 2 0 – – 2",
        "Time in force",
        "55.2 %",
        "2 deviations · 1 answered by management",
        "waived by Ana Lima",
        "91 days of access_reviews have no extract.",
        "The test itself failed: ValueError: broken.",
        "No offices (Ana Lima, 2026-01-05).",
        "retired on 2026-03-01 by Ana Lima: no agents",
        "GAP-RECORD",
        "an opinion on controls is a CPA",
        "`asbuilt controls ID` says what opens each of them.",
    ):
        assert part in " ".join(text.split()) or part in text, part


def test_nothing_foreign_acts_on_a_terminal() -> None:
    text = page()
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert max(map(len, text.splitlines())) <= 110


def test_colour_changes_no_word() -> None:
    plain = page()
    coloured = render_audit_text(audit_world.audit(), width=110, color=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


def test_a_date_has_no_time_in_force() -> None:
    text = page(type=1)
    assert "Type I, on 2026-06-30" in text
    assert "Time in force" not in text


def test_a_clean_audit_shows_no_empty_section() -> None:
    clean = tuple(own for own in audit_world.results() if own.conclusion is Conclusion.EFFECTIVE)
    text = page(results=clean, deviations=(), retired=(), gaps=(), parity={}, ledger=None)
    for part in ("Deviations", "Evidence missing", "Not tested", "What could not be seen", "ledger "):
        assert part not in text


@pytest.mark.parametrize("width", [20, 64, 200])
def test_any_width_is_kept(width: int) -> None:
    text = render_audit_text(audit_world.audit(), width=width, color=False)
    long_word = '"http://x")<script>'  # a word that is longer than the page is not broken
    assert max(len(line) for line in text.splitlines() if long_word not in line) <= max(min(width, 120), 64)
