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
