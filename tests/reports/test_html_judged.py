import msgspec

from asbuilt.reports.html_judged import controls, findings, gaps
from tests.reports.page_of import Parsed
from tests.world import World, harbor


def test_every_control_can_be_tested_again_from_what_is_shown() -> None:
    inspection = harbor().inspection()
    text = Parsed(controls(inspection)).text
    for result in inspection.results:
        assert f"{result.control}: how it was tested" in text
        assert result.digest in text
        assert "SELECT change_id" in text
    assert "Deviations: 16" in text
    assert "Deviations: 20 of 38 (JSON holds all)" in text


def test_the_same_control_is_split_by_attribution() -> None:
    page = Parsed(controls(harbor().inspection()))
    heads = [data for stack, data in page.texts if stack[-1:] == ("th",)]
    assert heads.count("AI, declared") == 5


def test_a_control_that_crashed_says_so() -> None:
    inspection = harbor().inspection()
    crashed = msgspec.structs.replace(inspection.results[0], failure="<b>boom</b>")
    text = Parsed(controls(msgspec.structs.replace(inspection, results=(crashed,)))).text
    assert "The test failed to run: <b>boom</b>" in text


def test_findings_come_worst_first_with_place_and_remedy() -> None:
    text = Parsed(findings(harbor().inspection())).text
    order = [text.index(code) for code in ("CHG-02", "VEN-05", "AI-UNREVIEWED", "AI-OPTOUT")]
    assert order == sorted(order)
    assert "src/harbor/quotes.py:812" in text
    assert "asbuilt trace src/harbor/quotes.py" in text


def test_more_findings_and_gaps_than_a_page_holds_are_counted() -> None:
    inspection = harbor().inspection()
    many = msgspec.structs.replace(
        inspection, findings=inspection.findings[:1] * 203, gaps=inspection.gaps[:1] * 104
    )
    assert "3 findings more: the JSON report holds all." in findings(many)
    assert findings(many).count("<li") == 200
    assert "4 gaps more: the JSON report holds all." in gaps(many)


def test_a_gap_says_what_why_and_how_to_open_it() -> None:
    text = Parsed(gaps(harbor().inspection())).text
    assert "47 squashed pull requests have no head here." in text
    assert "several authors may stand behind them." in text
    assert "git fetch origin '+refs/pull/*/head:refs/pull/*/head'" in text


def test_nothing_to_judge_is_said_plainly() -> None:
    empty = World().inspection()
    assert (controls(empty), findings(empty), gaps(empty)) == (
        "<p>No control was tested.</p>",
        "<p>None.</p>",
        "<p>Nothing that this inspection knows of.</p>",
    )
