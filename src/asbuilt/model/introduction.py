"""What brought a component into the product: one commit at which the set of its components changed."""

from typing import Literal

import msgspec

from asbuilt.model.component import Component

Kind = Literal["new", "version", "removed"]


class Introduction(msgspec.Struct, frozen=True, kw_only=True):
    """One component at the commit that brought it, gave it another version, or took it away.

    ``component`` is as that commit has it (of ``removed``: as it was last). ``new``: no file of the tree before
    named the package; ``version``: another version of it, or a range or a place it comes from, stood there, which
    is ``previous``; ``removed``: no file names it any more. ``commit`` wrote it, ``landed`` is the commit of the
    main line that brought it there (None: it has not landed), both lower-case hex; ``at`` is when ``commit`` was
    made (Unix seconds, committer's clock). ``path`` is the file that tells it.
    """

    component: Component
    kind: Kind
    previous: str | None
    commit: str
    landed: str | None
    at: int
    path: str
