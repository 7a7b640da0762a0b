"""A company's whole year: what is good is found good, each wrong thing is seen, and what is not shown never counts."""

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from asbuilt.app.audit import Wanted, open_audit
from asbuilt.app.company import read_company
from asbuilt.app.package import write_package
from asbuilt.catalogue.controls import load_controls
from asbuilt.engine import audit
from asbuilt.engine.parts import OF_THE_LEDGER
from asbuilt.facts.schemas import TABLES
from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.record import FACT
from asbuilt.model.result import Conclusion, Control, ControlKind
from asbuilt.model.window import Window
from asbuilt.reports.package import verify
from tests.company_year import plants, tables_missing, year
from tests.company_year.forge_plants import DOUBTS
from tests.company_year.spoilt import Books, deviating
from tests.company_year.world import NOW, WINDOW, World, at

pytestmark = pytest.mark.slow

WORLD = World(changes=200)
CONTROLS = load_controls()
CATEGORIES = ("security", "availability", "processing_integrity", "confidentiality", "privacy")
HALF = int(at("2026-04-01").timestamp())
FIRST, SECOND = Window(WINDOW.start, HALF), Window(HALF, WINDOW.end)

# Controls that nothing occurs for in a good year, and why.
NO_OCCURRENCE: dict[str, str] = {}
# Controls without a plant, and why.
WITHOUT_PLANT: dict[str, str] = {}
# Item controls that test what stands in a window, not what happens in it: the same item counts in both halves.
STANDING: dict[str, str] = {
    "ACC-01": "an account counts in each window in which it was enabled",
    "ACC-08": "a credential counts in each window in which it was alive",
    "COM-02": "a commitment counts in each window in which it stood",
    "DAT-06": "software counts in each window in which it was there",
    "GOV-08": "an extract counts in each window of which it covers a part",
    "PRV-05": "a recipient counts in each window in which data went there",
    "VEN-01": "a vendor counts in each window in which it was in use",
    "VEN-04": "a provider counts in each window in which it was in use",
    "VEN-05": "a tool that was ever seen counts in each window",
    "VUL-02": "a weakness that is accepted for longer than its time counts in each window in which it is open",
}


@pytest.fixture(scope="module")
def books() -> Iterator[Books]:
    opened = Books(year(WORLD))
    yield opened
    opened.store.close()


@pytest.fixture(scope="module")
def good(books: Books) -> tuple[audit.Tested, ...]:
    return books.tested(CONTROLS)


# --- The good year ----------------------------------------------------------------------------------------------


def test_every_population_is_told(books: Books) -> None:
    assert tables_missing(list(books.records)) == set()


def test_the_same_world_gives_the_same_year_and_another_size_as_many_changes(books: Books) -> None:
    assert year(WORLD) == books.records
    told = Counter(record.kind for record in year(World(changes=90)))
    assert told[f"{FACT}changes_seen"] == 90
    assert Counter(record.kind for record in books.records)[f"{FACT}changes_seen"] == 200


def test_nothing_is_refused_and_there_are_no_gaps(books: Books) -> None:
    assert books.refused == ()
    assert books.store.gaps() == ()


def test_every_control_is_effective_in_a_good_year(good: tuple[audit.Tested, ...]) -> None:
    found = {
        own.result.control: (own.result.conclusion.value, own.result.counts, own.result.reason)
        for own in good
        if own.result.conclusion is not Conclusion.EFFECTIVE and own.result.control not in NO_OCCURRENCE
    }
    assert found == {}
    nothing = {own.result.control for own in good if own.result.conclusion is Conclusion.NO_OCCURRENCE}
    assert nothing == set(NO_OCCURRENCE)


def test_git_the_forge_and_the_platform_tie_one_for_one(books: Books) -> None:
    rows = books.store.connection.execute("SELECT kind, reason, count(*) FROM change_reconciliation GROUP BY ALL")
    found = {(kind, reason): count for kind, reason, count in rows.fetchall()}
    by_request, emergencies = 196, 3
    assert found == {
        ("change", "merge-commit"): by_request,
        ("change", "direct-push"): emergencies,
        ("change", "initial-import"): 1,
        ("request", "merge-commit"): by_request,
        ("push", "merge-commit"): by_request + emergencies,  # the one that made the branch is no push to it
        ("deployment", "merge-commit"): 42,
    }


