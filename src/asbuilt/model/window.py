"""Windows of time."""

import msgspec


class Window(msgspec.Struct, frozen=True):
    """A half-open period [start, end) in Unix seconds, UTC; None means open on that side."""

    start: int | None = None
    end: int | None = None

    def holds(self, seconds: int) -> bool:
        """Whether that moment lies in the window."""
        return (self.start is None or seconds >= self.start) and (self.end is None or seconds < self.end)
