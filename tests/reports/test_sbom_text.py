"""The table for people, and the plain JSON."""

import json

from asbuilt.reports.sbom_text import sbom_json, sbom_text
from tests.reports.bills import SHA, bill, bound_bill, who_bill


def test_the_table_has_files_lines_counts_and_what_was_not_read() -> None:
    told = sbom_text(bill())
    assert "package-lock.json:5 and 1 more" in told
    assert "declared >=1" in told
    assert "Docker               0 locked, 1 by a tag that can move\n" in told
    assert "all                  2 locked, 1 by a tag that can move, 1 declared and not locked\n" in told
    assert "not read: bun.lockb: It is binary. Write text." in told
    assert "\x1b" not in told


def test_the_json_has_everything() -> None:
    told = json.loads(sbom_json(bill()))
    assert told["schema"] == "asbuilt/sbom/1"
    assert told["moment"] == "2023-11-14T22:13:20Z"
    assert told["entries"][1]["places"] == [["package-lock.json", 5], ["other.json", None]]
    assert told["unread"][0]["path"] == "bun.lockb"


def test_who_brought_each_stands_before_its_place() -> None:
    text = sbom_text(who_bill())
    assert "cccccccccc  2023-11-14  ai-declared    Dockerfile:1" in text
    assert "before the history that is here" in text
    assert "not committed" in text


def test_the_artefact_stands_at_the_top() -> None:
    assert f"of the artefact sha256:{SHA} (acme-1.0 \\x1b[31m.whl, release 1.0)" in sbom_text(bound_bill())
    assert "artefact" not in sbom_text(bill())
