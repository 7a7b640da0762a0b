"""Where every line comes from: exactly what ``git blame`` says, for the whole tree at once."""

from asbuilt.history.origins.table import LineOrigins

__all__ = ["LineOrigins"]
