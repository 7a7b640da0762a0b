"""git-ai's authorship notes: lines by session, by prompt (older) and by person.

Format: git-ai, ``specs/git_ai_standard_v3.0.0.md`` (``authorship/3.0.0`` in ``refs/notes/ai``), and the JSON blobs
of its first days (``authorship/0.0.1`` in ``refs/ai/authorship/COMMIT``). Read leniently, as 10,685 real notes
need it: entries in any order, keys of any length, sessions that another note describes.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

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
from asbuilt.history.graph import present_commits
from asbuilt.model.attribution import Authorship, Confidence
from asbuilt.model.errors import SourceError
from asbuilt.model.inspection import Gap
from asbuilt.model.text import path_bytes

NOTES = "refs/notes/ai"
REMOTE_NOTES = "refs/notes/ai-remote/"
FIRST_DAYS = "refs/ai/authorship/"
_REMEDY = "`git notes --ref=ai show COMMIT` prints it; fetch the notes again, or write it anew with git-ai."
# A key this long names one session anywhere; a shorter one is unique within its note only.
_GLOBAL_KEY = 16
# In the first days a person and a tool stood in one field. Names that no person bears:
_FIRST_DAYS_TOOLS = {"Claude Code": "claude_code", "Cursor": "cursor", "Codex": "openai_codex"}


class NoteError(ValueError):
    """A note that cannot be read, or a part of one."""


class _Agent(msgspec.Struct):
    tool: str = ""
    id: str | None = None
    model: str | None = None


class _Session(msgspec.Struct):
    agent_id: _Agent
    human_author: str | None = None


class _Metadata(msgspec.Struct):
    """Entries stay raw: transcripts inside them are most of a note, and are never looked at."""

    schema_version: str
    prompts: dict[str, msgspec.Raw] | None = None
    sessions: dict[str, msgspec.Raw] | None = None
    humans: dict[str, msgspec.Raw] | None = None


_DECODE_METADATA = msgspec.json.Decoder(_Metadata)
_DECODE_SESSION = msgspec.json.Decoder(_Session)


class Note:
    """One note, taken apart: (path, key, ranges) entries, who the keys are, and what could not be read."""

    __slots__ = ("entries", "problems", "schema", "writers")

    def __init__(self) -> None:
        self.schema = ""
        self.entries: list[tuple[bytes, str, bytes]] = []
        self.writers: dict[str, Writer | None] = {}
        self.problems: list[str] = []


class _Place(NamedTuple):
    """What a note stands on, and the ref that holds it."""

    commit: str
    ref: str


def parse_note(body: bytes) -> Note:
    """Take a note of schema ``authorship/3.x`` apart.

    Raises:
        NoteError: it has no metadata, its metadata is no JSON, or its schema is another.
    """
    note = Note()
    attested, divider, metadata = (
        (b"", b"---", body[4:]) if body.startswith(b"---\n") else body.partition(b"\n---\n")
    )
    if not divider:
        raise NoteError("No line `---` divides the lines from the metadata.")
    try:
        told = _DECODE_METADATA.decode(metadata)
    except RecursionError:
        raise NoteError("The metadata is nested too deeply.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise NoteError(f"The metadata is not what the format says: {error}") from None
    if not told.schema_version.startswith("authorship/3."):
        raise NoteError(f"The schema is {told.schema_version[:60]!r}, and only authorship/3.x is understood.")
    note.schema = told.schema_version
    for described in (told.prompts, told.sessions):
        for key, raw in (described or {}).items():
            _describe(note, key, raw)
    for key in told.humans or {}:
        note.writers[key] = Writer(Authorship.HUMAN_TRACKED)
    _read_entries(note, attested)
    return note


def _describe(note: Note, key: str, raw: msgspec.Raw) -> None:
    try:
        session = _DECODE_SESSION.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        note.problems.append(f"Session {key[:60]!r} is not described as the format says.")
        return
    agent = session.agent_id
    if agent.tool in MOCK_TOOLS:
        note.writers[key] = None
        return
    model = text_field(agent.model, 100)
    said = f"{agent.tool}, {model}" if model else agent.tool
    note.writers[key] = Writer(Authorship.AI_TRACKED, tool_id(agent.tool), model, text_field(agent.id), said=said)


def _read_entries(note: Note, attested: bytes) -> None:
    path: bytes | None = None
    for line in attested.split(b"\n"):
        if not line.strip():
            continue
        if line[:1] not in {b" ", b"\t"}:
            path = _path(line.rstrip(b"\r"))
            continue
        key, _, ranges = line.strip().partition(b" ")
        ranges = ranges.replace(b" ", b"")
        if path is None or not ranges_valid(ranges):
            shown = line.strip()[:60].decode("utf-8", "replace")
            note.problems.append(f"The entry {shown!r} has no file before it or no valid lines.")
            continue
        note.entries.append((path, key.partition(b"::")[0].decode("utf-8", "replace"), ranges))


def _path(line: bytes) -> bytes:
    """A path as the note writes it: bare, or in double quotes when it has blanks."""
    if len(line) < 2 or not (line.startswith(b'"') and line.endswith(b'"')):
        return line
    if b"\\" in line:
        return path_bytes(line.decode("utf-8", "surrogateescape"))
    return line[1:-1]


def read_git_ai(repository: Repository, wanted: Collection[str]) -> Reading:
    """Every git-ai record of the wanted commits: current notes, those fetched from remotes, and the first blobs.

    Where several refs hold a note for one commit, ``refs/notes/ai`` is taken, then remotes in order of name.
    """
    reading = Reading()
    chosen: dict[str, tuple[str, str]] = {}
    refs = [name for name, _ in list_refs(repository, NOTES, REMOTE_NOTES)]
    for ref in sorted(refs, key=lambda name: (name != NOTES, name)):
        try:
            notes = list_notes(repository, ref)
        except SourceError as error:
            reading.gaps.append(Gap(GAP, f"{ref} cannot be read as notes.", str(error), _REMEDY))
            continue
        for commit, blob in notes.items():
            if commit in wanted:
                chosen.setdefault(commit, (blob, ref))
    _read_notes(repository, chosen, reading)
    _read_first_days(repository, wanted, reading)
    return reading


def _read_notes(repository: Repository, chosen: dict[str, tuple[str, str]], reading: Reading) -> None:
    problems: list[tuple[str, str]] = []
    large: list[tuple[str, str]] = []
    parsed: list[tuple[_Place, Note]] = []
    everywhere: dict[str, Writer | None] = {}
    bodies = read_blobs(repository, [blob for blob, _ in chosen.values()])
    for (commit, (_, ref)), body in zip(chosen.items(), bodies, strict=True):
        if isinstance(body, int):
            reason = "Its blob is absent." if body < 0 else f"It has {body:,} bytes."
            (problems if body < 0 else large).append((commit, reason))
            continue
        if not body.strip():
            continue
        try:
            note = parse_note(body)
        except NoteError as error:
            problems.append((commit, str(error)))
            continue
        problems.extend((commit, problem) for problem in note.problems[:1])
        everywhere.update((key, who) for key, who in note.writers.items() if len(key) >= _GLOBAL_KEY)
        parsed.append((_Place(commit, ref), note))
    changed = _changed_paths(repository, [place.commit for place, _ in parsed])
    for place, note in parsed:
        _add_note(reading, place, note, everywhere, changed.get(place.commit))
    reading.gaps += tell_gaps("The git-ai note of {} cannot be read whole.", problems, _REMEDY)
    reading.gaps += tell_gaps("The git-ai note of {} was not read.", large, _REMEDY)


def _changed_paths(repository: Repository, commits: Sequence[str]) -> dict[str, set[bytes]]:
    """The paths that each commit changed itself: against its parent, of a merge against all of them."""
    present = list(present_commits(repository, commits))
    if not present:
        return {}
    asked = "".join(f"{own}\n" for own in present).encode()
    listing = repository.run("diff-tree", "--stdin", "--root", "-r", "-c", "--raw", "--no-renames", stdin=asked)
    changed: dict[str, set[bytes]] = {own: set() for own in present}
    at: set[bytes] = set()
    for line in listing.split(b"\n"):
        if line.startswith(b":"):
            at.add(path_bytes(line.partition(b"\t")[2].decode("utf-8", "surrogateescape")))
        elif line:
            at = changed[line.decode("ascii")]
    return changed


def _add_note(
    reading: Reading, place: _Place, note: Note, everywhere: dict[str, Writer | None], changed: set[bytes] | None
) -> None:
    commit, ref = place
    lines = CommitLines(commit, "git-ai")
    for path, key, ranges in note.entries:
        # Notes carry lines of earlier work along, in files that this commit did not touch.
        writer = _writer(key, note, everywhere) if changed is None or path in changed else None
        if writer is not None:
            lines.add(path, writer, ranges, f"git-ai:{commit}")
    # A session that ran before the commit and left no line in it is a hint.
    idle = [
        msgspec.structs.replace(who, confidence=Confidence.LOW)
        for who in note.writers.values()
        if who and who.authorship is Authorship.AI_TRACKED and who not in lines.writers
    ]
    if lines.entries:
        reading.lines[commit] = lines
    if signals := signals_of(lines, note.schema, f"note {ref}", idle):
        reading.signals.setdefault(commit, []).extend(signals)


# A session that no note describes: its key alone says that a tool wrote the lines, not which.
_NAMELESS = Writer(Authorship.AI_TRACKED, confidence=Confidence.MEDIUM)
_PERSON = Writer(Authorship.HUMAN_TRACKED)


def _writer(key: str, note: Note, everywhere: dict[str, Writer | None]) -> Writer | None:
    """Who a key names; None for a test's mock and for ``human``, which only says that no tool reported the line."""
    if key.startswith("h_"):
        return _PERSON
    if key in note.writers:
        return note.writers[key]
    if key in everywhere:
        return everywhere[key]
    return None if key == "human" else _NAMELESS


