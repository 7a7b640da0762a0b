"""Where evidence comes from, as a command says it: who answers for it, when it was read, what it covers."""

import os
from pathlib import Path

import msgspec

from asbuilt.facts.recording.manifest import Manifest, check_covers
from asbuilt.facts.recording.values import RefusedValueError, moment_text, quoted, read_moment
from asbuilt.model.errors import UsageError
from asbuilt.model.evidence import Problems
from asbuilt.model.text import visible

COMMAND_LINE = "the command line"
LONGEST_NAME = 500  # characters of a source's and of a person's name


class Origin(msgspec.Struct, frozen=True):
    """Where rows come from, as the command says it; see ``facts.recording.manifest.Manifest``.

    ``by`` is the person who answers for it (None: ``ASBUILT_BY``). ``observed`` is when the source was read
    (None: now), ``covers`` is ``FROM..UNTIL``, both as typed. ``part`` is the repository or system that it is of
    (None: all). ``attach`` are files to keep beside the rows.
    """

    source: str | None = None
    by: str | None = None
    observed: str | None = None
    covers: str | None = None
    part: str | None = None
    query: str | None = None
    parameters: str | None = None
    scopes: tuple[str, ...] = ()
    second_source: str | None = None
    second_count: int | None = None
    differences: tuple[str, ...] = ()
    reported_total: int | None = None
    truncated: bool = False
    attach: tuple[Path, ...] = ()


def manifest_of(origin: Origin, now: int, source: str, problems: Problems) -> Manifest:
    """The manifest that the words of a command make; ``source`` is what they mean when they name none.

    Raises:
        UsageError: nobody answers for it, or a name is none.
    """
    taken_at = _observed(origin.observed, now, problems)
    if taken_at > now:
        problems.add(
            COMMAND_LINE,
            f"{moment_text(taken_at)} is in the future: it is {moment_text(now)}.",
            "Say when the source was read.",
            column="--observed-at",
        )
    if (origin.second_source is None) != (origin.second_count is None):
        problems.add(
            COMMAND_LINE,
            "A second source needs a name and a count.",
            "Tell both --second-source and --second-count.",
            column="--second-source",
        )
    second = None
    if origin.second_source is not None and origin.second_count is not None:
        second = origin.second_source, origin.second_count
    return Manifest(
        source=short_name(origin.source or source, "--source"),
        taken_by=person_of(origin),
        taken_at=taken_at,
        covers=_covers(origin.covers, taken_at, problems),
        query=origin.query,
        parameters=origin.parameters,
        scopes=origin.scopes,
        second=second,
        differences=origin.differences,
        reported_total=origin.reported_total,
        truncated=origin.truncated,
        part=None if origin.part is None else short_name(origin.part, "--part"),
    )


def _observed(told: str | None, now: int, problems: Problems) -> int:
    if told is None:
        return now
    try:
        return read_moment(told.strip()).seconds
    except RefusedValueError as error:
        problems.add(COMMAND_LINE, error.what, error.fix, column="--observed-at")
        return now


def _covers(told: str | None, taken_at: int, problems: Problems) -> tuple[int, int] | None:
    if told is None:
        return None
    start, mark, end = told.partition("..")
    if not mark:
        problems.add(
            COMMAND_LINE, f"{quoted(told)} is no period.", "Write 2026-01-01..2026-07-01.", column="--covers"
        )
        return None
    try:
        return check_covers(start, end, taken_at=taken_at, problems=problems, where=lambda _: COMMAND_LINE)
    except RefusedValueError as error:
        problems.add(COMMAND_LINE, error.what, error.fix, column="--covers")
        return None


def person_of(origin: Origin) -> str:
    """The person who answers for the evidence: told, never guessed from the account that runs the command.

    Raises:
        UsageError: nobody is named.
    """
    name = (origin.by or os.environ.get("ASBUILT_BY") or "").strip()
    if not name:
        raise UsageError(
            "It is not said who answers for this evidence.",
            fix="Say it with --by NAME, or set ASBUILT_BY to the person's id.",
        )
    return short_name(name, "--by")


def short_name(name: str, option: str) -> str:
    """A name that an option tells, without the spaces around it.

    Raises:
        UsageError: it is empty, too long, or holds what cannot be seen.
    """
    stripped = name.strip()
    if not stripped or len(stripped) > LONGEST_NAME or visible(stripped) != stripped:
        raise UsageError(
            f"{option} is {quoted(name)}.", fix=f"Write a name of 1 to {LONGEST_NAME} characters that can be seen."
        )
    return stripped
