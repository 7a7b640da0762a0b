"""The bill of materials of a product at one moment: nouns that every format of it is rendered from."""

import msgspec

from asbuilt.model.component import Component, Scope, Unread
from asbuilt.model.deps import Dependency


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One component and every place that names it, in the order of paths and lines.

    ``component`` is as the first place tells it; ``scope`` is the strongest need of all. ``licence`` is an SPDX
    expression; None: not told, or told in words of its own (``component.licence``), which are never guessed at.
    ``brought`` is the commit that gave it this version; None: it was not asked for, or no commit has it.
    """

    component: Component
    places: tuple[tuple[str, int | None], ...]
    scope: Scope | None = None
    licence: str | None = None
    brought: Dependency | None = None


class Artifact(msgspec.Struct, frozen=True, kw_only=True):
    """The artefact that a bill is made for: its digest (``sha256:…``), its file's name, and the release's name.

    That it was built from what the bill lists is the word of whoever asks for the bill.
    """

    digest: str
    file: str | None = None
    release: str | None = None


class Bill(msgspec.Struct, frozen=True, kw_only=True):
    """What a product is built from.

    ``commit`` is the revision that was read, or the one that the work tree stands on (``is_work_tree``); ``moment``
    is when it was committed (Unix seconds). ``files`` are those that were read. ``digest`` is over what was found
    (SHA-256, hex): the same components, files and gaps of the same commit have the same one. ``tells_who``: it was
    asked which commit brought each. ``artifact`` is what it is bound to; None: to nothing but the commit.
    """

    product: str
    commit: str
    moment: int
    is_work_tree: bool
    program: str
    digest: str
    files: tuple[str, ...]
    entries: tuple[Entry, ...]
    unread: tuple[Unread, ...]
    tells_who: bool = False
    artifact: Artifact | None = None
