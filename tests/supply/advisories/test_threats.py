"""Lists of weaknesses in use: taken whole with their day, or refused by line."""

import contextlib
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.errors import SourceError
from asbuilt.supply.advisories.threats import read_epss, read_kev

HEAD = "#model_version:v2026.06.15,score_date:2026-09-20T12:00:27Z\ncve,epss,percentile\n"
COLUMNS = "cveID,vendorProject,product,vulnerabilityName,dateAdded,shortDescription,requiredAction,dueDate,notes\n"


def kev(*entries: tuple[str, str], **more: Any) -> bytes:
    told = [{"cveID": cve, "dateAdded": added, "vendorProject": "Acme"} for cve, added in entries]
    whole = {"title": "KEV", "catalogVersion": "2026.09.20", "dateReleased": "2026-09-20T15:00:14.5797Z"}
    return json.dumps({**whole, "count": len(told), "vulnerabilities": told, **more}).encode()


def test_the_catalogue_as_json() -> None:
    found = read_kev(
        b"\xef\xbb\xbf" + kev(("CVE-2026-0001", "2026-02-03"), ("CVE-2021-44228", "2021-12-10")), "kev"
    )
    assert (found.as_of, found.version) == ("2026-09-20", "2026.09.20")
    assert found.since == {"CVE-2026-0001": "2026-02-03", "CVE-2021-44228": "2021-12-10"}


def test_the_catalogue_as_csv_is_dated_by_its_newest_entry() -> None:
    rows = 'CVE-2021-44228,Apache,Log4j,"a, name",2021-12-10,"two\nlines",do,2021-12-24,\n'
    rows += "CVE-2026-0001,Acme,X,n,2026-02-03,d,do,2026-03-01,\n"
    found = read_kev((COLUMNS + rows).encode(), "kev.csv")
    assert (found.as_of, found.version) == ("2026-02-03", "")
    assert found.since == {"CVE-2021-44228": "2021-12-10", "CVE-2026-0001": "2026-02-03"}


def test_the_scores_packed_or_not() -> None:
    text = HEAD + "CVE-2021-44228,0.94358,0.99\nCVE-1999-0001,0.0142,0.8\n"
    for data in (text.encode(), gzip.compress(text.encode()), text.replace("\n", "\r\n").encode()):
        found = read_epss(data, "epss")
        assert (found.as_of, found.model) == ("2026-09-20", "v2026.06.15")
        assert found.scores == {"CVE-2021-44228": 0.94358, "CVE-1999-0001": 0.0142}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "no columns"),
        (b"{}", "dateReleased"),
        (kev(count=7), "7 entries and has 0"),
        (kev(), "no entry"),
        (kev(("CVE-x", "2026-02-03")), "CVE-x"),
        (kev(("CVE-2026-0001", "yesterday")), "yesterday"),
        (b"[" * 10_000, "no columns"),
        (b'{"dateReleased": ' + b"[" * 10_000, "."),
        (b"\xff\xfe", "UTF-8"),
        ((COLUMNS + "CVE-2026-0001,a\n").encode(), "CVE-2026-0001"),
        ((COLUMNS + '"' + "x" * 200_000).encode(), "field"),
    ],
)
def test_a_catalogue_that_is_none(data: bytes, says: str) -> None:
    with pytest.raises(SourceError) as failed:
        read_kev(data, "kev")
    assert says in failed.value.why


@pytest.mark.parametrize(
    ("data", "says", "where"),
    [
        (b"", "first line", "epss:1"),
        (b"cve,epss,percentile\nCVE-2021-44228,0.9,0.9\n", "first line", "epss:1"),
        (b"#model_version:v1,score_date:2026-13-01\ncve,epss,percentile\n", "first line", "epss:1"),
        (HEAD.replace("cve,", "x,").encode(), "second line", "epss:2"),
        (HEAD.encode(), "no score", "epss"),
        ((HEAD + "CVE-2021-44228,1.5,0\n").encode(), "1.5", "epss:3"),
        ((HEAD + "CVE-2021-44228,nan,0\n").encode(), "nan", "epss:3"),
        ((HEAD + "CVE-2021-44228,0.5,0\nwhat\n").encode(), "what", "epss:4"),
        (gzip.compress(HEAD.encode())[:-9], "cut short", "epss"),
        (b"\x1f\x8b\x08" + b"\xff" * 40, "unpacked", "epss"),
    ],
)
def test_scores_that_are_none(data: bytes, says: str, where: str) -> None:
    with pytest.raises(SourceError) as failed:
        read_epss(data, "epss")
    assert says in failed.value.why
    assert failed.value.where == where


def test_what_unpacks_without_end_is_refused() -> None:
    with pytest.raises(SourceError, match="cannot be read") as failed:
        read_epss(gzip.compress(b"#" * 100_000), "epss", most=10_000)
    assert "unpacks to more" in failed.value.why


@given(st.binary(max_size=300))
def test_anything_is_taken_or_refused(data: bytes) -> None:
    for read in (read_kev, read_epss):
        for told in (data, b"{" + data, HEAD.encode() + data, COLUMNS.encode() + data):
            with contextlib.suppress(SourceError):
                found = read(told, "x")
                assert len(found.as_of) == 10
