"""What is wrong with evidence that somebody hands in: every problem, each with its place and what to do."""

from collections.abc import Sequence

import msgspec

from asbuilt.model.errors import UsageError
from asbuilt.model.text import visible

SHOWN = 50  # problems that one refusal lists; the others are counted


class Problem(msgspec.Struct, frozen=True):
    """One thing that is wrong: ``where`` is ``file:line``, ``column`` the field it concerns (empty: none)."""

    where: str
    column: str
    what: str
    fix: str

    def __str__(self) -> str:
        """One line that is safe to print: place, column, what, and what to do."""
        head = f"{self.where}: {self.column}: " if self.column else f"{self.where}: "
        return visible(f"{head}{self.what} {self.fix}".rstrip())


class EvidenceError(UsageError):
    """Evidence was refused whole: nothing of it was recorded.

    ``problems`` are the first ``SHOWN``; ``count`` is how many there are.
    """

    def __init__(self, problems: Sequence[Problem], count: int) -> None:
        one = "1 problem" if count == 1 else f"{count:,} problems"
        more = f" The first {len(problems)} are shown." if count > len(problems) else ""
        super().__init__(f"Nothing was recorded: {one}.{more}", fix="Mend what is named above, and run it again.")
        self.problems = tuple(problems)
        self.count = count


class Problems:
    """Collects what is wrong, so that a person mends a file once and not once for each mistake."""

    def __init__(self) -> None:
        self._shown: list[Problem] = []
        self.count = 0

    def add(self, where: str, what: str, fix: str, *, column: str = "") -> None:
        """Note one problem."""
        self.count += 1
        if len(self._shown) < SHOWN:
            self._shown.append(Problem(where, column, what, fix))

    def refuse(self) -> None:
        """Refuse everything when there is a problem.

        Raises:
            EvidenceError: at least one was added.
        """
        if self.count:
            raise EvidenceError(self._shown, self.count)
