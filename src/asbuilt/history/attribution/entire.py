"""Entire's checkpoints: which session stands behind a commit, and how many of its lines the agent wrote.

A commit names checkpoints with ``Entire-Checkpoint: ID`` (12 hex digits); branch ``entire/checkpoints/v1`` holds
``ID[:2]/ID[2:]/N/metadata.json`` for each session. Its ``initial_attribution`` counts lines of the commit and does
not say which, so it is evidence about the commit. Ids survive rebases and are copied by squashes, so one id can
stand on several commits; then its numbers may be another commit's, and that is said.
"""

import re
from collections.abc import Collection, Iterable

import msgspec

from asbuilt.history.attribution.line_record import GAP, MOCK_TOOLS, Reading, tell_gaps, text_field, tool_id
from asbuilt.history.attribution.notes import list_refs, read_blobs
from asbuilt.history.git import Repository
from asbuilt.model.attribution import Confidence, Proves, Signal
from asbuilt.model.commit import Commit
from asbuilt.model.inspection import Gap
from asbuilt.model.text import visible

SCHEMA = "entire/checkpoints/v1"
# At column 0 of any line: git's own trailer parser misses those that a squash has moved up.
_TRAILER = re.compile(r"^entire-checkpoint:[ \t]*([0-9a-f]{12})[ \t]*$", re.IGNORECASE | re.MULTILINE)
_SESSION = re.compile(rb"([0-9a-f]{2})/([0-9a-f]{10})/(?:\d{1,4}/)?metadata\.json\Z")
_REMEDY = "git fetch origin entire/checkpoints/v1:refs/heads/entire/checkpoints/v1"


class _Counts(msgspec.Struct):
    agent_lines: int = 0
    total_committed: int = 0


class _Metadata(msgspec.Struct):
    session_id: str = ""
    agent: str = ""
    initial_attribution: _Counts | None = None


_DECODE = msgspec.json.Decoder(_Metadata)


def read_entire(repository: Repository, wanted: Collection[str], commits: Iterable[Commit]) -> Reading:
    """The signals of every checkpoint that a wanted commit names."""
    reading = Reading()
    named: dict[str, list[str]] = {}
    for commit in commits:
        if commit.id in wanted and "ntire-" in commit.message:
            for checkpoint in dict.fromkeys(_TRAILER.findall(commit.message)):
                named.setdefault(checkpoint.lower(), []).append(commit.id)
    if not named:
        return reading
    sessions, damaged = _read_sessions(repository, named)
    for checkpoint, holders in named.items():
        for session in sessions.get(checkpoint, ()):
            for holder in holders:
                signal = _signal(checkpoint, session, holder, len(holders))
                if signal is not None:
                    reading.signals.setdefault(holder, []).append(signal)
    reading.gaps += tell_gaps("The Entire checkpoint {} cannot be read.", damaged, _REMEDY)
    _tell_unclear(reading, named, sessions)
    return reading


def _tell_unclear(reading: Reading, named: dict[str, list[str]], sessions: dict[str, list[_Metadata]]) -> None:
    absent = [checkpoint for checkpoint in named if checkpoint not in sessions]
    shared = [checkpoint for checkpoint, holders in named.items() if len(holders) > 1]
    if absent:
        what = f"{len(absent)} Entire checkpoints that commits name are not here ({', '.join(absent[:3])} …)."
        why = "No branch entire/checkpoints/v1 holds them."
        reading.gaps.append(Gap(GAP, what, why, _REMEDY, count=len(absent)))
    if shared:
        what = f"{len(shared)} Entire checkpoints stand on more than one commit ({', '.join(shared[:3])} …)."
        why = "A rebase or squash copied them: their line counts may be another commit's."
        remedy = "Nothing: they are used as evidence of a session, with medium confidence."
        reading.gaps.append(Gap(GAP, what, why, remedy, count=len(shared)))


def _read_sessions(
    repository: Repository, named: Collection[str]
) -> tuple[dict[str, list[_Metadata]], list[tuple[str, str]]]:
    """Session metadata by checkpoint, from the first branch that holds it, and what is damaged."""
    blobs: dict[str, dict[bytes, str]] = {}
    for ref, _ in list_refs(repository, f"refs/heads/{SCHEMA}", f"refs/remotes/*/{SCHEMA}"):
        found: dict[str, dict[bytes, str]] = {}
        for entry in repository.run("ls-tree", "-r", "-z", ref).split(b"\0"):
            head, _, path = entry.partition(b"\t")
            place = _SESSION.fullmatch(path)
            if place and head.startswith(b"100"):
                checkpoint = (place[1] + place[2]).decode("ascii")
                if checkpoint in named:
                    found.setdefault(checkpoint, {})[path] = head.split(b" ")[2].decode("ascii")
        for checkpoint, files in found.items():
            blobs.setdefault(checkpoint, files)
    places = []
    for checkpoint, files in blobs.items():
        # The file at the checkpoint's top sums up the numbered sessions; alone, it is the session.
        numbered = [path for path in files if path.count(b"/") == 3]
        places += [(checkpoint, files[path]) for path in numbered or files]
    sessions: dict[str, list[_Metadata]] = {}
    damaged = []
    for (checkpoint, _), body in zip(places, read_blobs(repository, [blob for _, blob in places]), strict=True):
        held = sessions.setdefault(checkpoint, [])
        if isinstance(body, int):
            damaged.append((checkpoint, "A session's metadata is absent or very large."))
            continue
        try:
            held.append(_DECODE.decode(body))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            damaged.append((checkpoint, str(error)))
    return sessions, damaged


def _signal(checkpoint: str, session: _Metadata, commit: str, holders: int) -> Signal | None:
    if session.agent in MOCK_TOOLS:
        return None
    counts = session.initial_attribution
    said = session.agent or "an agent that is not named"
    if counts is not None:
        said += f": {counts.agent_lines} of {counts.total_committed} lines"
    if holders > 1:
        said += f"; the checkpoint stands on {holders} commits"
    return Signal(
        source="entire",
        tool=tool_id(session.agent) or "entire",
        rule=SCHEMA,
        where=f"Entire-Checkpoint: {checkpoint}",
        proves=Proves.AUTHORED if counts is not None and counts.agent_lines > 0 else Proves.SESSION,
        confidence=Confidence.HIGH if holders == 1 else Confidence.MEDIUM,
        text=visible(said, 200),
        commit=commit,
        session=text_field(session.session_id),
    )
