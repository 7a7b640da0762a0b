"""GitHub's alerts: a list of what is known, which is no run."""

from asbuilt.scans.readers.github_alerts import alerts_of, page_name
from tests.scans.samples import CODE_ALERT, DEPENDABOT, SECRET_ALERT, holds_secret, only, reading


def test_a_code_alert_that_a_person_dismissed() -> None:
    run = only([CODE_ALERT])
    (found,) = run.results
    assert (run.tool, run.is_listing, run.succeeded) == ("CodeQL", True, None)
    assert (found.own_id, found.rule, found.severity, found.line) == ("35", "py/sql", "high", 42)
    assert (found.state, found.cwe, found.commit) == ("dismissed", ("CWE-89",), "b" * 40)
    assert found.suppressed is not None
    assert (found.suppressed.by, found.suppressed.reason) == ("ana", "won't fix: test code")


def test_a_secret_alert_without_its_secret() -> None:
    told = reading([SECRET_ALERT])
    (found,) = told.runs[0].results
    assert (found.rule, found.message, found.path) == ("adafruit_io_key", "Adafruit IO Key", "conf.env")
    assert found.secret is not None
    assert not holds_secret(told)
    assert only([{**SECRET_ALERT, "secret": None}]).results[0].secret is None


def test_a_dependabot_alert() -> None:
    (found,) = only([DEPENDABOT]).results
    assert (found.package, found.rule, found.severity) == ("pip:thing", "GHSA-1111-2222-3333", "critical")
    assert (found.fixed_in, found.path, found.aliases) == (("2.0",), "uv.lock", ("CVE-2026-1",))


def test_pages_written_together_and_what_is_no_alert() -> None:
    told = reading([[CODE_ALERT, SECRET_ALERT], [DEPENDABOT, {"number": 9}]])
    assert [run.tool for run in told.runs] == ["CodeQL", "GitHub secret scanning", "Dependabot"]
    assert [sentence for run in told.runs for sentence in run.unread] == ["Alert 9 is of no kind that is known."]
    assert alerts_of([[1], {}]) == [{}]
    assert page_name(7) is None
