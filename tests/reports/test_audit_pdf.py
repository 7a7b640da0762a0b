"""The audit as a PDF, read back by another library."""

import io

import pypdf

from asbuilt.reports.audit_pdf import audit_pdf
from tests import audit_world


def text_of(data: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(data)).pages)


def test_every_part_is_in_it() -> None:
    text = text_of(audit_pdf(audit_world.audit()))
    for part in (
        "Type II, 2026-01-01 to 2026-06-30 (181 days)",
        "What stands behind each criterion",
        "CC8.1 Changes",
        "Exceptions noted: 2 of 200",
        "Time in force",
        "on 44.2 %, off 55.2 %, not visible 0.6 %",
        "We added a rule.",
        "No offices (Ana Lima, 2026-01-05).",
        "GAP-RECORD",
        "Blind spot.",
    ):
        assert part in text, part


def test_foreign_text_is_set_as_it_stands() -> None:
    text = text_of(audit_pdf(audit_world.audit()))
    assert "#let x = 1 \\ $" in text
    assert "<script>" in text


def test_the_same_audit_gives_the_same_bytes() -> None:
    assert audit_pdf(audit_world.audit()) == audit_pdf(audit_world.audit())


def test_an_empty_audit_can_be_set() -> None:
    text = text_of(
        audit_pdf(audit_world.audit(results=(), criteria=(), deviations=(), populations=(), gaps=(), retired=()))
    )
    assert "None." in text
