"""Changes of public repositories, where a copy is present: what an auditor would count by hand."""

from collections import Counter

import pytest

from asbuilt.history.changes import read_changes
from asbuilt.history.commits import read_commits
from asbuilt.history.git import open_repository
from asbuilt.history.people import join_people
from asbuilt.model.change import Basis, Landing
from tests.conftest import fetched


def landed(name: str):
    with open_repository(fetched(name)) as repository:
        tip = repository.resolve("HEAD")
        commits = read_commits(repository, [tip])
        refs = repository.run("for-each-ref", "--format=%(refname) %(objectname)", "refs/pull").decode()
        pairs = (line.split(" ") for line in refs.splitlines())
        heads = {int(ref.split("/")[2]): head for ref, head in pairs if ref.endswith("/head")}
        people = join_people(repository, [person for one in commits for person in (one.author, one.committer)])
        changes = read_changes(
            repository,
            tip,
            commits,
            people=people,
            is_automation=lambda one: "[bot]" in one.author.name,
            heads=heads,
        )
    brought = [own for change in changes for own in change.commits]
    assert len(brought) == len(set(brought))
    assert set(brought) == {commit.id for commit in commits}
    return changes, heads


@pytest.mark.fetched
@pytest.mark.parametrize(
    ("name", "landing", "share"),
    [
        ("getsentry+sentry-mcp", Landing.SQUASH, 0.7),
        ("microsoft+playwright-mcp", Landing.SQUASH, 0.9),
        ("entireio+cli", Landing.MERGE, 0.9),
        ("git-ai-project+git-ai", Landing.MERGE, 0.6),
        ("cloudflare+workers-oauth-provider", Landing.SQUASH, 0.5),
    ],
)
def test_how_a_project_lands_its_work(name: str, landing: Landing, share: float) -> None:
    changes, heads = landed(name)
    counts = Counter(change.landing for change in changes)
    assert counts[landing] >= share * len(changes)
    assert counts[Landing.INITIAL] == 1
    numbered = [change for change in changes if change.number is not None]
    # A number that a message states is a pull request's wherever its refs are here.
    assert sum(change.number in heads for change in numbered) >= 0.97 * len(numbered)
    for change in numbered:
        if change.number_basis is Basis.REF and change.landing is Landing.MERGE:
            assert heads[change.number] in change.commits
