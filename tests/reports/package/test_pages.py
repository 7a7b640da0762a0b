"""The package's own pages."""

import html

from asbuilt.reports.package.pages import calendar_page, change_page, index_page
from tests import audit_world
from tests.audit_world import HOSTILE
from tests.reports.package.test_evidence import exhibit


def test_the_index_names_what_is_there_and_links_to_it() -> None:
    digests = {"audit.html": "a", "verify.py": "b", "lists/controls.csv": "c", "lists/criteria.csv": "d"}
    text = html.unescape(index_page(audit_world.audit(), digests, [exhibit()]).decode())
    assert 'href="audit.html"' in text
    assert "python3 verify.py FILE.zip" in text
    assert "audit.pdf" not in text
    assert "evidence/CHG-01/0001-c0ffee.html" in text
    assert "<script" not in index_page(audit_world.audit(), digests, [exhibit()]).decode()


def test_the_calendar_shows_settings_and_what_was_due() -> None:
    text = calendar_page(audit_world.audit()).decode()
    assert "CHG-03" in text
    assert "ACC-06" in text
    assert "No control of this audit is about a setting." in calendar_page(audit_world.audit(results=())).decode()


def test_one_change_says_where_nothing_shows_a_step() -> None:
    steps = [("Request", [{"subject": HOSTILE, "tags": ["a", "b"], "n": None}]), ("Deployment", [])]
    text = change_page(audit_world.audit(), "c0ffee", steps).decode()
    assert "Nothing in this package shows it." in text
    assert "a; b" in text
    assert "not known" in text
    assert "<script" not in text
