"""Packages that a change brings in: refused by what the stores know, and "not known" where they know nothing."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.advisories import import_advisories
from asbuilt.model.gate import Answer, Brought, Gate, Standing
from asbuilt.model.registry_facts import PackageFacts, VersionFacts
from asbuilt.supply.registry.store import keep_facts
from tests.app.test_gate import NOW
from tests.app.test_gate_brought import OPEN
from tests.app.test_gate_findings import changed
from tests.repos import Repo
from tests.supply.advisories.written import affected, before, record, write_zip

DAY = 86_400
OLD = NOW - 900 * DAY


def lock(packages: Mapping[str, str]) -> str:
    """A lock file of npm."""
    listed = {f"node_modules/{name}": {"version": version} for name, version in packages.items()}
    return json.dumps({"lockfileVersion": 3, "packages": {"": {}, **listed}}, indent=1)


def facts(name: str, **told: Any) -> PackageFacts:
    """What a registry says of a package that has nothing against it."""
    versions = {
        one: VersionFacts(released_at=OLD, yanked=False, deprecated=False, install_scripts=False)
        for one in ("1.0.0", "2.0.0", "3.0.0")
    }
    own = {
        "exists": True, "first_released_at": OLD, "latest_released_at": NOW - 30 * DAY, "releases": 3, "latest": "3.0.0",
        "versions": versions, "owners": 4, "repository_url": "https://code.example/a", "licence": "MIT",
    }  # fmt: skip
    return PackageFacts(
        ecosystem="npm", name=name, index="https://r.example", asked_at=NOW - DAY, **{**own, **told}
    )


@pytest.fixture(autouse=True)
def stores(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of advisories of npm as of yesterday, and one of registry facts."""
    day = "2023-11-13T00:00:00Z"
    high = {"database_specific": {"severity": "HIGH"}}
    low = {"database_specific": {"severity": "LOW"}}
    records = [
        record("GHSA-high", affected("npm", "weak", before("2.0.0")), modified=day, **high),
        record("GHSA-low", affected("npm", "frail", before("2.0.0")), modified=day, **low),
        record("MAL-2023-1", affected("npm", "evil", before("9.0.0")), modified=day),
    ]
    folder = tmp_path / "stores"
    write_zip(folder / "npm" / "all.zip", records)
    import_advisories([str(folder / "npm" / "all.zip")], store=folder / "advisories", now=NOW)
    known = [facts(name) for name in ("good", "weak", "frail", "evil")]
    known += [facts("copyleft", licence="AGPL-3.0-only"), facts("invented", exists=False, versions={})]
    keep_facts(folder / "registry", known, [])
    monkeypatch.setenv("ASBUILT_ADVISORIES", str(folder / "advisories"))
    monkeypatch.setenv("ASBUILT_REGISTRY", str(folder / "registry"))


def bring(repo: Repo, *, policy: str = OPEN, old: Mapping[str, str] | None = None, **new: str) -> Gate:
    """The answer to a change of a lock file."""
    return changed(repo, {"package-lock.json": lock(old or {})}, {"package-lock.json": lock(new)}, policy=policy)


def only(found: Gate) -> Brought:
    (own,) = found.brought
    return own


@pytest.mark.parametrize(
    ("name", "rule", "said"),
    [
        ("evil", "malicious", "MAL-2023-1"),
        ("invented", "existence", "no package of that name"),
        ("weak", "advisories", "GHSA-high"),
        ("copyleft", "licence", "AGPL-3.0-only"),
    ],
)
def test_what_is_harmful_absent_weak_or_wrongly_licensed_is_refused(
    repo: Repo, name: str, rule: str, said: str
) -> None:
    found = bring(repo, **{name: "1.0.0"})
    own = only(found)
    assert (own.name, own.standing, own.blocks) == (f"npm {name} 1.0.0", Standing.DEVIATION, True)
    assert own.message == f"npm {name} 1.0.0 is new."
    assert own.reasons[0].startswith(f"refused ({rule}): ")
    assert said in own.reasons[0]
    assert own.remedy
    assert own.line is not None
    assert found.answer is Answer.REFUSED
    assert f"npm {name} 1.0.0 (package-lock.json:{own.line})" in found.verdict


