"""The package's own pages: what lies in it, the calendar of controls in force, and one change from end to end."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from asbuilt.model.audit import Audit
from asbuilt.reports import audit_html_tested as tested
from asbuilt.reports.audit_words import CATEGORIES, period
from asbuilt.reports.html_document import document
from asbuilt.reports.markup import Child, Safe, element, escape, join, table
from asbuilt.reports.package.evidence import Exhibit, evidence_index
from asbuilt.reports.words import OWN_TEST, number

# What each part of the package is, by the beginning of its name; in reading order.
CONTENTS = (
    ("index.html", "The first page: what this is, where to begin, and what lies here."),
    ("audit.html", "The audit: criteria, controls with their tests, deviations, populations, samples."),
    ("audit.json", "The same for a program; its schema comes with AsBuilt."),
    ("audit.xlsx", "The same as a workbook."),
    ("audit.pdf", "The same, to be printed."),
    ("oscal-assessment-results.json", "The same as OSCAL assessment results."),
    ("in-force.html", "The calendar: for how much of the window each setting was proved on."),
    ("one-change.html", "One change from request to production, with every record it cites."),
    ("request-list.md", "What auditors usually ask for, and where it lies here."),
    ("ai-annex.md", "AI tools and models, who wrote what share, the same controls for all of it."),
    ("drafts/", "Drafts that a person finishes: description, assertion, customers and suppliers."),
    ("lists/", "Lists as CSV: controls, criteria, the matrix, deviations, samples, time in force."),
    ("populations/", "Every population as it was frozen, whole."),
    ("manifests/", "How each population was extracted: source, query, identity, rows, second source."),
    (
        "verdicts/",
        "The verdict of every item of every control: letter, item, who wrote. The digests follow from it.",
    ),
    ("evidence/", "A page for each sampled item and each deviation."),
    ("records.jsonl", "The raw records behind those pages, each with the proof that it is in the ledger."),
    ("leaves.txt", "The leaf hash of every record of the ledger, in its order: the tree can be built again."),
    ("attachments/", "The documents that the records in this package name, by their SHA-256."),
    ("checkpoint.txt", "The signed head of the ledger (C2SP checkpoint)."),
    ("key.vkey", "The key to check it with; compare its fingerprint by another channel."),
    ("verify.py", "Checks all of this offline: python3 verify.py FILE.zip, with nothing but Python."),
    ("manifest.json", "The SHA-256 of every file."),
    ("manifest.sig", "The company's signature over it, a signed note."),
)


def index_page(
    audit: Audit,
    digests: Mapping[str, str],
    exhibits: Sequence[Exhibit],
    unbrought: Sequence[tuple[str, str, str]] = (),
) -> bytes:
    """The first page: what this is, where to begin, everything that lies here, and what does not.

    ``unbrought`` names extracts whose file is not here: extract, population, SHA-256.
    """
    ledger = audit.ledger
    rows = []
    for name, what in CONTENTS:
        found = [each for each in digests if each == name or (name.endswith("/") and each.startswith(name))]
        if found or name == "manifest.json":
            shown = element("a", name, href=name) if not name.endswith("/") else name
            rows.append((shown, number(len(found)) if name.endswith("/") else "", what))
    cells = (
        ("Period", period(audit)),
        ("Categories", ", ".join(CATEGORIES.get(own, own) for own in audit.categories)),
        ("Ledger", escape(f"{ledger.origin}, {number(ledger.size)} entries", 120) if ledger else "none"),
    )
    who = " · ".join(part for part in (audit.company, audit.system) if part) or "An audit of no named company"
    head = element(
        "header",
        element("div", element("p", "Evidence package", class_="kind"), element("h1", escape(who, 160))),
        element("dl", [element("div", element("dt", name), element("dd", value)) for name, value in cells]),
        class_="title-block",
    )
    begin = element(
        "section",
        element("h2", "Begin here"),
        element("p", escape(audit.verdict, 600)),
        element("p", "Check the package first: ", element("code", "python3 verify.py FILE.zip")),
        element("p", element("a", "Then read the audit.", href="audit.html")),
    )
    lies = element(
        "section", element("h2", "What lies here"), table("Contents", ("File", "Files", "What it is"), "hrl", rows)
    )
    pages = (
        element("section", element("h2", "Pages of single items"), evidence_index(exhibits)) if exhibits else None
    )
    return _page(audit, who, [head, begin, lies, _not_here(unbrought), pages])


def _not_here(unbrought: Sequence[tuple[str, str, str]]) -> Child:
    if not unbrought:
        return None
    rows = [
        (escape(name, 120), escape(population, 120), element("code", escape(digest, 80)))
        for name, population, digest in unbrought
    ]
    return element(
        "section",
        element("h2", "What could not be brought"),
        element(
            "p",
            "The ledger names these extracts by the digest of their bytes, and its folder does not hold the files:"
            " they were never given to it, or they were lost. `asbuilt ledger verify` tells which were lost.",
        ),
        table("Files that are not here", ("Extract", "Population", "SHA-256"), "hhl", rows),
    )


def calendar_page(audit: Audit) -> bytes:
    """For how much of the window each setting was proved on, with every stretch of time."""
    strips = tested.in_force(audit) or element("p", "No control of this audit is about a setting.")
    due = tested.occurrences(audit) or element("p", "No control of this audit expects anything at set times.")
    return _page(
        audit,
        "Controls in force",
        [
            _title("Controls in force", period(audit)),
            element("section", element("h2", "Settings over the window"), strips),
            element("section", element("h2", "What was due, and when it came"), due),
        ],
    )


def change_page(audit: Audit, change: str, steps: Iterable[tuple[str, Sequence[Mapping[str, Any]]]]) -> bytes:
    """One change from end to end; each step has its rows, or says that nothing shows it."""
    sections = [_step(name, rows) for name, rows in steps]
    return _page(
        audit, f"One change: {change}", [_title(f"One change: {change}", "From request to production"), *sections]
    )


def _step(name: str, rows: Sequence[Mapping[str, Any]]) -> Safe:
    shown: Child = [
        table(
            "Row", ("Column", "Value"), "hl", [(element("code", key), _told(value)) for key, value in row.items()]
        )
        for row in rows
    ] or element("p", "Nothing in this package shows it.")
    return element("section", element("h2", name), shown)


def _told(value: object) -> Safe:
    if value is None:
        return element("span", "not known", class_="meaning")
    if isinstance(value, list | tuple):
        return escape("; ".join(str(own) for own in value) or "none", 1000)
    return escape(str(value), 1000)


def _title(title: str, below: str) -> Safe:
    home = element("p", element("a", "All of the package", href="index.html"))
    return element(
        "header",
        element("div", element("p", below, class_="kind"), element("h1", escape(title, 160)), home),
        class_="title-block",
    )


def _page(audit: Audit, title: str, parts: Child) -> bytes:
    foot = element("footer", element("p", join(f"AsBuilt {audit.version[:20]}. {OWN_TEST}")))
    return document(title[:120], parts, foot).encode("utf-8", "backslashreplace")
