"""When silence of a scanner means that something is gone."""

import msgspec
import pytest

from asbuilt.model.scan import ScanRun

WHOLE = ScanRun(
    tool="CodeQL",
    kind="static-analysis",
    succeeded=True,
    rules=frozenset({"py/sql"}),
    files=frozenset({"a.py"}),
)


def test_a_run_that_ended_well_with_the_rule_on_the_file_looked_at_it() -> None:
    assert WHOLE.looked_at("py/sql", "a.py")
    assert msgspec.structs.replace(WHOLE, rules=None, any_rule=True).looked_at("anything", "a.py")


def test_a_scanner_of_dependencies_that_names_no_files_looked_at_all_but_what_it_left_out() -> None:
    audit = ScanRun(tool="npm audit", kind="dependency-scan", succeeded=True, any_rule=True)
    assert audit.looked_at("GHSA-1", None, "npm:a")
    assert audit.looked_at("GHSA-1", "package.json", None)
    assert not msgspec.structs.replace(audit, succeeded=None).looked_at("GHSA-1", None, "npm:a")
    skipping = msgspec.structs.replace(audit, unchecked=frozenset({"npm:a"}))
    assert not skipping.looked_at("GHSA-1", None, "npm:a")
    assert not skipping.looked_at("GHSA-1", None, None)
    assert skipping.looked_at("GHSA-1", None, "npm:b")


@pytest.mark.parametrize(
    ("run", "rule", "path"),
    [
        (WHOLE, "py/xss", "a.py"),
        (WHOLE, "py/sql", "b.py"),
        (WHOLE, "py/sql", None),
        (msgspec.structs.replace(WHOLE, succeeded=None), "py/sql", "a.py"),
        (msgspec.structs.replace(WHOLE, succeeded=False), "py/sql", "a.py"),
        (msgspec.structs.replace(WHOLE, files=None), "py/sql", "a.py"),
        (msgspec.structs.replace(WHOLE, rules=None), "py/sql", "a.py"),
        (msgspec.structs.replace(WHOLE, is_listing=True), "py/sql", "a.py"),
    ],
)
def test_anything_less_did_not(run: ScanRun, rule: str, path: str | None) -> None:
    assert not run.looked_at(rule, path)
