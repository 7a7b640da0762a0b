"""What a product is built from: one component that a file names, and what of a file could not be read.

A component is what a lock file or a manifest says, no more: nothing is looked up, and what is not told is None.
"""

from typing import Literal

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


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """What of a file could not be read: where, why (a sentence), and what helps; never silence."""

    path: str
    why: str
    remedy: str = ""
    line: int | None = None
