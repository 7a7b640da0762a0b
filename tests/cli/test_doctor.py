"""``asbuilt doctor`` as a user types it."""

import json
from pathlib import Path

from tests.commands import asbuilt
from tests.repos import Repo


def test_a_sound_repository_is_0(repo: Repo) -> None:
    repo.write("a", "1\n").commit()
    done = asbuilt("doctor", cwd=repo.path)
    assert done.code == 0, done.text
    assert "\nok    history " in done.text


def test_a_failure_is_3_and_has_its_remedy_below(tmp_path: Path) -> None:
    done = asbuilt("doctor", cwd=tmp_path)
    assert done.code == 3
    assert "fail  repository" in done.text
    assert "-> Run the command inside one" in done.text


def test_json_says_the_same(repo: Repo) -> None:
    repo.write("a", "1\n").commit()
    found = json.loads(asbuilt("doctor", "--format", "json", cwd=repo.path).out)
    assert {"name", "state", "found", "remedy"} == set(found[0])
    assert {each["state"] for each in found} <= {"ok", "warn", "fail"}
