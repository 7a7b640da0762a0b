"""One requirement as Python writes it (PEP 508): a name, and a pin, a range or where it comes from."""

import re
from typing import Final

import msgspec

from asbuilt.model.component import Origin

_REQUIREMENT: Final = re.compile(
    r"""([A-Za-z0-9](?:[\w.-]*[A-Za-z0-9])?)\s*   # name
    (?:\[[^\]]*\])?\s*                            # extras
    (?:@\s*(?P<url>\S+)|\(?(?P<range>(?:(?:===|==|~=|!=|<=|>=|<|>)\s*[^\s,;()]+\s*,?\s*)*)\)?)\s*
    (?:;.*)?\Z""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_PIN: Final = re.compile(r"={2,3}\s*([^\s,*]+)\Z")
_NAMED: Final = re.compile(r"[#&]egg=([\w.-]+)")
_WHEEL: Final = re.compile(r"/([A-Za-z0-9][\w.]*)-(\d[\w.!+]*)-[\w.]+-[\w.]+-[\w.]+\.whl\Z")


class Required(msgspec.Struct, frozen=True):
    """A requirement: ``version`` when it is pinned, ``declared`` as the range is written (``*``: any)."""

    name: str
    version: str | None
    declared: str
    source: Origin
    url: str | None


def requirement(text: str) -> Required | None:
    """What a requirement asks for, None when it is none (or a path or an address that names no package)."""
    own = text.strip()
    match = _REQUIREMENT.match(own) if len(own) <= 2_000 else None
    if match is None:
        return _addressed(own)
    url = match["url"]
    if url:
        return Required(match[1], _commit(url), url, _source(url), None if _source(url) == "file" else url)
    asked = (match["range"] or "").strip().rstrip(",").strip()
    pin = _PIN.match(asked)
    return Required(match[1], pin[1] if pin else None, asked or "*", "registry", None)


def _addressed(own: str) -> Required | None:
    bare = own.split(" ", maxsplit=1)[0].split("#", maxsplit=1)[0]
    named, wheel = _NAMED.search(own), _WHEEL.search(bare if "/" in bare else f"/{bare}")
    if named is None and wheel is None:
        return None
    name = named[1] if named else wheel[1] if wheel else ""
    version = _commit(own) or (wheel[2] if wheel else None)
    source = _source(own)
    return Required(name, version, own, source, None if source == "file" else own.split(" ", maxsplit=1)[0])


def _source(url: str) -> Origin:
    if re.match(r"(git|hg|svn|bzr)\+|git://", url):
        return "git"
    return "url" if re.match(r"https?://", url) else "file"


def _commit(url: str) -> str | None:
    match = re.search(r"@([0-9a-f]{7,64})(?:#|\Z)", url)
    return match[1] if match else None
