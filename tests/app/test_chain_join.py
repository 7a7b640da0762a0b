"""Trace and inspect with a ledger: the forge's word over git's, and the same answers as ``asbuilt changes``."""

from pathlib import Path

import pytest

from asbuilt.app.changes import list_changes
from asbuilt.app.inspect import inspect
from asbuilt.app.ledger import append
from asbuilt.app.listed_changes import Wanted
from asbuilt.app.trace import trace
from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.chain import Grade, LinkName
from asbuilt.model.result import Outcome
from tests.company import Company
from tests.joined import NAME, make_ledger, request
from tests.repos import START


@pytest.fixture(scope="module")
def ledger(company: Company, tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASBUILT_CACHE", str(tmp_path_factory.mktemp("cache")))
        return make_ledger(company, tmp_path_factory.mktemp("kept") / "ledger")


def test_a_traced_line_shows_proved_links_with_gits_word_beside_them(company: Company, ledger: Path) -> None:
    found = trace("feature.py:2", path=company.repo.path, ledger=ledger)
    (step,) = found.steps
    review = step.chain.link(LinkName.REVIEW)
    assert review.grade is Grade.PROVED
    refs = [evidence.ref.partition(" ")[0] for evidence in review.evidence]
    assert refs == ["record", company.merge]  # the forge's record, then the trailer
    assert step.chain.link(LinkName.DEPLOYMENT).grade is Grade.PROVED
    assert "GAP-FORGE" not in {gap.code for gap in found.gaps}
    alone = trace("feature.py:2", path=company.repo.path)
    assert alone.steps[0].chain.link(LinkName.REVIEW).grade is Grade.STATED
    assert "GAP-FORGE" in {gap.code for gap in alone.gaps}


def test_kept_and_gathered_histories_answer_alike(company: Company, ledger: Path) -> None:
    for target in ("feature.py", "squashed.py", company.bot):
        fresh = trace(target, path=company.repo.path, ledger=ledger, keep_index=False)
        assert fresh == trace(target, path=company.repo.path, ledger=ledger)
        assert fresh == trace(target, path=company.repo.path, ledger=ledger)


def test_inspect_trace_and_the_list_of_changes_agree(company: Company, ledger: Path) -> None:
    listed = {row.change: row.grades for row in list_changes(Wanted(), ledger=ledger, path=Path()).changes}
    inspected = {
        row.change.id: row.grades for row in inspect(company.repo.path, ledger=ledger, keep_index=False).changes
    }
    # A later revert is no part of the record of a change.
    compared = [name.value for name in LinkName if name is not LinkName.WATCH]
    for own, grades in inspected.items():
        assert {name: grades[name] for name in compared} == {name: listed[own][name] for name in compared}
        traced = trace(own, path=company.repo.path, ledger=ledger).steps[0].chain
        assert {link.name.value: link.grade.value for link in traced.links} == grades


def test_controls_of_an_inspection_test_what_the_forge_recorded(company: Company, ledger: Path) -> None:
    def review(found: Path | None) -> dict[str, Outcome]:
        results = inspect(company.repo.path, ledger=found, keep_index=False).results
        (result,) = [one for one in results if one.control == "CHG-01"]
        return {verdict.item: verdict.outcome for verdict in result.verdicts}

    assert review(ledger)[company.squash] is Outcome.DEVIATION
    assert company.squash not in review(None)  # unknown from git alone
    assert company.merge not in review(ledger)


def test_a_ledger_that_knows_nothing_of_the_repository_changes_nothing(company: Company, tmp_path: Path) -> None:
    create_ledger(tmp_path / "empty", origin="example.com/none", now=START).close()
    alone = inspect(company.repo.path, keep_index=False)
    assert inspect(company.repo.path, ledger=tmp_path / "empty", keep_index=False) == alone
    assert trace("app.py:1", path=company.repo.path, ledger=tmp_path / "empty") == trace(
        "app.py:1", path=company.repo.path
    )


def test_a_forge_read_in_part_is_said_to_be_that(company: Company, tmp_path: Path) -> None:
    bare = make_ledger(company, tmp_path / "ledger", forge=False)
    append(bare, [request(3, merge_commit=company.merge)])  # and no extract
    found = inspect(company.repo.path, ledger=bare)
    (gap,) = [gap for gap in found.gaps if gap.code == "GAP-FORGE"]
    assert "not known to be all" in gap.what
    assert "could not be fully tested from git and what was read of the forge" in found.verdict
    assert gap.remedy == f"asbuilt sync github {NAME}"
    traced = trace(company.merge, path=company.repo.path, ledger=bare)
    assert "not known to be all" in next(gap.what for gap in traced.gaps if gap.code == "GAP-FORGE")
    assert traced.steps[0].chain.link(LinkName.CHECKS).remedy == f"asbuilt sync github {NAME}"


def test_a_history_alone_in_the_ledger_names_the_repository(company: Company, tmp_path: Path) -> None:
    bare = make_ledger(company, tmp_path / "ledger", forge=False)
    found = inspect(company.repo.path, ledger=bare)
    (gap,) = [gap for gap in found.gaps if gap.code == "GAP-FORGE"]
    assert "were not read" in gap.what
    assert "could not be fully tested from git alone" in found.verdict
    assert gap.remedy == f"asbuilt sync github {NAME}"
