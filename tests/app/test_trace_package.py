"""A package URL leads to the changes that brought the package and its versions."""

from pathlib import Path

import pytest

from asbuilt.app.trace import trace
from asbuilt.app.trace_package import bare, read_purl
from asbuilt.model.errors import UsageError
from asbuilt.model.trace import Trace
from tests.app.test_component_history import lock
from tests.repos import Repo


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    made = Repo(tmp_path_factory.mktemp("made") / "repo")
    made.write("package-lock.json", lock(a="1.0.0", b="1.0.0")).commit("One")
    made.write("package-lock.json", lock(a="1.1.0", b="1.0.0")).commit("Two")
    made.tag("v1")
    made.write("package-lock.json", lock(a="1.2.0")).commit("Three")
    made.write("requirements.txt", "Flask_Login==1\n").commit("Four")
    return made


def followed(repo: Repo, target: str, **more: str) -> Trace:
    return trace(target, path=repo.path, keep_index=False, **more)  # type: ignore[arg-type]  # only texts


def subjects(found: Trace) -> list[str]:
    return [step.change.subject for step in found.steps if step.change]


def test_a_package_leads_to_who_brought_it_and_its_version(repo: Repo) -> None:
    found = followed(repo, "pkg:npm/a")
    assert subjects(found) == ["One", "Three"]
    assert [(own.kind, own.previous) for own in found.introductions] == [
        ("new", None),
        ("version", "1.0.0"),
        ("version", "1.1.0"),
    ]


def test_one_version_leads_to_its_own_change(repo: Repo) -> None:
    assert subjects(followed(repo, "pkg:npm/a@1.1.0")) == ["Two"]
    assert subjects(followed(repo, "pkg:pypi/flask-login@1")) == ["Four"]


def test_what_was_taken_away_leads_to_who_brought_it_and_who_took_it(repo: Repo) -> None:
    assert subjects(followed(repo, "pkg:npm/b")) == ["One", "Three"]


def test_a_release_holds_a_version_or_not(repo: Repo) -> None:
    held = followed(repo, "pkg:npm/a", to="v1").containment
    assert held is not None
    assert (held.lines, held.contained) == (1, 0)
    held = followed(repo, "pkg:npm/a@1.1.0", to="v1").containment
    assert held is not None
    assert (held.lines, held.contained) == (1, 1)


@pytest.mark.parametrize("target", ["pkg:npm/zzz", "pkg:npm/a@9", "pkg:", "pkg:npm/"])
def test_what_was_never_a_dependency_is_said(repo: Repo, target: str) -> None:
    with pytest.raises(UsageError):
        followed(repo, target)


def test_where_the_clone_is_cut_off_that_is_a_gap(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--depth=1", repo.path.as_uri(), str(tmp_path / "cut"))
    found = trace("pkg:npm/a", path=tmp_path / "cut", keep_index=False)
    assert found.steps == ()
    assert found.gaps[0].code == "GAP-SHALLOW"


def test_a_package_url_is_read_in_every_spelling() -> None:
    assert read_purl("pkg:npm/%40scope/name@1.0?vcs_url=x#sub") == ("pkg:npm/%40scope/name", "1.0")
    assert read_purl("pkg:pypi/Flask_Login") == ("pkg:pypi/flask-login", None)
    assert bare("pkg:github/actions/checkout@v4#path") == "pkg:github/actions/checkout"
