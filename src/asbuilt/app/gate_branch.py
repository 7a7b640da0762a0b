"""What the commits of a branch hold besides what would land: it stays in the history, for whoever reads that.

1. The files that each commit brings and the end does not hold are searched for secrets. Of a merge these are the
   files in which it differs from all its parents: what somebody put into it.
2. So are the messages of the commits, the names of changed files, and where symbolic links lead.
3. What is found refuses as in a file that would land. It is mended by a branch that never held it.
"""

import importlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import msgspec

from asbuilt.app.gate_content import MOST, Asked, Content, Text, unread_gap
from asbuilt.app.gate_unseen import unseen
from asbuilt.history.objects import ObjectReader
from asbuilt.model.component import Unread
from asbuilt.model.finding import Scanned
from asbuilt.model.gate import Brought
from asbuilt.model.text import path_text, visible

MOST_BYTES: Final = 48 << 20  # bytes of all versions that are searched
LARGEST: Final = 8 << 20  # bytes of one
MOST_VERSIONS: Final = 20_000
_REMEDY: Final = (
    "Revoke it: whoever fetched the branch has it. Then make the branch anew without it; a commit that takes it "
    "out again leaves it in the history."
)
_FINDINGS: Final = "asbuilt.app.gate_findings"  # loads the rules and their engines
_START: Final = b"\x01"


class _Version(NamedTuple):
    """A file as one commit of the branch brings it."""

    path: str
    blob: str
    commit: str


def left_behind(asked: Asked, objects: ObjectReader, is_due: Callable[[Text], bool]) -> Content:
    """The secrets that the branch leaves in the history, or in its messages and names, and what was not searched.

    Args:
        asked: the change.
        objects: reads what it holds.
        is_due: whether any rule could find anything in a text; only then the rules are loaded.
    """
    versions, texts = _read_log(asked)
    texts.append(("names of changed files", "\n".join(own.path for own in asked.touched).encode()))
    landing = {own.after for own in asked.touched} | {own.before for own in asked.touched}
    links = {own.target for own in asked.touched}
    where: dict[str, str] = {}
    unread: list[Unread] = []
    size, count = 0, 0
    # (1)
    for own in versions:
        if own.blob in landing or own.blob in links:
            continue
        landing.add(own.blob)
        count += 1
        try:
            data = objects.read(own.blob, LARGEST if size <= MOST_BYTES and count <= MOST_VERSIONS else 0)
        except OSError as error:
            why = f"Its version in {own.commit[:12]} was not searched: {error.strerror or error}."
            unread.append(Unread(path=own.path, why=why, remedy="Make the branch anew, in smaller parts."))
            continue
        size += len(data)
        name = f"{own.path} (in {own.commit[:12]})"
        where[name] = own.path
        texts.append((name, data))
    due = [text for text in texts if is_due(text)]
    brought = _secrets(asked, due, where) if due else []
    gaps = (unread_gap(unread, "Not searched in the history of the branch:"),) if unread else ()
    return Content((*brought[:MOST], *unseen(asked, unread)), gaps)


def _secrets(asked: Asked, texts: Sequence[Text], where: Mapping[str, str]) -> list[Brought]:
    """(2), (3) What is found; of one file and one rule once. ``where``: the paths of versions by their names."""
    found: Scanned = importlib.import_module(_FINDINGS).secrets_in(texts)
    brought: list[Brought] = []
    seen: set[tuple[str, str]] = set()
    for finding in found.findings:
        key = (where.get(finding.path, finding.path), finding.rule)
        if key in seen:
            continue
        seen.add(key)
        told: Brought = importlib.import_module(_FINDINGS).brought_of(finding, _REMEDY, asked)
        stays = f"It stays in the history: {visible(finding.path, 200)}."
        brought.append(msgspec.structs.replace(told, path=visible(key[0], 300), message=f"{told.message} {stays}"))
    return brought


def _read_log(asked: Asked) -> tuple[list[_Version], list[Text]]:
    """The files that the commits bring, and what their messages say; oldest last."""
    if asked.commits is None:
        return [], []
    base, head = asked.commits
    told = asked.repository.run(
        "log", "-c", "-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--root", "--format=%x01%H%x00%B",
        f"{base}..{head}", "--",
    )  # fmt: skip
    versions: list[_Version] = []
    messages: list[Text] = []
    commit = ""
    parts = iter(told.split(b"\0"))
    for part in parts:
        if part.lstrip(b"\n").startswith(_START):
            commit = part.lstrip(b"\n")[1:].decode("ascii", "replace")
            messages.append((f"message of {commit[:12]}", next(parts, b"")))
        elif part.lstrip(b"\n").startswith(b":"):
            versions += _version(part.lstrip(b"\n"), next(parts, b""), commit)
    return versions, messages


def _version(head: bytes, name: bytes, commit: str) -> Iterator[_Version]:
    """A line of ``--raw``: a colon for each parent; then modes and blobs, one more each; the last is the result."""
    parents = len(head) - len(head.lstrip(b":"))
    words = head[parents:].split()
    if len(words) < 2 * parents + 2:
        return
    mode, blob = words[parents], words[2 * parents + 1]
    if mode in {b"100644", b"100755", b"120000"}:
        yield _Version(path_text(name), blob.decode("ascii", "replace"), commit)
