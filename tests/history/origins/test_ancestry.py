"""Who descends from whom, whatever the clocks say."""

from asbuilt.history.git import open_repository
from asbuilt.history.origins.ancestry import count_commits, is_ancestor
from tests.repos import Repo


def test_ancestry_and_counts(repo: Repo) -> None:
    one = repo.write("a", "1\n").commit(at=2_000_000_000)
    two = repo.write("a", "2\n").commit(at=1_000_000_000)
    repo.checkout("side", new=True, start=one)
    three = repo.write("a", "3\n").commit(at=1_500_000_000)
    with open_repository(repo.path) as opened:
        assert is_ancestor(opened, one, two)
        assert is_ancestor(opened, one, one)
        assert not is_ancestor(opened, two, one)
        assert not is_ancestor(opened, two, three)
        assert not is_ancestor(opened, "0" * 40, three)
        assert count_commits(opened, [two]) == 2
        assert count_commits(opened, [two, three]) == 3
        assert count_commits(opened, [three], [one]) == 1
