"""What the signals of a commit come to.

1. A signal *stands* when it proves authorship, assistance or a session, is of high or medium confidence, and is not
   void. Only standing signals make a commit AI; a suggestion applied, a review, a configured tool and a tool that
   merely ran ``git commit`` never do. All signals stay listed.
2. A line record (git-ai, Agent Trace) that gives lines of the commit to a tool makes it ``ai-tracked``; any other
   standing signal ``ai-declared``.
3. Else the commit is ``automation`` when its author is a bot that is no AI (so is the merge of such a bot's
   branch), and else ``unknown``. A trailer that anyone can type makes nobody a bot.
4. Two *sources* (a record and a signature, or two records) that name no tool in common, nor tools known to go
   together, are a conflict. Two tools named by signatures alone are two tools at work.
5. Who answers: the author; behind an agent's or a bot's identity the co-author who is a person, else the committer
   who is one, else a person who signed off, else nobody.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from asbuilt.catalogue.signatures import Kind, Tool, load_signatures
from asbuilt.catalogue.squash_shapes import load_squash_shapes
from asbuilt.history.attribution.identities import Identities
from asbuilt.history.attribution.signals import SOURCE, Matcher, message_lines
from asbuilt.model.attribution import (
    Attribution,
    Authorship,
    Confidence,
    Proves,
    Replay,
    Signal,
    SquashReplay,
)
from asbuilt.model.commit import Commit, Person

AI = frozenset({Proves.AUTHORED, Proves.ASSISTED, Proves.SESSION})
LINE_SOURCES = frozenset({"git-ai", "agent-trace"})
_UNREPLAYED = frozenset({Replay.RESIDUAL, Replay.MIXED_POSSIBLE})
_NAMES_NO_TOOL = frozenset({Kind.RECORDER, Kind.CONVENTION})
_BY_CONFIDENCE = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}
_BY_PROOF = {Proves.AUTHORED: 0, Proves.SESSION: 1, Proves.ASSISTED: 2}
_BY_PLACE = {"author_email": 0, "author_name": 1, "trailer": 2, "footer": 3, "subject": 4, "branch": 5}
_PERSON = re.compile(r"(co-authored-by|signed-off-by):[ \t]*(?P<name>[^<\n]*)<(?P<email>[^>\n]*)>", re.IGNORECASE)


def attribute_commits(
    commits: Iterable[Commit],
    signals: Mapping[str, tuple[Signal, ...]],
    records: Mapping[str, Sequence[Signal]] = {},
    *,
    squashes: Mapping[str, SquashReplay] | AbstractSet[str] = frozenset(),
    tools: Sequence[Tool] | None = None,
) -> dict[str, Attribution]:
    """The attribution of every commit, by id.

    Args:
        commits: what to judge.
        signals: what ``match_signals`` found.
        records: signals that line records gave (source ``git-ai``, ``agent-trace``, ``entire``).
        squashes: the replay of each squash commit; a plain set means that none of them was replayed. A commit that
            only looks like a squash and is not in here counts as not replayed.
        tools: the catalogue that ``signals`` were matched with; AsBuilt's own when None.
    """
    catalogue = load_signatures() if tools is None else tools
    judge = _Judge(catalogue)
    return {
        commit.id: judge.attribution(commit, (*records.get(commit.id, ()), *signals.get(commit.id, ())), squashes)
        for commit in commits
    }


def bot_test(tools: Sequence[Tool] | None = None) -> Callable[[Person], bool]:
    """A test of whether no human types with an account: a tool's, a bot's or a forge's own identity."""
    people = Identities(load_signatures() if tools is None else tools)
    return lambda person: not people.is_person(person)


def standing(signal: Signal) -> bool:
    """Whether a signal makes its commit AI."""
    return signal.proves in AI and signal.confidence is not Confidence.LOW and signal.void is None


