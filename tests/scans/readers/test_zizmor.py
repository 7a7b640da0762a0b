"""Zizmor's JSON."""

import json

from tests.scans.samples import ZIZMOR, only


def test_a_finding() -> None:
    run = only(ZIZMOR)
    (found,) = run.results
    assert (found.rule, found.path) == ("template-injection", ".github/workflows/ci.yml")
    assert (found.line, found.end_line, found.severity) == (12, 13, "high")
    assert found.snippet is not None
    assert run.succeeded is None
    told = json.dumps(ZIZMOR).replace("given_path", "verbatim_path")
    assert only(json.loads(told)).results[0].path == ".github/workflows/ci.yml"
    assert only([{**ZIZMOR[0], "ignored": True, "locations": []}]).results[0].suppressed is not None
