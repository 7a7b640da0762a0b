"""A change is not judged by what it brings itself."""

from pathlib import Path

import pytest

from asbuilt.app.gate_run import Words, run
from asbuilt.model.errors import UsageError
from tests.app.test_gate import NOW, asked, proposed
from tests.app.test_gate_brought import OPEN
from tests.repos import Repo


def test_a_ledger_that_comes_with_the_change_is_its_authors(repo: Repo) -> None:
    proposed(repo, policy=OPEN, **{".asbuilt/ledger/entries": "all is well\n"})
    with pytest.raises(UsageError, match="by which it would be judged"):
        asked(repo, ledger=repo.path / ".asbuilt" / "ledger")


def test_a_link_in_the_place_of_a_ledger_is_its_authors(repo: Repo, tmp_path: Path) -> None:
    proposed(repo, policy=OPEN)
    (repo.path / "ledger").symlink_to(tmp_path)
    repo.git("add", "ledger")
    repo.commit("Link")
    with pytest.raises(UsageError, match="by which it would be judged"):
        asked(repo, ledger=repo.path / "ledger")


@pytest.mark.parametrize("name", ["ASBUILT_ADVISORIES", "ASBUILT_REGISTRY"])
def test_a_store_that_comes_with_the_change_is_its_authors(repo: Repo, name: str) -> None:
    proposed(repo, policy=OPEN, **{"store.sqlite": "nothing is known\n"})
    words = Words(path=str(repo.path), base="main", head="topic")
    with pytest.raises(UsageError, match=r"store\.sqlite"):
        run(words, {name: str(repo.path / "store.sqlite")}, NOW)


def test_what_lies_beside_the_change_is_asked(repo: Repo, tmp_path: Path) -> None:
    proposed(repo, policy=OPEN)
    words = Words(path=str(repo.path), base="main", head="topic")
    found, _ = run(words, {"ASBUILT_REGISTRY": str(repo.path / "untracked.sqlite")}, NOW)
    assert found.answer == "may land"
