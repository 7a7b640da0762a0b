"""Trivy's JSON: packages, settings and secrets are three kinds of scan."""

import msgspec

from tests.scans.samples import TRIVY, holds_secret, only, reading


def test_one_run_for_each_kind() -> None:
    told = reading(TRIVY)
    packages, secrets, settings = told.runs
    assert [run.kind for run in told.runs] == ["dependency-scan", "secret-scan", "static-analysis"]
    assert packages.files == {"uv.lock", "package-lock.json"}
    assert packages.results[0].fixed_in == ("1.1", "2.0")
    assert (secrets.results[0].message, secrets.results[0].severity) == ("GitHub Personal Access Token", "critical")
    assert [each.rule for each in settings.results] == ["DS002"]
    assert {run.succeeded for run in told.runs} == {None}
    assert not holds_secret(told)


def test_without_a_target_nothing_was_looked_at() -> None:
    run = only({"SchemaVersion": 2, "ArtifactName": "."})
    assert run.unread == ("Trivy names no target of packages, settings or secrets: nothing was looked at.",)


def test_a_file_is_looked_at_when_it_is_named_and_packages_for_their_licences_are_not() -> None:
    listed = {"Target": "Cargo.lock", "Class": "lang-pkgs", "Packages": [{"Name": "a"}]}
    document = {"SchemaVersion": 2, "ArtifactName": ".", "Results": [listed]}
    run = msgspec.structs.replace(only(document), succeeded=True)
    assert run.looked_at("CVE-1", "Cargo.lock", "a")
    assert not run.looked_at("CVE-1", "uv.lock", "a")
    licences = {"Target": "Cargo.lock", "Class": "license", "Licenses": [{"Name": "MIT"}]}
    run = msgspec.structs.replace(only(document | {"Results": [listed, licences]}), succeeded=True)
    assert not run.looked_at("CVE-1", "Cargo.lock", "a")
    nothing = msgspec.structs.replace(only({"SchemaVersion": 2, "ArtifactName": "."}), succeeded=True)
    assert not nothing.looked_at("CVE-1", "Cargo.lock", "a")
