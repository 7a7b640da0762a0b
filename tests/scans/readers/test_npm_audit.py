"""npm audit: an error object is never a clean report."""

import pytest

from tests.scans.samples import NPM, only


def test_an_advisory_is_told_once_though_it_comes_through_others() -> None:
    run = only(NPM)
    (found,) = run.results
    assert (found.package, found.rule, found.severity) == ("npm:lodash", "GHSA-jf85-cpcp-j695", "critical")
    assert (found.fixed_in, found.cwe, run.succeeded) == (("4.17.21",), ("CWE-1321",), True)


def test_npm_6() -> None:
    advisory = {"module_name": "growl", "title": "Injection", "severity": "critical", "url": "https://npmjs.com/advisories/146", "cwe": "CWE-94", "cves": ["CVE-2017-16042"], "findings": [{"version": "1.9.2"}]}  # fmt: skip
    run = only({"actions": [], "advisories": {"146": advisory}, "muted": [], "metadata": {"totalDependencies": 3}})
    (found,) = run.results
    assert (found.package, found.version, found.rule) == ("npm:growl", "1.9.2", "146")
    assert (found.aliases, found.cwe, run.succeeded) == (("CVE-2017-16042",), ("CWE-94",), True)


@pytest.mark.parametrize(
    "document",
    [
        {"error": {"code": "ENOAUDIT", "summary": "may not support audit requests", "detail": ""}},
        {"message": "405 Method Not Allowed", "method": "POST", "statusCode": 405, "error": {}},
        {"auditReportVersion": 2},
        {"auditReportVersion": 2, "vulnerabilities": [], "metadata": {}},
        {"auditReportVersion": 2, "vulnerabilities": {}, "metadata": {}, "error": {"code": "E500"}},
    ],
)
def test_an_error_is_a_failed_run_and_says_why(document: object) -> None:
    run = only(document)
    assert run.succeeded is False
    assert run.results == ()
    assert run.unread[0].startswith("npm audit ")
