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
