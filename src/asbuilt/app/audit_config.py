"""What a company's configuration says about its audit: scope, own controls, controls set aside, samples."""

import difflib
import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Protocol

import msgspec

from asbuilt.catalogue.criteria import CATEGORIES
from asbuilt.catalogue.sampling import Risk

# Keys of a [controls."ID"] table that are no thresholds.
SET_ASIDE = ("not_applicable", "retired")
OWN_CONTROL = re.compile(r"[A-Z]{2,8}-[0-9]{2,4}")


class SetAside(msgspec.Struct, frozen=True):
    """Why a control is not tested, who decided it, and on which day (ISO)."""

    reason: str
    by: str
    on: str


class AuditConfig(msgspec.Struct, frozen=True):
    """What the company says about its audit.

    ``categories`` are those of the Trust Services Criteria in scope. ``controls`` are folders of the company's own
    controls, relative to the file. ``retired`` and ``not_applicable`` are by control id. ``risk`` and ``seed``
    decide the samples (see ``engine.sampling``); ``look_back_days`` is how far back a Type I audit looks for
    the newest item; ``void`` maps a control's id to drawn items that are none.
    """

    company: str = ""
    system: str = ""
    categories: tuple[str, ...] = ("security",)
    controls: tuple[str, ...] = ()
    risk: Risk = "lower"
    seed: str = ""
    look_back_days: Annotated[int, msgspec.Meta(ge=1, le=3_660)] = 365
    retired: dict[str, SetAside] = {}
    not_applicable: dict[str, SetAside] = {}
    void: dict[str, dict[str, str]] = {}


class Refusal(Protocol):
    """Refuses the key at that path of the file."""

    def __call__(self, path: tuple[str, ...], what: str, *, fix: str) -> Any:
        """Raise the error."""


def read_audit(said: Mapping[str, Any], controls: Mapping[str, Any], refuse: Refusal) -> AuditConfig:
    """The ``[audit]`` table, and what ``[controls."ID"]`` tables set aside; every key is checked.

    ``refuse`` raises the ConfigError that names file and line.
    """
    aside = {
        name: {own: table[name] for own, table in controls.items() if isinstance(table, dict) and name in table}
        for name in SET_ASIDE
    }
    try:
        told = msgspec.convert({**said, **aside}, AuditConfig)
    except msgspec.ValidationError as error:
        named = re.search(r"\$\.(\w+)", str(error))
        path = ("audit", named[1]) if named and named[1] in said else ("controls",)
        refuse(path, f"{error}.", fix="The page on the configuration shows each key with an example.")
        raise
    for category in told.categories:
        if category not in CATEGORIES:
            close = difflib.get_close_matches(category, CATEGORIES, 1, 0.6)
            fix = f"Did you mean {close[0]!r}?" if close else f"Known are: {', '.join(CATEGORIES)}."
            refuse(("audit", "categories"), f"There is no category {category!r}.", fix=fix)
    if "security" not in told.categories:
        refuse(("audit", "categories"), "Security is missing.", fix="It is always in scope: add it.")
    for name in SET_ASIDE:
        for own, decided in getattr(told, name).items():
            _check_aside(("controls", own, name), decided, refuse)
    return told


def _check_aside(path: tuple[str, ...], decided: SetAside, refuse: Refusal) -> None:
    for key in ("reason", "by"):
        if not getattr(decided, key).strip():
            refuse(path, f"{path[-1]} has no {key}.", fix="Name the reason and the person.")
    try:
        date.fromisoformat(decided.on)
    except ValueError:
        refuse(path, f"{decided.on!r} is no day.", fix='Write it as on = "2026-01-31".')
