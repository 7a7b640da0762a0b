"""Where the packages of a change come from: digests that it replaces, and addresses that the base does not name.

1. A package that stays in its version has the digest that it had. Where a lock file gives it another one, or takes
   it away, something else is built in under the same name: it refuses.
2. Files that say where packages come from are lock files, and settings of package managers. A host that none of
   these files named before is told, and refuses until another person approved the change; so is one that is asked
   without encryption. A registry that a package manager asks by itself is none of these, unless the base names
   another one instead.
3. What a change takes from a file that only the letter case of its name tells from one that is read is not known.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Final

from asbuilt.app.gate_content import Asked, Touched
from asbuilt.app.gate_unseen import unseen
from asbuilt.history.objects import ObjectReader
from asbuilt.model.component import Unread
from asbuilt.model.gate import Brought, Standing
from asbuilt.model.text import visible
from asbuilt.supply.advisories.names import plain_name
from asbuilt.supply.reading import LARGEST, list_readers, read_file, reader_of

_Digests = dict[tuple[str, str, str], frozenset[str]]
_MOST: Final = 200  # things of one kind that are told
_STRENGTH: Final = ("sha512", "h1", "sha384", "sha256", "sha1", "md5")  # what digests are worth, best first
_ADDRESS: Final = re.compile(rb"(?:https?|ssh|git|ftp|file)://[^\s\"'<>()\[\]{},\\]{1,500}")
_BEFORE: Final = 90  # bytes before an address that tell what it is for
_NPM: Final = frozenset({"package-lock.json", "npm-shrinkwrap.json"})
_RESOLVED: Final = re.compile(rb"\"resolved\"\s*:\s*\"(?:git\+)?$")
_FOR_PACKAGES: Final = re.compile(
    rb"(?:\b(?:resolved|tarball|[\w.-]*registry[\w-]*|url|index|[\w-]*index-url|default-index|find-links|links|source"
    rb"|remote|server|npmRegistryServer|mirror|value|maven|trusted-host)\b|(?:^|\s)-[ifr]\s)[\"']?\s{0,8}[:=]?\s{0,8}"
    rb"(?:uri\()?[\"'({<>]?\s?(?:(?:registry|sparse|git)\+)?$"
    rb"|<(?:url|server)>\s{0,4}$|\b(?:curl|wget|ADD|install)\b[^\n|;&]{0,70}$",
    re.IGNORECASE,
)
_NOT_THESE: Final = frozenset({"package.json", "composer.json", "bower.json"})  # addresses of homepages and funds
_ASKED_ANYWAY: Final = frozenset({
    "registry.npmjs.org", "registry.yarnpkg.com", "pypi.org", "files.pythonhosted.org", "pypi.python.org",
    "github.com", "static.crates.io", "index.crates.io", "crates.io", "rubygems.org", "index.rubygems.org",
    "repo.packagist.org", "packagist.org", "api.github.com", "api.nuget.org", "www.nuget.org", "repo1.maven.org",
    "repo.maven.apache.org", "maven.google.com", "dl.google.com", "plugins.gradle.org", "services.gradle.org",
    "proxy.golang.org", "sum.golang.org", "hex.pm", "repo.hex.pm", "npm.jsr.io", "codeload.github.com",
})  # fmt: skip


def sources(asked: Asked, touched: Sequence[Touched], objects: ObjectReader) -> tuple[Brought, ...]:
    """What the change says of where packages come from that the base does not.

    Args:
        asked: the change.
        touched: those of its files that may name packages, or say where they come from.
        objects: reads what it holds.
    """
    texts = [(own, _load(objects, own.before), _load(objects, own.after)) for own in touched]
    found = [each for own, before, after in texts for each in _replaced(own.path, before, after)][:_MOST]
    return (*found, *_addresses(asked, texts), *unseen(asked, _by_case(touched)))


def _load(objects: ObjectReader, blob: str | None) -> bytes:
    try:
        return b"" if blob is None else objects.read(blob, LARGEST)
    except OSError:
        return b""  # told by whoever reads the packages


def _replaced(path: str, before: bytes, after: bytes) -> Iterator[Brought]:
    """(1) Digests."""
    if not before or not after or before == after:
        return
    old, new = _digests(path, before), _digests(path, after)
    for key in sorted(old.keys() & new.keys()):
        why = _why(old[key], new[key])
        if why:
            ecosystem, name, version = key
            yield Brought(
                kind="dependency",
                what="version",
                name=visible(f"{ecosystem} {name} {version}", 200),
                standing=Standing.DEVIATION,
                blocks=True,
                message=visible(f"{ecosystem} {name} {version} stays, and {why}", 300),
                remedy="Take the digest of the base back, or another version; ask who runs the registry.",
                path=visible(path, 300),
            )


def _why(old: frozenset[str], new: frozenset[str]) -> str:
    """What is wrong with new digests of the same version; nothing where one of the best kind stays."""
    if not old:
        return ""
    if not new:
        return "its digest is gone: anything may be built in under its name."
    kinds = [{each.partition(":")[0] for each in those} for those in (old, new)]
    shared = kinds[0] & kinds[1]
    if not shared:
        weaker = min(map(_strength, kinds[1])) > min(map(_strength, kinds[0]))
        return "its digest is of a weaker kind than before." if weaker else ""
    for kind in shared:
        if {own for own in old if own.startswith(f"{kind}:")}.isdisjoint(new):
            return "its digest is another one: something else is built in under its name."
    return ""


def _strength(kind: str) -> int:
    return _STRENGTH.index(kind) if kind in _STRENGTH else len(_STRENGTH)


def _digests(path: str, data: bytes) -> _Digests:
    """The digests that a file gives to each package and version."""
    found: dict[tuple[str, str, str], set[str]] = {}
    if path.rpartition("/")[2] in {"go.sum", "go.work.sum"}:
        for line in data.decode("utf-8", "replace").split("\n"):
            words = line.split()
            if len(words) == 3:
                found.setdefault(("Go", words[0], words[1]), set()).add(words[2])
    elif reader_of(path) is not None:
        for own in read_file(data, path, lambda _: None).components:
            if own.version is not None and own.source == "registry":
                key = (own.ecosystem, plain_name(own.ecosystem, own.name), own.version)
                found.setdefault(key, set()).update(own.hashes)
    return {key: frozenset(those) for key, those in found.items()}


def _addresses(asked: Asked, texts: Sequence[tuple[Touched, bytes, bytes]]) -> Iterator[Brought]:
    """(2) Hosts."""
    old: dict[str, set[str]] = {}
    for own, before, _ in texts:
        old.setdefault(_kind(own.path), set()).update(_hosts(own.path, before))
    seen: set[str] = set()
    for own, _, after in texts:
        known = old[_kind(own.path)]
        by_itself = _ASKED_ANYWAY if not known or not known.isdisjoint(_ASKED_ANYWAY) else frozenset[str]()
        for host, line in _hosts(own.path, after).items():
            if host in known or host in by_itself or host in seen or len(seen) >= _MOST:
                continue
            seen.add(host)
            yield _address(asked, own.path, host, line)


def _kind(path: str) -> str:
    return reader_of(path) or path.rpartition("/")[2].casefold()


def _hosts(path: str, data: bytes) -> dict[str, int]:
    """The hosts that packages come from, each with its first line; one without encryption with its scheme."""
    base = path.rpartition("/")[2]
    if base in _NOT_THESE:
        return {}
    asks = _RESOLVED if base in _NPM else _FOR_PACKAGES
    found: dict[str, int] = {}
    line, at = 1, 0
    for match in _ADDRESS.finditer(data):
        start = match.start()
        line += data.count(b"\n", at, start)
        at = start
        before = data[max(0, start - _BEFORE, data.rfind(b"\n", 0, start) + 1) : start]
        if asks.search(before) is not None:
            scheme, _, rest = match[0].decode("utf-8", "replace").partition("://")
            host = re.split(r"[/?#]", rest, maxsplit=1)[0].rpartition("@")[2].casefold()
            found.setdefault(host if scheme != "http" else f"http://{host}", line)
    return found


def _address(asked: Asked, path: str, host: str, line: int) -> Brought:
    standing = Standing.MET if asked.is_approved else Standing.DEVIATION
    shown = visible(host, 100)
    why = "" if asked.is_approved else "it counts once another person approved the change"
    return Brought(
        kind="dependency",
        what="new",
        name=f"packages from {shown}",
        standing=standing,
        blocks=standing is not Standing.MET,
        message=f"Packages come from {shown}, which no changed file of this kind named before.",
        remedy="Have another person approve where packages come from, or take the registry of the base.",
        path=visible(path, 300),
        line=line,
        reasons=(why,) if why else (),
    )


def _by_case(touched: Iterable[Touched]) -> Iterator[Unread]:
    """(3) Names that differ by letter case alone from those that are read."""
    read = _read_names()
    for own in touched:
        base = own.path.rpartition("/")[2]
        meant = read.get(base.casefold()) or (base.lower() if reader_of(own.path.lower()) is not None else None)
        if own.after is not None and meant is not None and base != meant and reader_of(own.path) is None:
            why = f"Where letter case does not count it is {meant}; here it is not read."
            yield Unread(path=own.path, why=why, remedy=f"Call it {meant}, or take it out.")


@cache
def _read_names() -> Mapping[str, str]:
    names = (name for module in list_readers().values() for name in module.READS)
    return {name.casefold(): name for name in names if not any(sign in name for sign in "*?[/")}
