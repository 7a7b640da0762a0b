"""Controls: one Markdown file each, which the auditor reads and the engine runs.

What a file holds (``controls/CHG-01.md``; its name is the control's id)::

    +++
    id = "CHG-01"
    kind = "item"                      # every occurrence in the window
    criteria = ["CC8.1", "CC6.3"]
    population = "changes"             # a fact table
    where = "NOT is_initial_import"    # which of its rows (left out: all)
    at = "landed_at"                   # when the item happened (left out: it stands in every window)
    expect = "independent_human_approvals >= required_approvals"
    because = ["approvals_rejected_for"]

    [settings]                         # the company's thresholds, usable in the expressions by name
    required_approvals = 1

    [[examples.met]]                   # at least one row for each verdict; "NULL" is SQL's NULL,
    independent_human_approvals = 1    # and so is every column left out
    [[examples.deviation]]
    independent_human_approvals = 0
    [[examples.unknown]]
    independent_human_approvals = "NULL"
    +++
    # The title
    What is expected, in plain words.

    **Why.** … **Blind spot.** … **Remedy.** … **Opens with.** … (each begins a paragraph)

A state control's population is a state table; ``per`` names its column that says for whom or what (left out: the
company as a whole), ``subjects`` the table that lists all of them, ``subject_where`` which of those count. A
cadence control has these too, and under settings ``every``: a calendar period (``PERIODS``) or '365 days'.
In every expression ``window_start`` and ``window_end`` are the window's moments. Settings that every control of a
kind has (``COMMON_SETTINGS``, ``every``) need not stand in one.

Expressions are text here; ``engine.expressions`` checks them against the fact table before any of them runs.
"""

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

import msgspec

from asbuilt.catalogue.criteria import load_criteria
from asbuilt.model.errors import CatalogueError
from asbuilt.model.result import Control, ControlKind, Outcome

FOLDER: Final = Path(__file__).with_name("controls")
LIMIT: Final = 1 << 16  # bytes: a longer file is no control
SECTIONS: Final = ("Why", "Blind spot", "Remedy", "Opens with")
# What every control of a kind has: the share of its items that may deviate before it counts as not effective; for
# how many days at most two looks at a setting vouch for the time between them; and by how many days a recurring
# event may be late.
COMMON_SETTINGS: Final[Mapping[ControlKind, Mapping[str, Any]]] = {
    ControlKind.ITEM: {"not_effective_above": 0.5},
    ControlKind.STATE: {"not_effective_above": 0.5, "bridge_days": 1},
    ControlKind.CADENCE: {"not_effective_above": 0.5, "grace_days": 0},
}
PERIODS: Final = ("day", "week", "month", "quarter", "half-year", "year")
_ROLLING = re.compile(r"[1-9][0-9]{0,3} days")

_ID = re.compile(r"[A-Z]{2,8}-[0-9]{2,4}")
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_MARKED = re.compile(r"\*\*(?P<name>[^*.]+)\.\*\*\s*(?P<text>.*)", re.DOTALL)