def test_what_nothing_stands_against_may_come_and_is_counted(repo: Repo) -> None:
    found = bring(repo, good="2.0.0")
    assert (only(found).standing, only(found).blocks, only(found).reasons) == (Standing.MET, False, ())
    assert (found.answer, [gap.code for gap in found.not_seen]) == (Answer.MAY_LAND, ["GAP-REQUEST"])
    assert (found.looked.new, found.looked.registry) == (1, True)
    assert found.looked.advisories_as_of == "2023-11-13"


def test_a_weakness_below_the_level_is_told_by_no_refusal(repo: Repo) -> None:
    found = bring(repo, frail="1.0.0")
    assert (only(found).standing, found.answer) == (Standing.MET, Answer.MAY_LAND)


def test_what_no_store_tells_of_is_not_known(repo: Repo) -> None:
    found = bring(repo, stranger="1.0.0")
    own = only(found)
    assert (own.standing, own.blocks, found.answer) == (Standing.UNKNOWN, False, Answer.MAY_LAND)
    assert [reason.partition(":")[0] for reason in own.reasons] == ["not known (existence)", "not known (licence)"]


def test_another_version_is_told_with_the_one_before_and_what_went_is_counted(repo: Repo) -> None:
    found = bring(repo, old={"weak": "2.0.0", "good": "1.0.0"}, weak="1.0.0")
    own = only(found)
    assert (own.what, own.blocks) == ("version", True)
    assert "comes instead of 2.0.0" in own.message
    assert (found.looked.versions, found.looked.removed) == (1, 1)


def test_a_package_that_another_file_names_already_is_not_new(repo: Repo) -> None:
    files = {"package-lock.json": lock({}), "web/package-lock.json": lock({"evil": "1.0.0"})}
    after = {**files, "package-lock.json": lock({"evil": "1.0.0"})}
    found = changed(repo, files, after)
    assert (found.brought, found.looked.new) == ((), 0)


def test_the_base_says_which_rules_refuse(repo: Repo) -> None:
    policy = f'{OPEN}dependencies = ["malicious"]\n[supply]\nlicences_refused = ["MIT"]\n'
    found = bring(repo, policy=policy, good="2.0.0")
    assert (only(found).standing, only(found).blocks) == (Standing.DEVIATION, False)
    assert found.answer is Answer.MAY_LAND


def test_the_changes_own_policy_of_packages_is_not_believed(repo: Repo) -> None:
    after = {
        "package-lock.json": lock({"copyleft": "1.0.0"}),
        "asbuilt.toml": f"{OPEN}[supply]\nlicences_refused = []\n",
    }
    assert changed(repo, {"package-lock.json": lock({})}, after).answer is Answer.REFUSED


@pytest.mark.parametrize(
    ("name", "content"),
    [("package-lock.json", "{"), ("package-lock.json", '{"lockfileVersion": 99}'), ("Package.resolved", "{}")],
)
def test_a_file_that_cannot_be_read_is_a_gap_and_no_silence(repo: Repo, name: str, content: str) -> None:
    found = changed(repo, {"readme": "x"}, {"readme": "x", name: content})
    assert "GAP-CONTENT" in [gap.code for gap in found.not_seen]
    assert any(name in gap.what for gap in found.not_seen)


def test_a_store_that_is_broken_is_none(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "stores" / "registry").write_bytes(b"SQLite format 3\0 and no more")
    (tmp_path / "stores" / "advisories").write_bytes(b"nothing")
    found = bring(repo, evil="1.0.0")
    assert only(found).standing is Standing.UNKNOWN
    assert [gap.code for gap in found.not_seen].count("GAP-DEPENDENCY") == 2


def test_what_no_registry_is_for_is_said_and_stands_in_nobodys_way(repo: Repo) -> None:
    policy = f'{OPEN}undecided_dependencies = "refuse"\n'
    found = changed(repo, {"a": "x"}, {"a": "x", "Dockerfile": "FROM python:3.12\n"}, policy=policy)
    assert (only(found).standing, only(found).blocks, found.answer) == (Standing.UNKNOWN, False, Answer.MAY_LAND)
