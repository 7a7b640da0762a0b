"""A tree's dependencies in an inspection: counted by who brought them, held against what is known, gaps said."""

from pathlib import Path

import pytest

from asbuilt.app.advisories import VARIABLE, import_advisories
from asbuilt.app.tree_dependencies import Read, read_dependencies
from asbuilt.history.git import open_repository
from tests.app.test_deps import Shop
from tests.repos import START, Repo
from tests.supply.advisories.written import affected, before, record, write_zip

DAY = 86_400


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv(VARIABLE, raising=False)


def read(repo: Repo, at: int = START) -> Read:
    with open_repository(repo.path) as repository:
        return read_dependencies(repository, repository.resolve("HEAD"), at=at, keep_index=False)


def store(folder: Path, now: int) -> Path:
    source = write_zip(folder / "npm" / "all.zip", [record("GHSA-1", affected("npm", "tool", before("1.0.0")))])
    import_advisories([str(source)], store=folder / "store", now=now)
    return folder / "store"


def test_components_are_counted_by_who_brought_them(shop: Shop) -> None:
    found = read(shop.repo).dependencies
    assert found is not None
    assert (found.total, found.files) == (4, {"package-lock.json": 3, "requirements.txt": 1})
    assert found.by_ecosystem == {"npm": 3, "PyPI": 1}
    assert {name: count for name, count in found.by_attribution.items() if count} == {
        "ai-declared": 1,
        "automation": 1,
        "unknown": 2,
    }
    assert found.by_approval == {"proved": 0, "stated": 1, "missing": 0, "unknown": 3}
    assert found.ai_by_approval == {"proved": 0, "stated": 0, "missing": 0, "unknown": 1}
    (brought,) = found.from_ai
    assert (brought.name, brought.version, brought.commit, brought.number) == ("tool", "0.1.0", shop.by_tool, 7)


def test_what_was_held_against_nothing_is_a_gap_and_nothing_is_made_on_the_way(shop: Shop, tmp_path: Path) -> None:
    found = read(shop.repo)
    assert found.dependencies is not None
    assert found.dependencies.advisories is None
    assert [gap.code for gap in found.gaps] == ["GAP-ADVISORIES"]
    assert "4 dependencies were not checked" in found.gaps[0].what
    assert not (tmp_path / "cache").exists()


def test_a_weakness_stands_with_what_brought_its_component(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(store(tmp_path, START)))
    found = read(shop.repo)
    assert found.dependencies is not None
    held = found.dependencies.advisories
    assert held is not None
    assert held.coverage["matched"] == 1
    assert {name: count for name, count in held.by_attribution.items() if count} == {"ai-declared": 1}
    (weakness,) = held.weaknesses
    assert (weakness.advisory, weakness.component.name) == ("GHSA-1", "tool")


def test_a_commit_long_after_the_store_is_not_called_clean(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, str(store(tmp_path, START)))
    found = read(shop.repo, START + 5_000 * DAY)
    assert found.dependencies is not None
    held = found.dependencies.advisories
    assert held is not None
    assert held.old
    assert held.coverage["clean"] == 0
    assert [gap.code for gap in found.gaps] == ["GAP-ADVISORIES"]


def test_a_store_that_cannot_be_read_is_a_gap(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "store").write_bytes(b"none")
    monkeypatch.setenv(VARIABLE, str(tmp_path / "store"))
    found = read(shop.repo)
    assert [gap.code for gap in found.gaps] == ["GAP-ADVISORIES"]


def test_a_tree_that_names_nothing_has_none(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "plain")
    repo.write("a.txt", "a").commit("a")
    assert read(repo) == Read(None, ())


def test_a_file_that_cannot_be_read_is_a_gap(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "odd")
    repo.write("package-lock.json", "{").commit("a")
    assert [gap.code for gap in read(repo).gaps] == ["GAP-DEPENDENCIES"]


def test_a_version_of_long_ago_that_cannot_be_read_is_told_apart(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "odd")
    repo.write("package-lock.json", "{").commit("a")
    repo.write("requirements.txt", "a==1\n").write(
        "package-lock.json", '{"lockfileVersion": 3, "packages": {}}'
    ).commit("b")
    found = read(repo)
    assert [gap.code for gap in found.gaps] == ["GAP-ADVISORIES"]
    assert found.dependencies is not None
    assert (found.dependencies.unread, found.dependencies.unread_before) == (0, 1)
