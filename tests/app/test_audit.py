"""An audit from ledger to verdict, on a small company."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from asbuilt.app.audit import AuditRun, Wanted, audit, day_of, open_audit, window_of
from asbuilt.app.company import Company, read_company
from asbuilt.model.errors import ConfigError, UsageError
from asbuilt.model.result import Conclusion
from tests.audited import END, NOW, START, make_company
from tests.facts.telling import moment


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> tuple[Company, Path]:
    folder = tmp_path_factory.mktemp("company")
    ledger = make_company(folder)
    return read_company(None, folder), ledger


@pytest.fixture(scope="module")
def run(company: tuple[Company, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[AuditRun]:
    own, ledger = company
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASBUILT_CACHE", str(tmp_path_factory.mktemp("cache")))
        with open_audit(Wanted(type=2, start=START, end=END, ledger=ledger), own, now=NOW) as found:
            yield found


def test_scope_and_names_come_from_the_configuration(run: AuditRun) -> None:
    found = run.audit
    assert (found.company, found.system, found.categories) == ("Acme", "Acme Cloud", ("security",))
    assert len(found.criteria) == 33
    tested = {result.control for result in found.results}
    assert "CHG-01" in tested
    assert "CHG-07" not in tested
    assert [(own.control, own.by) for own in found.retired] == [("CHG-07", "Ana Lima")]
    assert "AVL-02" not in tested  # availability alone


def test_the_one_deviation_is_registered_with_note_and_waiver(run: AuditRun) -> None:
    by_id = {result.control: result for result in run.audit.results}
    result = by_id["CHG-01"]
    assert (result.count, result.counts) == (30, {"met": 29, "deviation": 1, "unknown": 0})
    assert result.conclusion is Conclusion.WITH_DEVIATIONS
    (entry,) = [own for own in run.audit.deviations if own.control == "CHG-01"]
    assert entry.item == f"{7:040x}"
    assert (entry.cause, entry.isolated, entry.answer) == ("a hurry", True, "We added a rule.")
    assert entry.waiver is not None
    assert entry.waiver.granted_by == "Ana Lima"
    assert result.coverage is not None
    assert result.coverage.complete


def test_the_same_control_is_shown_for_all_code(run: AuditRun) -> None:
    assert run.audit.parity["CHG-01"] == {
        "ai-declared": {"met": 14, "deviation": 1, "unknown": 0},
        "unknown": {"met": 15, "deviation": 0, "unknown": 0},
    }


def test_what_was_set_aside_and_what_was_not_seen_are_said(run: AuditRun) -> None:
    by_id = {result.control: result for result in run.audit.results}
    assert by_id["ACC-13"].conclusion is Conclusion.NOT_APPLICABLE
    assert "No offices" in by_id["ACC-13"].reason
    assert [gap.code for gap in run.audit.gaps] == ["GAP-FORGE"]


def test_a_population_is_frozen_with_its_digest_and_manifest(run: AuditRun) -> None:
    (changes,) = [own for own in run.audit.populations if own.table == "changes"]
    assert changes.rows == 30
    assert [extract["population"] for extract in changes.extracts] == ["changes_seen"]
    assert run.audit.ledger is not None
    assert run.audit.ledger.size == run.store.size


def test_samples_are_drawn_by_the_agreed_seed(run: AuditRun) -> None:
    samples = {sample.control: sample for sample in run.audit.samples}
    assert samples["CHG-01"].size == 5
    assert samples["CHG-01"].seed == "agreed in May"
    assert samples["CHG-01"].population_digest == next(
        own.population_digest for own in run.audit.results if own.control == "CHG-01"
    )


def test_unknown_never_makes_a_criterion_supported(run: AuditRun) -> None:
    by_id = {result.control: result.conclusion for result in run.audit.results}
    for criterion in run.audit.criteria:
        if criterion.standing == "supported":
            assert {by_id[own] for own in criterion.controls} <= {
                Conclusion.EFFECTIVE, Conclusion.NO_OCCURRENCE, Conclusion.NOT_APPLICABLE,
            }  # fmt: skip


def test_the_same_ledger_gives_the_same_audit(company: tuple[Company, Path], run: AuditRun) -> None:
    own, ledger = company
    assert audit(Wanted(type=2, start=START, end=END, ledger=ledger), own, now=NOW + 999) == run.audit


def test_a_date_tests_the_newest_item(company: tuple[Company, Path]) -> None:
    own, ledger = company
    start, end = day_of(moment("2026-06-30T15:00:00Z"), None, None)
    found = audit(Wanted(type=1, start=start, end=end, ledger=ledger), own, now=NOW)
    result = next(each for each in found.results if each.control == "CHG-01")
    assert (found.type, result.count, result.conclusion) == (1, 1, Conclusion.EFFECTIVE)


def test_a_window_that_has_not_ended_is_refused(company: tuple[Company, Path]) -> None:
    own, ledger = company
    with pytest.raises(UsageError, match="is not over"):
        audit(Wanted(type=2, start=START, end=NOW + 86_400, ledger=ledger), own, now=NOW)


def test_a_category_or_a_control_that_is_none_is_refused(company: tuple[Company, Path], tmp_path: Path) -> None:
    own, ledger = company
    with pytest.raises(UsageError, match="no category 'privcy'"):
        audit(Wanted(type=2, start=START, end=END, ledger=ledger, categories=("security", "privcy")), own, now=NOW)
    (tmp_path / "asbuilt.toml").write_text('[audit]\ncontrols = []\n[controls."ACME-9"]\nx = 1\n')
    with pytest.raises(ConfigError, match="ACME-9"):
        audit(Wanted(type=2, start=START, end=END, ledger=ledger), read_company(None, tmp_path), now=NOW)


@pytest.mark.parametrize(
    ("as_of", "start", "end", "what"),
    [(None, None, 5, "needs a window"), (None, 5, 5, "ends before"), (1, 2, 3, "no single date")],
)
def test_a_window_is_checked(as_of: int | None, start: int | None, end: int | None, what: str) -> None:
    with pytest.raises(UsageError, match=what):
        window_of(as_of, start, end)


def test_a_day_is_checked() -> None:
    assert day_of(86_400 + 7, None, None) == (86_400, 172_800)
    with pytest.raises(UsageError, match="needs a date"):
        day_of(None, None, None)
    with pytest.raises(UsageError, match="has no window"):
        day_of(1, 2, None)