def _read_first_days(repository: Repository, wanted: Collection[str], reading: Reading) -> None:
    problems: list[tuple[str, str]] = []
    refs = [(name, blob) for name, blob in list_refs(repository, FIRST_DAYS) if name.rpartition("/")[2] in wanted]
    refs = [(name, blob) for name, blob in refs if name.rpartition("/")[2] not in reading.lines]
    notes: dict[str, tuple[str, str]] = {}
    for (name, blob), body in zip(refs, read_blobs(repository, [blob for _, blob in refs]), strict=True):
        commit = name.rpartition("/")[2]
        if isinstance(body, int):
            problems.append((commit, "It is no blob, or a very large one."))
            continue
        if not body.lstrip().startswith(b"{"):  # later versions left notes of the present form there
            notes[commit] = (blob, name)
            continue
        try:
            lines, unclear = _parse_first_days(commit, body)
        except (NoteError, msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            problems.append((commit, str(error)))
            continue
        if unclear:
            names = ", ".join(sorted(unclear)[:3])
            problems.append((commit, f"It names {names} without saying whether a person or a tool."))
        if lines.entries:
            reading.lines[commit] = lines
            signals = signals_of(lines, "authorship/0.0.1", f"ref {name}")
            reading.signals.setdefault(commit, []).extend(signals)
    reading.gaps += tell_gaps("The git-ai record of {} cannot be read whole.", problems, _REMEDY)
    _read_notes(repository, notes, reading)


def _parse_first_days(commit: str, body: bytes) -> tuple[CommitLines, set[str]]:
    told = msgspec.json.decode(body)
    if not isinstance(told, dict):
        raise NoteError("It is no JSON object.")
    if not str(told.get("schema_version", "authorship/0.0.1")).startswith("authorship/0."):
        raise NoteError("Only schema authorship/0.x is understood here.")
    lines = CommitLines(commit, "git-ai")
    unclear: set[str] = set()
    files = told.get("files", {})
    for path, file in files.items() if isinstance(files, dict) else ():
        authors = file.get("authors") if isinstance(file, dict) else None
        for author in authors if isinstance(authors, list) else ():
            _add_author(lines, str(path).encode("utf-8", "surrogateescape"), author, unclear)
    return lines, unclear


def _add_author(lines: CommitLines, path: bytes, author: Any, unclear: set[str]) -> None:
    name = str(author.get("author", "")) if isinstance(author, dict) else ""
    metadata = author.get("agent_metadata") if isinstance(author, dict) else None
    tool = tool_id(name) if metadata else _FIRST_DAYS_TOOLS.get(name)
    if tool is None:
        # A lone first name or model name may be a person's; people's own lines were the default, and prove nothing.
        if name.casefold() in {"claude", "codex", "devin", "jules", "o3", "amp"}:
            unclear.add(name)
        return
    ranges = ",".join(
        "-".join(str(number) for number in part) if isinstance(part, list) else str(part)
        for part in author.get("lines") or ()
    ).encode()
    if ranges_valid(ranges):
        writer = Writer(Authorship.AI_TRACKED, tool, confidence=Confidence.MEDIUM, said=name)
        lines.add(path, writer, ranges, f"git-ai:{lines.commit}")
