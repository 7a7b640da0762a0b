"""Examples are rows: every kind of control is tested on them in the same way."""

from datetime import UTC, datetime
from typing import Any

import pytest

from asbuilt.engine.examples import failing_examples
from asbuilt.facts.schemas.table import maybe, recorded, state
from asbuilt.model.errors import CatalogueError
from asbuilt.model.result import ControlKind
from tests.engine.rows import control

RULES = state("rules", "", (maybe("branch", "text", ""), maybe("forced", "bool", "")), identity=("branch",))
DRILLS = recorded(
    "drills",
    "",
    (maybe("site", "text", ""), maybe("held_at", "timestamp", ""), maybe("good", "bool", "")),
    identity=("site", "held_at"),
)
SITES = recorded("sites", "", (maybe("site", "text", ""), maybe("in_scope", "bool", "")), identity=("site",))
SCHEMAS = {table.name: table for table in (RULES, DRILLS, SITES)}
EXAMPLES: dict[str, tuple[dict[str, Any], ...]] = {
    "met": ({"good": True, "forced": True},),
    "deviation": ({"good": False, "forced": False},),
    "unknown": ({"good": None, "forced": None},),
}


def only(*columns: str) -> dict[str, tuple[dict[str, Any], ...]]:
    return {kind: tuple({name: row[name] for name in columns} for row in rows) for kind, rows in EXAMPLES.items()}


def test_the_examples_of_a_state_control_are_rows_of_its_table() -> None:
    own = control(
        "forced", kind=ControlKind.STATE, population="rules", per="branch", examples=only("forced"), settings={}
    )
    assert failing_examples([own], SCHEMAS) == ()


def test_the_examples_of_a_cadence_control_stand_in_every_window() -> None:
    own = control(
        "good",
        kind=ControlKind.CADENCE,
        population="drills",
        at="held_at",
        per="site",
        subjects="sites",
        subject_where="in_scope",
        settings={"every": "quarter", "grace_days": 3},
        examples=only("good"),
    )
    assert failing_examples([own], SCHEMAS) == ()


def test_the_window_of_examples_is_the_first_half_of_2026() -> None:
    day = datetime(2026, 6, 21, tzinfo=UTC)
    own = control(
        "date_diff('day', held_at, window_end) <= 10 AND held_at >= window_start",
        population="drills",
        examples={
            "met": ({"held_at": day},),
            "deviation": ({"held_at": day.replace(day=20)}, {"held_at": day.replace(year=2025)}),
            "unknown": ({},),
        },
    )
    assert failing_examples([own], SCHEMAS) == ()


def test_an_unknown_table_of_subjects_is_refused() -> None:
    own = control(
        "forced", kind=ControlKind.STATE, population="rules", per="branch", subjects="branches", settings={}
    )
    with pytest.raises(CatalogueError, match="There is no fact table 'branches'"):
        failing_examples([own], SCHEMAS)