class _Judge:
    __slots__ = ("_kinds", "_matcher", "_names", "_partners", "_people", "_shapes")

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._kinds = {tool.id: tool.kind for tool in tools}
        self._names = {tool.id: tool.name for tool in tools}
        self._partners = {tool.id: frozenset(tool.goes_with) for tool in tools}
        self._matcher = Matcher(tools)
        self._people = Identities(tools)
        self._shapes = load_squash_shapes()

    def attribution(
        self, commit: Commit, signals: tuple[Signal, ...], squashes: Mapping[str, SquashReplay] | AbstractSet[str]
    ) -> Attribution:
        answers = self._answers(commit)
        if not signals:
            return Attribution(commit.id, Authorship.UNKNOWN, answers=answers)
        best = sorted(filter(standing, signals), key=self._order)
        authorship = self._authorship(commit, best, signals)
        tools = tuple(dict.fromkeys(signal.tool for signal in best))
        told = [signal.model for signal in best if signal.model and signal.tool == tools[0]]
        told += [signal.model for signal in best if signal.model]
        declared = authorship in {Authorship.AI_DECLARED, Authorship.AUTOMATION}
        return Attribution(
            commit=commit.id,
            authorship=authorship,
            tools=tools,
            model=told[0] if told else None,
            confidence=min((signal.confidence for signal in best), key=_BY_CONFIDENCE.__getitem__, default=None),
            signals=signals,
            conflict=self._conflict(best),
            mixed_possible=declared and self._unreplayed_squash(commit, squashes),
            answers=answers,
        )

    def _order(self, signal: Signal) -> tuple[bool, bool, int, int, int]:
        return (
            self._kinds.get(signal.tool) in _NAMES_NO_TOOL,
            signal.source not in LINE_SOURCES,
            _BY_CONFIDENCE[signal.confidence],
            _BY_PROOF[signal.proves],
            _BY_PLACE.get(signal.where, 9),
        )

    def _authorship(self, commit: Commit, best: Sequence[Signal], signals: Iterable[Signal]) -> Authorship:
        if any(signal.source in LINE_SOURCES and signal.proves is Proves.AUTHORED for signal in best):
            return Authorship.AI_TRACKED
        if best:
            return Authorship.AI_DECLARED
        places = {"author_email", "author_name"} | ({"branch"} if len(commit.parents) > 1 else set())
        if any(signal.proves is Proves.AUTOMATION and signal.where in places for signal in signals):
            return Authorship.AUTOMATION
        return Authorship.UNKNOWN

    def _conflict(self, best: Sequence[Signal]) -> str | None:
        sources: dict[str, dict[str, None]] = {}
        for signal in best:
            sources.setdefault(signal.source, {})[signal.tool] = None
        named = list(sources.items())
        for at, (source, tools) in enumerate(named):
            for other, others in named[at + 1 :]:
                if not any(self._together(one, two) for one in tools for two in others):
                    return f"The {self._says(source, tools)}, the {self._says(other, others)}."
        return None

    def _together(self, one: str, two: str) -> bool:
        mine, yours = self._partners.get(one, frozenset()), self._partners.get(two, frozenset())
        return one == two or not mine.isdisjoint({two, "*"}) or not yours.isdisjoint({one, "*"})

    def _says(self, source: str, tools: Iterable[str]) -> str:
        names = " and ".join(self._names.get(tool, tool) for tool in tools)
        return f"commit itself names {names}" if source == SOURCE else f"{source} record names {names}"

    def _unreplayed_squash(self, commit: Commit, squashes: Mapping[str, SquashReplay] | AbstractSet[str]) -> bool:
        if len(commit.parents) > 1:
            return False
        if commit.id in squashes:
            return not isinstance(squashes, Mapping) or squashes[commit.id].replay in _UNREPLAYED
        return any(shape.find(commit.message) for shape in self._shapes)

    def _answers(self, commit: Commit) -> Person | None:
        author = commit.author
        if self._people.is_person(author):
            return _without_mark(author)
        named: dict[str, list[Person]] = {"co-authored-by": [], "signed-off-by": []}
        for line in message_lines(commit.message)[1:]:
            match = _PERSON.match(line)
            if match and not self._matcher.line(line):
                person = Person(match["name"].strip(), match["email"].strip())
                if self._people.is_person(person):
                    named[match[1].lower()].append(person)
        committer = [commit.committer] if self._people.is_person(commit.committer) else []
        return next(
            (_without_mark(person) for person in (*named["co-authored-by"], *committer, *named["signed-off-by"])),
            None,
        )


def _without_mark(person: Person) -> Person:
    """The person without the mark that aider puts behind a name."""
    name = re.sub(r"[ \t]*\(aider\)[ \t]*\Z", "", person.name)
    return person if name == person.name else Person(name, person.email)
