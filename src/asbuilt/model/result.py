"""Controls, verdicts, results and findings."""

from enum import StrEnum
from typing import Any

import msgspec


class ControlKind(StrEnum):
    """What the population of a control is made of."""

    ITEM = "item"  # every occurrence in the window
    STATE = "state"  # time itself
    CADENCE = "cadence"  # the occurrences that the window expects


class Control(msgspec.Struct, frozen=True):
    """An expectation, the population it covers, and the test that decides.

    ``population`` names a fact table; ``where``, ``at`` and ``expect`` are SQL expressions over its columns, in
    three-valued logic: TRUE is met, FALSE a deviation, NULL unknown. ``because`` names the columns that are shown
    as the reason. ``settings`` are the company's thresholds, usable in expressions by name.
    ``examples`` maps met, deviation and unknown to rows (column -> value) that must give that verdict.
    ``title``, ``what``, ``why`` and ``blind_spot`` are the text that the auditor reads. ``open_with`` says what
    would turn an Unknown into a verdict, ``remedy`` what mends a deviation.
    ``source`` is the file it was read from, ``lines`` the line of each of its keys, for error messages.
    """

    id: str
    kind: ControlKind
    criteria: tuple[str, ...]
    population: str
    expect: str
    title: str
    what: str
    why: str
    blind_spot: str
    remedy: str
    open_with: str
    where: str | None = None
    at: str | None = None
    because: tuple[str, ...] = ()
    settings: dict[str, Any] = {}
    examples: dict[str, tuple[dict[str, Any], ...]] = {}
    source: str = ""
    lines: dict[str, int] = {}

    def place(self, key: str) -> str:
        """``file:line`` of one of its keys."""
        return f"{self.source}:{self.lines.get(key, 1)}"


class Outcome(StrEnum):
    """The verdict of one item. Unknown is never a pass."""

    MET = "met"
    DEVIATION = "deviation"
    UNKNOWN = "unknown"


class Verdict(msgspec.Struct, frozen=True):
    """One control on one item: ``item`` is the fact's key, ``because`` the columns that decided it."""

    item: str
    outcome: Outcome
    attribution: str
    because: dict[str, Any]


class Conclusion(StrEnum):
    """What a result comes to, in words an auditor uses of management's tests."""

    EFFECTIVE = "effective"
    WITH_DEVIATIONS = "effective with deviations"
    NOT_EFFECTIVE = "not effective"
    NO_OCCURRENCE = "no occurrence"
    EVIDENCE_MISSING = "evidence missing"
    NOT_APPLICABLE = "not applicable"


class Result(msgspec.Struct, frozen=True):
    """One control over one window.

    ``counts`` maps each outcome to its number of items; ``split`` the same per attribution class: the same control
    for all code. ``query`` is the SQL that was run, which anyone can run again; ``digest`` is sha256 over the
    sorted verdicts. ``failure`` is set when the control itself crashed: every item is then unknown.
    """

    control: str
    title: str
    criteria: tuple[str, ...]
    population: str
    count: int
    counts: dict[str, int]
    split: dict[str, dict[str, int]]
    verdicts: tuple[Verdict, ...]
    conclusion: Conclusion
    query: str
    digest: str
    settings: dict[str, Any] = {}
    failure: str | None = None


class Severity(StrEnum):
    """What a finding does to the verdict."""

    BLOCKING = "blocking"  # a deviation
    UNKNOWN = "unknown"  # could not be checked
    NOTE = "note"  # worth knowing, changes nothing


class Finding(msgspec.Struct, frozen=True):
    """One thing to act on.

    ``code`` is stable (``asbuilt explain CODE``): a control's id or a code of the catalogue of findings.
    ``path`` and ``line`` place it in the tree; ``commit`` in the history. ``count`` items stand behind it, the
    newest of them listed in ``items``. ``criteria`` are Trust Services Criteria ids.
    """

    code: str
    severity: Severity
    message: str
    criteria: tuple[str, ...]
    remedy: str
    path: str | None = None
    line: int | None = None
    commit: str | None = None
    count: int = 1
    items: tuple[str, ...] = ()
