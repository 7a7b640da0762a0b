"""The list of changes, from the ledger's facts and from git alone."""

from pathlib import Path

import pytest

from asbuilt.app.changes import list_changes
from asbuilt.app.listed_changes import Wanted
from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.changes import ChangeList, ListedChange
from asbuilt.model.errors import UsageError
from tests.company import Company
from tests.joined import NAME, make_ledger
from tests.repos import HOUR, START

LINKS = ("request", "suggestion", "commit", "change", "review", "checks", "merge", "build", "deployment", "watch")


@pytest.fixture(scope="module")
def ledger(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASBUILT_CACHE", str(tmp_path_factory.mktemp("cache")))
        return make_ledger(company, tmp_path_factory.mktemp("kept") / "ledger")


def listed(ledger: Path | None, path: Path = Path(), **wanted: object) -> ChangeList:
    return list_changes(Wanted(**wanted), ledger=ledger, path=path)  # type: ignore[arg-type]


def one(found: ChangeList, change: str) -> ListedChange:
    (row,) = [row for row in found.changes if row.change == change]
    return row


def test_a_change_that_passed_everything_is_proved_but_for_who_wrote_it(company: Company, ledger: Path) -> None:
    row = one(listed(ledger), company.merge)
    assert row.grades == dict.fromkeys(LINKS, "proved") | {"suggestion": "unknown", "watch": "unknown"}
    assert (row.number, row.head, row.landing, row.merged_by) == (3, company.feature, "merge", "ana")
    assert (row.review, row.approvers, row.request_author) == ("reviewed", ("bo",), "ana")
    assert all(link.evidence for link in row.links if link.grade == "proved")
    assert {
        evidence.ref.partition(" ")[0] for link in row.links if link.grade == "proved" for evidence in link.evidence
    } == {"record"}


def test_what_nobody_reviewed_and_what_is_anothers_number_is_said(company: Company, ledger: Path) -> None:
    found = listed(ledger)
    squash = one(found, company.squash)
    assert (squash.review, squash.grades["review"], squash.grades["change"]) == (
        "not-reviewed",
        "missing",
        "proved",
    )
    own = one(found, company.own_review)
    assert own.grades["change"] == "contradicted"
    direct = one(found, company.direct)
    assert (direct.grades["change"], direct.grades["review"]) == ("missing", "missing")
    assert direct.attribution == "ai-declared"


def test_counts_are_of_what_is_listed_and_the_total_is_of_the_window(ledger: Path) -> None:
    found = listed(ledger)
    assert found.total == len(found.changes) > 10
    assert found.source == "ledger"
    assert found.repositories == (NAME,)
    assert {sum(grades.values()) for grades in found.links.values()} == {found.total}
    assert sum(found.reviews.values()) == found.total
    assert [row.landed_at for row in found.changes] == sorted(row.landed_at for row in found.changes)
    few = listed(ledger, verdicts=("reviewed",))
    assert (len(few.changes), few.total, few.reviews["reviewed"]) == (1, found.total, 1)


def test_filters_hold_together(company: Company, ledger: Path) -> None:
    assert all(row.attribution == "ai-declared" for row in listed(ledger, attributions=("ai-declared",)).changes)
    unproved = listed(ledger, unproved=("change", "review"))
    assert company.squash not in {row.change for row in unproved.changes}
    assert company.direct in {row.change for row in unproved.changes}
    assert listed(ledger, verdicts=("reviewed",), attributions=("automation",)).changes == ()


def test_a_window_takes_in_its_start_and_leaves_out_its_end(ledger: Path) -> None:
    times = [row.landed_at for row in listed(ledger).changes]
    inside = listed(ledger, start=times[1], end=times[3])
    assert [row.landed_at for row in inside.changes] == times[1:3]
    assert inside.total == 2
    with pytest.raises(UsageError, match="ends before"):
        listed(ledger, start=START + HOUR, end=START)


def test_a_repository_that_was_not_recorded_is_refused_by_name(ledger: Path) -> None:
    assert listed(ledger, repository=NAME).total == listed(ledger).total
    with pytest.raises(UsageError, match="octo/none") as raised:
        listed(ledger, repository="octo/none")
    assert NAME in str(raised.value.fix)


def test_without_a_ledger_no_link_is_more_than_git_can_show_and_that_is_said(company: Company) -> None:
    found = listed(None, company.repo.path)
    assert found.source == "git"
    assert "GAP-LEDGER" in {gap.code for gap in found.gaps}
    proved = {name for name, grades in found.links.items() if grades["proved"]}
    assert proved <= {"suggestion"}  # a line record in git is a record
    assert one(found, company.merge).grades["review"] == "stated"
    with pytest.raises(UsageError, match="no ledger"):
        listed(None, company.repo.path, completeness=True)


def test_git_alone_and_a_ledger_of_git_alone_grade_alike(company: Company, tmp_path: Path) -> None:
    bare = listed(make_ledger(company, tmp_path / "ledger", forge=False))
    git = {row.change: row for row in listed(None, company.repo.path).changes}
    for row in bare.changes:
        told = git[row.change].grades
        assert {name: row.grades[name] for name in LINKS if name != "watch"} == {
            name: told[name] for name in LINKS if name != "watch"
        }, row.subject


def test_an_empty_ledger_says_how_to_fill_it(tmp_path: Path) -> None:

    create_ledger(tmp_path / "ledger", origin="example.com/none", now=START).close()
    found = listed(tmp_path / "ledger")
    assert (found.total, found.changes) == (0, ())
    assert [gap.code for gap in found.gaps] == ["GAP-CHANGES"]
