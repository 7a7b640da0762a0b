"""Where a repository switches the disclosure of AI tools off: settings of the tools, and hooks that strip trailers.

Read from the inspected commit's tree, never from the work tree; nothing is run. What cannot be read becomes a
finding of severity unknown: whether disclosure is on could not be seen.
"""

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import msgspec

from asbuilt.history.git import Repository
from asbuilt.model.result import Finding, Severity
from asbuilt.model.text import path_text, visible
from asbuilt.model.toml import read_toml_text

CODE = "AI-OPTOUT"
CRITERIA = ("CC8.1", "CC2.1")
LARGEST = 1 << 20
_BATCH = 500

# (line, what is switched off); the line is 1-based, None where the setting has no line of its own.
Said = tuple[int | None, str]


class UnreadableError(ValueError):
    """A file that could not be read as what its name says."""


def find_opt_outs(repository: Repository, commit: str, paths: Iterable[bytes]) -> tuple[Finding, ...]:
    """A finding for each place in the commit's tree that switches disclosure off, in the order of the paths.

    Args:
        repository: where the blobs are.
        commit: the inspected commit.
        paths: the paths of its tree (those that matter are picked by name).
    """
    wanted = {path: reader for path in paths if (reader := _reader(path_text(path))) is not None}
    blobs = _blobs(repository, commit, list(wanted))
    found: list[Finding] = []
    for path, reader in wanted.items():
        if path not in blobs:
            continue
        own, size = blobs[path]
        if size > LARGEST:
            found.append(_unread(path, f"It has {size:,} bytes, more than {LARGEST:,}."))
            continue
        try:
            text = repository.run("cat-file", "blob", own).decode("utf-8")
            found += [_finding(path, line, what) for line, what in reader(text)]
        except UnicodeDecodeError:
            found.append(_unread(path, "It is not UTF-8."))
        except UnreadableError as error:
            found.append(_unread(path, str(error)))
    return tuple(found)


def _finding(path: bytes, line: int | None, what: str) -> Finding:
    return Finding(
        code=CODE,
        severity=Severity.BLOCKING,
        message=f"{visible(path_text(path))} {what}",
        criteria=CRITERIA,
        remedy="Remove it, so that commits name the tool that wrote them, or record lines another way (git-ai).",
        path=path_text(path),
        line=line,
    )


def _unread(path: bytes, why: str) -> Finding:
    return Finding(
        code=CODE,
        severity=Severity.UNKNOWN,
        message=f"{visible(path_text(path))} cannot be read: does it switch disclosure off? {why}",
        criteria=CRITERIA,
        remedy="Mend the file.",
        path=path_text(path),
    )


def _blobs(repository: Repository, commit: str, paths: Sequence[bytes]) -> dict[bytes, tuple[str, int]]:
    """Blob id and size of those paths that are regular files in the commit."""
    found: dict[bytes, tuple[str, int]] = {}
    for start in range(0, len(paths), _BATCH):
        names = [os.fsdecode(path) for path in paths[start : start + _BATCH]]
        listing = repository.run("ls-tree", "-r", "-l", "-z", "--full-tree", commit, "--", *names)
        for entry in listing.split(b"\0"):
            head, _, path = entry.partition(b"\t")
            fields = head.split()
            if len(fields) == 4 and fields[0] in {b"100644", b"100755"} and fields[3].isdigit():
                found[path] = fields[2].decode("ascii"), int(fields[3])
    return found


# ---- settings


def _claude(text: str) -> Iterator[Said]:
    settings = _json(text)
    attribution = settings.get("attribution")
    own = attribution if isinstance(attribution, dict) else {}
    # `attribution` replaced `includeCoAuthoredBy`, and wins where both stand.
    if settings.get("includeCoAuthoredBy") is False and not own.get("commit"):
        yield _line(text, r'"includeCoAuthoredBy"\s*:'), "tells Claude Code to add no co-author line."
    if own.get("commit") == "":
        yield _line(text, r'"commit"\s*:\s*""'), "tells Claude Code to sign no commit."
    if own.get("pr") == "":
        yield _line(text, r'"pr"\s*:\s*""'), "tells Claude Code to sign no pull request."


