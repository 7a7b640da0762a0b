"""``asbuilt verify`` as a command."""

import json
from pathlib import Path

from tests.commands import asbuilt
from tests.reports.package.test_verify import contents, dropped, key, zipped


def test_a_package_is_verified_step_by_step(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", contents())
    done = asbuilt("verify", path, cwd=tmp_path)
    assert done.code == 0
    assert [line[:3] for line in done.text.splitlines()] == [
        f"{number}. " for number in (1, 2, 3, 4, 5, 6, 7, 7, 7, 7)
    ]
    told = json.loads(asbuilt("verify", path, "--key", key().verifier.text, "--format", "json", cwd=tmp_path).out)
    assert (told["holds"], told["steps"][6]["holds"]) == (True, True)


def test_a_package_that_does_not_hold_ends_with_4_and_none_with_2(tmp_path: Path) -> None:
    done = asbuilt("verify", zipped(tmp_path / "a.zip", dropped(contents())), cwd=tmp_path)
    assert (done.code, done.text.splitlines()[0]) == (4, "1. FAILS: index.html is missing.")
    assert asbuilt("verify", "nowhere.zip", cwd=tmp_path).code == 2
