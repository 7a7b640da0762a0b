"""Subjects: whom a control must hold for, and when."""

from typing import Any

from asbuilt.engine.duck import DuckFacts
from asbuilt.engine.plans import plan_control
from asbuilt.engine.subjects import COMPANY, FOREVER, UNNAMED, Subject, shown_subjects, subjects_of
from asbuilt.engine.tables import open_tables
from asbuilt.facts.schemas.table import column, maybe, recorded
from asbuilt.model.result import Control
from tests.engine.office import TABLES, YEAR, at, office, state_control

SITED = {"per": "site", "subjects": "sites", "subject_where": "in_scope"}
# The HR list says first and last day where other lists say from when until when something was in use.
STAFF = recorded(
    "sites",
    "",
    (column("site", "text", ""), column("starts_at", "timestamp", ""), maybe("ends_at", "timestamp", "")),
    identity=("site",),
)


def found(own: Control, shown: set[str], **told: Any) -> list[Subject]:
    with open_tables(list(TABLES.values())) as connection:
        plan = plan_control(own, {}, TABLES, YEAR, connection)
    return subjects_of(office(**told), plan, shown)


def test_without_a_column_of_subjects_the_company_is_the_only_one() -> None:
    assert found(state_control(), {"s1"}) == [Subject(COMPANY, is_member=True)]


def test_without_a_table_the_population_shows_them() -> None:
    assert found(state_control(per="site"), {"s2", "s1", UNNAMED}) == [
        Subject(UNNAMED, is_member=False),
        Subject("s1", is_member=True),
        Subject("s2", is_member=True),
    ]


def test_a_table_lists_them_and_what_it_does_not_list_may_count() -> None:
    sites = [
        {"site": "s1", "in_scope": True, "in_use_from": at("2026-02-01")},
        {"site": "s2", "in_scope": None, "in_use_until": at("2026-03-01")},
        {"site": "s3", "in_scope": False},
    ]
    assert found(state_control(**SITED), {"s1", "s3", "s9"}, sites=sites) == [
        Subject("s1", is_member=True, start=at("2026-02-01"), end=FOREVER),
        Subject("s2", is_member=False, start=-FOREVER, end=at("2026-03-01")),
        Subject("s9", is_member=False),
    ]


def test_people_are_subjects_from_their_first_day_to_their_last() -> None:
    tables = {**TABLES, "sites": STAFF}
    with open_tables(list(tables.values())) as connection:
        plan = plan_control(state_control(per="site", subjects="sites"), {}, tables, YEAR, connection)
        connection.execute("INSERT INTO sites (site, starts_at) VALUES ('ana', '2026-02-01')")
        rows = subjects_of(DuckFacts(connection, tables), plan, set())
    assert rows == [Subject("ana", is_member=True, start=at("2026-02-01"), end=FOREVER)]


def test_the_subjects_that_a_population_names() -> None:
    facts = office(rules=[{"branch": "a", "site": "s1"}, {"branch": "b"}, {"branch": "c", "site": "s1"}])
    with open_tables(list(TABLES.values())) as connection:
        sited = plan_control(state_control(per="site"), {}, TABLES, YEAR, connection)
        alone = plan_control(state_control(), {}, TABLES, YEAR, connection)
    assert shown_subjects(facts, sited) == {"s1", UNNAMED}
    assert shown_subjects(facts, alone) == set()
