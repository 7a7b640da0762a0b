"""Semgrep's JSON: what it could not parse was not looked at; its sentinels are no lines."""

import copy

from tests.scans.samples import SECRET, SEMGREP, holds_secret, only, reading


def test_a_finding_and_what_was_not_parsed() -> None:
    run = only(SEMGREP)
    (found,) = run.results
    assert (found.rule, found.path, found.line, found.end_line) == ("python.sql", "app/db.py", 7, 8)
    assert (found.severity, found.cwe, found.snippet) == ("high", ("CWE-89",), None)
    assert (run.succeeded, run.files) == (True, {"app/db.py", "app/ok.py"})
    assert run.unread == ("Semgrep could not read app/broken.py: Cannot parse",)


def test_an_error_of_its_own_is_a_failed_run() -> None:
    document = {
        **SEMGREP,
        "errors": [{"level": "error", "message": "rule file is invalid", "type": "SemgrepError"}],
    }
    run = only(document)
    assert run.succeeded is False
    assert run.unread == ("Semgrep reports: rule file is invalid",)


def test_a_secret_s_lines_and_captured_values_show_nowhere() -> None:
    document = copy.deepcopy(SEMGREP)
    document["results"][0] |= {"check_id": "generic.secrets.detected-key"}  # type: ignore[index]
    document["results"][0]["extra"] |= {  # type: ignore[index]
        "lines": f"key = '{SECRET}'",
        "message": f"found {SECRET}",
        "metavars": {"$KEY": {"abstract_content": SECRET}},
    }
    told = reading(document)
    assert told.redacted
    assert not holds_secret(told)
    assert told.runs[0].results[0].is_secret
