"""Drafts that a person finishes: the system description, management's assertion, who else must do what.

They are drawn from the company's own facts and say where a fact is missing. A draft is marked as one in every
heading; nothing here is an opinion.
"""

from collections.abc import Iterable
from typing import Final

from asbuilt.model.audit import Audit
from asbuilt.model.result import Conclusion
from asbuilt.reports.audit_words import CATEGORIES, period
from asbuilt.reports.foreign import shown
from asbuilt.reports.package.prose import Facts, Prose, cell
from asbuilt.reports.words import OWN_TEST, many

# The tables that the drafts and the annex are drawn from.
TABLES: Final = (
    "systems", "repositories", "people", "commitments", "descriptions", "incidents", "ai_providers", "ai_tools",
    "vendors", "data_inventory", "policies",
)  # fmt: skip
_SEVERE: Final = {"critical", "high"}
_MOST: Final = 500
_OPEN: Final = {Conclusion.NOT_EFFECTIVE, Conclusion.EVIDENCE_MISSING}


def drafts_of(audit: Audit, facts: Facts) -> Iterable[tuple[str, bytes]]:
    """The name and content (Markdown, UTF-8) of every draft; ``facts`` holds the rows of ``TABLES``."""
    yield "drafts/system-description.md", _description(audit, facts)
    yield "drafts/management-assertion.md", _assertion(audit)
    yield "drafts/customers-and-suppliers.md", _others(audit, facts)


def name_of(audit: Audit) -> str:
    """What the audit is about."""
    return shown(audit.system or audit.company or "the system", 120)


def _description(audit: Audit, facts: Facts) -> bytes:
    """By the nine description criteria (DC 1 to 9), in our own words."""
    page = Prose(f"DRAFT: description of {name_of(audit)}")
    page.say(f"{period(audit)}. A person finishes this text and answers for it.")
    page.head("DRAFT 1. Services")
    page.items(
        f"description {cell(row, 'version')}, in force from {cell(row, 'effective_from')}"
        for row in facts.get("descriptions", ())
    )
    page.head("DRAFT 2. Commitments and requirements")
    page.items(
        f"{cell(row, 'commitment')} (stated in {cell(row, 'stated_in')})" for row in facts.get("commitments", ())
    )
    _components(page, facts)
    page.head("DRAFT 4. Significant incidents")
    page.items(
        (
            f"{cell(row, 'incident')}, detected {cell(row, 'detected_at')}, {cell(row, 'severity')}"
            for row in facts.get("incidents", ())
            if row.get("severity") in _SEVERE
        ),
        none="*No incident of high severity is recorded; INC-02 says whether that is certain.*",
    )
    page.head("DRAFT 5. Criteria and controls")
    criteria = many(len(audit.criteria), "criterion", "criteria")
    page.say(f"{criteria}, {many(len(audit.results), 'control')}: `lists/control-matrix.csv`.")
    page.head("DRAFT 6 and 7. What users and subservice organisations must do")
    page.say("See `customers-and-suppliers.md`.")
    page.head("DRAFT 8. What does not apply, and why")
    page.items(
        (
            f"{own.control}: {shown(own.reason, 300)}"
            for own in audit.results
            if own.conclusion is Conclusion.NOT_APPLICABLE
        ),
        none="None is declared.",
    )
    page.head("DRAFT 9. Significant changes in the period")
    page.say(
        "See `populations/changes.csv` and `populations/change_risk_reviews.csv`."
        if audit.type == 2
        else "Not asked of a Type I examination."
    )
    return page.encode()


def _components(page: Prose, facts: Facts) -> None:
    page.head("DRAFT 3. Components")
    page.say("**Infrastructure and systems in scope**")
    page.items(
        f"{cell(row, 'name')} ({cell(row, 'kind')})" for row in facts.get("systems", ()) if row.get("in_scope")
    )
    page.say("**Software**")
    page.items(cell(row, "repository") for row in facts.get("repositories", ()) if row.get("in_scope"))
    page.say("**AI tools and models**")
    page.items(
        (
            *(f"{cell(row, 'name')} of {cell(row, 'vendor')}" for row in facts.get("ai_tools", ())),
            *(f"{cell(row, 'name')} ({cell(row, 'classification')})" for row in facts.get("ai_providers", ())),
        )
    )
    page.say("**People**")
    present = sum(row.get("ends_at") is None for row in facts.get("people", ()))
    page.items([many(present, "person", "people") + " on the list, with no end set"] if present else [])
    page.say("**Data**")
    page.items(
        ", ".join(f"{name}: {cell(row, name, 60)}" for name in list(row)[:4])
        for row in facts.get("data_inventory", ())
    )
    page.say("**Procedures**")
    page.items(sorted({cell(row, "policy") for row in facts.get("policies", ())}))


def _assertion(audit: Audit) -> bytes:
    scope = ", ".join(CATEGORIES.get(own, own) for own in audit.categories)
    page = Prose(f"DRAFT: management's assertion on {name_of(audit)}")
    page.say(f"{period(audit)}; categories: {scope}. A person completes and signs it; it is not signed here.")
    page.head("DRAFT What the signer has seen")
    page.say(f"{many(len(audit.deviations), 'deviation')}, each in `lists/deviations.csv`.")
    page.items(
        (
            f"{own.control}, {shown(own.item, 80)}: {shown(own.answer, 200) if own.answer else '**no answer yet**'}"
            for own in audit.deviations[:_MOST]
        ),
        none="None.",
    )
    page.head("DRAFT Controls that the signer cannot assert as they stand")
    page.items(
        (
            f"{own.control} {shown(own.title, 120)}: {own.conclusion.value}. {shown(own.reason, 200)}"
            for own in audit.results
            if own.conclusion in _OPEN
        ),
        none="None.",
    )
    page.head("DRAFT Signature").say("Name, office, date: ____________________").say(OWN_TEST)
    return page.encode()


def _others(audit: Audit, facts: Facts) -> bytes:
    page = Prose(f"DRAFT: what customers and suppliers of {name_of(audit)} must do")
    page.head("DRAFT Complementary user-entity controls")
    page.items(
        (
            "Customers manage their own users: they ask for access, review it, and take it away.",
            "Customers protect the keys and tokens that they are given.",
            "Customers review what an AI feature gives them before they act on it.",
            "Customers report problems and suspected incidents through the published channel.",
        )
    )
    page.head("DRAFT Subservice organisations, and what is expected of them")
    page.say(
        "An AI model host in the path of the product is normally a subservice organisation; a coding assistant is "
        "normally a vendor, unless customers' data reaches it."
    )
    page.items(
        f"{cell(row, 'name')} ({cell(row, 'classification')}): {cell(row, 'expected_controls', 600)}"
        for row in facts.get("ai_providers", ())
        if row.get("is_carved_out") or row.get("in_product_path")
    )
    page.head("DRAFT Critical vendors")
    page.items(
        f"{cell(row, 'name')}: {cell(row, 'service')}, owner {cell(row, 'owner')}"
        for row in facts.get("vendors", ())
        if row.get("tier") in _SEVERE
    )
    return page.encode()
