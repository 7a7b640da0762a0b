"""Who brought each dependency: through merges and squashes, with attribution and approval."""

from pathlib import Path

import pytest

from asbuilt.app.deps import Wanted, list_dependencies
from asbuilt.app.evidence_origin import Origin
from asbuilt.app.ledger import append
from asbuilt.app.record_dependencies import record_dependencies
from asbuilt.app.record_git import record_git
from asbuilt.app.taking import Taking
from asbuilt.ledger.ledger import create_ledger
from asbuilt.model.deps import Dependency, DependencyList
from tests.facts.telling import tell
from tests.repos import HOUR, START, Repo

NAME = "o/n"
CLAUDE = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"


def lock(**versions: str) -> str:
    packages = ",\n".join(f'"node_modules/{name}": {{"version": "{told}"}}' for name, told in versions.items())
    return f'{{"lockfileVersion": 3, "packages": {{{packages}}}}}'


class Shop:
    """A product: one dependency of a person, a squash of two authors, a merge of a bot, a reviewed commit."""

    def __init__(self, folder: Path) -> None:
        repo = self.repo = Repo(folder / "shop")
        self.first = repo.write("package-lock.json", lock(base="1.0.0")).commit("Start")
        repo.checkout("topic", new=True)
        self.by_hand = repo.write("package-lock.json", lock(base="1.0.0", hand="1.0.0")).commit(
            "By hand", author="Ben Ito <ben@example.com>"
        )
        self.by_tool = repo.write("package-lock.json", lock(base="1.0.0", hand="1.0.0", tool="0.1.0")).commit(
            f"By tool{CLAUDE}", author="Ben Ito <ben@example.com>"
        )
        repo.ref("refs/pull/7/head", self.by_tool).checkout("main")
        self.squash = repo.squash("topic", f"Take two (#7){CLAUDE}")
        repo.checkout("bump", new=True)
        self.bump = repo.write("package-lock.json", lock(base="1.1.0", hand="1.0.0", tool="0.1.0")).commit(
            "Bump base", author="dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
        )
        repo.checkout("main").write("README", "x").commit("Else")
        self.merge = repo.merge("bump", message="Merge pull request #8 from o/bump")
        self.stated = repo.write("requirements.txt", "x==1\n").commit(
            "Add x\n\nReviewed-by: Cy Ora <cy@example.com>\n", author="Ana Alves <ana@example.com>"
        )

    def listed(self, *, ledger: Path | None = None, **wanted: object) -> DependencyList:
        return list_dependencies(
            Wanted(**wanted),  # type: ignore[arg-type]  # what each test asks for
            path=self.repo.path,
            ledger=ledger,
            keep_index=False,
        )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return Shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASBUILT_CACHE", str(tmp_path / "cache"))


def by_name(listed: DependencyList) -> dict[str, Dependency]:
    return {own.name: own for own in listed.dependencies}


def test_each_component_has_the_commit_the_change_and_the_attribution_that_brought_it(shop: Shop) -> None:
    found = by_name(shop.listed())
    told = {name: (own.kind, own.commit, own.change, own.attribution) for name, own in found.items()}
    assert told == {
        "base": ("version", shop.bump, shop.merge, "automation"),
        "hand": ("new", shop.by_hand, shop.squash, "unknown"),
        "tool": ("new", shop.by_tool, shop.squash, "ai-declared"),
        "x": ("new", shop.stated, shop.stated, "unknown"),
    }
    assert (found["base"].previous, found["base"].first, found["base"].number) == ("1.0.0", shop.first, 8)
    assert (found["tool"].author, found["tool"].tools, found["tool"].mixed) == ("Ben Ito", ("claude_code",), False)
    assert (found["x"].line, found["x"].path, found["x"].direct) == (1, "requirements.txt", True)


def test_without_a_ledger_git_states_approvals_and_the_rest_is_unknown(shop: Shop) -> None:
    listed = shop.listed()
    found = by_name(listed)
    assert (found["x"].approval, found["x"].approved_by) == ("stated", ("Cy Ora",))
    assert {own.approval for name, own in found.items() if name != "x"} == {"unknown"}
    assert [gap.code for gap in listed.gaps] == ["GAP-LEDGER"]
    assert listed.approvals == {"proved": 0, "stated": 1, "missing": 0, "unknown": 3}


def test_filters_leave_out_what_is_not_asked_for(shop: Shop) -> None:
    assert set(by_name(shop.listed(introduced_by=("ai",)))) == {"tool"}
    assert set(by_name(shop.listed(introduced_by=("automation", "ai")))) == {"tool", "base"}
    assert set(by_name(shop.listed(unapproved=True))) == {"tool", "base", "hand"}
    landed = by_name(shop.listed())["x"].landed_at
    assert set(by_name(shop.listed(since=landed))) == {"x"}
    assert shop.listed(since=landed).total == 4


