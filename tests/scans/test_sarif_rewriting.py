"""A log read and written in pieces is the log read and written whole, whatever stands in it and in whatever order."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asbuilt.model.errors import SourceError
from asbuilt.model.scan import ScanReading
from asbuilt.scans import content, pieces
from asbuilt.scans.identity import identities
from asbuilt.scans.reading import read_scan
from tests.scans.samples import REPORTS, SALT, SECRET, located

_ANY = st.recursive(
    st.none() | st.booleans() | st.integers(0, 9) | st.text(max_size=6) | st.just(SECRET),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(st.text(max_size=4), some, max_size=3),
    max_leaves=5,
)
_NAMES = [
    "properties",
    "kind",
    "message",
    "codeFlows",
    "level",
    "suppressions",
    "ruleIndex",
    "rule",
    "taxa",
    "guid",
]
_RULE = st.fixed_dictionaries(
    {"id": st.sampled_from(["py/sql", "hard-coded-secret"])}, optional={"properties": _ANY}
)
_PLACE = st.fixed_dictionaries({}, optional={"location": st.just({"uri": "a.py"}) | _ANY, "contents": _ANY})
_RESULT = (
    st.builds(
        lambda rule, line, code, more: located(rule, "a.py", line, code) | more,
        st.sampled_from(["py/sql", "hard-coded-secret"]),
        st.integers(1, 4),
        st.sampled_from(["run(a)", f"key = '{SECRET}'"]),
        st.dictionaries(st.sampled_from(_NAMES), _ANY, max_size=2),
    )
    | _ANY
)
_DRIVER = st.fixed_dictionaries(
    {"name": st.sampled_from(["CodeQL", "gitleaks"])}, optional={"rules": st.lists(_RULE)}
)
_MEMBER = (
    st.tuples(st.just("results"), st.lists(_RESULT, max_size=6) | _ANY)
    | st.tuples(st.just("artifacts"), st.lists(_PLACE | _ANY, max_size=4) | _ANY)
    | st.tuples(st.just("tool"), st.fixed_dictionaries({"driver": _DRIVER}, optional={"extensions": _ANY}))
    | st.tuples(st.sampled_from(["invocations", "properties", "extra", "originalUriBaseIds"]), _ANY)
)
_RUN = st.lists(_MEMBER, max_size=6)


def written(runs: list[list[tuple[str, Any]]], before: Any, *, twice: bool) -> bytes:
    """A log as text, since a member may come twice."""
    told = [b"{%b}" % b",".join(_member(*each) for each in run) for run in runs]
    members = [_member("properties", before), b'"runs":[%b]' % b",".join(told), b'"version":"2.1.0"']
    if twice:
        members.insert(0, _member("runs", [{"results": [located("hard-coded-secret", "b.py", 1, SECRET)]}]))
    return b"{%b}" % b",".join(members)


def _member(name: str, value: Any) -> bytes:
    return json.dumps(name).encode() + b":" + json.dumps(value).encode()


def both(data: bytes, window: int) -> list[ScanReading | str]:
    """What is told of it when it is read whole, and when no more than a window is at hand."""
    found: list[ScanReading | str] = []
    for size in (1 << 20, window):
        with pytest.MonkeyPatch.context() as patched:
            for module in (content, pieces):
                patched.setattr(module, "WINDOW", size)
            try:
                found.append(read_scan(data, "x", salt=SALT))
            except SourceError as error:
                found.append(error.what)
    return found


@settings(max_examples=100, deadline=None)
@example([[("results", [located("hard-coded-secret", "a.py", 1, f"key = '{SECRET}'")] * 9)]], SECRET, False, 200)
@given(st.lists(_RUN, max_size=3), _ANY, st.booleans(), st.integers(150, 900))
def test_in_pieces_and_whole_are_one(runs: list[Any], before: Any, twice: bool, window: int) -> None:
    whole, parts = both(written(runs, before, twice=twice), window)
    if isinstance(whole, str) or isinstance(parts, str):
        assert whole == parts
        return
    assert parts.runs == whole.runs
    assert [identities(run.results) for run in parts.runs] == [identities(run.results) for run in whole.runs]
    assert parts.redacted == whole.redacted
    assert msgspec.json.decode(parts.kept) == msgspec.json.decode(whole.kept)


@pytest.mark.parametrize("format_", sorted(REPORTS))
def test_every_format_is_read_the_same_in_pieces(format_: str) -> None:
    whole, parts = both(json.dumps(REPORTS[format_]).encode(), 300)
    assert parts == whole


def test_what_is_cut_short_behind_many_results_is_refused_whole() -> None:
    data = written([[("results", [located("py/sql", "a.py", 3, "x")] * 50)]], 1, twice=False)
    for cut in (len(data) - 1, len(data) // 2):
        assert both(data[:cut], 300) == ["x is not read."] * 2


def test_an_object_of_too_many_members_is_refused() -> None:
    data = b'{%b "runs": [], "version": "2.1.0"}' % b"".join(b'"m%d": 1, ' % number for number in range(10_001))
    assert both(data, 5000)[1] == "x is not read."
