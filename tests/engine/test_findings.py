"""Findings, the verdict and the next step."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.catalogue.codes import load_codes
from asbuilt.engine.evaluate import evaluate
from asbuilt.engine.findings import LISTED, findings_from, verdict_of
from asbuilt.facts.schemas import TABLES
from asbuilt.model.inspection import FileExposure, Gap
from asbuilt.model.result import Control, Finding, Severity
from asbuilt.model.window import Window
from tests.engine.rows import SCHEMAS, control, thing

FORGE = Gap("GAP-FORGE", "", "", "asbuilt sync gitlab acme/rocket")
SHALLOW = Gap("GAP-SHALLOW", "", "", "git fetch --unshallow")
PULLREFS = Gap("GAP-PULLREFS", "", "", "git fetch origin '+refs/pull/*/head:refs/pull/*/head'")


def found(own: Control, rows: list[dict[str, Any]], **more: Any) -> tuple[Finding, ...]:
    return findings_from(evaluate([own], {"things": rows}, Window(), schemas=SCHEMAS), [own], **more)


def finding(code: str, severity: Severity = Severity.BLOCKING, **more: Any) -> Finding:
    return Finding(code, severity, "", (), "", **more)


def test_one_finding_for_the_deviations_and_one_for_what_is_unknown() -> None:
    rows = [thing("a", flag=True), thing("b", flag=False), thing("c", flag=False), thing("d")]
    blocking, unknown = found(control(), rows, sync="asbuilt sync gitlab acme/rocket")
    assert blocking == Finding(
        code="TST-01",
        severity=Severity.BLOCKING,
        message="Does not hold for 2 of 4 items: every thing is flagged.",
        criteria=("CC8.1",),
        remedy="Flag it.",
        count=2,
        items=("b", "c"),
    )
    assert unknown.message == "Could not be told for 1 of 4 items: every thing is flagged."
    assert unknown.severity is Severity.UNKNOWN
    assert unknown.remedy == "`asbuilt sync gitlab acme/rocket` reads the flags."
    assert unknown.items == ("d",)


def test_a_control_that_holds_finds_nothing() -> None:
    assert found(control(), [thing("a", flag=True)]) == ()
    assert found(control(), []) == ()


def test_the_newest_items_are_listed_and_all_are_counted() -> None:
    rows = [thing(f"{n:03}", flag=False, on_day=n) for n in range(50)]
    (blocking,) = found(control(at="on_day"), rows)
    assert blocking.items == tuple(f"{n:03}" for n in range(49, 49 - LISTED, -1))
    assert blocking.count == 50
    assert blocking.message == "Does not hold for any of 50 items: every thing is flagged."


def test_a_finding_on_changes_names_the_newest_commit() -> None:
    row: dict[str, Any] = dict.fromkeys(column.name for column in TABLES["changes"].columns if column.nullable)
    empty: dict[str, Any] = {"bool": False, "text": "x", "text[]": []}
    row |= {own.name: empty.get(own.type) for own in TABLES["changes"].columns if not own.nullable}
    rows = [{**row, "change_id": f"{n:040}", "landed_at": n} for n in (1, 3, 2)]
    own = control("emergency", population="changes", at="landed_at")
    (blocking,) = findings_from(evaluate([own], {"changes": rows}, Window()), [own])
    assert blocking.commit == f"{3:040}"
    assert blocking.message == "Does not hold for any of 3 changes: every thing is flagged."


def test_a_test_that_failed_is_a_finding_of_its_own() -> None:
    (failed,) = found(control("amount * amount > 0"), [thing("a", amount=2**63 - 1), thing("b", amount=1)])
    assert failed.severity is Severity.UNKNOWN
    assert failed.message.startswith("Could not be tested, because the test itself failed (OutOfRangeException")
    assert failed.count == 2
    results = evaluate([control()], {}, Window(), schemas=SCHEMAS)
    (absent,) = findings_from(results, [control()])
    assert "No facts were gathered" in absent.message


@pytest.mark.parametrize(
    ("review", "severity", "said"),
    [
        ("unknown", Severity.NOTE, "and whether a person reviewed them could not be seen"),
        ("missing", Severity.BLOCKING, "and no person reviewed them"),
        ("contradicted", Severity.BLOCKING, "and the records of their review contradict each other"),
    ],
)
def test_an_exposed_file_is_placed_and_graded(review: str, severity: Severity, said: str) -> None:
    file = FileExposure(
        "src/pay.py", first=12, lines=1200, total=3400, review=review, tools=("claude_code", "\x1b[31m")
    )
    (own,) = findings_from((), (), [file])
    assert (own.code, own.path, own.line, own.count) == ("AI-UNREVIEWED", "src/pay.py", 12, 1200)
    assert own.severity is severity
    assert own.message == f"1,200 of 3,400 lines are attributed to claude_code, \\x1b[31m, {said}."
    assert own.criteria == load_codes()["AI-UNREVIEWED"].criteria


SEVERITIES = st.sampled_from(list(Severity))
FINDINGS = st.lists(
    st.builds(
        Finding,
        code=st.sampled_from(["CHG-01", "CHG-04", "AI-OPTOUT"]),
        severity=SEVERITIES,
        message=st.sampled_from(["a", "b"]),
        criteria=st.just(()),
        remedy=st.just(""),
        path=st.none() | st.sampled_from(["x", "y"]),
        line=st.none() | st.integers(1, 3),
        count=st.integers(1, 3),
    ),
    max_size=8,
)


@given(FINDINGS, st.randoms(use_true_random=False))
@settings(max_examples=50)
def test_the_worst_stand_first_in_one_order(extra: list[Finding], random: Any) -> None:
    ordered = findings_from((), (), extra=extra)
    random.shuffle(extra)
    assert findings_from((), (), extra=extra) == ordered
    assert sorted(ordered, key=lambda own: ["blocking", "unknown", "note"].index(own.severity)) == list(ordered)


@pytest.mark.parametrize(
    ("findings", "gaps", "verdict", "step"),
    [
        (
            [],
            [],
            "No deviation was found.",
            "Inspect again after the next change: a window is held open by testing all of it.",
        ),
        ([], [PULLREFS], "No deviation was found.", PULLREFS.remedy),
        (
            [finding("CHG-04", count=3), *(finding(f"CHG-{n:02}", Severity.UNKNOWN) for n in range(5, 10))],
            [FORGE],
            "3 deviations from 1 control, 5 controls could not be fully tested from git alone.",
            "asbuilt sync gitlab acme/rocket",
        ),
        (
            [finding("CHG-04", count=1200), finding("CHG-06"), finding("CHG-01", Severity.UNKNOWN)],
            [FORGE],
            "1,201 deviations from 2 controls, 1 control could not be fully tested from git alone.",
            "asbuilt explain CHG-04",
        ),
        (
            [finding("CHG-04"), finding("CHG-01", Severity.UNKNOWN)],
            [FORGE],
            "1 deviation from 1 control, 1 control could not be fully tested from git alone.",
            "asbuilt explain CHG-04",
        ),
        (
            [finding("CHG-01", Severity.UNKNOWN)],
            [FORGE, SHALLOW],
            "No deviation was found, 1 control could not be fully tested from git alone.",
            "git fetch --unshallow",
        ),
        (
            [finding("VEN-05", Severity.UNKNOWN)],
            [],
            "No deviation was found, 1 control could not be fully tested.",
            "asbuilt explain VEN-05",
        ),
        (
            [
                finding("AI-UNREVIEWED", path="a"),
                finding("AI-UNREVIEWED", path="b"),
                finding("AI-OPTOUT", path="c"),
            ],
            [],
            "2 files with AI-written lines that nobody reviewed, 1 further blocking finding.",
            "asbuilt explain AI-UNREVIEWED",
        ),
        (
            [finding("AI-OPTOUT", Severity.NOTE)],
            [FORGE],
            "No deviation was found.",
            "asbuilt sync gitlab acme/rocket",
        ),
    ],
)
def test_the_verdict_and_the_next_step(findings: list[Finding], gaps: list[Gap], verdict: str, step: str) -> None:
    assert verdict_of(findings, gaps) == (verdict, step)
    read = verdict.replace("from git alone", "from git and what was read of the forge")
    assert verdict_of(findings, gaps, forge_read=True) == (read, step)


def test_grave_weaknesses_of_the_code_stand_in_the_verdict() -> None:
    said, _ = verdict_of([], [], weaknesses=1)
    assert said == "No deviation was found, 1 weakness of the code that is critical or high."
    said, _ = verdict_of([finding("CHG-01")], [], weaknesses=1_200)
    assert said.endswith("1,200 weaknesses of the code that are critical or high.")


def test_a_grave_weakness_comes_before_the_forge_and_after_the_whole_clone() -> None:
    partial = Gap("GAP-BLOB", "This is a partial clone.", "Why.", "git fetch --refetch --no-filter")
    one_file = Gap("GAP-BLOB", "A version is absent.", "Why.", "Clone again.", path="font.ttf")
    assert verdict_of([], [FORGE, partial, one_file], weaknesses=1)[1] == "git fetch --refetch --no-filter"
    assert verdict_of([], [FORGE, one_file], weaknesses=1)[1] == "asbuilt scan --only own"
    untold = [finding("CHG-01", Severity.UNKNOWN)]
    assert verdict_of(untold, [one_file, FORGE])[1] == "asbuilt sync gitlab acme/rocket"


def test_no_sentence_promises_what_only_an_auditor_may_say() -> None:
    said = str(verdict_of([], [])) + str(verdict_of([finding("CHG-01")], [FORGE]))
    assert not any(word in said.lower() for word in ("certified", "compliant", "passed", "soc 2"))
