"""Snyk's JSON: a weakness is told for every way to it; a project with an error was not tested."""

from tests.scans.samples import SNYK, only


def test_one_finding_however_many_ways_lead_to_it() -> None:
    run = only(SNYK)
    (found,) = run.results
    assert (found.package, found.version, found.path) == ("npm:lodash", "4.17.4", "package-lock.json")
    assert (found.severity, found.aliases, run.succeeded) == ("high", ("CVE-2019-10744",), True)
    assert run.files == {"package-lock.json"}


def test_several_projects_of_which_one_failed() -> None:
    run = only([SNYK, {"ok": False, "error": "Could not parse pom.xml", "path": "x"}])
    assert (run.succeeded, len(run.results)) == (False, 1)
    assert run.unread == ("Snyk did not test a project: Could not parse pom.xml",)
    assert only({"ok": False, "error": "no token", "path": "x"}).succeeded is False


def test_what_was_ignored_says_by_whom() -> None:
    ignored = {
        **SNYK["vulnerabilities"][0],
        "filtered": {"ignored": [{"reason": "no path", "ignoredBy": {"name": "Ana"}}]},
    }  # type: ignore[index]
    run = only({**SNYK, "vulnerabilities": [], "filtered": {"ignore": [ignored]}})
    assert run.results[0].suppressed is not None
    assert run.results[0].suppressed.by == "Ana"
