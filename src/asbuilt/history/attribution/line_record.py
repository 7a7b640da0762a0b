"""What a line-level record says: which lines of which file, in one commit's version, were written by whom."""

import re
from collections.abc import Iterable
from functools import cache

import msgspec

from asbuilt.catalogue.signatures import load_signatures, record_names
from asbuilt.model.attribution import Authorship, Confidence, Proves, Signal
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible

OTHER_TOOL = "other_agents"
# The code of everything in a record that could not be read or placed (catalogue: codes).
GAP = "GAP-NOTE"
# Names that test suites of such tools leave in notes: no evidence of anything.
MOCK_TOOLS = frozenset({"mock_ai", "mock-ai", "test-agent", "test_agent"})
# Names that say only that the writer of the record did not know the tool.
UNNAMED_TOOLS = frozenset({"", "unknown", "agent", "human"})

_RANGE = rb"[1-9][0-9]{0,8}(?:-[1-9][0-9]{0,8})?"
_RANGES = re.compile(rb"%b(?:,%b)*\Z" % (_RANGE, _RANGE))
# So many gaps of one kind are told one by one; the rest are counted together.
_TOLD = 20


class LineRecord(msgspec.Struct, frozen=True):
    """Consecutive lines that one record gives to one writer.

    ``first`` and ``last`` are 1-based and inclusive, in ``commit``'s version of ``path``; they may reach beyond the
    end of the file, where they say nothing. ``tool`` is a catalogue id, None when the record does not name one;
    ``evidence`` is the short reference that reports show (``git-ai:COMMIT``).
    """

    commit: str
    path: bytes
    first: int
    last: int
    authorship: Authorship
    tool: str | None
    model: str | None
    session: str | None
    source: str
    evidence: str
    confidence: Confidence = Confidence.HIGH


class Writer(msgspec.Struct, frozen=True):
    """Who a record names for some lines."""

    authorship: Authorship
    tool: str | None = None
    model: str | None = None
    session: str | None = None
    confidence: Confidence = Confidence.HIGH
    said: str = ""


class CommitLines:
    """Everything that one record says of one commit; ranges stay as text until they are asked for.

    Attributes:
        commit: the commit whose version of the files the line numbers mean.
        source: ``git-ai`` or ``agent-trace``.
        entries: path to (writer, ranges such as ``b"1-4,9"``, reference that reports show), in the record's order.
    """

    __slots__ = ("commit", "entries", "source")

    def __init__(self, commit: str, source: str) -> None:
        self.commit = commit
        self.source = source
        self.entries: dict[bytes, list[tuple[Writer, bytes, str]]] = {}

    @property
    def reference(self) -> str:
        """The short reference to the record as a whole."""
        return f"{self.source}:{self.commit}"

    @property
    def writers(self) -> set[Writer]:
        """Everyone that the record gives lines to."""
        return {writer for entries in self.entries.values() for writer, _, _ in entries}

    def add(self, path: bytes, writer: Writer, ranges: bytes, evidence: str) -> None:
        """Give lines of a file to a writer; ``ranges`` must have passed ``ranges_valid``."""
        self.entries.setdefault(path, []).append((writer, ranges, evidence))

    def lines(self, path: bytes) -> tuple[LineRecord, ...]:
        """The records of one file, in the order of the record."""
        return tuple(
            LineRecord(
                self.commit, path, first, last, writer.authorship, writer.tool, writer.model, writer.session,
                self.source, evidence, writer.confidence,
            )
            for writer, ranges, evidence in self.entries.get(path, ())
            for first, last in parse_ranges(ranges)
        )  # fmt: skip


class Reading:
    """What one reader found: lines and signals by commit, and what it could not read."""

    __slots__ = ("gaps", "lines", "signals")

    def __init__(self) -> None:
        self.lines: dict[str, CommitLines] = {}
        self.signals: dict[str, list[Signal]] = {}
        self.gaps: list[Gap] = []


def parse_ranges(ranges: bytes) -> list[tuple[int, int]]:
    """Ranges such as ``b"1-4,9"`` as pairs of first and last line."""
    found = []
    for part in ranges.split(b","):
        first, _, last = part.partition(b"-")
        found.append((int(first), int(last or first)))
    return found


def ranges_valid(ranges: bytes) -> bool:
    """Whether the text is a list of line numbers and rising ranges, each of at most nine digits."""
    return bool(_RANGES.match(ranges)) and all(first <= last for first, last in parse_ranges(ranges))


def tool_id(name: str | None) -> str | None:
    """The catalogue id of a tool that a record names, ``other_agents`` for one we do not know, None for no name."""
    if name is None or name.strip().casefold() in UNNAMED_TOOLS:
        return None
    return _known_names().get(name.strip().casefold(), OTHER_TOOL)


@cache
def _known_names() -> dict[str, str]:
    """How the records' own names of tools read in the catalogue. Exact names only: a program wrote the record."""
    return record_names(load_signatures())


def text_field(value: object, limit: int = 200) -> str | None:
    """A text out of a record, cut to ``limit`` characters; None for anything that is no text or empty."""
    return value[:limit] if isinstance(value, str) and value else None


def signals_of(lines: CommitLines, rule: str, where: str, idle: Iterable[Writer] = ()) -> list[Signal]:
    """The commit-level signals of a record: one for each tool and session that it names.

    Args:
        lines: the record.
        rule: the schema of the record.
        where: what holds the record.
        idle: writers that the record names without giving them lines: a session took part, no more.
    """
    counts: dict[Writer, int] = {}
    for entries in lines.entries.values():
        for writer, ranges, _ in entries:
            if writer.authorship is Authorship.AI_TRACKED:
                added = sum(last - first + 1 for first, last in parse_ranges(ranges))
                counts[writer] = counts.get(writer, 0) + added
    for writer in idle:
        counts.setdefault(writer, 0)
    return [
        Signal(
            source=lines.source,
            tool=writer.tool or OTHER_TOOL,
            rule=rule,
            where=where,
            proves=Proves.AUTHORED if count else Proves.SESSION,
            confidence=writer.confidence,
            text=visible(f"{writer.said or 'a tool that is not named'}: {count} lines", 200),
            commit=lines.commit,
            model=writer.model,
            session=writer.session,
        )
        for writer, count in counts.items()
    ]


def tell_gaps(what: str, problems: list[tuple[str, str]], remedy: str) -> list[Gap]:
    """One gap for each (thing, reason), the thing named in the place of ``{}``; beyond twenty they are counted."""
    told = [Gap(GAP, what.format(thing), visible(reason, 200), remedy) for thing, reason in problems[:_TOLD]]
    if rest := problems[_TOLD:]:
        names = ", ".join(thing for thing, _ in rest[:3])
        told.append(Gap(GAP, what.format(f"{names} and others"), "As above.", remedy, count=len(rest)))
    return told
