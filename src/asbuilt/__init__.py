"""AsBuilt: the as-built record of a software product.

Importing this package loads nothing heavy; the names below load what they need when they are first used.
"""

from importlib import import_module

TYPE_CHECKING = False  # not from typing: that import alone would double the cost of this one

if TYPE_CHECKING:
    from asbuilt.app.inspect import inspect as inspect
    from asbuilt.app.lines import lines as lines
    from asbuilt.app.trace import trace as trace
    from asbuilt.model.attribution import Authorship as Authorship
    from asbuilt.model.chain import Grade as Grade
    from asbuilt.model.errors import AsBuiltError as AsBuiltError
    from asbuilt.model.inspection import Gap as Gap
    from asbuilt.model.inspection import Inspection as Inspection
    from asbuilt.model.origin import LineRun as LineRun
    from asbuilt.model.result import Finding as Finding
    from asbuilt.model.result import Severity as Severity
    from asbuilt.model.trace import Trace as Trace

__version__ = "0.1.0.dev0"

# Public name -> the module that holds it.
_HOMES = {
    "inspect": "asbuilt.app.inspect",
    "trace": "asbuilt.app.trace",
    "lines": "asbuilt.app.lines",
    "AsBuiltError": "asbuilt.model.errors",
    "Authorship": "asbuilt.model.attribution",
    "Finding": "asbuilt.model.result",
    "Gap": "asbuilt.model.inspection",
    "Grade": "asbuilt.model.chain",
    "Inspection": "asbuilt.model.inspection",
    "LineRun": "asbuilt.model.origin",
    "Severity": "asbuilt.model.result",
    "Trace": "asbuilt.model.trace",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'asbuilt' has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_HOMES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *_HOMES])
