"""How a use case tells its face that work goes on."""

from collections.abc import Callable

# Called with the stage's name, how much is done, and how much there is (None when not known).
Listener = Callable[[str, int, int | None], None]


def silent(stage: str, done: int, total: int | None) -> None:
    """Hear nothing."""
