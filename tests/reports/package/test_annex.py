"""The AI annex."""

from asbuilt.reports.package.annex import annex_of
from tests import audit_world
from tests.reports.package.facts import FACTS


def test_it_shows_tools_shares_parity_and_limits() -> None:
    text = annex_of(audit_world.audit(), FACTS).decode()
    for part in (
        "| Claude Code | Anthropic | 12 | 340 | not recorded | not recorded |",
        "| ai-declared | 92 | 46.0 % | 97.8 % |",
        "| CHG-01 | unknown | 108 | 99.1 % |",
        "it never means that a person typed the line",
        "Whether an undeclared AI was used cannot be shown",
    ):
        assert part in text, part


def test_without_facts_it_says_so() -> None:
    assert "Nothing is recorded" in annex_of(audit_world.audit(parity={}), {}).decode()
