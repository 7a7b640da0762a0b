"""Reading the changes of a test repository."""

from collections.abc import Mapping

from asbuilt.history.changes import read_changes
from asbuilt.history.commits import read_commits
from asbuilt.history.git import open_repository
from asbuilt.history.people import join_people
from asbuilt.model.change import Change
from tests.repos import Repo


def changes_of(repo: Repo, *, heads: Mapping[int, str] | None = None, tip: str = "HEAD") -> tuple[Change, ...]:
    """The changes that reached ``tip``, newest first; authors whose name ends in [bot] are automation."""
    with open_repository(repo.path) as repository:
        start = repository.resolve(tip)
        commits = read_commits(repository, [start])
        persons = [person for one in commits for person in (one.author, one.committer)]
        people = join_people(repository, persons, revision=start)
        return read_changes(
            repository,
            start,
            commits,
            people=people,
            is_automation=lambda commit: commit.author.name.endswith("[bot]"),
            heads=heads,
        )
