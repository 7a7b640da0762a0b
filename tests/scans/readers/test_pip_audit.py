"""pip-audit's JSON: what it skipped it did not check."""

from tests.scans.samples import PIP_AUDIT, only


def test_a_weakness_and_what_was_skipped() -> None:
    run = only(PIP_AUDIT)
    (found,) = run.results
    assert (found.package, found.version, found.fixed_in) == ("PyPI:flask", "0.5", ("1.0",))
    assert (found.rule, found.aliases, found.severity) == ("PYSEC-2019-179", ("CVE-2019-1010083",), None)
    assert run.succeeded is True
    assert run.unread == ("pip-audit did not check private: Dependency not found on PyPI",)
    assert only(PIP_AUDIT["dependencies"]).results == run.results


def test_a_run_that_skipped_all_is_a_failed_run_though_the_tool_prints_that_nothing_was_found() -> None:
    skipped = [{"name": name, "skip_reason": "could not be queried"} for name in ("a", "b")]
    run = only({"dependencies": skipped, "fixes": []})
    assert (run.succeeded, len(run.unread), run.results) == (False, 2, ())
    assert only({"dependencies": [], "fixes": []}).succeeded is None