class _Front(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    kind: ControlKind
    criteria: list[str]
    population: str
    expect: str
    examples: dict[str, list[dict[str, Any]]]
    where: str | None = None
    at: str | None = None
    because: list[str] = []
    settings: dict[str, Any] = {}
    subjects: str | None = None
    subject_where: str | None = None
    per: str | None = None
    inspect: bool | dict[str, Any] = False


def load_controls(folder: Path | None = None, extra: Sequence[Path] = ()) -> tuple[Control, ...]:
    """All controls, sorted by id: AsBuilt's own (or those of ``folder``) and those of the ``extra`` folders.

    Raises:
        CatalogueError: a file is malformed, or two controls have one id; ``where`` names file and line.
    """
    found = list(_shipped() if folder is None else _load(folder))
    sources = {control.id: control.source for control in found}
    for place in extra:
        for control in _load(place):
            if control.id in sources:
                raise CatalogueError(
                    f"There is a control {control.id} already, in {sources[control.id]}.",
                    fix="Give yours an id of its own; thresholds of a control are changed in asbuilt.toml.",
                    where=control.place("id"),
                )
            sources[control.id] = control.source
            found.append(control)
    return tuple(sorted(found, key=lambda control: control.id))


@cache
def _shipped() -> tuple[Control, ...]:
    return _load(FOLDER)


def _load(folder: Path) -> tuple[Control, ...]:
    files = sorted(file for file in folder.glob("*") if not file.name.startswith("."))
    if not files:
        raise CatalogueError(
            "The folder is absent or holds no control.", fix="Name a folder of *.md files.", where=str(folder)
        )
    known = load_criteria().keys()
    return tuple(read_control(file, known) for file in files)


def read_control(file: Path, criteria: Collection[str]) -> Control:
    """The control of one file; ``criteria`` are the ids that it may name.

    Raises:
        CatalogueError: the file is malformed; ``where`` names file and line.
    """
    source = _Source(file)
    front, title, what, sections = source.front(), *source.prose()
    source.check(front, criteria)
    return Control(
        id=front.id,
        kind=front.kind,
        criteria=tuple(front.criteria),
        population=front.population,
        expect=front.expect.strip(),
        title=title,
        what=what,
        why=sections["Why"],
        blind_spot=sections["Blind spot"],
        remedy=sections["Remedy"],
        open_with=sections["Opens with"],
        where=front.where,
        at=front.at,
        because=tuple(front.because),
        settings={**COMMON_SETTINGS[front.kind], **front.settings},
        examples={kind: tuple(_row(row) for row in front.examples[kind]) for kind in Outcome},
        source=str(file),
        lines=source.lines,
        subjects=front.subjects,
        subject_where=front.subject_where,
        per=front.per,
        inspect=front.inspect is not False,
        inspect_settings=front.inspect if isinstance(front.inspect, dict) else {},
    )


def _row(example: Mapping[str, Any]) -> dict[str, Any]:
    """An example as a row of facts: TOML has no null, so the text NULL stands for it."""
    return {column: None if value == "NULL" else value for column, value in example.items()}


class _Source:
    """One control's file, cut into front matter and prose; every complaint names a line."""

    def __init__(self, file: Path) -> None:
        self.file = file
        if file.suffix != ".md" or not file.is_file():
            self.fail(
                "This is no control.", 1, "A folder of controls holds one ID.md file for each, and nothing else."
            )
        data = file.read_bytes()
        if len(data) > LIMIT:
            self.fail(f"The file is larger than {LIMIT:,} bytes.", 1, "A control is a page of text.")
        try:
            self._all = data.decode("utf-8").replace("\r\n", "\n").split("\n")
        except UnicodeDecodeError as error:
            self.fail("The file is not UTF-8.", data[: error.start].count(b"\n") + 1, "Save it as UTF-8.")
        if self._all[0] != "+++":
            self.fail("The front matter is missing.", 1, "Begin the file with a line of +++.")
        if "+++" not in self._all[1:]:
            self.fail("The front matter has no end.", 1, "Close it with a line of +++.")
        self._end = self._all.index("+++", 1)
        self.lines = self._lines_of_keys()

    def fail(self, what: str, line: int, fix: str, why: str = "") -> NoReturn:
        """Refuse the file."""
        raise CatalogueError(what, why=why, fix=fix, where=f"{self.file}:{line}")

    def _lines_of_keys(self) -> dict[str, int]:
        """The line of each key: ``expect``, ``settings.required_approvals``, ``examples.met``; the first counts."""
        lines: dict[str, int] = {}
        table = ""
        for number, line in enumerate(self._all[1 : self._end], 2):
            if head := re.match(r"\s*\[+\s*([\w.-]+)\s*\]+", line):
                table = f"{head[1]}."
                lines.setdefault(head[1], number)
            elif key := re.match(r"\s*([\w-]+)\s*=", line):
                lines.setdefault(table + key[1], number)
        return lines

    def front(self) -> _Front:
        """The front matter, typed."""
        try:
            raw = tomllib.loads("\n".join(self._all[1 : self._end]))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            said = re.search(r"at line (\d+)", str(error))
            line = int(said[1]) + 1 if said else 1
            self.fail("The front matter is not TOML.", line, "Mend the line.", f"{error}.")
        for key in raw:
            if key not in _Front.__struct_fields__:
                self.fail(f"Unknown key {key!r}.", self.lines.get(key, 1), _nearest(key, _Front.__struct_fields__))
        try:
            return msgspec.convert(raw, _Front)
        except msgspec.ValidationError as error:
            named = re.search(r"\$\.(\w+)", str(error))
            line = self.lines.get(named[1], 1) if named else 1
            self.fail(f"{error}.", line, "The docstring of asbuilt.catalogue.controls shows a whole file.")

    def prose(self) -> tuple[str, str, dict[str, str]]:
        """Title, what is expected, and the sections, each with its paragraphs unwrapped."""
        title, found = "", {"": [""]}
        section = found[""]
        for number, paragraph in self._paragraphs():
            if paragraph.startswith("# ") and not title:
                title, _, paragraph = paragraph.removeprefix("# ").partition("\n")  # noqa: PLW2901 - the rest of it
            elif not title:
                self.fail("The text does not begin with a title.", number, "Write: # The title.")
            if marked := _MARKED.match(paragraph):
                name, paragraph = marked["name"], marked["text"]  # noqa: PLW2901 - the mark is read
                if name not in SECTIONS:
                    self.fail(f"Unknown section {name!r}.", number, _nearest(name, SECTIONS))
                if name in found:
                    self.fail(f"The section {name!r} stands there twice.", number, "Keep one.")
                section = found.setdefault(name, [])
            section.append(" ".join(paragraph.split()))
        texts = {name: "\n\n".join(filter(None, paragraphs)) for name, paragraphs in found.items()}
        for name in ("", *SECTIONS):
            if not texts.get(name):
                missing = f"The section {name!r}" if name else "The title, or what is expected,"
                fix = (
                    f"Add a paragraph that begins with **{name}.**"
                    if name
                    else "Write both below the front matter."
                )
                self.fail(f"{missing} is missing.", self._end + 2, fix)
        return title.strip(), texts[""], texts

    def _paragraphs(self) -> list[tuple[int, str]]:
        """The paragraphs below the front matter, each with the line it begins at."""
        found: list[tuple[int, str]] = []
        start = 0
        for number, line in enumerate([*self._all[self._end + 1 :], ""], self._end + 2):
            if line.strip() and not start:
                start = number
            elif not line.strip() and start:
                found.append((start, "\n".join(self._all[start - 1 : number - 1])))
                start = 0
        return found

    def check(self, front: _Front, criteria: Collection[str]) -> None:
        """Refuse what is well formed and still means nothing."""
        line = self.lines.get
        if front.id != self.file.stem or not _ID.fullmatch(front.id):
            self.fail(
                f"The id is {front.id!r} in a file called {self.file.name!r}.",
                line("id", 1),
                "Give file and id one name such as CHG-01.",
            )
        self._check_kind(front)
        self._check_inspect(front)
        if not front.criteria:
            self.fail("The control names no criterion.", line("criteria", 1), "Name at least one.")
        for criterion in front.criteria:
            if criterion not in criteria:
                self.fail(f"Unknown criterion {criterion!r}.", line("criteria", 1), _nearest(criterion, criteria))
        for name, value in front.settings.items():
            if not _NAME.fullmatch(name) or not _settable(value):
                self.fail(
                    f"The setting {name!r} is {value!r}.",
                    line(f"settings.{name}", 1),
                    "Its name is of a-z, 0-9 and _; it is a number, true or false, text, or a list of texts.",
                )
        self._check_examples(front)

    def _check_inspect(self, front: _Front) -> None:
        for name, value in front.inspect.items() if isinstance(front.inspect, dict) else ():
            if type(value) is not type(front.settings.get(name)):
                self.fail(
                    f"Inspection sets {name!r} to {value!r}, and there is no such setting of that type.",
                    self.lines.get("inspect", 1),
                    _nearest(name, front.settings) if name not in front.settings else "Write a value of its type.",
                )

    def _check_kind(self, front: _Front) -> None:
        line = self.lines.get
        if front.kind is ControlKind.ITEM and (front.subjects or front.per or front.subject_where):
            key = "subjects" if front.subjects else "per" if front.per else "subject_where"
            self.fail(f"An item control has no {key!r}.", line(key, 1), "Its items are the rows of the population.")
        if front.subjects and not front.per:
            self.fail(
                "The control names its subjects and not the column that ties the population to them.",
                line("subjects", 1),
                'Add per = "COLUMN".',
            )
        if front.subject_where and not front.subjects:
            self.fail(
                "There is a condition on subjects and no table of them.",
                line("subject_where", 1),
                'Add subjects = "TABLE".',
            )
        if front.kind is ControlKind.STATE and front.at:
            self.fail(
                "A state control has no 'at'.",
                line("at", 1),
                "Its rows say themselves over which time they held; take it out.",
            )
        if front.kind is ControlKind.CADENCE:
            every = front.settings.get("every")
            if not is_cadence(every):
                self.fail(
                    f"The cadence is {every!r}.",
                    line("settings.every", line("settings", 1)),
                    f"Set every under [settings] to one of {', '.join(PERIODS)}, or to a text like '365 days'.",
                )
            if not front.at:
                self.fail(
                    "The control does not say when an occurrence happened.",
                    line("kind", 1),
                    "Add at = a timestamp.",
                )

    def _check_examples(self, front: _Front) -> None:
        kinds = [kind.value for kind in Outcome]
        for kind in front.examples:
            if kind not in kinds:
                line = self.lines.get(f"examples.{kind}", 1)
                self.fail(f"Unknown kind of example {kind!r}.", line, _nearest(kind, kinds))
        for kind in kinds:
            if not front.examples.get(kind):
                self.fail(
                    f"There is no example of {kind!r}.",
                    self.lines.get("examples.met", self._end + 1),
                    f"Add a row under [[examples.{kind}]]: the examples are the control's tests.",
                )


def is_cadence(every: object) -> bool:
    """Whether a setting names how often something must happen: a calendar period, or a text like '365 days'."""
    return isinstance(every, str) and (every in PERIODS or _ROLLING.fullmatch(every) is not None)


def _settable(value: object) -> bool:
    """Whether a value can be written into an expression: a finite number, a truth value, text, texts."""
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str) for one in value)
    if isinstance(value, float):
        return value - value == 0  # neither infinite nor NaN
    return isinstance(value, bool | int | str)


def _nearest(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word, list(known), 1, 0.6)
    return f"Did you mean {str(close[0])!r}?" if close else f"Known are: {', '.join(sorted(known))}."
