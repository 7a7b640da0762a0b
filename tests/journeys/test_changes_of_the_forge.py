"""The simulated company, read into a ledger beside its history: its list of changes says of each story what happened."""

from pathlib import Path

import pytest

from asbuilt.app.changes import list_changes
from asbuilt.app.coverings import record_coverings
from asbuilt.app.evidence_origin import Origin
from asbuilt.app.listed_changes import Wanted
from asbuilt.app.record_git import record_git
from asbuilt.app.taking import Taking
from asbuilt.app.trace import trace
from asbuilt.model.chain import Grade, LinkName
from asbuilt.model.changes import ChangeList, ListedChange
from tests.forge.service import TOKEN, Service
from tests.forge.stories import company_forge
from tests.forge.studio import Studio
from tests.forge.syncing import new_ledger, sync

NAME = "acme/harbor"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return company_forge(tmp_path_factory.mktemp("stories") / "harbor")


@pytest.fixture(scope="module")
def ledger(studio: Studio, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    token = folder / "token"
    token.write_text(TOKEN)
    token.chmod(0o600)
    service = Service(studio.forge)
    ledger = new_ledger(folder / "ledger")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASBUILT_CACHE", str(folder / "cache"))
        sync(service, ledger, token)
        now = int(service.clock) + 10
        record_git(str(studio.git.path), Origin(), Taking(ledger, now=now), name=NAME)
        record_coverings(str(studio.git.path), NAME, ledger, now=now)
    return ledger


@pytest.fixture(scope="module")
def listed(ledger: Path, tmp_path_factory: pytest.TempPathFactory) -> ChangeList:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASBUILT_CACHE", str(tmp_path_factory.mktemp("cache")))
        return list_changes(Wanted(completeness=True), ledger=ledger, path=Path())


def by_story(studio: Studio, listed: ChangeList) -> dict[str, ListedChange]:
    rows = {row.change: row for row in listed.changes}
    return {name: rows[story.change] for name, story in studio.stories.items() if story.change in rows}


def test_each_story_has_its_request_its_verdict_and_its_review_link(studio: Studio, listed: ChangeList) -> None:
    told = by_story(studio, listed)
    assert len(told) > 20
    for name, row in told.items():
        story = studio.stories[name]
        assert row.number == story.number, name
        if story.reviewed is True:
            assert (row.review, row.grades["review"]) == ("reviewed", "proved"), name
            assert row.approvers, name
        elif story.reviewed is False:
            assert row.review in {"not-reviewed", "after-review", "unknown"}, name
            # Who may approve is a look at rights that was taken later: unknown then, and never a pass.
            assert row.grades["review"] == ("unknown" if row.review == "unknown" else "missing"), name
            failed = {each.rpartition(": ")[2] for each in row.rejected}
            assert not story.fails or failed & story.fails or row.review == "unknown", (name, row.rejected)
    assert sum(row.review == "unknown" for row in told.values()) <= 2  # that one, and the account that is gone


def test_how_each_came_in_and_who_let_it_in_is_proved(studio: Studio, listed: ChangeList) -> None:
    told = by_story(studio, listed)
    assert {row.grades["change"] for name, row in told.items() if name != "initial import"} == {"proved"}
    assert {row.grades["merge"] for row in told.values()} == {"proved"}

    def summary(name: str, link: LinkName) -> str:
        return next(each.summary for each in told[name].links if each.name is link)

    assert "pushed directly to main by ana" in summary("direct push", LinkName.CHANGE)
    assert "around the branch's rules" in summary("admin bypass", LinkName.MERGE)
    assert "as ben had asked" in summary("auto-merge", LinkName.MERGE)
    assert "through the merge queue" in summary("queue", LinkName.MERGE)


def test_both_sides_tie_and_what_was_forced_away_is_found(listed: ChangeList) -> None:
    assert all(one.ties and not one.unseen for one in listed.reconciliations)
    assert {one.kind for one in listed.reconciliations} == {"change", "request", "push", "deployment"}
    (lost,) = [one for one in listed.differences if one.kind == "push"]
    assert lost.reason == "unreachable"
    reasons = {one.reason for one in listed.differences if one.kind == "change"}
    assert reasons == {"initial-import", "direct-push"}
    assert not listed.gaps


def test_a_trace_says_the_same(studio: Studio, ledger: Path, listed: ChangeList) -> None:
    for name in ("merge", "squash", "admin bypass", "direct push", "agent under a login"):
        row = by_story(studio, listed)[name]
        (step,) = trace(row.change, path=studio.git.path, ledger=ledger).steps
        grades = {link.name.value: link.grade.value for link in step.chain.links}
        assert {**grades, "watch": ""} == {**row.grades, "watch": ""}, name
    assert step.chain.link(LinkName.REVIEW).grade is Grade.PROVED
