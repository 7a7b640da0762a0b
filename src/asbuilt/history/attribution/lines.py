"""Who wrote every line: line origins, line records, squash replays and commit-level signals, joined.

In order, for each line:

1. Its origin, as ``git blame`` names it. Where history is cut off there, it is unknown.
2. Through a squash that was replayed, the commit of the branch that wrote it; a record on the squash itself wins.
3. A line record of that commit that names the line: *ai-tracked* or *human-tracked*. A line that a commit's record
   passes over is *unknown*: no tool was seen writing it. When the commit declares a tool that its record does not
   know, it is *ai-declared* by that tool.
4. Without a record: what the commit as a whole declares.
5. A commit of a branch that declares nothing, behind a squash that declares a tool which no commit of the branch
   does, is *ai-declared* by the squash: the statement was added when the branch was merged.

Evidence of the other sources stays listed behind the deciding one, so that a conflict is seen.
"""

import heapq
from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import islice, pairwise
from typing import TypeVar

import numpy as np

from asbuilt.history.attribution.branch_lines import follow_squashes
from asbuilt.history.attribution.classify import LINE_SOURCES, standing
from asbuilt.history.attribution.detail import MOST_EVIDENCE, UNKNOWN, Detail, declared, references
from asbuilt.history.attribution.line_record import LineRecord
from asbuilt.history.attribution.line_table import LineAttribution
from asbuilt.history.attribution.pieces import Pieces, Whole, spread, whole_runs
from asbuilt.history.attribution.records import Records
from asbuilt.history.git import Repository
from asbuilt.history.origins.table import LineOrigins
from asbuilt.model.attribution import Attribution, Authorship, Confidence, SquashReplay

Item = TypeVar("Item", bound=Hashable)

__all__ = ["Detail", "LineAttribution", "attribute_lines"]

_AI = frozenset({Authorship.AI_TRACKED, Authorship.AI_DECLARED})
# Interval keys: number of (commit, path) above, line below.
_LINE_BITS = 32


def attribute_lines(
    repository: Repository,
    origins: LineOrigins,
    attributions: Mapping[str, Attribution],
    records: Records,
    replays: Mapping[str, SquashReplay],
) -> LineAttribution:
    """Who wrote every line of the tree.

    Args:
        repository: where the branches behind squashes are.
        origins: where every line comes from.
        attributions: commit-level attribution, of the branches' commits (``SquashReplay.commits``) too.
        records: line records, of the branches' commits too.
        replays: how each squash was tied to its branch.
    """
    commits, paths = list(origins.commits), list(origins.origin_paths)
    pieces = whole_runs(origins)
    boundary = np.zeros(len(origins.commits), dtype=bool)
    boundary[list(origins.boundary)] = True
    # A record on the squash itself wins over its replay; of a cut-off commit nothing is known.
    cut_off = {commits[number] for number in origins.boundary}
    followed = {own: replay for own, replay in replays.items() if own not in records.lines and own not in cut_off}
    pieces = follow_squashes(repository, pieces, commits, paths, followed)
    judge = _Judge(commits, paths, attributions, records, followed)
    pieces, detail = _split_by_records(pieces, judge)
    origin = np.asarray(origins.commit).astype(np.int64)[pieces.row]
    at_boundary = boundary[origin] if len(pieces.row) else np.zeros(0, dtype=bool)
    detail = _fill(judge, pieces, origin, detail)
    detail[at_boundary] = 0
    bounds = np.asarray(origins.file_start).astype(np.int64)
    file_of_run = np.repeat(np.arange(len(origins.paths)), bounds[1:] - bounds[:-1])
    offset = pieces.first - np.asarray(origins.first).astype(np.int64)[pieces.row]
    return LineAttribution(
        paths=origins.paths,
        file=file_of_run[pieces.row].astype(np.int32),
        first=pieces.first.astype(np.int32),
        count=pieces.length.astype(np.int32),
        origin=origin.astype(np.int32),
        origin_path=np.asarray(origins.origin_path)[pieces.row].astype(np.int32),
        origin_line=(np.asarray(origins.origin_line)[pieces.row] + offset).astype(np.int32),
        writing=pieces.commit.astype(np.int32),
        replay=pieces.replay.astype(np.int8),
        boundary=at_boundary,
        detail=detail.astype(np.int32),
        commits=commits,
        origin_paths=paths,
        details=judge.details,
    )


