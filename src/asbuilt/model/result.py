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

    State and cadence controls have one item for each subject: ``per`` is the population's column that names the
    subject, ``subjects`` the table that lists all of them (its key is the subject), ``subject_where`` which of them
    count. Without ``subjects``, a state control has the subjects that its population shows; without ``per`` there
    is one subject, the company. ``inspect`` says whether a git history alone can say something about it;
    ``inspect_settings`` are then in force where the company says nothing: what git cannot know is not asked there.
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
    subjects: str | None = None
    subject_where: str | None = None
    per: str | None = None
    inspect: bool = False
    inspect_settings: dict[str, Any] = {}

    def place(self, key: str) -> str:
        """``file:line`` of one of its keys."""
        return f"{self.source}:{self.lines.get(key, 1)}"


class Outcome(StrEnum):
    """The verdict of one item. Unknown is never a pass."""

    MET = "met"
    DEVIATION = "deviation"
    UNKNOWN = "unknown"


class Verdict(msgspec.Struct, frozen=True, gc=False):
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


class Coverage(msgspec.Struct, frozen=True):
    """How complete a population is known to be over the window.

    ``tables`` are the recorded tables whose extracts were asked for; ``covered`` and ``total`` seconds of the
    window; ``extracts`` the ids of those that count. ``corroborated`` says whether a second source gives the same
    number (None: none was asked); ``differences`` lists what the two do not agree on. ``why`` is empty when the
    population is complete, else it says what is missing.
    """

    tables: tuple[str, ...]
    covered: int
    total: int
    extracts: tuple[str, ...] = ()
    corroborated: bool | None = None
    differences: tuple[str, ...] = ()
    why: str = ""

    @property
    def complete(self) -> bool:
        """Whether every occurrence of the window is known to be in the population."""
        return not self.why


class Span(msgspec.Struct, frozen=True):
    """A stretch of time [start, end), Unix seconds, and what was so in it: ``on``, ``off`` or ``not visible``."""

    start: int
    end: int
    state: str


class TimeInForce(msgspec.Struct, frozen=True):
    """For how much of the window a control was proved on, proved off, and not visible; in seconds.

    ``spans`` are those of all subjects together: on where every subject was on, off where one was off.
    ``subjects`` holds the spans of each.
    """

    on: int
    off: int
    not_visible: int
    spans: tuple[Span, ...] = ()
    subjects: dict[str, tuple[Span, ...]] = {}


class Occurrence(msgspec.Struct, frozen=True):
    """One occurrence that a cadence control expects.

    ``due`` is the moment by which it must have happened, ``at`` when it did (None: it did not), ``standing`` one of
    ``on time``, ``late``, ``missing``, ``not yet due``, ``not as expected``, ``not visible``.
    """

    subject: str
    start: int
    due: int
    at: int | None
    standing: str
    item: str


class Waiver(msgspec.Struct, frozen=True):
    """A named person accepts a deviation until a date, for a reason. It never changes a verdict."""

    control: str
    item: str
    granted_by: str
    reason: str
    granted_at: int
    expires_at: int


class Result(msgspec.Struct, frozen=True):
    """One control over one window.

    ``counts`` maps each outcome to its number of items; ``split`` the same per attribution class: the same control
    for all code. ``query`` is the SQL that was run, which anyone can run again; ``digest`` is sha256 over the
    sorted verdicts. ``verdicts`` may hold those only that are no Met (``counts`` and ``digest`` speak of all).
    ``population_digest`` is sha256 over the sorted items of the frozen population. ``coverage`` says how complete
    it is known to be (None: it was not asked), ``in_force`` for how long a state was proved, ``occurrences`` what a
    cadence expected, ``not_due`` how many of them lie ahead; ``reason`` says why the conclusion is what it is, or
    who declared the control not applicable and why. ``failure`` is set when the control itself crashed: every item
    is then unknown.
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
    kind: ControlKind = ControlKind.ITEM
    population_digest: str = ""
    coverage: Coverage | None = None
    in_force: TimeInForce | None = None
    occurrences: tuple[Occurrence, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    not_due: int = 0
    reason: str = ""


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