def _codex(text: str) -> Iterator[Said]:
    try:
        settings = read_toml_text(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UnreadableError(f"It is not TOML: {visible(str(error), 120)}.") from None
    if settings.get("commit_attribution") == "":
        yield _line(text, r"commit_attribution\s*="), "tells Codex to add no co-author line."


def _crush(text: str) -> Iterator[Said]:
    settings = _json(text)
    options = settings.get("options")
    for holder in (settings, options if isinstance(options, dict) else {}):
        attribution = holder.get("attribution")
        if isinstance(attribution, dict) and attribution.get("trailer_style") == "none":
            yield _line(text, r'"trailer_style"\s*:'), "tells Crush to write no trailer."
        elif isinstance(attribution, dict) and attribution.get("co_authored_by") is False:
            yield _line(text, r'"co_authored_by"\s*:'), "tells Crush to add no co-author line."


def _copilot(text: str) -> Iterator[Said]:
    settings = _json(text)
    for key in ("include_coauthor", "includeCoauthor", "includeCoAuthor"):
        if settings.get(key) is False:
            yield _line(text, rf'"{key}"\s*:'), "tells Copilot to add no co-author line."


_VSCODE = re.compile(r'^[ \t]*"git\.addAICoAuthor"[ \t]*:[ \t]*"off"', re.MULTILINE)


def _vscode(text: str) -> Iterator[Said]:
    # Settings with comments, which no JSON parser reads; the line is enough.
    for match in _VSCODE.finditer(text):
        yield _line_at(text, match.start()), "tells VS Code to add no AI co-author line."


_AIDER = re.compile(
    r"^(?P<no>no-)?attribute-(?P<what>author|co-authored-by)[ \t]*:[ \t]*[\"']?(?P<on>true|yes|on|false|no|off)\b",
    re.MULTILINE | re.IGNORECASE,
)


def _aider(text: str) -> Iterator[Said]:
    # The committer mark alone says nothing of authorship, so switching that off hides nothing; and one of the two
    # others is enough.
    told: dict[str, tuple[bool, int]] = {}
    for match in _AIDER.finditer(text):
        on = (match["on"].lower() in {"true", "yes", "on"}) is not bool(match["no"])
        told[match["what"].lower()] = on, _line_at(text, match.start())
    if not any(on for on, _ in told.values()):
        for what, (_, line) in told.items():
            yield line, f"tells aider not to mark its commits ({what})."


# ---- hooks

_TARGET = re.compile(
    r"co-?authored|generated[ .\\s+*]{1,4}with|claude-session|made-with|assisted-by|noreply@anthropic"
    r"|cursoragent@|noreply@openai|\U0001f916",
    re.IGNORECASE,
)
# A command, and what in its arguments makes it delete: each is looked for from the command's first place on, so
# that no line, however hostile, takes more than linear time.
_STRIPPERS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (re.compile(r"\bg?sed\b"), re.compile(r"/[a-zA-Z]*(?:d|!p)(?:[ '\";}]|$)|\bs([/|#,!@%])(?:(?!\1).)+\1\1")),
    (re.compile(r"\b(?:[ef]?grep|rg)\b"), re.compile(r"[ \t](?:-[a-zA-Z]*v|--invert-match)")),
    (re.compile(r"\bg?awk\b"), re.compile(r"![ \t]*(?:\(?\$0[ \t]*~[ \t]*)?/")),
    (re.compile(r"\bperl\b"), re.compile(r"\bs([/|#,!@%])(?:(?!\1).)+\1\1|\bunless\b|\bnext if\b|!~")),
    (re.compile(r"\bsub\("), re.compile(r",[ \t]*r?b?(?:''|\"\")")),
    (re.compile(r"\.replace(?:All)?\("), re.compile(r",[ \t]*(?:''|\"\"|``)")),
    (re.compile(r"\.filter\("), re.compile(r"!")),
    (re.compile(r"\bfor\b"), re.compile(r"\bif\b[^=]*\bnot\b|\bnot in\b")),
    (re.compile(r"-i?replace\b|-notmatch\b|\bfilterfalse\("), re.compile(r"")),
)
_HOOK = re.compile(
    r"(^|/)(\.husky|\.?git-?hooks|\.?hooks|\.claude/hooks|\.lefthook|lefthook)/([^\n]*/)?[^/\n]+$"
    r"|(^|/)[^/\n]*(commit-msg|prepare-commit-msg|commit_msg|applypatch-msg|post-commit|strip[^/\n]*(trailer|co-?author)"
    r"|no-?co-?author)[^/\n]*$"
    r"|(^|/)\.?lefthook(-local)?\.(ya?ml|toml|json)$|(^|/)\.pre-commit-config\.ya?ml$",
    re.IGNORECASE,
)
_LONGEST_LINE = 2000


def _hook(text: str) -> Iterator[Said]:
    for number, line in _logical_lines(text):
        short = line[:_LONGEST_LINE].strip()
        if short.startswith(("#", "//", "*")) or not _TARGET.search(short):
            continue
        if any((start := verb.search(short)) and how.search(short, start.start()) for verb, how in _STRIPPERS):
            yield number, f"deletes the lines that name a tool: {visible(short, 80)}"


def _logical_lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that a backslash continues joined, each with the number of its first."""
    held, first = "", 1
    for number, line in enumerate(text.split("\n"), 1):
        if not held:
            first = number
        if line.endswith("\\") and len(held) < _LONGEST_LINE:
            held += line[:-1] + " "
            continue
        yield first, held + line
        held = ""
    if held:
        yield first, held


# ---- which file is read how

_READERS: tuple[tuple[re.Pattern[str], Callable[[str], Iterator[Said]]], ...] = (
    (re.compile(r"(^|/)\.claude/settings(\.local)?\.json$"), _claude),
    (re.compile(r"(^|/)\.codex/config\.toml$"), _codex),
    (re.compile(r"(^|/)\.?crush\.json$|(^|/)\.crush/[^/]+\.json$"), _crush),
    (re.compile(r"(^|/)(\.copilot|\.github/copilot)/([^/]+/)*[^/]+\.json$"), _copilot),
    (re.compile(r"(^|/)\.vscode/settings\.json$|\.code-workspace$"), _vscode),
    (re.compile(r"(^|/)\.aider\.conf\.ya?ml$"), _aider),
    (_HOOK, _hook),
)


def _reader(path: str) -> Callable[[str], Iterator[Said]] | None:
    return next((reader for pattern, reader in _READERS if pattern.search(path)), None)


def _json(text: str) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UnreadableError(f"It is not JSON: {visible(str(error), 120)}.") from None
    if not isinstance(told, dict):
        raise UnreadableError("It holds no JSON object.")
    return told


def _line(text: str, pattern: str) -> int | None:
    match = re.search(pattern, text)
    return _line_at(text, match.start()) if match else None


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
