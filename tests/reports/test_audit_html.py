"""The audit as one HTML file."""

import html
import re

from asbuilt.reports.audit_html import render_audit_html
from asbuilt.reports.words import OWN_TEST
from tests import audit_world


def page(**more: object) -> str:
    return html.unescape(render_audit_html(audit_world.audit(**more)))


def test_every_section_and_figure_is_there() -> None:
    text = page()
    for part in (
        "What stands behind each criterion",
        "Controls and their tests",
        "The same controls for all code",
        "Time in force",
        "Cadence: expected against actual",
        "Deviations",
        "Populations, and how complete they are",
        "Samples for the auditor",
        "Not tested, and who decided it",
        "What could not be seen",
        "Exceptions noted: 2 of 200. Could not be told for 1 of 200.",
        "is not known to be complete: 91 days have no extract.",
        "in place of void-1: a test record",
        "proved off from 2026-01-01 00:00:00Z",
        "We added a rule.",
        "No occurrences in the period.",
        OWN_TEST,
    ):
        assert part in text, part


def test_foreign_text_is_never_markup() -> None:
    text = render_audit_html(audit_world.audit())
    assert "<script" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "&lt;script&gt;" in text


def test_every_link_inside_the_page_leads_somewhere() -> None:
    text = render_audit_html(audit_world.audit())
    anchors = set(re.findall(r' id="([^"]+)"', text))
    assert {own for own in re.findall(r'href="#([^"]+)"', text) if own not in anchors} == set()


def test_nothing_comes_from_the_network() -> None:
    outside = re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', render_audit_html(audit_world.audit()))
    assert outside == []
    assert "default-src 'none'" in page()


def test_the_same_audit_gives_the_same_bytes() -> None:
    assert page() == page()


def test_an_audit_without_anything_special_has_no_empty_section() -> None:
    text = page(deviations=(), retired=(), gaps=(), parity={}, samples=(), populations=(), ledger=None, results=())
    assert "Samples for the auditor" not in text
    assert "Time in force" not in text
    assert "None." in text
