r"""The AI-tool signatures: one TOML file a tool, each rule with the examples that are its tests.

What a file holds (``signatures/aider.toml``)::

    id = "aider"                      # the file's name
    name = "Aider"
    vendor = "Aider AI"
    kind = "agent"                    # agent, assistant, reviewer, recorder, convention, automation
    default_on = true                 # whether the tool marks its work unless told not to
    opt_out = "--no-attribute-author" # how that is switched off
    records = ["aider"]               # what line records (git-ai, Agent Trace, Entire) call it
    goes_with = ["claude_code"]       # tools whose names beside this one are no conflict; "*" for all

    [[rules]]
    id = "author_name-1"              # where and a number that never changes
    where = "author_name"
    pattern = '\(aider\)\s*$'
    confidence = "high"
    proves = "authored"
    hits = ["Paul Gauthier (aider)"]
    near_misses = ["aider"]

Patterns are Python regular expressions, ASCII and without regard to case. Trailer, footer and subject rules see one
line of the message from its first column; the groups ``model`` and ``session`` name what can be read off it, and
``needles`` are lower-case strings of which every line that the pattern matches holds one: only lines with a needle
are judged at all. Other rules see the whole value (an e-mail, a path, a branch) and may match anywhere in it.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

import msgspec

from asbuilt.model.attribution import Confidence, Proves
from asbuilt.model.errors import CatalogueError

FLAGS = re.IGNORECASE | re.ASCII
GROUPS = frozenset({"model", "session"})
_FOLDER = Path(__file__).with_name("signatures")


class Where(StrEnum):
    """The part of a commit, a change or a tree that a rule looks at."""

    AUTHOR_EMAIL = "author_email"
    AUTHOR_NAME = "author_name"
    COMMITTER = "committer"  # "Name <email>"
    TRAILER = "trailer"  # a message line, key included
    FOOTER = "footer"  # any other message line
    SUBJECT = "subject"  # the first line
    BRANCH = "branch"  # the source branch of a change
    PR_AUTHOR = "pr_author"
    PR_BODY = "pr_body"
    PR_LABEL = "pr_label"
    REVIEWER = "reviewer"
    FILE = "file"  # a path in the tree: configuration, never authorship
    REF = "ref"  # a ref that holds attribution


LINE = frozenset({Where.TRAILER, Where.FOOTER, Where.SUBJECT})


class Kind(StrEnum):
    """What a tool is."""

    AGENT = "agent"  # writes and commits
    ASSISTANT = "assistant"  # helps a person who commits
    REVIEWER = "reviewer"  # reviews; a suggestion of its may be applied
    RECORDER = "recorder"  # records which tool wrote what; writes no code
    CONVENTION = "convention"  # a way of disclosing that any tool may use
    AUTOMATION = "automation"  # a bot that is no AI


class Rule(msgspec.Struct, frozen=True):
    """One signature.

    ``id`` is stable: tool, part and number (``claude_code/trailer-1``). ``person`` is True where the matched
    identity still names the person who ran the tool. Between the two days of ``invalid_window`` (both
    included, UTC) the signature was written without the tool being used: it is no evidence then.
    """

    id: str
    where: Where
    pattern: str
    confidence: Confidence
    proves: Proves
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]
    needles: tuple[str, ...] = ()
    person: bool = False
    invalid_window: tuple[date, date] | None = None
    evidence: str = ""
    note: str = ""

    def find(self, text: str) -> re.Match[str] | None:
        """The match of this rule in a line (from its first column) or a value, or None."""
        regex = regex_of(self.pattern)
        return regex.match(text) if self.where in LINE else regex.search(text)


class Tool(msgspec.Struct, frozen=True):
    """One tool and its signatures; ``default_on`` is None where it is not known."""

    id: str
    name: str
    vendor: str
    kind: Kind
    rules: tuple[Rule, ...]
    default_on: bool | None = None
    opt_out: str = ""
    records: tuple[str, ...] = ()
    goes_with: tuple[str, ...] = ()


class _RuleEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    where: Where
    pattern: str
    confidence: Confidence
    proves: Proves
    hits: tuple[str, ...]
    near_misses: tuple[str, ...]
    needles: tuple[str, ...] = ()
    person: bool = False
    invalid_window: tuple[date, date] | None = None
    evidence: str = ""
    note: str = ""


class _ToolEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    name: str
    vendor: str
    kind: Kind
    rules: tuple[_RuleEntry, ...]
    default_on: bool | None = None
    opt_out: str = ""
    records: tuple[str, ...] = ()
    goes_with: tuple[str, ...] = ()


@cache
def regex_of(pattern: str) -> re.Pattern[str]:
    """The compiled pattern of a rule."""
    return re.compile(pattern, FLAGS)


def load_signatures(folder: Path | None = None) -> tuple[Tool, ...]:
    """All tools, sorted by id; AsBuilt's own catalogue unless a folder of ``*.toml`` files is named.

    Raises:
        CatalogueError: a file is malformed; ``where`` names file and line.
    """
    return _shipped() if folder is None else _load(folder)


def record_names(tools: Sequence[Tool]) -> dict[str, str]:
    """The tool ids by the lower-case names that line records use for them."""
    return {name: tool.id for tool in tools for name in (tool.id, *tool.records)}


@cache
def _shipped() -> tuple[Tool, ...]:
    return _load(_FOLDER)


def _load(folder: Path) -> tuple[Tool, ...]:
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise CatalogueError(
            "The folder holds no signature file.", fix="Name a folder of *.toml files.", where=str(folder)
        )
    tools = tuple(_read(file) for file in files)
    _check_names(tools, folder)
    return tools


def _read(file: Path) -> Tool:
    try:
        text = file.read_text("utf-8")
        raw = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise CatalogueError("The file is not UTF-8.", fix="Save it as UTF-8.", where=str(file)) from error
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        where = f"{file}:{line[1]}" if line else str(file)
        raise CatalogueError("The file is not TOML.", why=f"{error}.", fix="Mend it.", where=where) from error
    try:
        entry = msgspec.convert(raw, _ToolEntry)
    except msgspec.ValidationError as error:
        said = str(error)
        index, key = re.search(r"\$\.rules\[(\d+)\]", said), re.search(r"field `(\w+)`|\.(\w+)(?:\[\d+\])?`$", said)
        place = _place(file, text, int(index[1]) if index else None, (key[1] or key[2]) if key else None)
        raise CatalogueError(
            f"{said}.", fix="The docstring of asbuilt.catalogue.signatures lists the keys.", where=place
        ) from error
    _check_tool(entry, file, text)
    rules = tuple(
        Rule(
            **{
                **{name: getattr(rule, name) for name in _RuleEntry.__struct_fields__},
                "id": f"{entry.id}/{rule.id}",
            }
        )
        for rule in entry.rules
    )
    fields = {name: getattr(entry, name) for name in _ToolEntry.__struct_fields__ if name != "rules"}
    return Tool(rules=rules, **fields)


def _check_tool(entry: _ToolEntry, file: Path, text: str) -> None:
    if entry.id != file.stem or not re.fullmatch(r"[a-z0-9_]+", entry.id):
        raise CatalogueError(
            f"The id is {entry.id!r} in a file called {file.name!r}.",
            fix="Give file and id one name of a-z, 0-9 and _.",
            where=_place(file, text, None, "id"),
        )
    if not entry.rules:
        raise CatalogueError(f"{entry.id} has no rule.", fix="Add one, or remove the file.", where=str(file))
    seen: set[str] = set()
    for index, rule in enumerate(entry.rules):
        fault = next(_faults(rule, seen), None)
        if fault:
            key, what, fix = fault
            raise CatalogueError(f"{entry.id}/{rule.id}: {what}", fix=fix, where=_place(file, text, index, key))
        seen.add(rule.id)


def _faults(rule: _RuleEntry, seen: set[str]) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a rule, worst first: key, what, fix."""
    if not re.fullmatch(rf"{rule.where}-[1-9]\d*", rule.id):
        yield "id", "the id must be its part and a number.", f'Call it "{rule.where}-1" or the next free number.'
    if rule.id in seen:
        yield "id", "two rules have this id.", "Give the newer one the next free number."
    try:
        groups = set(regex_of(rule.pattern).groupindex)
    except re.error as error:
        yield "pattern", f"the pattern is no regular expression ({error}).", "Mend it."
        return
    if groups - GROUPS:
        yield "pattern", f"unknown group {min(groups - GROUPS)!r}.", "Only model and session may be named."
    if rule.where in LINE and not rule.pattern.startswith("^"):
        yield "pattern", "a rule for message lines must begin with ^.", "Text inside a line is no signature."
    if not rule.hits:
        yield "hits", "there is no hit.", "Add a line that the rule must match, best from a real history."
    if not rule.near_misses:
        yield "near_misses", "there is no near miss.", "Add a line that looks alike and must not match."
    if rule.invalid_window and rule.invalid_window[0] > rule.invalid_window[1]:
        yield "invalid_window", "the window ends before it begins.", "Write the earlier day first."
    yield from _needle_faults(rule)


