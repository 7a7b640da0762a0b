"""Changes: what reached a branch, step by step, with everything that git tells of each step.

1. The steps of the branch, and the commits each one brought (``mainline``).
2. What every message says: pull request, trailers, requests, reverts (``messages``, ``requests``).
3. What the forge's refs prove of steps whose message says nothing (``pull_proofs``).
4. How each step landed; neighbouring steps that one pull request explains become one change.
5. The guarded paths each step touched (``guarded``), read by git meanwhile.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from asbuilt.catalogue.change_words import ChangeWords, load_change_words
from asbuilt.catalogue.guarded_paths import load_guarded_paths
from asbuilt.history.git import Repository
from asbuilt.history.guarded import GuardedReading
from asbuilt.history.landings import WEB_FLOW, Landed, judge_landings
from asbuilt.history.mainline import Mainline, read_mainline
from asbuilt.history.messages import (
    REVIEW_KEYS,
    pull_request_number,
    read_bors_reviewers,
    read_persons,
    read_reverts,
    read_trailers,
    split_message,
)
from asbuilt.history.people import People
from asbuilt.history.requests import RequestReader
from asbuilt.model.change import Change, Landing, Mention
from asbuilt.model.commit import Commit, Person

__all__ = ["pull_request_number", "read_changes"]

# Here the committer of the landed commits is who merged somebody's work, not who wrote or shaped it.
_LANDED_BY_OTHERS = frozenset({Landing.MERGE, Landing.SQUASH, Landing.REBASE})


class _Said(msgspec.Struct, frozen=True, gc=False):
    """What one commit's message says."""

    reviews: tuple[tuple[str, str, tuple[Person, ...]], ...] = ()
    co_authors: tuple[Person, ...] = ()
    requests: tuple[Mention, ...] = ()
    reverts: tuple[str, ...] = ()


_NOTHING = _Said()


def read_changes(
    repository: Repository,
    tip: str,
    commits: Sequence[Commit],
    *,
    people: People,
    is_automation: Callable[[Commit], bool],
    heads: Mapping[int, str] | None = None,
) -> tuple[Change, ...]:
    """Every change that reached ``tip``, newest first; each commit that ``tip`` reaches is in exactly one of them.

    Args:
        repository: the repository that the commits are from.
        tip: the id of the inspected commit.
        commits: commits reachable from ``tip``, children before parents (others among them are ignored). Where
            history is left out, the last change begins at the edge.
        people: who is who; persons named in trailers are taken in.
        is_automation: whether a commit is known to be the work of a bot that is no AI.
        heads: pull or merge request number -> head commit (``refs/pull/N/head``).

    Raises:
        SourceError: git could not read the trees it compares.
    """
    pulls = {} if heads is None else heads
    known = {commit.id: commit for commit in commits}
    people.learn(person for commit in commits for person in (commit.author, commit.committer))
    line = read_mainline(tip, commits, people.same)
    if not line.steps:
        return ()
    with GuardedReading(repository, line.steps) as guarded:
        words = load_change_words()
        landed = judge_landings(repository, line, known, is_automation=is_automation, heads=pulls, people=people)
        requests = RequestReader(words.tickets.never, pulls)
        said = _read_messages(line, known, landed, requests)
        people.learn(_named(said))
        builder = _Builder(
            known=known, people=people, words=words, requests=requests, said=said, line=line, landed=landed
        )
        groups = _groups(line, landed)
        touched = guarded.result(load_guarded_paths())
        return tuple(builder.change(group, touched) for group in groups)


def _read_messages(
    line: Mainline, known: Mapping[str, Commit], landed: Mapping[str, Landed], requests: RequestReader
) -> dict[str, _Said]:
    said: dict[str, _Said] = {}
    for step in line.steps:
        for own in line.brought[step]:
            message = known[own].message
            trailers = list(read_trailers(message)) if ":" in message or "=" in message else []
            how = landed[step] if own == step else None
            found = _Said(
                tuple((key, value, read_persons(key, value)) for key, value in trailers if key in REVIEW_KEYS)
                + (_bors(known[own].subject, how) if "r=" in message else ()),
                tuple(
                    person
                    for key, value in trailers
                    if key == "co-authored-by"
                    for person in read_persons(key, value)
                ),
                tuple(requests.read(own, message, trailers, how.branch if how else None)),
                tuple(read_reverts(message)),
            )
            if found != _NOTHING:
                said[own] = found
    return said


def _bors(subject: str, how: Landed | None) -> tuple[tuple[str, str, tuple[Person, ...]], ...]:
    if not (how is not None and how.style == "bors") and not subject.lower().startswith(
        ("bug ", "no bug", "backed out")
    ):
        return ()
    return tuple(("r", f"r={login}", (Person(login, ""),)) for login in read_bors_reviewers(subject))


def _named(said: Mapping[str, _Said]) -> list[Person]:
    return [
        person
        for one in said.values()
        for person in (*one.co_authors, *(person for _, _, persons in one.reviews for person in persons))
    ]


