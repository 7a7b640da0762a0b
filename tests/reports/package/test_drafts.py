"""Drafts: drawn from facts, marked as drafts, and never an opinion."""

import re

import pytest

from asbuilt.reports.package.drafts import TABLES, drafts_of, name_of
from asbuilt.reports.package.prose import NOTHING
from tests import audit_world
from tests.reports.package.facts import FACTS

DRAFTS = {name: text.decode() for name, text in drafts_of(audit_world.audit(), FACTS)}


def test_every_draft_is_marked_as_one() -> None:
    assert set(DRAFTS) == {
        "drafts/system-description.md",
        "drafts/management-assertion.md",
        "drafts/customers-and-suppliers.md",
    }
    for text in DRAFTS.values():
        heads = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        assert len(heads) > 2
        assert all(head.startswith("DRAFT") for head in heads)


def test_the_description_follows_the_facts() -> None:
    text = DRAFTS["drafts/system-description.md"]
    assert "99.9 % uptime (stated in the SLA)" in text
    assert "INC-1" in text
    assert "INC-2" not in text
    assert "Wiki" not in text
    assert "1 person on the list" in text
    assert text.count("- change") == 1
    assert "ACC-13: No offices" in text


def test_the_assertion_lists_what_the_signer_must_have_seen() -> None:
    text = DRAFTS["drafts/management-assertion.md"]
    assert "CHG-01, c0ffee: We added a rule." in text
    assert "CHG-03, acme/app: **no answer yet**" in text
    assert "ACC-06" in text
    assert "it is not signed here" in text


def test_suppliers_have_what_is_expected_of_them() -> None:
    text = DRAFTS["drafts/customers-and-suppliers.md"]
    assert "Model host (subservice organisation): no training on customers' data" in text
    assert "Cloud: hosting, owner ana" in text


def test_without_facts_the_holes_are_said() -> None:
    for _, text in drafts_of(audit_world.audit(deviations=(), results=()), {}):
        assert NOTHING in text.decode() or "None." in text.decode()


@pytest.mark.parametrize("text", DRAFTS.values(), ids=DRAFTS)
def test_nothing_foreign_acts(text: str) -> None:
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_names_and_tables() -> None:
    assert name_of(audit_world.audit()) == "Acme Cloud"
    assert name_of(audit_world.audit(system="", company="")) == "the system"
    assert set(FACTS) <= set(TABLES)