def test_the_year_in_a_ledger_becomes_a_package_that_verifies(
    books: Books, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    with create_ledger(tmp_path / "ledger", origin="company.example/ledger", now=NOW) as ledger:
        ledger.append(books.records)
    wanted = Wanted(
        type=2,
        start=WINDOW.start or 0,
        end=WINDOW.end or 0,
        ledger=tmp_path / "ledger",
        categories=CATEGORIES,
        seed="s",
    )
    with open_audit(wanted, read_company(None, tmp_path), now=NOW) as run:
        assert run.audit.gaps == ()
        assert {own.conclusion for own in run.audit.results} == {Conclusion.EFFECTIVE}
        write_package(run, tmp_path / "audit.zip")
    done = subprocess.run(
        [sys.executable, "-I", "-S", verify.__file__, tmp_path / "audit.zip"], capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout


# --- One wrong thing --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(plants()))
def test_one_wrong_thing_is_seen_by_its_control_and_by_those_that_are_named(books: Books, name: str) -> None:
    plant = plants()[name]
    with books.spoilt(plant.spoil(list(books.records)), CONTROLS) as affected:
        tested = books.tested(affected)
        found = deviating(tested)
        own = [control for control in CONTROLS if control.id == plant.control]
        halves = [deviating(books.tested(own, window)).get(plant.control, set()) for window in (FIRST, SECOND)]
    assert plant.item in found.get(plant.control, set())
    (result,) = (one.result for one in tested if one.result.control == plant.control)
    assert result.conclusion in {Conclusion.WITH_DEVIATIONS, Conclusion.NOT_EFFECTIVE}
    assert found.keys() - {plant.control} == plant.also.keys()
    assert found[plant.control] <= halves[0] | halves[1]  # no deviation falls between two windows


@pytest.mark.parametrize("name", sorted(DOUBTS))
def test_what_leaves_a_review_open_is_unknown_and_no_control_passes_it(books: Books, name: str) -> None:
    doubt = DOUBTS[name]
    with books.spoilt(doubt.spoil(list(books.records)), CONTROLS) as affected:
        tested = books.tested(affected)
    assert deviating(tested) == {}
    unknown = {own.result.control for own in tested if "U" in own.outcomes.letters.decode()}
    assert unknown - {doubt.control} == doubt.also.keys()
    (own,) = (one for one in tested if one.result.control == doubt.control)
    assert _told(own)[doubt.item, "U"] == 1
    assert own.result.conclusion is not Conclusion.EFFECTIVE


def test_every_control_has_a_plant_or_a_reason_for_none() -> None:
    planted = {plant.control for plant in plants().values()}
    assert {own.id for own in CONTROLS} - planted == set(WITHOUT_PLANT)


@pytest.mark.parametrize(
    "name", ["governance: an extract whose digest is not kept", "staff: the training came too late"]
)
def test_spoilt_books_are_what_a_store_of_the_spoilt_year_shows(books: Books, name: str) -> None:
    records = plants()[name].spoil(list(books.records))
    with books.spoilt(records, CONTROLS) as affected:
        here = {own.result.control: own.outcomes.digest for own in books.tested(affected)}
    fresh = Books(records)
    there = {own.result.control: own.outcomes.digest for own in fresh.tested(affected)}
    fresh.store.close()
    assert here == there


# --- What is not shown ------------------------------------------------------------------------------------------


def _behind(books: Books, control: Control) -> list[str]:
    """The recorded tables that must be complete before the control can conclude."""
    tables = books.store.tables
    names = [name for name in (control.population, control.subjects) if name]
    return sorted({own for name in names for own in tables[name].covered_by})


@pytest.mark.parametrize("control", CONTROLS, ids=lambda own: own.id)
def test_without_rows_and_extracts_evidence_is_missing(books: Books, control: Control) -> None:
    gone = _behind(books, control)
    left = [
        record
        for record in books.records
        if record.kind.removeprefix(FACT) not in gone
        and not (record.kind == f"{FACT}extracts" and record.event.split(" | ")[0] in gone)
    ]
    with books.spoilt(left, [control]):
        (tested,) = books.tested([control])
    assert tested.result.conclusion is Conclusion.EVIDENCE_MISSING


def _counted(control: Control) -> list[str]:
    """The recorded tables whose extracts say that its items, or those it must hold for, are all there.

    Of a state or a cadence what is told proves itself; whom it must hold for is what must be complete.
    """
    counted = control.population if control.kind is ControlKind.ITEM else control.subjects
    return [table for table in (TABLES[counted].covered_by if counted else ()) if table not in OF_THE_LEDGER]


def test_what_can_lack_an_extract() -> None:
    without = {own.id for own in CONTROLS if own.kind is ControlKind.ITEM and not _counted(own)}
    assert without == {"GOV-08"}


@pytest.mark.parametrize("control", list(filter(_counted, CONTROLS)), ids=lambda own: own.id)
def test_without_one_extract_it_is_never_effective(books: Books, control: Control) -> None:
    for table in _counted(control):
        left = [
            record
            for record in books.records
            if not (record.kind == f"{FACT}extracts" and record.event.split(" | ")[0] == table)
        ]
        with books.spoilt(left, [control]):
            (tested,) = books.tested([control])
        assert tested.result.conclusion is Conclusion.EVIDENCE_MISSING, table


@pytest.mark.parametrize("control", CONTROLS, ids=lambda own: own.id)
def test_without_rows_it_is_never_effective(books: Books, control: Control) -> None:
    for table in _behind(books, control):
        left = [record for record in books.records if record.kind.removeprefix(FACT) != table]
        with books.spoilt(left, [control]):
            (tested,) = books.tested([control])
        assert tested.result.conclusion not in {Conclusion.EFFECTIVE, Conclusion.NO_OCCURRENCE}, table


# --- Two windows ------------------------------------------------------------------------------------------------


def test_two_half_years_add_up(books: Books, good: tuple[audit.Tested, ...]) -> None:
    items = [own for own in CONTROLS if own.kind is ControlKind.ITEM]
    whole = {own.result.control: _told(own) for own in good}
    halves = [books.tested(items, window) for window in (FIRST, SECOND)]
    differing = {
        first.result.control
        for first, second in zip(*halves, strict=True)
        if _told(first) + _told(second) != whole[first.result.control]
    }
    assert differing == set(STANDING)
    for first, second in zip(*halves, strict=True):
        assert _told(first) | _told(second) == whole[first.result.control]


def _told(tested: audit.Tested) -> Counter[tuple[str, str]]:
    return Counter(zip(tested.outcomes.items, tested.outcomes.letters.decode(), strict=True))
