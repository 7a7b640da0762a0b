"""A history is kept for the next time, and both ways answer alike."""

from pathlib import Path

from asbuilt.app.kept import KeptHistory
from asbuilt.app.known import GatheredHistory, know_history
from asbuilt.history.git import open_repository
from asbuilt.model.progress import silent
from tests.company import Company


def test_the_second_time_it_is_opened(company: Company, tmp_path: Path) -> None:
    with open_repository(company.repo.path) as repository:
        tip = repository.resolve("HEAD")
        first = know_history(repository, tip, tmp_path, silent)
        second = know_history(repository, tip, tmp_path, silent)
        assert isinstance(first, GatheredHistory)
        assert isinstance(second, KeptHistory)
        own = [company.squash, company.merge, company.lost, company.by_tool]
        assert first.replays_of(own) == second.replays_of(own)
        assert first.commits_of(own) == second.commits_of(own)
        assert [first.change_of(one) for one in own] == [second.change_of(one) for one in own]
        assert first.reverts_of(company.lost) == second.reverts_of(company.lost) == (tip,)
        for name in ("tip", "releases", "forge", "project", "gaps", "recorded_in", "same_people"):
            assert getattr(first, name) == getattr(second, name), name