def _groups(line: Mainline, landed: Mapping[str, Landed]) -> list[list[str]]:
    """Steps of one change together, newest first: neighbours that one pull request brought without a merge."""
    groups: list[list[str]] = []
    last: Landed | None = None
    below: str | None = None  # the parent of the last step taken
    for step in line.steps:
        how = landed[step]
        joins = (
            last is not None
            and how.landing is Landing.REBASE
            and last.landing is Landing.REBASE
            and how.number is not None
            and how.number == last.number
            and below == step
        )
        if joins:
            groups[-1].append(step)
        else:
            groups.append([step])
        last, below = how, how.parent
    return groups


class _Builder:
    """Builds changes out of what was read."""

    __slots__ = ("_ids", "_known", "_landed", "_line", "_people", "_requests", "_said", "_words")

    def __init__(
        self,
        *,
        known: Mapping[str, Commit],
        people: People,
        words: ChangeWords,
        requests: RequestReader,
        said: Mapping[str, _Said],
        line: Mainline,
        landed: Mapping[str, Landed],
    ) -> None:
        self._known = known
        self._people = people
        self._words = words
        self._requests = requests
        self._said = said
        self._line = line
        self._landed = landed
        self._ids: dict[str, str] | None = None

    def change(self, group: Sequence[str], touched: Mapping[str, tuple[str, ...]]) -> Change:
        """One change of the steps in ``group``, newest first."""
        top = self._known[group[0]]
        how = self._landed[top.id]
        brought = tuple(own for step in reversed(group) for own in self._line.brought[step])
        said = [(own, found) for own in brought if (found := self._said.get(own)) is not None]
        guarded = touched.get(top.id, ())
        if len(group) > 1:
            guarded = tuple(dict.fromkeys(path for step in reversed(group) for path in touched.get(step, ())))
        return Change(
            id=top.id,
            parent=self._landed[group[-1]].parent,
            landing=how.landing,
            commits=brought,
            subject=top.subject,
            landed_at=top.commit_time,
            authors=self._authors(brought, said),
            landed_by=self._people.canonical(top.committer),
            number=how.number,
            number_basis=how.basis,
            branch=how.branch,
            reviews=self._reviews(said),
            requests=self._requests.settle(
                [mention for _, found in said for mention in found.requests], how.number
            ),
            signature=top.signature,
            reverts=tuple(dict.fromkeys(self._whole(ref) for _, found in said for ref in found.reverts)),
            emergency=self._emergency(top, how),
            guarded=guarded,
            committers=self._committers(brought, group, how),
        )

    def _authors(self, brought: Sequence[str], said: Sequence[tuple[str, _Said]]) -> tuple[Person, ...]:
        canonical = self._people.canonical
        if len(brought) == 1 and not said:
            return (canonical(self._known[brought[0]].author),)
        plain = [commit for own in brought if len((commit := self._known[own]).parents) < 2]
        written = plain or [self._known[brought[-1]]]
        found = {canonical(commit.author): None for commit in written}
        found.update({canonical(person): None for _, one in said for person in one.co_authors})
        return tuple(found)

    def _committers(self, brought: Sequence[str], group: Sequence[str], how: Landed) -> tuple[Person, ...]:
        """Who committed the change's commits, without who landed it: the merger of others' work may review it."""
        landing = frozenset(group) if how.landing in _LANDED_BY_OTHERS else frozenset[str]()
        if len(brought) == len(landing):
            return ()
        return tuple(
            dict.fromkeys(
                self._people.canonical(committer)
                for own in brought
                if own not in landing and (committer := self._known[own].committer).email.casefold() not in WEB_FLOW
            )
        )

    def _reviews(self, said: Sequence[tuple[str, _Said]]) -> tuple[Mention, ...]:
        canonical = self._people.canonical
        return tuple(
            Mention(key, value[:500], own, canonical(person) if person else None)
            for own, found in said
            for key, value, persons in found.reviews
            for person in (persons or (None,))
        )

    def _emergency(self, top: Commit, how: Landed) -> bool:
        subject, body = split_message(top.message)
        if not self._words.may_be_emergency(top.message):
            return False
        says = self._words.is_emergency
        if says("subject", subject) or (how.branch is not None and says("branch", how.branch)):
            return True
        if not body:
            return False
        if how.style is not None and len(top.parents) > 1 and says("subject", body.split("\n", 1)[0]):
            return True  # a forge's merge commit: the request's title is the first line of the body
        return any(":" in row and says("trailer", row) for row in body.split("\n")[-12:])

    def _whole(self, ref: str) -> str:
        """The full id for an abbreviated one, where exactly one commit read so far has it."""
        if ref in self._known:
            return ref
        if self._ids is None:
            shorts: dict[str, str] = {}
            for own in self._known:
                shorts[own[:7]] = own if own[:7] not in shorts else ""
            self._ids = shorts
        found = self._ids.get(ref[:7], "")
        if found:
            return found if found.startswith(ref) else ref
        matches = [own for own in self._known if own.startswith(ref)] if ref[:7] in self._ids else []
        return matches[0] if len(matches) == 1 else ref
