"""``asbuilt explain`` as a user types it."""

import json
from pathlib import Path

from tests.commands import asbuilt


def test_a_code_is_explained(tmp_path: Path) -> None:
    done = asbuilt("explain", "CHG-01", cwd=tmp_path)
    assert done.code == 0
    assert done.text.startswith("CHG-01 A second person")


def test_no_code_lists_them_all(tmp_path: Path) -> None:
    text = asbuilt("explain", cwd=tmp_path).text
    assert "\nGAP-FORGE " in text
    assert "\nexit-3 " in text


def test_json_says_the_same(tmp_path: Path) -> None:
    found = json.loads(asbuilt("explain", "exit-3", "--format", "json", cwd=tmp_path).out)
    assert found[0]["code"] == "exit-3"
    assert len(json.loads(asbuilt("explain", "--format", "json", cwd=tmp_path).out)) > 20


def test_an_unknown_code_is_2(tmp_path: Path) -> None:
    done = asbuilt("explain", "CHG-0l", cwd=tmp_path)
    assert (done.code, done.out) == (2, b"")
    assert "Did you mean" in done.said
