"""Which exit code a report gets: "could not check" is never 0 unless --exit-zero asks for it."""

import itertools
from typing import Any

import msgspec
import pytest

from asbuilt.cli.exit_status import FAIL_ON, changes_status, inspection_status, trace_status
from asbuilt.model.changes import ChangeList, Reconciliation
from asbuilt.model.inspection import Gap, Inspection, LineTotals, Subject
from asbuilt.model.trace import Containment, Trace

GAP = Gap("GAP-X", "what", "why", "remedy")
TRACE = Trace("s", "v", "t", "HEAD", "c", (), ())


def inspection(**fields: Any) -> Inspection:
    empty: dict[str, Any] = dict.fromkeys(Inspection.__struct_fields__, ()) | {
        "schema": "s", "version": "v", "links": {}, "landings": {}, "authorships": {}, "notes": {}, "verdict": "",
        "next_step": "", "blocking": 0, "unknown": 0,
        "subject": Subject("n", "HEAD", "c", 0, None, 0, None, None),
        "lines": LineTotals(0, 0, {}, {}, {}, 0, 0),
    }  # fmt: skip
    return Inspection(**(empty | fields))


@pytest.mark.parametrize(
    ("blocking", "unknown", "gaps", "codes"),
    [
        # deviation, unknown, never
        (0, 0, (), (0, 0, 0)),
        (1, 0, (), (1, 1, 0)),
        (0, 1, (), (3, 1, 3)),
        (0, 0, (GAP,), (3, 1, 3)),
        (1, 1, (GAP,), (1, 1, 3)),
    ],
)
def test_the_table(blocking: int, unknown: int, gaps: tuple[Gap, ...], codes: tuple[int, ...]) -> None:
    found = inspection(blocking=blocking, unknown=unknown, gaps=gaps)
    assert tuple(inspection_status(found, fail_on) for fail_on in FAIL_ON) == codes


def test_what_could_not_be_checked_is_never_0() -> None:
    for fail_on, blocking in itertools.product(FAIL_ON, (0, 1)):
        assert inspection_status(inspection(blocking=blocking, unknown=1), fail_on) != 0


def test_a_trace_is_1_when_a_release_lacks_some_of_the_code_and_3_on_gaps() -> None:
    held = Containment("v1", "c", 3, 3)
    assert trace_status(TRACE) == 0
    assert trace_status(msgspec.structs.replace(TRACE, containment=held)) == 0
    assert trace_status(msgspec.structs.replace(TRACE, gaps=(GAP,))) == 3
    lacking = msgspec.structs.replace(held, contained=2)
    assert trace_status(msgspec.structs.replace(TRACE, containment=lacking, gaps=(GAP,))) == 1


def test_a_list_of_changes_is_1_when_two_sources_do_not_tie_and_3_on_gaps() -> None:
    listed = ChangeList("s", "v", "ledger", (), None, None, 0, (), {}, {})
    tied = Reconciliation("change", "o/n", 2, 1, 0, {"bot": 1}, ties=True)
    assert changes_status(listed) == 0
    assert changes_status(msgspec.structs.replace(listed, reconciliations=(tied,))) == 0
    assert changes_status(msgspec.structs.replace(listed, gaps=(GAP,))) == 3
    torn = msgspec.structs.replace(tied, ties=False)
    assert changes_status(msgspec.structs.replace(listed, reconciliations=(tied, torn), gaps=(GAP,))) == 1
