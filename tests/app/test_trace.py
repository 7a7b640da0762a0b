"""A trace names the change, the chain and the people behind lines, commits and tags."""

import pytest

from asbuilt.app.trace import trace
from asbuilt.model.attribution import Authorship, Replay
from asbuilt.model.chain import Grade, LinkName
from asbuilt.model.change import Landing
from asbuilt.model.errors import UsageError
from tests.company import Company


def test_a_line_through_a_squash_leads_to_the_commit_that_wrote_it(company: Company) -> None:
    found = trace("squashed.py:1-2", path=company.repo.path)
    (step,) = found.steps
    assert step.change.id == company.squash
    assert step.replay.replay is Replay.IDENTITY
    assert [(run.first, run.last, run.writing, run.authorship) for run in step.runs] == [
        (1, 1, company.by_hand, Authorship.UNKNOWN),
        (2, 2, company.by_tool, Authorship.AI_DECLARED),
    ]


def test_a_merged_line_leads_to_its_merge_with_its_review(company: Company) -> None:
    (step,) = trace("feature.py:2", path=company.repo.path).steps
    assert step.change.id == company.merge
    assert step.chain.link(LinkName.REVIEW).grade is Grade.STATED
    assert step.chain.link(LinkName.CHECKS).grade is Grade.UNKNOWN
    assert step.chain.link(LinkName.CHECKS).remedy.startswith("asbuilt sync")


def test_kept_and_gathered_histories_answer_alike(company: Company) -> None:
    for target in ("squashed.py", "noted.py:1-3", company.feature, "v1.0", company.bot):
        fresh = trace(target, path=company.repo.path, keep_index=False)
        first = trace(target, path=company.repo.path)
        kept = trace(target, path=company.repo.path)
        assert fresh == first == kept


def test_a_commit_and_a_tag_name_their_change(company: Company) -> None:
    assert trace(company.by_tool[:10], path=company.repo.path).steps[0].change.landing is Landing.DIRECT
    assert trace(company.feature, path=company.repo.path).steps[0].change.id == company.merge
    tagged = trace("v1.0", path=company.repo.path)
    assert tagged.steps[0].change.id == company.noted
    assert [release.name for release in tagged.releases] == ["v1.0"]


@pytest.mark.parametrize(
    ("target", "to", "contained"),
    [("app.py:1-20", "v1.0", 20), ("feature.py", "HEAD~9", 0), ("app.py", "HEAD~9", 20)],
)
def test_containment_counts_lines_that_survive(company: Company, target: str, to: str, contained: int) -> None:
    told = trace(target, path=company.repo.path, to=to).containment
    assert told.contained == contained


def test_a_later_commit_is_not_in_an_earlier_release(company: Company) -> None:
    assert trace(company.revert, path=company.repo.path, to="v1.0").containment.contained == 0
    assert trace(company.initial, path=company.repo.path, to="v1.0").containment.contained == 1


def test_paths_are_seen_from_where_one_stands(company: Company) -> None:
    folder = company.repo.path / ".github" / "workflows"
    assert trace("ci.yml:1", path=folder).steps[0].change.id == company.guarded
    assert trace(".github/workflows/ci.yml:1", path=company.repo.path).steps[0].change.id == company.guarded


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("nothing.py", "no file of the tree"),
        (".github", "is a folder"),
        ("app.py:21", "does not have line 21"),
        ("app.py:9-3", "names no lines"),
        ("app.py:0", "names no lines"),
    ],
)
def test_a_target_that_means_nothing_is_refused(company: Company, target: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        trace(target, path=company.repo.path)
