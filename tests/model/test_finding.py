"""What a scan tells: which of its findings are open."""

import msgspec

from asbuilt.model.finding import SCHEMA, Acceptance, CodeFinding, Scan

FOUND = CodeFinding(scanner="s", rule="r", severity="high", message="m", path="a", line=1, end_line=1)
OLD = msgspec.structs.replace(FOUND, is_new=False)
NEW = msgspec.structs.replace(FOUND, is_new=True)
ACCEPTED = msgspec.structs.replace(FOUND, accepted=Acceptance("r", 1, "why"))


def test_what_is_old_or_accepted_is_not_open() -> None:
    scan = Scan(
        schema=SCHEMA,
        program="p",
        commit=None,
        is_work_tree=True,
        scanners=(),
        findings=(FOUND, OLD, NEW, ACCEPTED),
    )
    assert scan.open == (FOUND, NEW)
