"""A baseline of detect-secrets: plain hashes do not stay, and what a person marked says so."""

from tests.scans.samples import DETECT_SECRETS, holds_secret, only, reading


def test_a_baseline() -> None:
    run = only(DETECT_SECRETS)
    first, second = run.results
    assert (first.path, first.line, first.rule, first.is_secret) == ("conf.py", 4, "Secret Keyword", True)
    assert first.secret != second.secret
    assert first.suppressed is None
    assert second.suppressed is not None
    assert run.succeeded is None
    told = reading(DETECT_SECRETS)
    assert not holds_secret(told)
    assert b"b" * 40 not in told.kept