def _fill(judge: "_Judge", pieces: Pieces, origin: Whole, detail: Whole) -> Whole:
    """The detail of pieces that no record names, once for each pair of origin and writing commit."""
    bare = np.flatnonzero(detail < 0)
    keys = origin[bare] * len(judge.commits) + pieces.commit[bare]
    pairs, place = np.unique(keys, return_inverse=True)
    told = [judge.whole_commit(*divmod(pair, len(judge.commits))) for pair in pairs.tolist()]
    detail[bare] = np.array(told, dtype=np.int64)[place] if told else 0
    return detail


def _split_by_records(pieces: Pieces, judge: "_Judge") -> tuple[Pieces, Whole]:
    """The pieces, cut where a record begins or ends, and the detail of each (-1: no record names it)."""
    recorded = np.array([own in judge.records.lines for own in judge.commits], dtype=bool)
    touched = np.flatnonzero(recorded[pieces.commit]) if len(pieces.row) else np.zeros(0, np.int64)
    keys = pieces.commit[touched] * len(judge.paths) + pieces.path[touched]
    pairs, place = np.unique(keys, return_inverse=True)
    starts: list[int] = []
    ends: list[int] = []
    details: list[int] = []
    for number, pair in enumerate(pairs.tolist()):
        commit, path = divmod(pair, len(judge.paths))
        for first, last, detail in judge.intervals(commit, path):
            starts.append((number << _LINE_BITS) + first)
            ends.append((number << _LINE_BITS) + last + 1)
            details.append(detail)
    whole = np.full(len(pieces.row), -1, dtype=np.int64)
    if not starts:
        return pieces, whole
    start, end, told = (np.array(column, dtype=np.int64) for column in (starts, ends, details))
    marks = np.unique(np.concatenate((start, end)))
    left = (place.astype(np.int64) << _LINE_BITS) + pieces.line[touched]
    right = left + pieces.length[touched]
    low, high = np.searchsorted(marks, left, side="right"), np.searchsorted(marks, right, side="left")
    # Piece k has high - low marks strictly inside, so one part more than that.
    parts = np.ones(len(pieces.row), dtype=np.int64)
    parts[touched] += high - low
    which, nth = spread(parts)
    inside = np.zeros(len(pieces.row), dtype=np.int64)
    inside[touched] = low
    base = np.full(len(pieces.row), -1, dtype=np.int64)
    base[touched] = left
    begins = np.where(nth > 0, marks[np.minimum(inside[which] + nth - 1, len(marks) - 1)], base[which])
    offset = np.where(nth > 0, begins - base[which], 0)
    stop = np.append(offset[1:], 0)
    final = np.append(nth[1:] == 0, True)
    length = np.where(final, pieces.length[which], stop) - offset
    at = np.searchsorted(start, begins, side="right") - 1
    named = (base[which] >= 0) & (at >= 0)
    named &= begins < end[np.maximum(at, 0)]
    return pieces.cut(which, offset, length), np.where(named, told[np.maximum(at, 0)], -1)


