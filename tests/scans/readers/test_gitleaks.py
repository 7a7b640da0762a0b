"""Gitleaks' JSON: the secret, its line and who wrote it show nowhere."""

from tests.scans.samples import GITLEAKS, SECRET, holds_secret, only, reading


def test_a_leak() -> None:
    run = only(GITLEAKS)
    (found,) = run.results
    assert (found.rule, found.path, found.line, found.commit) == ("generic-api-key", "conf/app.toml", 3, "a" * 40)
    assert found.message == "Detected a Generic API Key"
    assert found.secret is not None
    assert run.succeeded is None
    told = reading(GITLEAKS)
    assert not holds_secret(told)
    assert b"ana@example.com" not in told.kept


def test_version_7_and_a_masked_secret() -> None:
    old = [
        {
            "line": f"x={SECRET}",
            "lineNumber": 3,
            "offender": SECRET,
            "rule": "AWS",
            "file": "a.env",
            "author": "ana",
        }
    ]
    assert only(old).results[0].line == 3
    assert only(old).results[0].secret == only(GITLEAKS).results[0].secret
    assert not holds_secret(reading(old))
    assert only([{**GITLEAKS[0], "Secret": "REDACTED", "Match": "REDACTED"}]).results[0].is_secret


def test_masked_secrets_are_not_one_secret() -> None:
    """``--redact`` gives every secret the same word; the line and the commit tell them apart."""
    leak = {"RuleID": "key", "Secret": "REDACTED", "File": "a.py", "StartLine": 1, "Match": "k = REDACTED"}
    leaks = [leak, leak | {"Commit": "c" * 40}, leak | {"File": "b.py"}, leak | {"Match": "p = REDACTED"}]
    run = only(leaks)
    assert {(each.secret, each.is_masked) for each in run.results} == {(None, True)}
    assert len({each.snippet for each in run.results}) == 3
    shown = only([leak | {"Secret": "hunter2", "File": path} for path in ("a.py", "b.py")])
    assert len({each.secret for each in shown.results}) == 1
    assert not any(each.is_masked for each in shown.results)
