"""Laws of the steps of a branch, on histories of every shape."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.history.mainline import read_mainline
from asbuilt.model.commit import Commit, Person

PEOPLE = [Person(name, f"{name}@example.com") for name in ("ana", "ben", "cem")]
SUBJECTS = [
    "work",
    "Fix it (#7)",
    "Merge pull request #3 from octo/x",
    "Merge branch 'main' of https://example.com/octo/project",
    "Merge branch 'main' into topic",
    "Merge branch '1.x'",
    "Merge remote-tracking branch 'origin/main'",
]


@st.composite
def histories(draw: st.DrawFn) -> list[Commit]:
    """Commits, children before parents; parents are any older commits, up to three, now and then none at all."""
    count = draw(st.integers(1, 24))
    commits = []
    for at in range(count):
        # Ids of commits below: the larger the number, the older.
        older = [f"{number:040x}" for number in range(at + 1, count)]
        parents = draw(st.lists(st.sampled_from(older), max_size=3, unique=True)) if older else []
        commits.append(
            Commit(
                id=f"{at:040x}",
                parents=tuple(parents),
                tree="",
                author=draw(st.sampled_from(PEOPLE)),
                author_time=count - at,
                committer=draw(st.sampled_from(PEOPLE)),
                commit_time=count - at,
                message=draw(st.sampled_from(SUBJECTS)),
            )
        )
    return commits


def reach(tip: str, commits: list[Commit]) -> set[str]:
    """What a tip reaches, the plain way."""
    by_id = {commit.id: commit for commit in commits}
    found: set[str] = set()
    waiting = [tip]
    while waiting:
        own = waiting.pop()
        if own in by_id and own not in found:
            found.add(own)
            waiting.extend(by_id[own].parents)
    return found


@given(histories())
def test_every_commit_that_the_tip_reaches_is_in_exactly_one_step(commits: list[Commit]) -> None:
    line = read_mainline(commits[0].id, commits, lambda a, b: a == b)
    brought = [own for step in line.steps for own in line.brought[step]]
    assert len(brought) == len(set(brought))
    assert set(brought) == reach(commits[0].id, commits)


@given(histories())
def test_steps_and_what_they_brought_are_in_order(commits: list[Commit]) -> None:
    place = {commit.id: at for at, commit in enumerate(commits)}
    line = read_mainline(commits[0].id, commits, lambda a, b: a == b)
    assert line.steps[0] == commits[0].id
    assert list(line.steps) == sorted(line.steps, key=place.__getitem__)
    for step in line.steps:
        own = line.brought[step]
        assert own[-1] == step
        assert [place[one] for one in own] == sorted((place[one] for one in own), reverse=True)


@given(histories())
def test_the_first_parent_line_is_always_a_line_of_steps(commits: list[Commit]) -> None:
    by_id = {commit.id: commit for commit in commits}
    line = read_mainline(commits[0].id, commits, lambda a, b: a == b)
    own: str | None = commits[0].id
    while own is not None:
        assert own in line.brought
        own = by_id[own].parents[0] if by_id[own].parents else None


@given(histories())
def test_without_pulls_a_merge_brings_what_its_first_parent_lacks(commits: list[Commit]) -> None:
    plain = [msgspec.structs.replace(commit, message="merge") for commit in commits]
    line = read_mainline(plain[0].id, plain, lambda a, b: a == b)
    by_id = {commit.id: commit for commit in plain}
    for step in line.steps:
        parents = by_id[step].parents
        below = reach(parents[0], plain) if parents else set()
        assert set(line.brought[step]) == reach(step, plain) - below


@given(histories(), st.data())
def test_a_history_cut_off_below_loses_nothing_of_what_is_left(commits: list[Commit], data: st.DataObject) -> None:
    kept = commits[: data.draw(st.integers(1, len(commits)))]
    line = read_mainline(kept[0].id, kept, lambda a, b: a == b)
    assert {own for step in line.steps for own in line.brought[step]} == reach(kept[0].id, kept)


def test_a_tip_that_was_not_read_has_no_steps() -> None:
    assert read_mainline("0" * 40, [], lambda a, b: a == b).steps == ()
