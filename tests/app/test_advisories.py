"""Importing advisories, and holding a tree or an SBOM against them."""

import json
import os
from pathlib import Path

import pytest

from asbuilt.app.advisories import advisories_status, check_advisories, import_advisories, store_file
from asbuilt.ledger.ledger import create_ledger, open_ledger
from asbuilt.model.errors import UsageError
from asbuilt.supply.advisories.store import DAY
from tests.app.test_vex import decided
from tests.supply.advisories.written import NOW, affected, before, record, write_zip


def made(folder: Path) -> Path:
    """A store that holds every advisory of npm: one."""
    file = write_zip(folder / "npm" / "all.zip", [record("GHSA-1", affected("npm", "a", before("1.0.0")))])
    import_advisories([str(file)], store=folder / "store", now=NOW)
    return folder / "store"


def sbom(folder: Path, *purls: str) -> Path:
    file = folder / "bom.json"
    file.write_text(
        json.dumps({"bomFormat": "CycloneDX", "components": [{"name": "x", "purl": each} for each in purls]})
    )
    return file


def test_an_sbom_is_held_against_the_store(tmp_path: Path) -> None:
    bom = sbom(tmp_path, "pkg:npm/a@0.9.0", "pkg:npm/b@1.0.0", "pkg:pypi/c@1")
    found = check_advisories(bom, store=made(tmp_path), now=NOW)
    assert [each.coverage for each in found.components] == ["matched", "clean", "not_checked"]
    assert (found.affected, found.answered, found.old, found.sample) == (1, 0, False, False)


def test_a_tree_is_held_against_the_store_and_links_are_not_followed(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "web").mkdir(parents=True)
    lock = {"lockfileVersion": 3, "packages": {"": {}, "node_modules/a": {"version": "0.9.0"}}}
    (tree / "web" / "package-lock.json").write_text(json.dumps(lock))
    (tree / "package-lock.json").symlink_to(tree / "web" / "package-lock.json")
    found = check_advisories(tree, store=made(tmp_path), now=NOW)
    assert [(each.name, each.coverage) for each in found.components] == [("a", "matched")]


def test_a_statement_leaves_the_match_and_takes_it_from_the_count(tmp_path: Path) -> None:
    vex = tmp_path / "vex.json"
    said = {"vulnerability": {"name": "GHSA-1"}, "products": [{"@id": "pkg:npm/a"}], "status": "not_affected"}
    vex.write_text(json.dumps({"author": "Ana", "statements": [{**said, "impact_statement": "Unused."}]}))
    found = check_advisories(sbom(tmp_path, "pkg:npm/a@0.9.0"), store=made(tmp_path), vex=[vex], now=NOW)
    assert (found.affected, found.answered, found.count("matched")) == (0, 1, 1)


def test_lists_of_weaknesses_in_use_are_imported_alone(tmp_path: Path) -> None:
    store = made(tmp_path)
    kev, epss = tmp_path / "kev.json", tmp_path / "epss.csv"
    kev.write_text(
        '{"dateReleased": "2026-09-20T00:00:00Z", "vulnerabilities":'
        ' [{"cveID": "CVE-2026-0001", "dateAdded": "2026-01-01"}]}'
    )
    epss.write_text("#model_version:v1,score_date:2026-09-20\ncve,epss,percentile\nCVE-2026-0001,0.5,0.9\n")
    bom = sbom(tmp_path, "pkg:npm/a@0.9.0")
    assert check_advisories(bom, store=store, now=NOW).old_threats == ("KEV", "EPSS")
    status = import_advisories([], store=store, kev=kev, epss=epss, now=NOW)
    assert (status.records, [own.entries for own in status.threats]) == (1, [1, 1])
    found = check_advisories(bom, store=store, now=NOW)
    assert (found.old_threats, len(found.threats)) == ((), 2)
    assert check_advisories(bom, store=store, now=NOW + 30 * DAY).old_threats == ("KEV", "EPSS")
    with pytest.raises(UsageError, match="Nothing is named"):
        import_advisories([], store=store)


