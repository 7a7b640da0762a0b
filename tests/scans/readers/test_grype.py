"""Grype's JSON."""

from tests.scans.samples import GRYPE, only


def test_a_match_and_one_that_was_ignored() -> None:
    run = only(
        {**GRYPE, "ignoredMatches": [{**GRYPE["matches"][0], "appliedIgnoreRules": [{"reason": "not used"}]}]}
    )  # type: ignore[index]
    found, ignored = run.results
    assert (found.package, found.version, found.rule) == ("python:thing", "1.0", "GHSA-1111-2222-3333")
    assert (found.severity, found.aliases, found.fixed_in) == ("critical", ("CVE-2026-1",), ("2.0",))
    assert found.purl == "pkg:pypi/thing@1.0"
    assert ignored.suppressed is not None
    assert ignored.suppressed.reason == "not used"
    assert (run.version, run.succeeded) == ("0.80.0", None)
    assert run.ended is not None
