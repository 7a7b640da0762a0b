"""The words of an audit's reports."""

import pytest

from asbuilt.model.result import Conclusion
from asbuilt.model.window import Window
from asbuilt.reports.audit_words import CONCLUSIONS, by_conclusion, in_force_share, instant, period, test_result
from tests import audit_world

told = test_result
del test_result  # pytest would take it for a test


def test_every_conclusion_has_a_word_and_a_mark_of_its_own() -> None:
    assert set(CONCLUSIONS) == set(Conclusion)
    assert len({kind.mark for kind in CONCLUSIONS.values()}) == len(CONCLUSIONS)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({}, "Type II, 2026-01-01 to 2026-06-30 (181 days)"),
        ({"type": 1}, "Type I, on 2026-06-30"),
        ({"window": Window()}, "Type II, an open window"),
        (
            {"window": Window(audit_world.START, audit_world.START + audit_world.DAY)},
            "Type II, 2026-01-01 to 2026-01-01 (1 day)",
        ),
    ],
)
def test_a_period_is_told_by_its_first_and_last_day(more: dict[str, object], words: str) -> None:
    assert period(audit_world.audit(**more)) == words


def test_results_are_told_as_an_auditor_would() -> None:
    by_id = {own.control: own for own in audit_world.results()}
    assert told(by_id["CHG-05"]) == "No exceptions noted in 1 item, all of them tested."
    assert told(by_id["HR-01"]) == "No occurrences in the period."
    assert told(by_id["ACC-13"]) == "Not applicable. No offices (Ana Lima, 2026-01-05)."
    assert told(by_id["CHG-03"]) == "Exceptions noted: 1 of 1. acme/app was proved off for 100 days."


def test_conclusions_come_worst_first() -> None:
    found = [(key, count) for key, _, count in by_conclusion(audit_world.results())]
    assert found[0] == (Conclusion.NOT_EFFECTIVE, 1)
    assert dict(found)[Conclusion.EVIDENCE_MISSING] == 2


def test_shares_of_time_and_moments() -> None:
    assert in_force_share(audit_world.results()[1]) == ("44.2 %", "55.2 %", "0.6 %")
    assert in_force_share(audit_world.results()[0]) == ("–", "–", "–")
    assert instant(0) == "1970-01-01 00:00:00Z"
    assert instant(None) == "–"