def test_an_old_store_is_told(tmp_path: Path) -> None:
    bom = sbom(tmp_path, "pkg:npm/b@1.0.0")
    found = check_advisories(bom, store=made(tmp_path), now=NOW + 60 * DAY)
    assert (found.old, found.count("clean")) == (True, 0)
    assert check_advisories(bom, store=tmp_path / "store", now=NOW + 60 * DAY, old_after=90).count("clean") == 1


def test_the_sample_matches_and_calls_nothing_clean(tmp_path: Path) -> None:
    bom = sbom(tmp_path, "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", "pkg:npm/lodash@4.17.21")
    found = check_advisories(bom, sample=True)
    assert found.sample
    assert [each.coverage for each in found.components] == ["matched", "not_checked"]
    assert found.components[0].matches[0].level == "critical"


def test_an_address_is_fetched_by_what_is_given_and_its_folder_says_what_it_covers(tmp_path: Path) -> None:
    file = write_zip(tmp_path / "some.zip", [record("GHSA-1", affected("PyPI", "a", before("1.0")))])
    asked = []

    def opener(address: str, target: Path) -> None:
        asked.append(address)
        target.write_bytes(file.read_bytes())

    address = "https://advisories.example/PyPI/all.zip"
    held = import_advisories([address], store=tmp_path / "store", now=NOW, opener=opener)
    assert asked == [address]
    assert [(each.ecosystem, each.whole) for each in held.ecosystems] == [("PyPI", True)]
    assert held.sources == (address,)


def test_adding_keeps_what_was_there(tmp_path: Path) -> None:
    made(tmp_path)
    (tmp_path / "one.json").write_text(json.dumps(record("X-1", affected("Go", "m", before("1.0.0")))))
    held = import_advisories([str(tmp_path / "one.json")], store=tmp_path / "store", add=True, now=NOW)
    assert [(each.ecosystem, each.whole) for each in held.ecosystems] == [("Go", False), ("npm", True)]
    assert advisories_status(tmp_path / "store") == held


def test_an_ecosystem_that_is_none_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="pypi"):
        import_advisories([str(tmp_path)], store=tmp_path / "store", covers=("pypi",))


def test_the_store_lies_where_it_is_named_else_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store_file(tmp_path / "x") == tmp_path / "x"
    assert store_file(None) == tmp_path / "cache" / "asbuilt" / "advisories.sqlite"
    monkeypatch.setenv("ASBUILT_ADVISORIES", str(tmp_path / "y"))
    assert store_file(None) == tmp_path / "y"
    monkeypatch.delenv("ASBUILT_ADVISORIES")
    os.chmod(tmp_path / "cache" / "asbuilt", 0o777)
    with pytest.raises(UsageError, match="no cache folder"):
        store_file(None)


def test_an_absent_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no file"):
        check_advisories(tmp_path / "absent.json", store=made(tmp_path))
    with pytest.raises(UsageError, match="folder of"):
        import_advisories(["x"], store=tmp_path / "absent" / "store")


def test_when_a_store_is_old_the_company_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "asbuilt.toml").write_text("[supply]\nadvisories = { older_than_days = 90 }\n")
    bom = sbom(tmp_path, "pkg:npm/b@1.0.0")
    store = made(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert check_advisories(bom, store=store, now=NOW + 60 * DAY).count("clean") == 1
    assert check_advisories(bom, store=store, now=NOW + 60 * DAY, old_after=7).count("clean") == 0


def test_decisions_of_a_ledger_are_statements_too(tmp_path: Path) -> None:
    create_ledger(tmp_path / "ledger", origin="example.com/log", now=0).close()
    told = {"vulnerability": "GHSA-1", "component": "pkg:npm/a@0.9.0", "decided_at": "2026-03-02"}
    with open_ledger(tmp_path / "ledger") as ledger:
        ledger.append([decided(**told), decided(finding="other", reason=None)])
    store = made(tmp_path)
    bom = sbom(tmp_path, "pkg:npm/a@0.9.0")
    found = check_advisories(bom, store=store, ledger=tmp_path / "ledger", now=NOW)
    assert (found.affected, found.answered, len(found.ignored), found.unused) == (0, 1, 1, ())
    assert found.components[0].matches[0].vex[0].by == "ana"
