"""Pages of single items."""

import html

import pytest

from asbuilt.model.result import Outcome
from asbuilt.reports.markup import element
from asbuilt.reports.package.evidence import Exhibit, evidence_index, evidence_page
from tests import audit_world
from tests.audit_world import HOSTILE


def exhibit(item: str = "c0ffee", **more: object) -> Exhibit:
    fields: dict[str, object] = {
        "control": "CHG-01",
        "number": 1,
        "item": item,
        "outcome": Outcome.DEVIATION,
        "drawn": "it deviates",
        "row": {
            "change_id": item,
            "subject": HOSTILE,
            "deployed_at": None,
            "emergency": False,
            "record": "ab" * 32,
        },
        "around": {"reviews": ({"reviewer": "ben", "state": "approved", "record": "cd" * 32},), "checks": ()},
        "records": {"ab" * 32: 7, "cd" * 32: 9},
    }
    return Exhibit(**{**fields, **more})  # type: ignore[arg-type]


def page(own: Exhibit) -> str:
    return evidence_page(audit_world.audit(), audit_world.results()[0], own).decode()


def test_the_page_holds_row_surroundings_records_and_query() -> None:
    text = html.unescape(page(exhibit()))
    for part in (
        "✗ deviation",
        "it deviates",
        "not known",
        "(entry 7)",
        "reviews: 1",
        "approved",
        "FROM changes",
        "cd" * 32,
    ):
        assert part in text, part
    assert "checks: 0" not in text


def test_what_decided_it_comes_first() -> None:
    text = page(exhibit(decided_by=("emergency", "deployed_at")))
    assert text.index("What decided it") < text.index("The row that was judged")
    assert text.count("<code>emergency</code>") == 2
    # Without a row, the result's own verdict says it, where it lists the item.
    assert "What decided it" in page(exhibit(row=None))
    assert "What decided it" not in page(exhibit(row=None, item="another"))


def test_foreign_text_is_never_markup() -> None:
    text = page(exhibit(item=f"x{HOSTILE}"))
    assert "<script" not in text
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("item", "name"),
    [
        ("c0ffee", "evidence/CHG-01/0001-c0ffee.html"),
        ("acme/app | 2026-01-01", "evidence/CHG-01/0001-acme-app-2026-01-01.html"),
        ("../../etc", "evidence/CHG-01/0001-etc.html"),
        ("é", "evidence/CHG-01/0001-item.html"),
        ("x" * 100, f"evidence/CHG-01/0001-{'x' * 60}.html"),
    ],
)
def test_a_name_leads_nowhere_else(item: str, name: str) -> None:
    assert exhibit(item=item).name == name


def test_a_state_has_no_row_and_no_records_section() -> None:
    text = page(exhibit(row=None, around={}, records={}))
    assert "The row that was judged" not in text
    assert "Records in the ledger" not in text


def test_the_index_leads_to_every_page() -> None:
    shown = str(element("div", evidence_index([exhibit(), exhibit(item="b", number=2)])))
    assert "CHG-01: 2" in shown
    assert 'href="evidence/CHG-01/0002-b.html"' in shown
