"""The package's lists, read back as CSV."""

import csv
import io

from asbuilt.reports.package.lists import completeness_of, lists_of
from tests import audit_world

LISTS = dict(lists_of(audit_world.audit()))


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(LISTS[f"lists/{name}.csv"].decode("utf-8"))))


def test_every_list_is_there_and_holds_everything() -> None:
    lengths = {name: len(rows(name.removeprefix("lists/").removesuffix(".csv"))) for name in LISTS}
    assert lengths == {
        "lists/controls.csv": 7,
        "lists/criteria.csv": 4,
        "lists/control-matrix.csv": 7,
        "lists/deviations.csv": 2,
        "lists/in-force.csv": 6,
        "lists/occurrences.csv": 2,
        "lists/samples.csv": 2,
        "lists/parity.csv": 2,
        "lists/mending.csv": 3,
    }


def test_values_are_told_as_they_are() -> None:
    control = rows("controls")[0]
    assert (control["control"], control["items"], control["deviation"], control["complete"]) == (
        "CHG-01",
        "200",
        "2",
        "true",
    )
    assert rows("controls")[2]["not_complete_because"] == "91 days have no extract."
    assert rows("deviations")[0]["waived_until"] == "2026-07-31 00:00:00Z"
    assert rows("deviations")[0]["isolated"] == "true"
    assert rows("samples")[1]["replaces"] == "void-1"
    assert rows("occurrences")[1]["came"] == ""
    assert rows("mending")[0]["median_days"] == "4.5"
    assert rows("mending")[1]["longest_days"] == ""


def test_the_matrix_marks_what_supports_what() -> None:
    marked = {row["control"]: {key for key, value in row.items() if value == "x"} for row in rows("control-matrix")}
    assert marked["ACC-06"] == {"CC6.2"}
    assert marked["CHG-01"] == {"CC8.1"}


def test_nothing_foreign_acts() -> None:
    assert all(b"\x1b" not in content and "\u202e".encode() not in content for content in LISTS.values())


def test_what_ties_and_what_does_not_stands_in_one_order() -> None:
    none = dict.fromkeys(("change_id", "number", "detail", "record"))
    told = [
        {
            **none,
            "kind": kind,
            "item": item,
            "repository": "o/n",
            "happened_at": at,
            "is_matched": held,
            "reason": why,
        }
        for kind, item, at, held, why in (
            ("request", "request o/n 7", "2026-01-02T00:00:00Z", None, "git-not-read"),
            ("change", "change o/n b", "2026-01-03T00:00:00Z", True, "merge-commit"),
            ("change", "change o/n a", "2026-01-01T00:00:00Z", False, "direct-push"),
        )
    ]
    name, content = completeness_of(told)
    assert name == "lists/completeness.csv"
    found = list(csv.DictReader(io.StringIO(content.decode())))
    assert [(row["item"], row["is_matched"], row["reason"]) for row in found] == [
        ("change o/n a", "false", "direct-push"),
        ("change o/n b", "true", "merge-commit"),
        ("request o/n 7", "", "git-not-read"),
    ]
