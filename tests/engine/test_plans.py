"""Plans: what is wrong with a control is said by file and line before it runs."""

from typing import Any

import pytest

from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.plans import check_settings, plan_control
from asbuilt.engine.tables import open_tables
from asbuilt.facts.schemas import TABLES as ALL
from asbuilt.model.errors import CatalogueError, ConfigError
from asbuilt.model.result import Control
from tests.engine.office import TABLES, YEAR, cadence_control, state_control
from tests.engine.rows import control

LINES = {"per": 3, "subjects": 4, "subject_where": 5, "expect": 6, "settings.limit": 7, "population": 2}
SITED = {"per": "site", "subjects": "sites", "subject_where": "in_scope"}


def planned(own: Control, **said: Any) -> Any:
    with open_tables(list(TABLES.values())) as connection:
        return plan_control(own, said, TABLES, YEAR, connection)


@pytest.mark.parametrize(
    ("own", "line", "what"),
    [
        (state_control(per="sites"), 3, "There is no column 'sites'."),
        (state_control(per="forced"), 3, "The column 'forced' is no text."),
        (state_control(per="site", subjects="site"), 4, "There is no fact table 'site'."),
        (state_control(**{**SITED, "subject_where": "in_scop"}), 5, "There is no column or setting 'in_scop'."),
        (state_control(**{**SITED, "subject_where": "site"}), 5, "The expression 'subject_where' is a VARCHAR."),
        (
            state_control(**{**SITED, "subject_where": "in_scope + 1 > 0"}),
            5,
            "The expression does not fit the columns.",
        ),
        (
            state_control(population="drills", expect="good", because=()),
            2,
            "The table 'drills' does not say over which time its rows held.",
        ),
        (
            cadence_control(settings={"every": "month", "limit": 3}),
            7,
            "The setting 'limit' is used by no expression.",
        ),
        (control("flag", settings={"window_end": 3}), 6, "The setting 'window_end' has the name of the window."),
    ],
)
def test_what_is_wrong_is_said_with_its_place(own: Control, line: int, what: str) -> None:
    own.lines.clear()
    own.lines.update(LINES)
    with pytest.raises(CatalogueError) as refused:
        planned(own)
    assert (refused.value.where, refused.value.what) == (f"TST-01.md:{line}", what)
    assert refused.value.fix


@pytest.mark.parametrize(
    ("own", "said", "what"),
    [
        (cadence_control(), {"every": "365"}, "The setting every of TST-01 is '365'."),
        (cadence_control(), {"grace_days": 400}, "The setting grace_days of TST-01 is 400."),
        (cadence_control(), {"grace_days": True}, "The setting grace_days of TST-01 is True."),
        (state_control(), {"bridge_days": 2}, "TST-01 has no setting 'bridge_days'."),
    ],
)
def test_settings_of_a_kind_are_checked(own: Control, said: dict[str, Any], what: str) -> None:
    with pytest.raises(ConfigError) as refused:
        planned(own, **said)
    assert refused.value.what == what
    assert refused.value.fix


def test_settings_of_no_control_are_refused() -> None:
    check_settings([control()], {"TST-01": {}})
    with pytest.raises(ConfigError, match="Did you mean 'TST-01'"):
        check_settings([control()], {"TST-1": {}})


def test_a_common_setting_may_stand_in_an_expression() -> None:
    own = cadence_control(expect="good AND grace_days < 3", grace=2)
    assert planned(own).parts["expect"].sql == "good AND 2 < 3"


def test_every_shipped_control_can_be_planned() -> None:
    with open_tables(list(ALL.values())) as connection:
        for own in load_controls():
            assert plan_control(own, {}, ALL, YEAR, connection).parts["expect"].sql