def test_what_only_other_packages_ask_for_can_be_left_out_and_what_is_not_told_stays(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "shop")
    asked = '"": {"dependencies": {"asked": "^1.0.0"}}'
    packages = '"node_modules/asked": {"version": "1.0.0"}, "node_modules/deep": {"version": "1.0.0"}'
    repo.write("package-lock.json", f'{{"lockfileVersion": 3, "packages": {{{asked}, {packages}}}}}')
    repo.write("go.sum", "").write("old/package-lock.json", lock(untold="1.0.0")).commit("Start")
    told = {
        own.name: own.direct for own in list_dependencies(Wanted(), path=repo.path, keep_index=False).dependencies
    }
    left = by_name(list_dependencies(Wanted(direct=True), path=repo.path, keep_index=False))
    assert told["deep"] is False
    assert told["asked"] is True
    assert set(left) == {name for name, direct in told.items() if direct is not False}


def test_the_whole_history_has_what_no_longer_stands(shop: Shop) -> None:
    rows = [(own.kind, own.name, own.version, own.stands) for own in shop.listed(whole_history=True).dependencies]
    assert sorted(rows) == [
        ("new", "base", "1.0.0", False),
        ("new", "hand", "1.0.0", True),
        ("new", "tool", "0.1.0", True),
        ("new", "x", "1", True),
        ("version", "base", "1.1.0", True),
    ]


def test_kept_and_new_answers_are_the_same(shop: Shop) -> None:
    fresh = shop.listed()
    for _ in range(2):
        assert list_dependencies(Wanted(), path=shop.repo.path) == fresh


def test_a_squash_without_its_branch_keeps_its_own_signals_and_says_so(shop: Shop, tmp_path: Path) -> None:
    shop.repo.git("clone", "-q", "--bare", str(shop.repo.path), str(tmp_path / "clone.git"))
    Repo(tmp_path / "clone.git", bare=True).git("update-ref", "-d", "refs/heads/topic")
    found = by_name(list_dependencies(Wanted(), path=tmp_path / "clone.git", keep_index=False))
    assert (found["hand"].commit, found["hand"].attribution, found["hand"].mixed) == (
        shop.squash,
        "ai-declared",
        True,
    )


def test_where_the_clone_is_cut_off_what_stood_there_is_before(shop: Shop, tmp_path: Path) -> None:
    shop.repo.git("clone", "-q", "--depth=1", shop.repo.path.as_uri(), str(tmp_path / "cut"))
    listed = list_dependencies(Wanted(), path=tmp_path / "cut", keep_index=False)
    assert {own.kind for own in listed.dependencies} == {"before"}
    assert {own.commit for own in listed.dependencies} == {None}
    assert "GAP-SHALLOW" in {gap.code for gap in listed.gaps}


def test_the_ledger_proves_approvals_of_changes_and_of_packages(shop: Shop, tmp_path: Path) -> None:
    ledger = tmp_path / "ledger"
    create_ledger(ledger, origin="example.com/shop", now=START).close()
    now = START + 1_000 * HOUR
    record_git(str(shop.repo.path), Origin(), Taking(ledger, now=now), name=NAME)
    unread = by_name(shop.listed(ledger=ledger))
    assert {own.approval for name, own in unread.items() if name != "x"} == {"unknown"}
    done = record_dependencies(str(shop.repo.path), Origin(), Taking(ledger, now=now), name=NAME)
    assert done.rows == {"dependencies_added": 5}
    again = record_dependencies(str(shop.repo.path), Origin(), Taking(ledger, now=now), name=NAME)
    assert again.new == 0
    person = tell("people", person="dee", name="Dee", starts_at="2020-01-01", source="hr", observed="2023-12-01")
    approval = tell(
        "dependency_approvals", approval="D-1", package="npm:tool", approved_by="dee", approved_at="2023-01-01",
        reason="Looked at.", source="register", observed="2023-12-01",
    )  # fmt: skip
    append(ledger, [person, approval])
    found = by_name(shop.listed(ledger=ledger))
    assert (found["tool"].approval, found["tool"].approved_by) == ("proved", ("dee",))
    assert found["hand"].approval == "unknown"


def test_of_a_folder_only_what_lies_there_is_listed(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", lock(a="1.0.0")).write("web/package-lock.json", lock(b="1.0.0")).commit("Start")
    assert set(by_name(list_dependencies(Wanted(), path=repo.path / "web", keep_index=False))) == {"b"}
