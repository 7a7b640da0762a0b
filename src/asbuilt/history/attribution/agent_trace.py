"""Agent Trace records: lines by conversation, in notes and in ``.agent-trace/``.

Format: Agent Trace 0.1.0 (RFC, January 2026), section 6. It leaves storage open: notes on the commit
(``refs/notes/agent-trace``) and the file of its reference implementation (``.agent-trace/traces.jsonl``) are read.

Line numbers mean the file *at the recorded revision* (6.3). The reference implementation records HEAD while the
tool is still editing, so its numbers mean a work tree that nobody has: such a record (it is younger than its
revision, or names none) gives evidence about the commit that brought it, and no lines.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from asbuilt.history.attribution.line_record import (
    GAP,
    MOCK_TOOLS,
    CommitLines,
    Reading,
    Writer,
    ranges_valid,
    signals_of,
    tell_gaps,
    text_field,
    tool_id,
)
from asbuilt.history.attribution.notes import list_notes, list_refs, read_blobs
from asbuilt.history.git import Repository
from asbuilt.model.attribution import Authorship, Confidence
from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap

NOTES = "refs/notes/agent-trace"
FOLDER = ".agent-trace"
_FILE = re.compile(rb"\.agent-trace/(?:traces/)?[^/]+\.jsonl?\Z")
_REMEDY = "The format is at https://github.com/cursor/agent-trace; write the record anew, or remove it."
_UNPLACED = (
    "Record traces when the commit is made, with its id as `vcs.revision`: then the line numbers can be used."
)
# The most records that one file or note may hold.
_MOST = 200_000


class _Traces(Reading):
    """A reading, with the records that are malformed and those whose lines have no place."""

    __slots__ = ("malformed", "unplaced")

    def __init__(self) -> None:
        super().__init__()
        self.malformed: list[tuple[str, str]] = []
        self.unplaced: list[tuple[str, str]] = []


class _Trace(msgspec.Struct):
    """One record, its parts still as they came: every vendor bends the format somewhere."""

    files: list[Any]
    version: str = ""
    id: str = ""
    timestamp: str = ""
    vcs: Any = None
    tool: Any = None


_DECODE = msgspec.json.Decoder(_Trace)
_DECODE_MANY = msgspec.json.Decoder(list[_Trace])


def read_agent_traces(
    repository: Repository, wanted: Collection[str], tip: str | None, times: Mapping[str, int]
) -> Reading:
    """Every Agent Trace record of the wanted commits.

    Args:
        repository: where notes and files are.
        wanted: ids of commits.
        tip: the commit whose ``.agent-trace/`` folder is read; None reads notes only.
        times: the committer's time of commits, Unix seconds.
    """
    reading = _Traces()
    _read_notes(repository, wanted, reading)
    if tip is not None:
        _read_files(repository, tip, wanted, times, reading)
    what = "The Agent Trace record {} cannot be read."
    reading.gaps += tell_gaps(what, reading.malformed, _REMEDY)
    what = "The lines of the Agent Trace record {} cannot be placed."
    reading.gaps += tell_gaps(what, reading.unplaced, _UNPLACED)
    return reading


def _read_notes(repository: Repository, wanted: Collection[str], reading: _Traces) -> None:
    chosen: dict[str, str] = {}
    for ref, _ in list_refs(repository, NOTES):
        try:
            chosen.update(
                (commit, blob) for commit, blob in list_notes(repository, ref).items() if commit in wanted
            )
        except SourceError as error:
            reading.gaps.append(Gap(GAP, f"{ref} cannot be read as notes.", str(error), _REMEDY))
    for commit, body in zip(chosen, read_blobs(repository, list(chosen.values())), strict=True):
        if isinstance(body, int):
            reading.malformed.append(
                (f"on {commit}", "Its blob is absent." if body < 0 else f"It has {body:,} bytes.")
            )
            continue
        for trace, problem in parse_traces(body):
            if trace is None:
                reading.malformed.append((f"on {commit}", problem))
            elif _revision(trace) in {None, commit}:
                _add(reading, trace, commit, placed=True)
            else:
                reading.unplaced.append(
                    (trace.id[:60], f"It is a note on {commit} and speaks of {_revision(trace)}.")
                )
                _add(reading, trace, commit, placed=False)


def _read_files(
    repository: Repository,
    tip: str,
    wanted: Collection[str],
    times: Mapping[str, int],
    reading: _Traces,
) -> None:
    blobs = {}
    for entry in repository.run("ls-tree", "-r", "-z", tip, f"{FOLDER}/").split(b"\0"):
        head, _, path = entry.partition(b"\t")
        if head.startswith(b"100") and _FILE.fullmatch(path):
            blobs[path] = head.split(b" ")[2].decode("ascii")
    if not blobs:
        return
    brought = _bringing_commits(repository, tip)
    for path, body in zip(blobs, read_blobs(repository, list(blobs.values())), strict=True):
        name = path.decode("utf-8", "replace")
        if isinstance(body, int):
            reading.malformed.append(
                (f"in {name}", "Its blob is absent." if body < 0 else f"It has {body:,} bytes.")
            )
            continue
        for trace, problem in parse_traces(body):
            if trace is None:
                reading.malformed.append((f"in {name}", problem))
                continue
            revision = _revision(trace)
            if revision in wanted and _written_before(trace, times.get(revision or "")):
                _add(reading, trace, revision or "", placed=True)
                continue
            bringer = brought.get(_key(trace))
            if bringer in wanted:
                _add(reading, trace, bringer or "", placed=False)
            reason = "It names no commit." if revision is None else "It was written after its revision was made."
            reading.unplaced.append((trace.id[:60], reason))


def parse_traces(body: bytes) -> Iterator[tuple[_Trace | None, str]]:
    """The records in one text: one object, an array, or one object a line; (None, reason) for what is none."""
    text = body.strip()
    whole = _decode(_DECODE_MANY if text.startswith(b"[") else _DECODE, text)
    if not isinstance(whole, str):
        yield from ((trace, "") for trace in (whole if isinstance(whole, list) else [whole]))
        return
    lines = [line for line in text.split(b"\n") if line.strip()]
    if len(lines) < 2 or text.startswith(b"["):
        yield None, whole
        return
    for line in lines[:_MOST]:
        trace = _decode(_DECODE, line)
        yield (None, trace) if isinstance(trace, str) else (trace, "")
    if len(lines) > _MOST:
        yield None, f"Only the first {_MOST:,} of {len(lines):,} records were read."


def _decode(decoder: Any, text: bytes) -> Any:
    try:
        return decoder.decode(text)
    except RecursionError:
        return "It is nested too deeply."
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return f"It is not what the format says: {error}"


def _key(trace: _Trace) -> tuple[str, str]:
    return trace.id, trace.timestamp


def _revision(trace: _Trace) -> str | None:
    """The git commit that a record names in full."""
    vcs = trace.vcs if isinstance(trace.vcs, dict) else {}
    revision = vcs.get("revision")
    named = vcs.get("type") == "git" and isinstance(revision, str) and re.fullmatch(r"[0-9a-f]{40,64}", revision)
    return str(revision) if named else None


def _written_before(trace: _Trace, committed: int | None) -> bool:
    try:
        written = datetime.fromisoformat(trace.timestamp).timestamp()
    except (ValueError, OverflowError):
        return False
    return committed is not None and written <= committed


def _bringing_commits(repository: Repository, tip: str) -> dict[tuple[str, str], str]:
    """Record to the commit that first added it to the folder, from the folder's own patches."""
    found: dict[tuple[str, str], str] = {}
    commit = ""
    with repository.stream(
        "log", "--no-renames", "--first-parent", "--diff-merges=first-parent", "--no-ext-diff", "--no-textconv",
        "-p", "-U0", "--format=%x00%H", tip, "--", FOLDER,
    ) as stream:  # fmt: skip
        for line in stream:
            if line.startswith(b"\0"):
                commit = line[1:].strip().decode("ascii")
            elif line.startswith(b"+{"):
                trace = _decode(_DECODE, line[1:].strip())
                if not isinstance(trace, str):
                    found[_key(trace)] = commit
    return found


