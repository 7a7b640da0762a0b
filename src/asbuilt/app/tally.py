"""Counting what an inspection found: lines, tools, months, reviewers, exposed files."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from asbuilt.catalogue.signatures import Tool
from asbuilt.model.attribution import Attribution, Authorship, Proves
from asbuilt.model.chain import Chain, Grade, LinkName
from asbuilt.model.change import Change
from asbuilt.model.commit import Commit, Person, moment
from asbuilt.model.inspection import FileExposure, LineTotals, Month, ReviewPair, ToolTotal
from asbuilt.model.origin import LineRun

AI = frozenset({Authorship.AI_TRACKED, Authorship.AI_DECLARED})
# Grades of a review link that a person is seen behind, from best to worst; the rest leave the line exposed.
_SEEN = frozenset({Grade.PROVED, Grade.STATED})
_BEST_FIRST = (Grade.UNKNOWN, Grade.MISSING, Grade.CONTRADICTED)
# AI-written lines whose evidence names no tool.
UNNAMED = "unnamed"
_TAKES_PART = frozenset({Proves.AUTHORED, Proves.ASSISTED, Proves.SESSION})
# A change whose review is stated by trailers of a kind that is an approval.
APPROVALS = frozenset({"reviewed-by", "acked-by", "approved-by"})


class LineTally:
    """Totals over all runs of lines, and the files in which AI-written lines show no review."""

    def __init__(
        self, chains: Mapping[str, Chain], change_of: Mapping[str, str], excluded: Callable[[str], bool]
    ) -> None:
        self._excluded = excluded
        self._left_out: Counter[str] = Counter()
        self._chains = chains
        self._review = {own: chain.link(LinkName.REVIEW).grade for own, chain in chains.items()}
        self._unbroken = {own for own, chain in chains.items() if chain.unbroken}
        self._change_of = change_of
        self._authorship: Counter[str] = Counter()
        self._tools: Counter[str] = Counter()
        self._changes: Counter[str] = Counter()
        self._files: Counter[str] = Counter()
        self._boundary = 0
        self._whole = 0
        self._exposed: dict[str, list[tuple[int, int, Grade, str]]] = defaultdict(list)

    def add(self, runs: Iterable[LineRun]) -> "LineTally":
        """Count every run."""
        for run in runs:
            count = run.last - run.first + 1
            if self._excluded(run.path):
                self._left_out[run.path] += count
                continue
            change = self._change_of.get(run.origin, "")
            grade = self._review.get(change, Grade.UNKNOWN)
            self._files[run.path] += count
            self._authorship[run.authorship] += count
            self._changes[change] += count
            self._boundary += count if run.boundary else 0
            self._whole += count if change in self._unbroken else 0
            if run.authorship in AI:
                self._tools[run.tool or UNNAMED] += count
                if grade not in _SEEN:
                    self._exposed[run.path].append((run.first, count, grade, run.tool or UNNAMED))
        return self

    @property
    def by_tool(self) -> Mapping[str, int]:
        """AI-written lines by tool."""
        return self._tools

    def totals(self, skipped: Mapping[str, int]) -> LineTotals:
        """The totals of the whole tree; ``skipped`` are the entries that are no text."""
        by_link = {name.value: dict.fromkeys([grade.value for grade in Grade], 0) for name in LinkName}
        for change, count in self._changes.items():
            grades = (
                {link.name: link.grade for link in self._chains[change].links} if change in self._chains else {}
            )
            for name in LinkName:
                by_link[name][grades.get(name, Grade.UNKNOWN)] += count
        return LineTotals(
            total=sum(self._files.values()),
            files=len(self._files),
            by_authorship={kind: self._authorship.get(kind, 0) for kind in Authorship},
            by_tool=dict(self._tools.most_common()),
            by_review=by_link[LinkName.REVIEW],
            by_link=by_link,
            boundary=self._boundary,
            unbroken=self._whole,
            skipped=dict(skipped),
            excluded=len(self._left_out),
            excluded_lines=self._left_out.total(),
        )

    def exposures(self) -> tuple[FileExposure, ...]:
        """Files with AI-written lines that no person is seen to have reviewed, most lines first."""
        found = [
            FileExposure(
                path=path,
                first=min(first for first, _, _, _ in rows),
                lines=sum(count for _, count, _, _ in rows),
                total=self._files[path],
                review=min((grade for _, _, grade, _ in rows), key=_BEST_FIRST.index).value,
                tools=tuple(sorted({tool for _, _, _, tool in rows})),
            )
            for path, rows in self._exposed.items()
        ]
        return tuple(sorted(found, key=lambda file: (-file.lines, file.path)))


def tally_tools(
    tools: Sequence[Tool],
    attributions: Mapping[str, Attribution],
    commits: Mapping[str, Commit],
    *,
    history: Collection[str],
    lines: Mapping[str, int],
    configured: Mapping[str, tuple[str, ...]],
    approved: frozenset[str] | None,
) -> tuple[ToolTotal, ...]:
    """Every AI tool that took part in a commit, owns a line, or is configured; most commits first.

    ``commits`` holds every commit that has an attribution, ``history`` the ids of those that the branch reaches.
    """
    times: dict[str, list[int]] = defaultdict(list)
    landed: Counter[str] = Counter()
    for own, attribution in attributions.items():
        took_part = {s.tool for s in attribution.signals if s.proves in _TAKES_PART and s.tool in attribution.tools}
        for tool in took_part:
            times[tool].append(commits[own].commit_time)
            landed[tool] += own in history
    known = {tool.id: tool for tool in tools}
    rows = [
        ToolTotal(
            tool=tool,
            name=known[tool].name if tool in known else tool,
            vendor=known[tool].vendor if tool in known else "",
            commits=landed[tool],
            lines=lines.get(tool, 0),
            first_seen=min(times[tool], default=None),
            last_seen=max(times[tool], default=None),
            configured=configured.get(tool, ()),
            approved=None if approved is None else tool in approved,
            branch_commits=len(times[tool]) - landed[tool],
        )
        for tool in {*times, *(tool for tool in lines if tool != UNNAMED), *configured}
    ]
    return tuple(sorted(rows, key=lambda row: (-row.commits, -row.lines, row.tool)))


def tally_months(commits: Iterable[Commit], attributions: Mapping[str, Attribution]) -> tuple[Month, ...]:
    """Commits of each month by authorship class, oldest month first; months without a commit are left out."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for commit in commits:
        known = attributions.get(commit.id)
        counts[moment(commit.commit_time).strftime("%Y-%m")][known.authorship if known else Authorship.UNKNOWN] += 1
    return tuple(
        Month(month, {kind: counts[month].get(kind, 0) for kind in Authorship}) for month in sorted(counts)
    )


def tally_reviewers(
    changes: Iterable[Change],
    canonical: Callable[[Person], Person],
) -> tuple[ReviewPair, ...]:
    """Who is stated to have reviewed whom, most changes first."""
    pairs: Counter[tuple[Person, Person]] = Counter()
    for change in changes:
        authors = {canonical(author) for author in change.authors}
        reviewers = {canonical(m.person) for m in change.reviews if m.person and m.kind in APPROVALS}
        pairs.update((reviewer, author) for reviewer in reviewers for author in authors)
    rows = [ReviewPair(reviewer, author, count, reviewer != author) for (reviewer, author), count in pairs.items()]
    return tuple(sorted(rows, key=lambda row: (-row.changes, row.reviewer, row.author)))
