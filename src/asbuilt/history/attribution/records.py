"""All records of who wrote which lines, whatever wrote them."""

from collections.abc import Collection, Iterable

from asbuilt.history.attribution.agent_trace import read_agent_traces
from asbuilt.history.attribution.entire import read_entire
from asbuilt.history.attribution.git_ai import read_git_ai
from asbuilt.history.attribution.line_record import CommitLines, LineRecord
from asbuilt.history.commits import read_commit_set
from asbuilt.history.git import Repository
from asbuilt.model.attribution import Signal
from asbuilt.model.commit import Commit
from asbuilt.model.inspection import Gap

__all__ = ["LineRecord", "Records", "read_line_records"]


class Records:
    """What the records of some commits say.

    Attributes:
        lines: commit to its line-level records, one for each source.
        signals: commit to the commit-level signals of all records, for ``attribute_commits``.
        gaps: what could not be read.
    """

    __slots__ = ("gaps", "lines", "signals")

    def __init__(
        self,
        lines: dict[str, tuple[CommitLines, ...]] | None = None,
        signals: dict[str, tuple[Signal, ...]] | None = None,
        gaps: tuple[Gap, ...] = (),
    ) -> None:
        self.lines = lines or {}
        self.signals = signals or {}
        self.gaps = gaps

    def at(self, commit: str, path: bytes) -> tuple[LineRecord, ...]:
        """The records of one file in one commit's version, git-ai's first."""
        return tuple(record for lines in self.lines.get(commit, ()) for record in lines.lines(path))

    @property
    def by_commit(self) -> dict[str, dict[bytes, tuple[LineRecord, ...]]]:
        """Every record: commit to path to records. Large: ``at`` reads one file's without making the rest."""
        return {
            commit: {path: self.at(commit, path) for lines in held for path in lines.entries}
            for commit, held in self.lines.items()
        }


def read_line_records(
    repository: Repository,
    wanted: Collection[str],
    *,
    tip: str | None = None,
    commits: Iterable[Commit] | None = None,
) -> Records:
    """Every record about the wanted commits: git-ai notes, Agent Trace records, Entire checkpoints.

    Args:
        repository: where they are looked for.
        wanted: ids of commits (of branches behind squashes too). A set is quickest.
        tip: the commit whose ``.agent-trace/`` folder is read; None reads notes only.
        commits: the wanted commits, where the caller has read them already.

    Returns:
        Records with a gap for everything that is there and could not be read.
    """
    ids = wanted if isinstance(wanted, (set, frozenset, dict)) else frozenset(wanted)
    known = list(commits) if commits is not None else list(read_commit_set(repository, list(ids)).values())
    times = {commit.id: commit.commit_time for commit in known}
    readings = (
        read_git_ai(repository, ids),
        read_agent_traces(repository, ids, tip, times),
        read_entire(repository, ids, known),
    )
    lines: dict[str, tuple[CommitLines, ...]] = {}
    signals: dict[str, tuple[Signal, ...]] = {}
    for reading in readings:
        for commit, found in reading.lines.items():
            lines[commit] = (*lines.get(commit, ()), found)
        for commit, told in reading.signals.items():
            signals[commit] = (*signals.get(commit, ()), *told)
    return Records(lines, signals, tuple(gap for reading in readings for gap in reading.gaps))
