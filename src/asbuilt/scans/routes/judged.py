"""What is said of something that may stand before a route, and which of several counts."""

import re
from typing import Final, Literal, NamedTuple

Kind = Literal["guard", "open", "none", "unknown"]
# Of names that are like a guard's, those that say that it is about who is there.
ABOUT_WHO: Final = re.compile(
    r"(?i)auth|log_?(?:in|ged)|sign_?(?:in|ed)|user|admin|staff|token|jwt|key|permission|credential|identity|"
    r"signature|secret|member|owner|role|access|principal"
)


class Judged(NamedTuple):
    """Whether something is a guard, and why in words."""

    kind: Kind
    why: str = ""


NOTHING: Final = Judged("none")
TOO_LONG: Final = Judged("unknown", "it is too long to be followed")
RANK: Final[dict[Kind, int]] = {"none": 0, "open": 1, "unknown": 2, "guard": 3}


def strongest(*all_judged: Judged) -> Judged:
    """Of things that all stand before a route, the one that counts."""
    return max(all_judged, key=lambda judged: RANK[judged.kind], default=NOTHING)
