"""What ties of a window: each side counted by itself, each difference with its reason."""

from pathlib import Path

import pytest

from asbuilt.app.chain_facts import open_ledger_facts
from asbuilt.app.changes import list_changes
from asbuilt.app.completeness import reconcile
from asbuilt.app.ledger import append
from asbuilt.app.listed_changes import Wanted
from asbuilt.cli.exit_status import changes_status
from tests.company import Company
from tests.joined import NAME, make_ledger, told
from tests.repos import HOUR, START


@pytest.fixture
def ledger(company: Company, tmp_path: Path) -> Path:
    return make_ledger(company, tmp_path / "ledger")


def test_every_side_is_matched_or_has_its_reason(company: Company, ledger: Path) -> None:
    with open_ledger_facts(ledger) as facts:
        tied, apart = reconcile(facts, [NAME], None, None)
    by_kind = {one.kind: one for one in tied}
    assert list(by_kind) == ["change", "request", "deployment"]
    assert all(one.ties for one in tied)
    changes = by_kind["change"]
    assert changes.matched == by_kind["request"].matched == 2
    assert changes.total == changes.matched + sum(changes.by_reason.values())
    assert changes.by_reason["initial-import"] == 1
    assert changes.by_reason["squash"] == 1  # 6: its merge commit is not on the branch
    assert by_kind["request"].by_reason == {"squash": 1}
    assert by_kind["deployment"].by_reason == {"commit-unknown": 1}
    reasons = {one.item: one.reason for one in apart}
    assert reasons[company.direct] == "direct-push"
    assert reasons["d2"] == "commit-unknown"
    assert all(one.record for one in apart)


def test_a_window_is_one_of_landings(company: Company, ledger: Path) -> None:
    with open_ledger_facts(ledger) as facts:
        tied, apart = reconcile(facts, [NAME], START, START + 2 * HOUR)
        assert [(one.kind, one.total, one.by_reason) for one in tied] == [("change", 1, {"initial-import": 1})]
        assert [one.item for one in apart] == [company.initial]
        assert reconcile(facts, [NAME], 0, 1) == ((), ())
        assert reconcile(facts, ["octo/none"], None, None) == ((), ())


def test_what_was_not_read_is_a_gap_and_not_a_tie_to_be_had(company: Company, tmp_path: Path) -> None:
    ledger = make_ledger(company, tmp_path / "bare", forge=False)
    found = list_changes(Wanted(completeness=True), ledger=ledger, path=Path())
    (changes,) = found.reconciliations
    assert changes.unseen == changes.total - 1  # the initial import needs no forge
    assert "GAP-RECONCILED" in {gap.code for gap in found.gaps}
    assert changes_status(found) == 3


def test_a_forced_push_is_a_difference(ledger: Path) -> None:
    append(
        ledger,
        [
            told("pushes", push_id="p1", branch="main", kind="force-push", pushed_at="2023-11-15T00:00:00Z",
                 after_commit="9" * 40),
        ],
    )  # fmt: skip
    found = list_changes(Wanted(completeness=True), ledger=ledger, path=Path())
    assert {one.reason for one in found.differences if one.kind == "push"} == {"unreachable"}
    assert changes_status(found) == 0
