"""A bill of materials as a table for people, and as plain JSON."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import msgspec

from asbuilt.model.component import is_locked
from asbuilt.model.sbom import Bill, Entry
from asbuilt.model.text import visible
from asbuilt.reports.sbom_parts import document, moment

_WIDEST: Final = (14, 44, 24, 12, 10)
_WHO: Final = f"{'brought by':<10}  {'on':<10}  {'written by':<13}  "
_HEAD: Final = ("ecosystem", "component", "version", "needed", "from")


def sbom_text(bill: Bill) -> str:
    """Each component with its file and line; then counts, and what was not read."""
    return "\n".join(_rows(bill)) + "\n"


def sbom_json(bill: Bill) -> bytes:
    """The bill as it is: every field of every component, with its places."""
    told: dict[str, Any] = msgspec.to_builtins(bill)
    return document({"schema": "asbuilt/sbom/1"} | told | {"moment": moment(bill.moment)})


def _rows(bill: Bill) -> Iterator[str]:
    tree = "the work tree on" if bill.is_work_tree else "commit"
    yield f"{visible(bill.product, 80)}, {tree} {bill.commit[:12]} of {moment(bill.moment)}"
    if bill.artifact is not None:
        named = (bill.artifact.file, bill.artifact.release and f"release {bill.artifact.release}")
        said = ", ".join(visible(each, 100) for each in named if each)
        yield f"of the artefact {bill.artifact.digest}{f' ({said})' if said else ''}"
    yield ""
    if bill.entries:
        yield _row(_HEAD, f"{_WHO}file and line" if bill.tells_who else "file and line")
    for entry in bill.entries:
        own = entry.component
        version = own.version or f"declared {own.declared or 'without a range'}"
        path, line = entry.places[0]
        more = f" and {len(entry.places) - 1} more" if len(entry.places) > 1 else ""
        place = f"{visible(path)}{f':{line}' if line else ''}{more}"
        yield _row(
            (own.ecosystem, own.name, version, entry.scope or "", own.source or ""),
            f"{_brought(bill, entry)}{place}",
        )
    yield ""
    yield from _counts(bill.entries)
    yield f"{len(bill.files):,} files read; {len(bill.unread):,} not, or not wholly, read"
    for unread in bill.unread:
        where = f"{visible(unread.path)}{f':{unread.line}' if unread.line else ''}"
        yield f"  not read: {where}: {visible(unread.why)}{f' {unread.remedy}' if unread.remedy else ''}"


def _brought(bill: Bill, entry: Entry) -> str:
    """The commit that brought it, the day, and who wrote it."""
    if not bill.tells_who:
        return ""
    own = entry.brought
    if own is None or own.commit is None or own.at is None:
        is_own = entry.component.source == "workspace"
        said = "before the history that is here" if own else "the product's own" if is_own else "not committed"
        return f"{said:<{len(_WHO)}}"
    return f"{own.commit[:10]}  {moment(own.at)[:10]}  {own.attribution:<13}  "


def _row(cells: tuple[str, ...], last: str) -> str:
    padded = (f"{visible(cell, widest):<{widest}}" for cell, widest in zip(cells, _WIDEST, strict=True))
    return "  ".join((*padded, last))


def _counts(entries: tuple[Entry, ...]) -> Iterator[str]:
    every = [own.component for own in entries]
    locked = Counter(own.ecosystem for own in every if is_locked(own))
    moving = Counter(own.ecosystem for own in every if own.version is not None and not is_locked(own))
    declared = Counter(own.ecosystem for own in every if own.version is None)

    def row(name: str, fixed: int, tags: int, loose: int) -> str:
        told = f"{name:<14}  {fixed:>6,} locked"
        told += f", {tags:,} by a tag that can move" if tags else ""
        return f"{told}, {loose:,} declared and not locked" if loose else told

    for ecosystem in sorted({own.ecosystem for own in every}):
        yield row(ecosystem, locked[ecosystem], moving[ecosystem], declared[ecosystem])
    yield row("all", locked.total(), moving.total(), declared.total())