_AUTHORSHIP = {
    "ai": (Authorship.AI_TRACKED, Confidence.HIGH),
    "human": (Authorship.HUMAN_TRACKED, Confidence.HIGH),
    # A person and a tool both touched these lines: the tool took part, and the record says no more.
    "mixed": (Authorship.AI_TRACKED, Confidence.MEDIUM),
}


def _add(reading: Reading, trace: _Trace, commit: str, *, placed: bool) -> None:
    lines = CommitLines(commit, "agent-trace")
    for path, conversation in _conversations(trace):
        for portion in conversation.get("ranges") or ():
            if not isinstance(portion, dict):
                continue
            writer = _writer(trace, conversation, portion.get("contributor"))
            ranges = f"{portion.get('start_line')}-{portion.get('end_line')}".encode("utf-8", "replace")
            if writer is not None and ranges_valid(ranges):
                lines.add(path, writer, ranges, f"agent-trace:{trace.id[:60]}")
    signals = signals_of(lines, "agent-trace/0.1", "record .agent-trace")
    reading.signals.setdefault(commit, []).extend(signals)
    if placed and lines.entries:
        held = reading.lines.setdefault(commit, lines)
        if held is not lines:
            for path, entries in lines.entries.items():
                held.entries.setdefault(path, []).extend(entries)


def _conversations(trace: _Trace) -> Iterator[tuple[bytes, dict[str, Any]]]:
    for file in trace.files:
        path = file.get("path") if isinstance(file, dict) else None
        if isinstance(path, str):
            for conversation in file.get("conversations") or ():
                if isinstance(conversation, dict) and isinstance(conversation.get("ranges"), list):
                    yield path.encode("utf-8", "surrogateescape"), conversation


def _writer(trace: _Trace, conversation: dict[str, Any], own: object) -> Writer | None:
    contributor = own if isinstance(own, dict) else conversation.get("contributor")
    if not isinstance(contributor, dict):
        return None
    found = _AUTHORSHIP.get(str(contributor.get("type")))
    name = trace.tool.get("name") if isinstance(trace.tool, dict) else None
    name = name if isinstance(name, str) else ""
    if found is None or name in MOCK_TOOLS:
        return None
    authorship, confidence = found
    if authorship is Authorship.HUMAN_TRACKED:
        return Writer(authorship)
    model = text_field(contributor.get("model_id"), 100)
    said = ", ".join(part for part in (name, model, str(contributor["type"])) if part)
    return Writer(authorship, tool_id(name), model, text_field(conversation.get("url")), confidence, said)
