"""The nine rules on a real repository: who brought what, what the store says, what is imported."""

from pathlib import Path

import pytest

from asbuilt.app.suspecting import SuspicionList, suspect_dependencies
from asbuilt.model.registry_facts import PackageFacts, VersionFacts
from asbuilt.supply.registry.store import keep_facts
from tests.repos import START, Repo

DAY = 86_400
AGENT = "Co-Authored-By: Claude <noreply@anthropic.com>"


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    own = Repo(tmp_path / "repo")
    own.write("main.py", "import flask\nimport invented_thing\n").write("requirements.txt", "flask==2.0\n").commit()
    own.write("requirements.txt", "flask==2.0\nnew-one==1.0\nidle==1.0\nother==1.0\nmore==1.0\nlast>=1\n")
    own.write("main.py", "import flask, new_one, other, more, last\nimport invented_thing\n").commit(
        f"Add packages\n\n{AGENT}"
    )
    return tmp_path / "repo"


def told(name: str, first: int = START - 900 * DAY, exists: bool = True, version: str = "1.0") -> PackageFacts:
    own = VersionFacts(released_at=first, yanked=False, deprecated=False)
    return PackageFacts(
        ecosystem="PyPI",
        name=name,
        index="https://r.example",
        asked_at=START,
        exists=exists,
        first_released_at=first if exists else None,
        releases=3 if exists else None,
        versions={version: own, "0.1": own, "0.2": own} if exists else {},
        owners=2,
        repository_url="https://github.com/a/b",
    )


def checked(repo: Path, *facts: PackageFacts) -> SuspicionList:
    if facts:
        keep_facts(repo.parent / "store", facts, [])
    return suspect_dependencies(repo, store=repo.parent / "store", keep_index=False)


def by_package(found: SuspicionList) -> dict[str, list[tuple[int, str]]]:
    return {own.package: [(each.rule, each.weight) for each in own.suspicions] for own in found.suspected}


def test_what_the_store_says_against_each_and_what_nothing_imports_or_declares(repo: Path) -> None:
    good = [told(name) for name in ("other", "more", "last")]
    found = checked(
        repo,
        *good,
        told("flask", version="2.0"),
        told("new-one", first=START - DAY),
        told("idle"),
        told("invented-thing", exists=False),
    )
    assert by_package(found) == {
        "PyPI:invented-thing": [(1, "block"), (8, "low")],
        "PyPI:new-one": [(2, "high")],
        "PyPI:idle": [(8, "low")],
    }
    first, second, third = found.suspected
    assert (first.commit, first.path, first.line) == (None, "main.py", 2)
    assert (second.attribution, second.line, third.attribution) == ("ai-declared", 2, "ai-declared")
    assert (found.untested, found.asked, found.packages) == ((), True, 6)
    assert (found.count("block"), found.count("block", "high"), found.count("low")) == (1, 2, 2)


def test_without_a_store_every_rule_of_a_registry_is_untested_and_said(repo: Path) -> None:
    found = checked(repo)
    assert not found.asked
    assert {rule for rule, _, _ in found.untested} >= {1, 2, 3, 4}
    assert by_package(found)["PyPI:idle"][-1] == (8, "low")


def test_what_a_person_left_idle_is_no_suspicion(tmp_path: Path) -> None:
    own = Repo(tmp_path / "repo")
    own.write("main.py", "import a, b, c\n").write("requirements.txt", "a==1\nb==1\nc>=1\nidle==1\n").commit()
    assert checked(tmp_path / "repo").suspected == ()
