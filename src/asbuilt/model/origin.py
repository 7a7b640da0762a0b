"""Where a line comes from."""

import msgspec

from asbuilt.model.attribution import Authorship, Confidence, Replay


class LineRun(msgspec.Struct, frozen=True):
    """Consecutive lines of one file that share origin and attribution.

    ``first`` and ``last`` are 1-based and inclusive, at the inspected revision. ``origin`` is the commit that
    ``git blame`` names; ``origin_path`` and ``origin_line`` (of ``first``) are where the lines stood there.
    ``writing`` is the commit that really wrote them: the same, or, through a squash that could be replayed, the
    commit on the branch. ``boundary`` is True where history ends before it begins (shallow clone, graft): the
    true origin lies further back and is not known. ``evidence`` holds short references, best first:
    ``signature:RULE@COMMIT``, ``git-ai:COMMIT``, ``agent-trace:ID``, ``entire:CHECKPOINT``.
    Paths are text: valid UTF-8 as it is, anything else as git quotes it (see ``model.text.path_text``).
    """

    path: str
    first: int
    last: int
    origin: str
    origin_path: str
    origin_line: int
    writing: str
    authorship: Authorship
    tool: str | None = None
    model: str | None = None
    confidence: Confidence | None = None
    replay: Replay | None = None
    boundary: bool = False
    evidence: tuple[str, ...] = ()

    @property
    def count(self) -> int:
        """How many lines the run holds."""
        return self.last - self.first + 1
