"""``yarn.lock``: version 1 (its own grammar) and Berry (YAML with ``__metadata``)."""

import re
from typing import Final, NamedTuple

from asbuilt.model.component import Origin
from asbuilt.supply.formats import Node, RefusedError, read_text
from asbuilt.supply.gathering import LONGEST, Gathering, Reading, gathered, sri, text_of
from asbuilt.supply.pieces import Held, read_yaml_pieces

READS: Final = ("yarn.lock",)
_KNOWN: Final = range(4, 11)  # of __metadata.version
_FIELD = re.compile(r'  "?(version|resolved|integrity)"?:? "?(.*?)"?\s*\Z')
_NAME = re.compile(r"((?:@[^/@]+/)?[^/@]+)@(.*)\Z", re.DOTALL)
_HASH = re.compile(r"#([0-9a-f]{7,64})\Z|tar\.gz/([0-9a-f]{40})\Z|[#&?](?:commit|ref)[=:]([0-9a-f]{7,64})")


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of yarn, of either kind."""
    return gathered("npm", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    if re.search(r"^__metadata:", text, re.MULTILINE):
        _berry(found, text)
    elif (
        not re.search(r"^[^#\s]", text, re.MULTILINE)
        or "yarn lockfile v1" in text
        or re.search(r'^\S.*:\s*\n  "?version"?', text, re.MULTILINE)
    ):
        _first(found, text)
    else:
        raise RefusedError("It is no lock file of yarn of a known version.", 1, "Version 1 and Berry are read.")


class _Told(NamedTuple):
    """What an entry of version 1 says."""

    name: str
    version: str | None
    declared: str | None
    source: Origin
    hashes: tuple[str, ...]
    url: str | None


_KNOWN_ENTRIES: Final[Held[_Told]] = Held()


def _first(found: Gathering, text: str) -> None:
    """Version 1: what stands at the margin begins an entry, what is indented belongs to it."""
    begun, rows = 0, list[str]()
    for number, row in enumerate([*text.split("\n"), "end:"], 1):
        if not row or row[0] in " \t":
            rows.append(row)
        elif row[0] != "#" and row.rstrip():
            if begun:
                _add(found, "\n".join(rows), begun)
            begun, rows = number, [row]


def _add(found: Gathering, entry: str, line: int) -> None:
    own = _KNOWN_ENTRIES.get(entry)
    if own is None:
        head, *rows = entry.split("\n")
        fields: dict[str, str] = {}
        for row in rows:
            if field := _FIELD.match(row):
                fields.setdefault(field[1], field[2])
        own = _told(head.rstrip().removesuffix(":"), fields)
        _KNOWN_ENTRIES.keep(entry, own)
    found.add(
        own.name,
        own.version,
        line=line,
        declared=own.declared,
        source=own.source,
        hashes=own.hashes,
        origin_url=own.url,
    )


def _told(head: str, fields: dict[str, str]) -> _Told:
    pattern = head.split(",", maxsplit=1)[0].strip().strip('"')
    match = _NAME.match(pattern)
    name, asked = (match[1], match[2]) if match else (pattern, "*")
    if alias := _NAME.match(asked.removeprefix("npm:")) if asked.startswith("npm:") else None:
        name = alias[1]
    elif asked.startswith("npm:") and not re.match(r"npm:[\d^~*<>=vx]", asked):
        name = asked[4:]
    source, url = _source(fields.get("resolved", "") or asked)
    version = fields.get("version") or None
    return _Told(name, version, None if version else asked, source, sri(fields.get("integrity")), url)


def _source(resolved: str) -> tuple[Origin, str | None]:
    resolved = resolved[:LONGEST]
    if resolved.startswith(("file:", "link:", "portal:", ".", "/")):
        return "file", None
    if re.match(r"https?://[^#]+/-/[^#]+\.tgz", resolved) or re.match(r"(npm:)?[\d^~*<>=v]", resolved):
        return "registry", None
    if re.match(r"git|ssh:|[\w.-]+/[\w.-]+(#|\Z)", resolved) or ".git" in resolved or _HASH.search(resolved):
        if re.search(r"\.tgz#[0-9a-f]{40}\Z", resolved):
            return "url", resolved
        return "git", resolved
    return ("url", resolved) if "://" in resolved else ("registry", None)


def _berry(found: Gathering, text: str) -> None:
    for lock in read_yaml_pieces(text, 1):
        if not isinstance(lock, Node):
            raise RefusedError("It is no lock file of yarn: no mapping.")
        metadata = found.mapping(lock.get("__metadata"), "__metadata")
        version = str(metadata.get("version") or "")
        if not version.isascii() or not version.isdigit() or int(version[:4]) not in _KNOWN:
            raise RefusedError(
                f"The version {version!r:.40} of __metadata is not known.",
                lock.lines.get("__metadata"),
                f"Versions {_KNOWN[0]} to {_KNOWN[-1]} are read.",
            )
        for key, entry in lock.items():
            if key == "__metadata":
                continue
            line = lock.lines[key]
            match = _NAME.match(str(entry.get("resolution") or "")) if isinstance(entry, Node) else None
            if match is None or not isinstance(entry, Node):
                found.refuse(f"The entry {key!r:.100} names no resolution.", line)
                continue
            _berry_entry(found, match[1], match[2], entry, line)


def _berry_entry(found: Gathering, name: str, resolution: str, entry: Node, line: int) -> None:
    checksum = text_of(entry.get("checksum"))
    kind = resolution.partition(":")[0]
    source: Origin = "registry"
    url = None
    if resolution == "workspace:.":
        return  # the product itself
    if kind == "workspace":
        source = "workspace"
    elif kind in {"file", "link", "portal"}:
        source = "file"
    elif kind == "patch":
        source = "registry"
    elif kind != "npm":
        source, url = _source(resolution)
    found.add(
        name,
        text_of(entry.get("version")),
        line=line,
        source=source,
        hashes=(f"sha512:{checksum.rpartition('/')[2]}",) if checksum else (),
        origin_url=url,
    )
