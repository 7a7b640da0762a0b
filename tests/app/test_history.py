"""A history is kept for the next time, and both ways answer alike."""

from pathlib import Path

from asbuilt.app.gathered import GatheredHistory
from asbuilt.app.history import know_history
from asbuilt.app.kept import KeptHistory
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
        assert (
            [first.release_of(one) for one in own]
            == [second.release_of(one) for one in own]
            == ["v1.0"] * 3 + [None]
        )
        noted = [*own, company.noted]
        assert first.recorded_among(noted) == second.recorded_among(noted) == {company.noted}
        for name in ("tip", "releases", "forge", "project", "gaps", "recorded_in", "same_people"):
            assert getattr(first, name) == getattr(second, name), name
