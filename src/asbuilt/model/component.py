"""What a product is built from: one component that a file names, and what of a file could not be read.

A component is what a lock file or a manifest says, no more: nothing is looked up, and what is not told is None.
"""

import re
from typing import Final, Literal

import msgspec

Scope = Literal["runtime", "development", "optional"]
Origin = Literal["registry", "git", "file", "url", "workspace"]


class Component(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One package that a file names.

    ``ecosystem`` is spelled as OSV spells it (``npm``, ``PyPI``, ``Go``, ``crates.io``, ``RubyGems``,
    ``Packagist``, ``NuGet``, ``Maven``, ``Hex``, ``GitHub Actions``; also ``Docker``), ``name`` as the ecosystem
    writes it. ``version`` is None when it is declared and not locked; ``declared`` is the range as it was written.
    ``line`` counts from 1 (None: not known). ``direct`` is None when the file does not tell. ``source`` is where it
    comes from: only what comes from a ``registry`` may be matched to advisories. ``hashes`` are ``sha512:…`` texts
    with the digest as the file writes it. ``licence`` is as the file says it.
    """

    ecosystem: str
    name: str
    path: str
    purl: str
    version: str | None = None
    declared: str | None = None
    line: int | None = None
    direct: bool | None = None
    scope: Scope | None = None
    source: Origin | None = "registry"
    hashes: tuple[str, ...] = ()
    licence: str | None = None


# What names an action or an image for good: the id of a commit, or a digest.
_FIXED: Final = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}|sha(?:256|512):[0-9a-f]{64,128}")


def is_locked(component: Component) -> bool:
    """Whether a file says its one version; a tag of an action or an image can be moved to another one."""
    if component.version is None:
        return False
    moves = component.ecosystem in {"GitHub Actions", "Docker"}
    return not moves or _FIXED.fullmatch(component.version) is not None


def locked_folder(path: str) -> str:
    """The folder for which a lock file speaks: its own; Gradle keeps its list one folder below."""
    folder, _, base = path.rpartition("/")
    if base == "verification-metadata.xml" and folder.rpartition("/")[2] == "gradle":
        return folder.rpartition("/")[0]
    return folder


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """What of a file could not be read: where, why (a sentence), and what helps; never silence."""

    path: str
    why: str
    remedy: str = ""
    line: int | None = None
