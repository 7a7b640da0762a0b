"""JUnit XML, and what a hostile one may not do."""

import pytest

from asbuilt.model.errors import SourceError
from asbuilt.model.scan import ScanRun
from asbuilt.scans.reading import read_scan
from tests.scans.samples import JUNIT, SALT


def read(data: bytes) -> ScanRun:
    (run,) = read_scan(data, "junit.xml", salt=SALT).runs
    return run


def test_tests_that_failed() -> None:
    run = read(JUNIT)
    (found,) = run.results
    assert (found.rule, found.message, found.path, found.line) == ("tests.test_shop.test_buys", "assert 1 == 2", "tests/test_shop.py", 7)  # fmt: skip
    assert (run.kind, run.tool, run.succeeded) == ("tests", "pytest", True)
    assert read(JUNIT.replace(b"<failure", b"<error").replace(b"</failure", b"</error")).results


def test_it_ended_when_its_last_suite_did() -> None:
    assert read(JUNIT).ended == 1772359200 + 90
    assert read(JUNIT.replace(b"90.5", b"nan")).ended == 1772359200
    assert read(JUNIT.replace(b"90.5", b"soon")).ended == 1772359200


def test_a_report_without_a_test_says_nothing() -> None:
    run = read(b"<testsuites/>")
    assert (run.succeeded, run.unread) == (None, ("The report holds no test.",))


BOMB = b'<?xml version="1.0"?><!DOCTYPE t [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><testsuite name="&b;"/>'
OUTSIDE = b'<!DOCTYPE t SYSTEM "file:///etc/passwd"><testsuite/>'


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (BOMB, "document type"),
        (OUTSIDE, "document type"),
        (b"<testsuite>" * 300, "levels deep"),
        (b"<testsuite>", "no XML"),
        (JUNIT[:-5], "no XML"),
    ],
)
def test_hostile_or_broken_reports_are_refused(data: bytes, why: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(data)
    assert why in caught.value.why
