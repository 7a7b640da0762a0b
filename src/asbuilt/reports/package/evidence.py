"""The pages of single items: the row that was judged, why, what stands around it, and the records it cites."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from asbuilt.model.audit import Audit
from asbuilt.model.result import Outcome, Result
from asbuilt.reports.html_document import document
from asbuilt.reports.markup import Safe, element, escape, join, table
from asbuilt.reports.words import OUTCOMES, OWN_TEST, number

_UNSAFE = re.compile(r"[^A-Za-z0-9_.-]+")
Row = Mapping[str, Any]


class Exhibit(msgspec.Struct, frozen=True):
    """One item of one control with all that is known of it.

    ``outcome`` is the verdict, ``row`` the row of the population (None: a state or a cadence, whose evidence is
    ``around``), ``around`` the rows of other tables that belong to it, by table. ``records`` maps the leaf hash of
    each record that they cite to its index in the ledger. ``decided_by`` names the columns of the row that the
    control gives as its reason.
    """

    control: str
    number: int
    item: str
    outcome: Outcome
    drawn: str
    row: Row | None
    around: Mapping[str, tuple[Row, ...]]
    records: Mapping[str, int]
    decided_by: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The page's name in the package."""
        plain = _UNSAFE.sub("-", self.item)[:60].strip(".-") or "item"
        return f"evidence/{self.control}/{self.number:04d}-{plain}.html"


def evidence_page(audit: Audit, result: Result, exhibit: Exhibit) -> bytes:
    """The page of one item; foreign text is escaped."""
    kind = OUTCOMES[exhibit.outcome]
    parts = [
        _head(audit, result, exhibit, f"{kind.mark} {kind.name}"),
        _section("What decided it", _decided(result, exhibit)),
        _section("The row that was judged", _row(exhibit.row, exhibit) if exhibit.row is not None else None),
        *(
            _section(f"{name}: {number(len(rows))}", [_row(row, exhibit) for row in rows])
            for name, rows in exhibit.around.items()
            if rows
        ),
        _section("Records in the ledger", _records(exhibit)),
        _section("The test", element("pre", element("code", escape(result.query, 4000)), tabindex=0)),
    ]
    foot = element("footer", element("p", f"AsBuilt {audit.version[:20]}. {OWN_TEST}"))
    return document(f"{exhibit.control} {exhibit.item[:80]}", parts, foot).encode("utf-8", "backslashreplace")


def _head(audit: Audit, result: Result, exhibit: Exhibit, verdict: str) -> Safe:
    what = str(audit.texts.get(result.control, {}).get("what", ""))
    cells = (
        ("Verdict", verdict),
        ("Why it is here", exhibit.drawn),
        ("Population", element("code", escape(result.population, 60))),
    )
    return element(
        "header",
        element(
            "div",
            element("p", join(f"{result.control}: ", escape(result.title, 200)), class_="kind"),
            element("h1", escape(exhibit.item, 200)),
            element("p", escape(what, 1000)),
            element("p", element("a", "All of the audit", href="../../index.html")),
        ),
        element("dl", [element("div", element("dt", name), element("dd", value)) for name, value in cells]),
        class_="title-block",
    )


def _section(title: str, content: Safe | list[Safe] | None) -> Safe | None:
    if not content:
        return None
    return element("section", element("h2", escape(title, 120)), content)


def _decided(result: Result, exhibit: Exhibit) -> Safe | None:
    """The columns that the control gives as its reason; of a state or a cadence, what the result says."""
    if exhibit.row is not None and exhibit.decided_by:
        return _row({name: exhibit.row.get(name) for name in exhibit.decided_by}, exhibit)
    found = next((own for own in result.verdicts if own.item == exhibit.item), None)
    return _row(found.because, exhibit) if found is not None and found.because else None


def _row(row: Row, exhibit: Exhibit) -> Safe:
    rows = [(element("code", name), _value(name, value, exhibit)) for name, value in row.items()]
    return table("Columns", ("Column", "Value"), "hl", rows)


def _value(name: str, value: Any, exhibit: Exhibit) -> Safe | str:
    if value is None:
        return element("span", "not known", class_="meaning")
    if name == "record" and value in exhibit.records:
        return join(element("code", str(value)), f" (entry {exhibit.records[value]})")
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return escape("; ".join(str(own) for own in value) or "none", 2000)
    return escape(str(value), 2000)


def _records(exhibit: Exhibit) -> Safe | None:
    if not exhibit.records:
        return None
    rows = [
        (number(index), element("code", leaf))
        for leaf, index in sorted(exhibit.records.items(), key=lambda each: each[1])
    ]
    said = "Their bytes and the proofs that they are in the ledger stand in records.jsonl, by this index."
    return join(element("p", said), table("Records", ("Entry", "Leaf hash"), "rl", rows))


def evidence_index(exhibits: Iterable[Exhibit]) -> list[Safe]:
    """Links to every page, one list a control."""
    groups: dict[str, list[Exhibit]] = {}
    for exhibit in exhibits:
        groups.setdefault(exhibit.control, []).append(exhibit)
    return [
        element(
            "details",
            element("summary", f"{control}: {number(len(found))}"),
            element(
                "ul",
                [
                    element(
                        "li",
                        element("a", escape(one.item, 100), href=one.name),
                        f" {OUTCOMES[one.outcome].mark} {OUTCOMES[one.outcome].name}, {one.drawn}",
                    )
                    for one in found
                ],
            ),
        )
        for control, found in groups.items()
    ]
