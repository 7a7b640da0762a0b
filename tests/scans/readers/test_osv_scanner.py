"""OSV-Scanner's JSON: advisories of one group are one weakness."""

import copy

import msgspec

from tests.scans.samples import OSV, only


def test_a_group_is_one_finding_and_files_without_any_were_looked_at() -> None:
    run = only(OSV)
    (found,) = run.results
    assert (found.package, found.version, found.path) == ("PyPI:thing", "1.0", "uv.lock")
    assert (found.severity, found.fixed_in, found.cwe) == ("critical", ("2.0",), ("CWE-94",))
    assert set(found.aliases) == {"PYSEC-2026-1", "CVE-2026-1"}
    assert run.files == {"uv.lock", "package-lock.json"}
    assert run.succeeded is None


def test_advisories_without_groups_are_findings_too() -> None:
    document = copy.deepcopy(OSV)
    del document["results"][0]["packages"][0]["groups"]
    assert len(only(document).results) == 2
    assert only({"results": [], "experimental_config": {}}).results == ()


def test_of_a_file_that_it_does_not_list_it_tells_nothing() -> None:
    run = msgspec.structs.replace(only(OSV), succeeded=True)
    assert run.looked_at("any", "uv.lock", "PyPI:thing")
    assert not run.looked_at("any", "Cargo.lock", "crates.io:thing")
    empty = msgspec.structs.replace(only({"results": [], "experimental_config": {}}), succeeded=True)
    assert not empty.looked_at("any", "uv.lock", "PyPI:thing")
    assert "--all-packages" in (run.names_all_with or "")
