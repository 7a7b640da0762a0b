"""Bandit's JSON: passwords stand in its messages, and neighbours in its code."""

import copy

from tests.scans.samples import BANDIT, holds_secret, only, reading


def test_findings_files_and_what_was_not_parsed() -> None:
    run = only(BANDIT)
    password, evaluated = run.results
    assert (password.is_secret, password.message) == (True, "hardcoded_password_string (B105)")
    assert (evaluated.rule, evaluated.severity, evaluated.cwe, evaluated.line) == ("B307", "medium", ("CWE-78",), 9)
    assert (run.succeeded, run.files) == (True, {"app.py"})
    assert run.unread == ("Bandit could not read bad.py: syntax error.",)
    assert not holds_secret(reading(BANDIT))


def test_neighbours_do_not_count() -> None:
    other = copy.deepcopy(BANDIT)
    other["results"][0]["code"] = other["results"][0]["code"].replace("3 x = 1", "3 x = 2").replace("5 y", "5 z")  # type: ignore[index]
    assert only(other).results[0].snippet == only(BANDIT).results[0].snippet


def test_a_run_over_nothing_says_nothing() -> None:
    assert only({"errors": [], "metrics": {"_totals": {}}, "results": []}).succeeded is None
