"""The Simple API in both forms, and PyPI's document beside it."""

from typing import Any

import pytest

from asbuilt.model.registry_facts import DATES, EXISTS, OWNERS, VersionFacts
from asbuilt.supply.registry.answers import Answer
from asbuilt.supply.registry.readers import pypi
from tests.supply.registry.written import answer, read

FIRST = 1_684_768_362  # 2023-05-22T15:12:42Z


def file(name: str, **more: Any) -> dict[str, Any]:
    return {"filename": name, "upload-time": "2023-05-22T15:12:42.313790Z", "yanked": False, **more}


PAGE = {
    "meta": {"api-version": "1.1"},
    "name": "requests",
    "versions": ["2.31.0", "2.32.0", "0.0.1"],
    "files": [
        file("requests-2.31.0-py3-none-any.whl"),
        file("requests-2.31.0.tar.gz", **{"upload-time": "2023-05-22T15:12:44Z"}),
        file("requests-2.32.0.tar.gz", **{"upload-time": "2024-05-20T15:00:00Z", "yanked": "conflicts"}),
    ],
}
DOCUMENT = {
    "info": {
        "version": "2.31.0",
        "license": "Apache 2.0",
        "license_expression": None,
        "classifiers": ["License :: OSI Approved :: Apache Software License"],
        "project_urls": {"Docs": "https://requests.example", "Source": "https://github.com/psf/requests"},
    },
    "releases": {"2.31.0": [{"upload_time_iso_8601": "2023-05-22T15:12:42Z", "yanked": False}], "0.0.1": []},
    "ownership": {
        "roles": [{"user": "ana", "role": "Owner"}, {"user": "bo", "role": "Maintainer"}],
        "organization": None,
    },
}


def test_a_page_and_its_document_give_all_the_facts() -> None:
    facts = read("PyPI", "requests", PAGE, DOCUMENT)
    assert facts.exists is True
    assert facts.versions["2.31.0"] == VersionFacts(released_at=FIRST, yanked=False, deprecated=False)
    assert facts.versions["2.32.0"].yanked is True
    assert facts.versions["2.32.0"].yanked_why == "conflicts"
    assert facts.versions["0.0.1"] == VersionFacts(deprecated=False)  # its files are gone: nothing is known of it
    assert (facts.releases, facts.latest, facts.owners) == (3, "2.31.0", 2)
    assert facts.repository_url == "https://github.com/psf/requests"
    assert facts.licence == "Apache-2.0"
    assert facts.first_released_at == FIRST
    assert "not date every version" in facts.why(DATES)


def test_a_version_is_yanked_only_when_all_its_files_are() -> None:
    page = {**PAGE, "files": [file("a-1.0.tar.gz", yanked="broken"), file("a-1.0-py3-none-any.whl")]}
    assert read("PyPI", "a", page).versions["1.0"].yanked is False


def test_a_page_alone_leaves_what_it_does_not_tell_unknown() -> None:
    facts = read("PyPI", "requests", PAGE)
    assert (facts.owners, facts.licence, facts.repository_url) == (None, None, None)
    assert "no document" in facts.why(OWNERS)


def test_html_tells_existence_and_yanked_and_no_dates() -> None:
    page = b"""<!DOCTYPE html><html><head><meta name="pypi:project-status" content="quarantined"></head><body>
    <a href="/files/a-1.0.tar.gz#sha256=0">a-1.0.tar.gz</a>
    <a href="/files/A-2.0-py3-none-any.whl" data-yanked="">x</a><a href="/files/a-0.9.win32.exe">x</a></body>"""
    facts = read("PyPI", "a", answer(page, kind="text/html"))
    assert {version: own.yanked for version, own in facts.versions.items()} == {
        "1.0": False,
        "2.0": True,
        "0.9.win32": False,
    }
    assert facts.first_released_at is None
    assert facts.standing == "quarantined"
    assert "no dates" in facts.why(DATES)


def test_standing_is_what_the_project_says_else_its_classifier() -> None:
    status = {"status": "archived", "reason": "moved"}
    facts = read("PyPI", "a", {**PAGE, "project-status": status})
    assert (facts.standing, facts.standing_why) == ("archived", "moved")
    inactive = {"info": {"classifiers": ["Development Status :: 7 - Inactive"]}}
    assert read("PyPI", "a", PAGE, inactive).standing == "deprecated"


@pytest.mark.parametrize(("status", "exists"), [(404, False), (410, False), (503, None), (403, None), (429, None)])
def test_only_a_plain_no_is_absent(status: int, exists: bool | None) -> None:
    facts = read("PyPI", "a", answer(b"", status))
    assert facts.exists is exists
    assert (facts.why(EXISTS) == "") is (exists is not None)


def test_no_answer_is_not_absent() -> None:
    facts = read("PyPI", "a", Answer(None, why="it timed out"))
    assert (facts.exists, facts.why(EXISTS)) == (None, "it timed out")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"{}", b'{"files": 3}', b"[" * 100_000, b"\xff\xfe\x00", b"plain words", b'{"files": "x"}'],
)
def test_what_is_no_page_is_not_seen(body: bytes) -> None:
    assert read("PyPI", "a", answer(body)).exists is None


@pytest.mark.parametrize(
    "document",
    [
        b"{",
        {"info": 3, "releases": [1], "ownership": "x"},
        {"releases": {"1": [None, 3]}, "info": {"project_urls": {"a": 3}}},
    ],
)
def test_a_document_that_is_none_does_not_take_the_page_away(document: Any) -> None:
    facts = read("PyPI", "requests", PAGE, document)
    assert facts.exists is True
    assert facts.versions["2.31.0"].released_at == FIRST


def test_addresses_are_written_as_pip_does() -> None:
    assert pypi.asks("https://i.example/simple", "Foo._Bar") == (
        "https://i.example/simple/foo-bar/",
        "https://i.example/pypi/foo-bar/json",
    )
    assert pypi.asks("https://i.example/group", "a") == ("https://i.example/group/a/",)


def test_the_probes_hold_for_the_truth_alone() -> None:
    facts = read("PyPI", "requests", PAGE, DOCUMENT)
    assert [own.holds(facts) for own in pypi.PROBES] == [True, True]
    later = {
        **PAGE,
        "files": [
            file("requests-2.31.0.tar.gz", **{"upload-time": "2026-01-01T00:00:00Z"}),
            file("requests-2.32.0.tar.gz"),
        ],
    }
    assert [own.holds(read("PyPI", "requests", later)) for own in pypi.PROBES] == [False, False]
