"""A bill of materials with who brought each component."""

from pathlib import Path

import pytest

from asbuilt.app.sbom import make_bill
from tests.app.test_component_history import lock
from tests.repos import Repo


def test_each_entry_has_the_commit_that_gave_it_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    repo = Repo(tmp_path / "repo")
    first = repo.write("package-lock.json", lock(a="1.0.0", b="1.0.0")).commit("One")
    second = repo.write("package-lock.json", lock(a="1.0.0", b="1.1.0")).commit("Two")
    (repo.path / "go.mod").write_text("module x\ngo 1.20\nrequire example.com/y v1.0.0\n")
    bill = make_bill(repo.path, who=True)
    told = {own.component.name: own.brought and own.brought.commit for own in bill.entries}
    assert (told["a"], told["b"], told["example.com/y"]) == (first, second, None)
    assert bill.tells_who
    assert make_bill(repo.path).digest != bill.digest
    assert make_bill(repo.path, who=True) == bill
