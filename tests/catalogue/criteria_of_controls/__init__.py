"""The two-key rule: which criteria each control stands behind, typed by hand from the research, so none drifts unseen.

Each module of this folder holds a ``CRITERIA``: control's id to criteria. They are found by listing the folder.
"""

import importlib
import pkgutil


def hand_typed_criteria() -> dict[str, frozenset[str]]:
    """The criteria of every control, of all modules together; one that stands twice must stand the same."""
    joined: dict[str, frozenset[str]] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(__path__)):
        own = importlib.import_module(f"{__name__}.{module}").CRITERIA
        for control, criteria in own.items():
            wanted = frozenset(criteria)
            assert joined.setdefault(control, wanted) == wanted, control
    return joined
