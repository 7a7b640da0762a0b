"""Where every line comes from: exactly what ``git blame`` says, for the whole tree at once.

The names below are brought when they are first used: ``index`` must answer for one line without numpy.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from asbuilt.history.origins.lines import line_origins
    from asbuilt.history.origins.table import LineOrigins

__all__ = ["LineOrigins", "line_origins"]

_HOMES = {"LineOrigins": "table", "line_origins": "lines"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOMES[name]}"), name)
