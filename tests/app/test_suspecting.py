"""The nine rules on a real repository: who brought what, what the store says, what is imported."""

from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.suspecting import SuspicionList, suspect_dependencies
from asbuilt.model.registry_facts import PackageFacts, VersionFacts
from asbuilt.supply.advisories.archives import Place
from asbuilt.supply.advisories.building import build_store
from asbuilt.supply.registry.store import keep_facts
from tests.repos import START, Repo
from tests.supply.advisories.written import NOW, affected, before, record, write_zip

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
    return suspect_dependencies(
        repo, store=repo.parent / "store", advisories=repo.parent / "advisories", keep_index=False, now=NOW
    )


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
    assert (first.attribution, first.declared, first.path, first.line) == ("unknown", False, "main.py", 2)
    assert (second.attribution, second.line, third.attribution) == ("ai-declared", 2, "ai-declared")
    assert (found.untested, found.asked, found.packages) == ((), True, 6)
    assert (found.count("block"), found.count("block", "high"), found.count("low")) == (1, 2, 2)


def test_without_a_store_every_rule_of_a_registry_is_untested_and_said(repo: Path) -> None:
    found = checked(repo)
    assert not found.asked
    assert {own.rule for own in found.untested} >= {1, 2, 3, 4}
    assert all(len(own.packages) <= 3 for own in found.untested)
    assert by_package(found)["PyPI:idle"][-1] == (8, "low")


def test_what_a_person_left_idle_is_no_suspicion(tmp_path: Path) -> None:
    own = Repo(tmp_path / "repo")
    own.write("main.py", "import a, b, c\n").write("requirements.txt", "a==1\nb==1\nc>=1\nidle==1\n").commit()
    assert checked(tmp_path / "repo").suspected == ()


def advisories(repo: Path, *records: dict[str, Any]) -> None:
    file = write_zip(repo.parent / "some.zip", records)
    build_store(repo.parent / "advisories", [Place(file, "some.zip", ("PyPI",))], now=NOW)


def test_a_package_that_an_advisory_calls_harmful_is_a_block_asked_or_not(repo: Path) -> None:
    every = [{"introduced": "0"}]
    advisories(
        repo,
        record("MAL-2026-1", affected("PyPI", "new-one", every)),
        record("MAL-2026-2", affected("PyPI", "last", every)),  # of no version of its own here
        record("MAL-2026-3", affected("PyPI", "more", versions=["7.0"])),  # of another version
        record("GHSA-1", affected("PyPI", "other", before("2.0"))),  # a weakness is no harm on purpose
        record("MAL-2026-4", affected("PyPI", "invented-thing", every)),
    )
    found = checked(repo)
    told = {name: weights for name, weights in by_package(found).items() if (7, "block") in weights}
    assert set(told) == {"PyPI:new-one", "PyPI:last", "PyPI:invented-thing"}
    assert (found.advisories, found.count("block")) == ("", 3)


def test_a_store_of_advisories_that_is_not_there_or_of_another_ecosystem_is_said(repo: Path) -> None:
    assert "no advisory store" in checked(repo).advisories
    advisories(repo, record("MAL-1", affected("npm", "left-pad", [{"introduced": "0"}])))
    assert checked(repo).advisories == "The advisory store holds nothing of PyPI."


def test_a_name_like_one_of_the_products_own_is_told_when_it_is_young(tmp_path: Path) -> None:
    own = Repo(tmp_path / "repo")
    own.write("main.py", "import acme_billing\n").write("requirements.txt", "acme-billing==1.0\n").commit()
    own.write("requirements.txt", "").commit()  # gone again: it is known all the same
    own.write("requirements.txt", "acme-biling==1.0\n").commit(f"Bill\n\n{AGENT}")
    found = checked(tmp_path / "repo", told("acme-biling", first=START - DAY))
    assert by_package(found)["PyPI:acme-biling"][:2] == [(2, "high"), (6, "high")]


def test_an_import_says_who_wrote_its_line(repo: Path) -> None:
    own = Repo(repo)
    first = own.git("rev-parse", "HEAD~1").decode().strip()
    own.write("tool.py", "import agent_made\n").commit(f"Tool\n\n{AGENT}")
    found = {each.package: each for each in checked(repo).suspected if not each.declared}
    assert found["PyPI:agent-made"].attribution == "ai-declared"
    assert found["PyPI:agent-made"].commit == own.head()
    assert found["PyPI:invented-thing"].attribution == "unknown"
    assert found["PyPI:invented-thing"].commit == first


def test_what_no_registry_of_packages_gives_out_is_not_judged(tmp_path: Path) -> None:
    own = Repo(tmp_path / "repo")
    own.write(".github/workflows/ci.yml", "jobs: {a: {steps: [{uses: actions/checkout@v4}]}}\n")
    own.write("Dockerfile", "FROM python:3.12\n").commit()
    found = checked(tmp_path / "repo")
    assert (found.packages, found.untested) == (0, ())