class _Judge:
    """Turns records and attributions into details; each detail is made once and numbered."""

    __slots__ = ("_by_detail", "_unaccounted", "attributions", "commits", "details", "paths", "records", "replays")

    def __init__(
        self,
        commits: Sequence[str],
        paths: Sequence[bytes],
        attributions: Mapping[str, Attribution],
        records: Records,
        replays: Mapping[str, SquashReplay],
    ) -> None:
        self.commits = commits
        self.paths = paths
        self.attributions = attributions
        self.records = records
        self.replays = replays
        self.details: list[Detail] = [UNKNOWN]
        self._by_detail: dict[Detail, int] = {UNKNOWN: 0}
        self._unaccounted: dict[str, Attribution | None] = {}

    def _number(self, detail: Detail) -> int:
        known = self._by_detail.setdefault(detail, len(self.details))
        if known == len(self.details):
            self.details.append(detail)
        return known

    def whole_commit(self, origin: int, writing: int) -> int:
        """The detail of lines that no record names."""
        own = self.commits[writing]
        detail = self._declared(own)
        if origin != writing and detail.authorship is Authorship.UNKNOWN:
            late = self._said_at_merge(self.commits[origin])
            if late is not None:
                evidence = (*references(late.signals), *detail.evidence)[:MOST_EVIDENCE]
                detail = Detail(Authorship.AI_DECLARED, late.tool, late.model, _lowered(late.confidence), evidence)
        return self._number(detail)

    def _declared(self, own: str) -> Detail:
        told = self.attributions.get(own)
        held = self.records.lines.get(own, ())
        signals = told.signals if told else ()
        if held:
            known = {writer.tool for lines in held for group in lines.entries.values() for writer, _, _ in group}
            beyond = [
                signal
                for signal in signals
                if standing(signal)
                and signal.source not in LINE_SOURCES
                and signal.tool not in known
                and not self._kin(signal.tool, known)
            ]
            seen = (*dict.fromkeys(lines.reference for lines in held), *references(signals))
            evidence = tuple(dict.fromkeys(seen))[:MOST_EVIDENCE]
            if not beyond:
                return Detail(Authorship.UNKNOWN, evidence=evidence)
            best = beyond[0]
            return Detail(Authorship.AI_DECLARED, best.tool, best.model, best.confidence, evidence)
        return declared(told)

    @staticmethod
    def _kin(tool: str, known: set[str | None]) -> bool:
        """Whether a declared tool may be one that the record knows: one family has ids such as ``claude_code``."""
        families = {other.split("_", maxsplit=1)[0] for other in known if other}
        return tool == "entire" or None in known or tool.split("_", maxsplit=1)[0] in families

    def _said_at_merge(self, squash: str) -> Attribution | None:
        """The attribution of a squash that names a tool which no commit of its branch does."""
        if squash not in self._unaccounted:
            told = self.attributions.get(squash)
            replay = self.replays.get(squash)
            branch = [
                self.attributions[own] for own in (replay.commits if replay else ()) if own in self.attributions
            ]
            named = {tool for attribution in branch for tool in attribution.tools}
            late = told is not None and told.authorship in _AI and not named.issuperset(told.tools)
            self._unaccounted[squash] = told if late else None
        return self._unaccounted[squash]

    def intervals(self, commit: int, path: int) -> list[tuple[int, int, int]]:
        """First line, last line and detail for all lines of a file that records name: rising, none twice."""
        own = self.commits[commit]
        records = self.records.at(own, self.paths[path])
        told = self.attributions.get(own)
        behind = references(told.signals) if told else ()
        ordered = sorted(enumerate(records), key=lambda entry: entry[1].first)
        if all(before.last < after.first for (_, before), (_, after) in pairwise(ordered)):
            return [(record.first, record.last, self._recorded(record, behind)) for _, record in ordered]
        return self._untangled(ordered, behind)

    def _untangled(
        self, ordered: Sequence[tuple[int, LineRecord]], behind: tuple[str, ...]
    ) -> list[tuple[int, int, int]]:
        """The same where records overlap: an AI record before a person's, else the first; both stay in evidence."""
        found: list[tuple[int, int, int]] = []
        waiting = list(reversed(ordered))
        best: list[tuple[bool, int, LineRecord]] = []  # heap; may hold records that have ended
        ends: list[tuple[int, int, LineRecord]] = []  # heap of all that have not
        writers: Counter[tuple[Authorship, str | None]] = Counter()
        sources: Counter[str] = Counter()
        at = 0
        while waiting or ends:
            if not ends:
                at = max(at, waiting[-1][1].first)
            while waiting and waiting[-1][1].first <= at:
                order, record = waiting.pop()
                heapq.heappush(best, (record.authorship is Authorship.HUMAN_TRACKED, order, record))
                heapq.heappush(ends, (record.last, order, record))
                writers[record.authorship, record.tool] += 1
                sources[record.evidence] += 1
            while best[0][2].last < at:
                heapq.heappop(best)
            end = ends[0][0]
            if waiting:
                end = min(end, waiting[-1][1].first - 1)
            others = tuple(islice(sources, MOST_EVIDENCE))
            found.append((at, end, self._recorded(best[0][2], behind, others, agreed=len(writers) == 1)))
            at = end + 1
            while ends and ends[0][0] < at:
                _, _, record = heapq.heappop(ends)
                _take_out(writers, (record.authorship, record.tool))
                _take_out(sources, record.evidence)
        return found

    def _recorded(
        self, best: LineRecord, behind: tuple[str, ...], others: tuple[str, ...] = (), *, agreed: bool = True
    ) -> int:
        evidence = tuple(dict.fromkeys((best.evidence, *others, *behind)))[:MOST_EVIDENCE]
        confidence = best.confidence if agreed else _lowered(best.confidence)
        return self._number(Detail(best.authorship, best.tool, best.model, confidence, evidence))


def _take_out(counts: Counter[Item], item: Item) -> None:
    counts[item] -= 1
    if not counts[item]:
        del counts[item]


def _lowered(confidence: Confidence | None) -> Confidence:
    return Confidence.MEDIUM if confidence is Confidence.HIGH else Confidence.LOW
