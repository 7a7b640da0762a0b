"""``asbuilt controls`` at the command line."""

import json
from pathlib import Path

from asbuilt.catalogue.controls import load_controls
from tests.commands import asbuilt


def test_the_list_names_every_control(tmp_path: Path) -> None:
    told = asbuilt("controls", cwd=tmp_path)
    assert told.code == 0
    assert all(control.id in told.text for control in load_controls())
    assert f"{len(load_controls())} controls" in told.text


def test_one_control_is_shown_with_its_query(tmp_path: Path) -> None:
    told = asbuilt("controls", "CHG-01", "--from", "2026-01-01", "--to", "2026-07-01", cwd=tmp_path)
    assert told.code == 0
    for part in ("Blind spot", "Settings in force", "required_approvals = 1", "Columns of changes", "FROM changes"):
        assert part in told.text


def test_json_holds_the_same(tmp_path: Path) -> None:
    (page,) = json.loads(asbuilt("controls", "CHG-01", "--format", "json", cwd=tmp_path).out)
    assert page["id"] == "CHG-01"
    assert page["query"].startswith("SELECT")


def test_a_control_that_is_none_gets_the_nearest(tmp_path: Path) -> None:
    told = asbuilt("controls", "CHG-0", cwd=tmp_path)
    assert told.code == 2
    assert "Did you mean" in told.said
