"""The AI annex: tools and models, who wrote what share, the same controls for all of it, limits of detection."""

from collections.abc import Mapping

from asbuilt.model.audit import Audit
from asbuilt.model.result import Outcome
from asbuilt.reports.audit_words import period
from asbuilt.reports.package.drafts import name_of
from asbuilt.reports.package.prose import Facts, Prose, cell
from asbuilt.reports.words import OWN_TEST, number, share

NAME = "ai-annex.md"
_REVIEW = "CHG-01"  # the control that asks for a second person on every change

_LIMITS = (
    (
        "A missing signal is unknown; it never means that a person typed the line. Completions in an editor and "
        "code pasted from a chat leave none."
    ),
    (
        "`ai-declared` is a commit's own statement that a tool took part, `ai-tracked` a record of the lines. Both "
        "can be left out, or removed before a commit."
    ),
    (
        "Whether an undeclared AI was used cannot be shown by a program. That the same controls ran on all code "
        "can, and is shown above."
    ),
)


def annex_of(audit: Audit, facts: Facts) -> bytes:
    """The annex as Markdown, UTF-8; ``facts`` holds the rows of ``drafts.TABLES``."""
    page = Prose(f"AI annex: {name_of(audit)}, {period(audit)}")
    page.head("AI tools seen at work or set up")
    page.table(
        ("tool", "vendor", "commits", "lines", "first seen", "approved"),
        (
            [cell(row, name) for name in ("name", "vendor", "commits", "lines", "first_seen", "approved")]
            for row in facts.get("ai_tools", ())
        ),
    )
    page.head("AI providers")
    page.table(
        ("provider", "classification", "in the product's path", "receives customers' data", "terms on data"),
        (
            [
                cell(row, name)
                for name in ("name", "classification", "in_product_path", "receives_customer_data", "data_terms")
            ]
            for row in facts.get("ai_providers", ())
        ),
    )
    page.head("Who wrote the changes, and whether another person approved")
    reviewed = audit.parity.get(_REVIEW, {})
    total = sum(_count(counts) for counts in reviewed.values())
    page.table(
        ("who wrote", "changes", "share", f"approved ({_REVIEW})"),
        (
            (kind, number(_count(counts)), share(_count(counts), total), _met(counts))
            for kind, counts in sorted(reviewed.items())
        ),
    )
    page.head("The same controls for all code")
    page.table(
        ("control", "who wrote", "items", "met"),
        (
            (control, kind, number(_count(counts)), _met(counts))
            for control, split in sorted(audit.parity.items())
            for kind, counts in sorted(split.items())
        ),
    )
    page.head("Limits of detection").items(_LIMITS)
    return page.say(OWN_TEST).encode()


def _count(counts: Mapping[str, int]) -> int:
    return sum(counts.values())


def _met(counts: Mapping[str, int]) -> str:
    return share(counts.get(Outcome.MET, 0), _count(counts))
