"""Everything that one audit found: what every face renders and what the package holds."""

from typing import Any, Literal

import msgspec

from asbuilt.model.inspection import Gap
from asbuilt.model.result import Coverage, Result, Waiver
from asbuilt.model.window import Window

SCHEMA = "https://asbuilt.dev/schemas/audit/1"


class CriterionStanding(msgspec.Struct, frozen=True):
    """One Trust Services criterion and what stands behind it.

    ``controls`` are the ids of the tested controls that support it; ``counts`` maps each conclusion to their
    number. ``standing`` is ``supported``, ``supported with deviations``, ``not supported``, ``evidence missing`` or
    ``no control``: management's own view, never an opinion.
    """

    id: str
    category: str
    title: str
    paraphrase: str
    controls: tuple[str, ...]
    counts: dict[str, int]
    standing: str


class PopulationFrozen(msgspec.Struct, frozen=True):
    """One population as it was frozen: its table, rows, digest (sha256 over its CSV) and how complete it is."""

    table: str
    doc: str
    rows: int
    sha256: str
    coverage: Coverage | None = None
    extracts: tuple[dict[str, Any], ...] = ()


class DeviationEntry(msgspec.Struct, frozen=True):
    """One deviation of the register, with what people noted about it. It stays after the fix."""

    control: str
    item: str
    attribution: str
    at: str | None
    because: dict[str, Any]
    nature: str | None = None
    cause: str | None = None
    isolated: bool | None = None
    effect: str | None = None
    compensating_control: str | None = None
    answer: str | None = None
    waiver: Waiver | None = None


class Retired(msgspec.Struct, frozen=True):
    """A control that the company took out of use: by whom, when and why."""

    control: str
    title: str
    reason: str
    by: str
    on: str


class LedgerHead(msgspec.Struct, frozen=True):
    """The ledger that the facts come from: name, size, root (hex), signed checkpoint, and who else saw it."""

    origin: str
    size: int
    root: str
    checkpoint: str
    witnesses: tuple[str, ...] = ()


class Drawn(msgspec.Struct, frozen=True):
    """One item drawn for the auditor; ``replaces`` names the void item in whose place it came, ``reason`` why.

    ``item`` is empty where nothing was left to take a void item's place.
    """

    item: str
    position: int
    replaces: str | None = None
    reason: str | None = None


class Sample(msgspec.Struct, frozen=True):
    """A reproducible random sample from one frozen population.

    ``seed`` is text; ``method`` names the procedure (its steps are in the package), ``population`` the number of
    items, ``population_digest`` what it was drawn from, ``basis`` the row of the size table that was used, ``void``
    every item that was passed over, with its reason. ``deviations`` is how many of the drawn items do not meet
    the control, as far as is known, and ``upper_limit`` the rate that such a sample alone would leave possible in
    the population at 95 % (exact, as text; empty where the sample is the population): what an auditor who tests
    the sample and nothing else could say.
    """

    control: str
    population: int
    population_digest: str
    seed: str
    method: str
    basis: str
    size: int
    items: tuple[Drawn, ...]
    void: dict[str, str] = {}
    deviations: int = 0
    upper_limit: str = ""


class Mending(msgspec.Struct, frozen=True):
    """How the findings of one attribution class fared: known in the window, closed in it, open at its end.

    ``about`` is ``code`` (findings on lines, by who wrote them) or ``packages`` (known weaknesses of packages, by
    who brought the version). ``median_days`` and ``longest_days`` go from the first sight to the closing, of those
    closed in the window.
    """

    attribution: str
    findings: int
    closed: int
    open: int
    median_days: float | None
    longest_days: int | None
    about: Literal["code", "packages"] = "code"


class Audit(msgspec.Struct, frozen=True):
    """One audit: management's own tests of every control in scope over one window.

    ``type`` is 1 (a date) or 2 (a window). ``window`` is half-open; of a Type I audit it ends with the day of
    ``as_of``. ``texts`` holds, by control id, what the auditor reads: title, what, why, blind_spot, remedy,
    open_with, expect, where, at, kind. ``parity`` counts, by attribution class, the verdicts of every control whose
    population knows who wrote: the same controls for all code; ``mending`` tells how long findings stayed open.
    """

    schema: str
    version: str
    type: int
    window: Window
    as_of: int
    company: str
    system: str
    categories: tuple[str, ...]
    engine: str
    results: tuple[Result, ...]
    criteria: tuple[CriterionStanding, ...]
    populations: tuple[PopulationFrozen, ...]
    parity: dict[str, dict[str, dict[str, int]]]
    deviations: tuple[DeviationEntry, ...]
    samples: tuple[Sample, ...]
    retired: tuple[Retired, ...]
    gaps: tuple[Gap, ...]
    ledger: LedgerHead | None
    texts: dict[str, dict[str, Any]]
    verdict: str
    next_step: str
    mending: tuple[Mending, ...] = ()
