"""``asbuilt signatures`` as a user types it."""

import json
from pathlib import Path

from tests.commands import asbuilt


def test_tools_are_listed(tmp_path: Path) -> None:
    done = asbuilt("signatures", cwd=tmp_path)
    assert done.code == 0
    assert "\naider " in done.text


def test_a_tool_is_shown_with_rules_examples_and_opt_out(tmp_path: Path) -> None:
    text = asbuilt("signatures", "aider", cwd=tmp_path).text
    assert "matches  Paul Gauthier (aider)" in text
    assert "Disclosure can be switched off" in text


def test_json(tmp_path: Path) -> None:
    (found,) = json.loads(asbuilt("signatures", "aider", "--format", "json", cwd=tmp_path).out)
    assert found["rules"][0]["near_misses"]


def test_an_unknown_tool_is_2(tmp_path: Path) -> None:
    assert asbuilt("signatures", "nobody", cwd=tmp_path).code == 2
