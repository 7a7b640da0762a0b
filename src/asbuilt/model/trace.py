"""What ``asbuilt trace`` answers."""

import msgspec

from asbuilt.model.attribution import Attribution, SquashReplay
from asbuilt.model.chain import Chain
from asbuilt.model.change import Change, Release
from asbuilt.model.inspection import Gap
from asbuilt.model.introduction import Introduction
from asbuilt.model.origin import LineRun

SCHEMA = "https://asbuilt.dev/schemas/trace/1"


class Step(msgspec.Struct, frozen=True):
    """One change behind the traced lines, with its chain; ``runs`` are the lines it answers for."""

    change: Change | None
    chain: Chain
    attributions: tuple[Attribution, ...]
    replay: SquashReplay | None
    runs: tuple[LineRun, ...]


class Containment(msgspec.Struct, frozen=True):
    """Whether the traced code is in a release: ``contained`` of ``lines`` reach ``revision``."""

    revision: str
    commit: str
    lines: int
    contained: int


class Trace(msgspec.Struct, frozen=True):
    """The decision chains behind a path, a range of lines, a commit, a tag or a package.

    Of a package ``introductions`` are all commits that brought, changed or took it, parents before children.
    """

    schema: str
    version: str
    target: str
    revision: str
    commit: str
    steps: tuple[Step, ...]
    releases: tuple[Release, ...]
    containment: Containment | None = None
    gaps: tuple[Gap, ...] = ()
    introductions: tuple[Introduction, ...] = ()
