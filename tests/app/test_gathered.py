"""A gathered history answers commit by commit."""

from asbuilt.app.gathered import read_history
from asbuilt.history.git import open_repository
from asbuilt.model.attribution import Replay
from asbuilt.model.progress import silent
from tests.company import Company


def test_it_answers_for_commits_on_the_branch_and_behind_squashes(company: Company) -> None:
    with open_repository(company.repo.path) as repository:
        history = read_history(repository, repository.resolve("HEAD"), None, silent)
    assert history.change_of(company.feature).id == company.merge
    assert history.change_of(company.by_tool) is None
    assert history.replays_of([company.squash, company.merge])[company.squash].replay is Replay.IDENTITY
    assert history.attributions_of([company.by_tool])[company.by_tool].tool == "claude_code"
    assert history.commits_of([company.by_hand, "0" * 40]).keys() == {company.by_hand}
    assert history.release_of(company.revert) is None
    assert history.recorded_among([company.noted, company.direct]) == {company.noted}
