"""Matching the signature catalogue against commits.

Git's own trailer parser is not used: it sees only the last paragraph and loses up to a fifth of the co-author lines
that tools write. Instead every message line counts that stands at column 0, below the subject, and outside a closed
code fence. A trailer that is indented, in a list or quoted (``> ``) is text about a trailer. In a forge's squash
message each ``* `` bullet is followed by that commit's own body at column 0: those trailers count for the squash
commit, once each, and ``classify`` marks the commit as possibly mixed. In git's "Squashed commit of the following:"
the bodies are indented by git and are not read.

It is quick because almost nothing reaches a regular expression: each distinct person, branch and line is judged
once, and a message is split into lines only when it holds one of the rules' needles.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from asbuilt.catalogue.signatures import LINE, Kind, Rule, Tool, Where
from asbuilt.model.attribution import Confidence, Signal
from asbuilt.model.commit import Commit, Person

SOURCE = "signature"
_SHOWN = 200
_RANK = {Confidence.HIGH: 0, Confidence.MEDIUM: 1, Confidence.LOW: 2}
_MERGES = (
    # GitHub: owner/branch, where the branch may hold slashes of its own.
    re.compile(r"Merge pull request #\d+ from [^\s/]+/(?P<branch>\S+)"),
    # Gitea and Forgejo: a title in quotes, then branch or owner:branch or owner/branch.
    re.compile(r"Merge pull request '.*' \(#\d+\) from (?:[^\s:/]+[:/])?(?P<branch>\S+) into \S+"),
    # Bitbucket.
    re.compile(r"Merged? in (?P<branch>\S+) \(pull request #\d+\)"),
    # git and GitLab: quotes around the source, optionally where it came from and what it went into.
    re.compile(r"Merge (?:remote-tracking )?branch '(?:(?:refs/remotes/)?origin/)?(?P<branch>[^']+)'"),
)


class Hit(NamedTuple):
    """A rule and what it matched; becomes a ``Signal`` once a commit is known."""

    tool: Tool
    rule: Rule
    text: str
    model: str | None
    session: str | None


def match_signals(commits: Iterable[Commit], tools: Sequence[Tool]) -> dict[str, tuple[Signal, ...]]:
    """Every signature that each commit carries, by commit id; commits without any are left out.

    Signals stand in the order identity, committer, message lines, branch. Where several rules of one tool match
    the same text and prove the same, the most trusted of them is kept.
    """
    matcher = Matcher(tools)
    found: dict[str, tuple[Signal, ...]] = {}
    for commit in commits:
        signals = matcher.signals(commit)
        if signals:
            found[commit.id] = signals
    return found


def source_branch(commit: Commit) -> str | None:
    """The branch that the subject of a merge names as its source (GitHub, GitLab, Gitea, Bitbucket, git)."""
    subject = commit.subject
    if not subject.startswith("Merge"):
        return None
    match = next((match for form in _MERGES if (match := form.match(subject))), None)
    return match["branch"] if match else None


class Matcher:
    """The rules, sorted by what they look at, with everything judged so far."""

    __slots__ = ("_authors", "_branches", "_committers", "_lines", "_needles", "_rules")

    def __init__(self, tools: Sequence[Tool]) -> None:
        self._rules: dict[Where, list[tuple[Tool, Rule]]] = {where: [] for where in Where}
        for tool in tools:
            for rule in tool.rules:
                self._rules[rule.where].append((tool, rule))
        lines = [rule for where in LINE for _, rule in self._rules[where]]
        self._needles = tuple(sorted({needle for rule in lines for needle in rule.needles}))
        self._authors: dict[tuple[str, str], tuple[Hit, ...]] = {}
        self._committers: dict[tuple[str, str], tuple[Hit, ...]] = {}
        self._lines: dict[tuple[bool, str], tuple[Hit, ...]] = {}
        self._branches: dict[str, tuple[Hit, ...]] = {}

    def signals(self, commit: Commit) -> tuple[Signal, ...]:
        """The signals of one commit."""
        hits = self.author(commit.author) + self.committer(commit.committer)
        message = commit.message
        folded = message.lower()
        for needle in self._needles:
            if needle in folded:
                hits += self._message(message)
                break
        if message.startswith(("Merge", "\n")):
            branch = source_branch(commit)
            if branch is not None:
                hits += self.branch(branch)
        return tuple(_signal(hit, commit) for hit in hits) if hits else ()

    def author(self, person: Person) -> tuple[Hit, ...]:
        """What the catalogue says of a person who stands as author."""
        key = (person.name, person.email)
        known = self._authors.get(key)
        if known is None:
            known = self._judge(person.email, Where.AUTHOR_EMAIL) + self._judge(person.name, Where.AUTHOR_NAME)
            self._authors[key] = known
        return known

    def committer(self, person: Person) -> tuple[Hit, ...]:
        """What the catalogue says of a person who stands as committer."""
        key = (person.name, person.email)
        known = self._committers.get(key)
        if known is None:
            known = self._committers[key] = self._judge(f"{person.name} <{person.email}>", Where.COMMITTER)
        return known

    def branch(self, name: str) -> tuple[Hit, ...]:
        """What the catalogue says of a source branch."""
        known = self._branches.get(name)
        if known is None:
            known = self._branches[name] = self._judge(name, Where.BRANCH)
        return known

    def line(self, text: str, *, subject: bool = False) -> tuple[Hit, ...]:
        """What the catalogue says of one message line."""
        key = (subject, text)
        known = self._lines.get(key)
        if known is None:
            folded = text.lower()
            known = ()
            if any(needle in folded for needle in self._needles):
                parts = (Where.SUBJECT,) if subject else (Where.TRAILER, Where.FOOTER)
                pairs = [
                    pair
                    for part in parts
                    for pair in self._rules[part]
                    if any(needle in folded for needle in pair[1].needles)
                ]
                known = _named_first(_matches(text, pairs))
            self._lines[key] = known
        return known

    def _message(self, message: str) -> tuple[Hit, ...]:
        subject, *body = message_lines(message)
        hits = list(self.line(subject, subject=True))
        for text in dict.fromkeys(body):
            hits += self.line(text)
        return tuple(hits)

    def _judge(self, value: str, where: Where) -> tuple[Hit, ...]:
        return _matches(value, self._rules[where])


def message_lines(message: str) -> list[str]:
    """The subject and then every line outside closed code fences, without carriage returns."""
    lines = [line.removesuffix("\r") for line in message.lstrip("\n").split("\n")]
    fences = [number for number, line in enumerate(lines) if number and line.startswith("```")]
    if len(fences) < 2:
        return lines
    inside = {n for start, end in zip(fences[::2], fences[1::2], strict=False) for n in range(start, end + 1)}
    return [line for number, line in enumerate(lines) if number not in inside]


def _matches(text: str, pairs: Sequence[tuple[Tool, Rule]]) -> tuple[Hit, ...]:
    best: dict[tuple[str, str], Hit] = {}
    for tool, rule in pairs:
        match = rule.find(text)
        if match is None:
            continue
        known = best.get((tool.id, rule.proves))
        if known is None or _RANK[rule.confidence] < _RANK[known.rule.confidence]:
            best[tool.id, rule.proves] = Hit(tool, rule, text[:_SHOWN], *_groups(match))
    return tuple(best.values())


def _groups(match: re.Match[str]) -> tuple[str | None, str | None]:
    groups = match.groupdict()
    return tuple((groups.get(name) or "").strip()[:_SHOWN] or None for name in ("model", "session"))  # type: ignore[return-value]


def _named_first(hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
    """A convention of disclosure says nothing more where the same line names a tool."""
    named = tuple(hit for hit in hits if hit.tool.kind is not Kind.CONVENTION)
    return named or hits


def _signal(hit: Hit, commit: Commit) -> Signal:
    rule = hit.rule
    return Signal(
        source=SOURCE,
        tool=hit.tool.id,
        rule=rule.id,
        where=rule.where.value,
        proves=rule.proves,
        confidence=rule.confidence,
        text=hit.text,
        commit=commit.id,
        model=hit.model,
        session=hit.session,
        void=_void(rule, commit),
    )


def _void(rule: Rule, commit: Commit) -> str | None:
    if rule.invalid_window is None:
        return None
    first, last = rule.invalid_window
    start = datetime(first.year, first.month, first.day, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)
    times = (commit.author_time, commit.commit_time)
    if not any(start.timestamp() <= time < end.timestamp() for time in times):
        return None
    return f"Written from {first} to {last}, when this line was added without the tool being used."