def _needle_faults(rule: _RuleEntry) -> Iterator[tuple[str, str, str]]:
    if rule.where not in LINE:
        if rule.needles:
            yield "needles", "only rules for message lines have needles.", "Remove them."
        return
    if not rule.needles or any(len(needle) < 6 or needle != needle.lower() for needle in rule.needles):
        yield (
            "needles",
            "a rule for message lines needs needles, in lower case and at least 6 characters long.",
            "Name strings of which every matching line holds one, such as the trailer's key.",
        )
    for hit in rule.hits:
        if not any(needle in hit.lower() for needle in rule.needles):
            yield "needles", f"the hit {hit!r} holds none of them.", "Name a string that it holds."


def _check_names(tools: Sequence[Tool], folder: Path) -> None:
    ids = {tool.id for tool in tools} | {"*"}
    owner: dict[str, str] = {}
    for tool in tools:
        where = f"{folder / tool.id}.toml"
        for other in tool.goes_with:
            if other not in ids:
                raise CatalogueError(
                    f"{tool.id} goes with {other!r}, which is no tool.", fix="Name a file's id.", where=where
                )
        for name in tool.records:
            if name != name.lower() or name in owner:
                raise CatalogueError(
                    f"The record name {name!r} is not lower case or is also that of {owner.get(name, tool.id)}.",
                    fix="Records are told apart by these names: keep each once, in lower case.",
                    where=where,
                )
            owner[name] = tool.id


def _place(file: Path, text: str, rule: int | None, key: str | None) -> str:
    """``file:line`` of a key of the tool or of its n-th rule; of the rule's head where the key is absent."""
    lines = text.splitlines()
    heads = [number for number, line in enumerate(lines) if line.strip() == "[[rules]]"]
    start, end = 0, heads[0] if heads else len(lines)
    if rule is not None and rule < len(heads):
        start, end = heads[rule], heads[rule + 1] if rule + 1 < len(heads) else len(lines)
    for number in range(start, end):
        if key and re.match(rf"\s*{re.escape(key)}\s*=", lines[number]):
            return f"{file}:{number + 1}"
    return f"{file}:{start + 1}"
