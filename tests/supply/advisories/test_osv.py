"""One OSV record: what is kept of it, and what is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.supply.advisories.osv import LARGEST, BadRecordError, read_osv
from tests.supply.advisories.written import affected, before, record


def test_what_is_asked_for_later_is_kept() -> None:
    taken = read_osv(
        json.dumps(
            record(
                "GHSA-1",
                affected("PyPI", "A.B", before("1.2"), versions=["1.0", "1.1"]),
                aliases=["CVE-1", "CVE-1"],
                published="2026-01-01T00:00:00Z",
                modified="2026-01-02T00:00:00.123456789Z",
                details="First line.\nSecond.",
                severity=[{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
            )
        ).encode()
    )
    told, (package,) = taken.advisory, taken.affected
    assert (told.id, told.aliases, told.level, told.summary) == ("GHSA-1", ("CVE-1",), "critical", "First line.")
    assert (told.modified - (told.published or 0), told.withdrawn) == (86_400, None)
    assert (package.name, package.versions) == ("a-b", ("1.0", "1.1"))
    assert package.ranges == ((("introduced", "0"), ("fixed", "1.2")),)


def test_ranges_of_commits_are_passed_over_and_an_odd_event_stays_unclear() -> None:
    what = affected("npm", "a", [{"introduced": "0"}, {"fxed": "1"}])
    what["ranges"].append({"type": "GIT", "repo": "https://x", "events": [{"introduced": "0"}]})
    (package,) = read_osv(json.dumps(record("A", what)).encode()).affected
    assert package.ranges == ((("introduced", "0"), ("unclear", "")),)


def test_a_package_without_versions_says_so() -> None:
    (package,) = read_osv(json.dumps(record("A", affected("npm", "a"))).encode()).affected
    assert not package.told


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"[]",
        b"{}",
        b'{"id": "A"}',
        b'{"id": "A", "modified": "yesterday"}',
        b'{"id": "", "modified": "2026-01-01T00:00:00Z"}',
        b'{"id": "A\\u0000", "modified": "2026-01-01T00:00:00Z"}',
        b'{"id": "A", "modified": "2026-01-01T00:00:00Z", "affected": [{"versions": [1]}]}',
        b"\xff\xfe",
        b'{"id": "A", "modified": "2026-01-01T00:00:00Z", "database_specific": ' + b"[" * 200_000,
        b" " * (LARGEST + 1),
    ],
)
def test_what_is_no_record_is_refused(data: bytes) -> None:
    with pytest.raises(BadRecordError, match=r"."):
        read_osv(data)


@given(st.binary(max_size=60) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_whatever_comes_is_a_record_or_refused(data: bytes | str) -> None:
    with pytest.raises(BadRecordError):
        read_osv(data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass"))
