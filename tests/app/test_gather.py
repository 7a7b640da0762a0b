"""Gathering reads a history whole."""

from asbuilt.app.gather import gather, squash_candidates
from asbuilt.history.git import open_repository
from asbuilt.model.attribution import Authorship, Replay
from asbuilt.model.commit import Person
from tests.company import Company


def test_the_branch_behind_a_replayed_squash_is_read_too(company: Company) -> None:
    with open_repository(company.repo.path) as repository:
        found = gather(repository, "HEAD")
    assert found.replays[company.squash].replay is Replay.IDENTITY
    assert found.replays[company.lost].replay is Replay.MIXED_POSSIBLE
    assert {company.by_hand, company.by_tool} <= found.by_id.keys()
    assert company.by_tool not in {commit.id for commit in found.commits}
    assert found.attributions[company.by_tool].authorship is Authorship.AI_DECLARED
    assert found.attributions[company.by_hand].authorship is Authorship.UNKNOWN


def test_candidates_are_single_parent_commits_that_name_a_request(company: Company) -> None:
    with open_repository(company.repo.path) as repository:
        found = gather(repository, "HEAD")
    candidates = squash_candidates(found.commits)
    assert candidates[company.squash] == 4
    assert company.merge not in candidates
    assert company.direct not in candidates


def test_bots_are_told_from_people(company: Company) -> None:
    with open_repository(company.repo.path) as repository:
        found = gather(repository, "HEAD")
    assert found.is_bot(Person("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"))
    assert not found.is_bot(Person("Ana Alves", "ana@example.com"))
    assert found.sync_command.startswith("asbuilt sync ")
