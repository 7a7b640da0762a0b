"""What does not hold in a ledger, collected while it is checked."""

import msgspec

from asbuilt.model.errors import AsBuiltError

MOST = 200  # problems that are told one by one


class Problem(msgspec.Struct, frozen=True):
    """Something that does not hold: the entry it is about (None: no single one), what it is, and where."""

    index: int | None
    what: str
    where: str


class Problems:
    """Problems in the order in which they were found; past ``MOST`` they are only counted."""

    def __init__(self) -> None:
        self.told: list[Problem] = []
        self.untold = 0

    def add(self, index: int | None, what: str, where: str) -> None:
        """Tell a problem."""
        if len(self.told) < MOST:
            self.told.append(Problem(index, what, where))
        else:
            self.untold += 1

    def add_error(self, error: AsBuiltError, where: str) -> None:
        """Tell what kept something from being checked."""
        self.add(None, " ".join(part for part in (error.what, error.why) if part), error.where or where)

    def in_order(self) -> tuple[Problem, ...]:
        """By entry; those about no single entry come last."""
        return tuple(sorted(self.told, key=lambda each: (each.index is None, each.index or 0)))
