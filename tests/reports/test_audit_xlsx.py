"""The audit as a workbook, read back by another library."""

import io
from typing import Any

import openpyxl

from asbuilt.reports.audit_xlsx import audit_xlsx
from tests import audit_world


def book(**more: object) -> Any:
    return openpyxl.load_workbook(io.BytesIO(audit_xlsx(audit_world.audit(**more))))


def rows(sheet: Any) -> list[tuple[Any, ...]]:
    return list(sheet.iter_rows(values_only=True))


def test_every_list_has_a_sheet_with_its_rows() -> None:
    found = {sheet.title: rows(sheet) for sheet in book()}
    assert list(found) == [
        "Audit", "Criteria", "Controls", "Deviations", "Parity", "Findings", "Time in force", "Cadence",
        "Populations", "Samples", "Waivers", "Not seen",
    ]  # fmt: skip
    lengths = {name: len(own) - 1 for name, own in found.items()}
    assert lengths["Criteria"] == 4
    assert lengths["Controls"] == 7
    assert lengths["Deviations"] == 2
    assert lengths["Time in force"] == 6
    assert found["Parity"][1] == ("CHG-01", "AI, declared", 90, 2, 0)
    assert found["Findings"][1] == ("code", "ai-declared", 9, 6, 3, "4.5", 21)
    assert found["Findings"][3][:2] == ("packages", "automation")
    assert found["Cadence"][2][-1] == "not visible"
    assert found["Samples"][2][-2:] == ("void-1", "a test record")
    assert found["Controls"][1][5] == "Exceptions noted: 2 of 200. Could not be told for 1 of 200."


def test_no_cell_is_a_formula_or_a_link() -> None:
    for sheet in book():
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in {"s", "n"}, cell.coordinate
                assert cell.hyperlink is None
    company = rows(book()["Audit"])[1][1]
    assert "=HYPERLINK" in company
    assert "\x1b" not in company


def test_the_same_audit_gives_the_same_bytes() -> None:
    assert audit_xlsx(audit_world.audit()) == audit_xlsx(audit_world.audit())
