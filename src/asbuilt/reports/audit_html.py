"""One audit as one HTML file: no script, no network, readable on a phone, in the dark and on paper."""

from collections.abc import Iterator, Sequence

from asbuilt.model.audit import Audit
from asbuilt.model.result import Conclusion, Outcome
from asbuilt.reports import audit_html_listed as listed
from asbuilt.reports import audit_html_tested as tested
from asbuilt.reports.audit_words import CATEGORIES, STANDINGS, by_conclusion, period
from asbuilt.reports.html_document import document
from asbuilt.reports.markup import Safe, advice, element, escape, join, table
from asbuilt.reports.words import OWN_TEST, many, number


def render_audit_html(audit: Audit) -> str:
    """The audit as one self-contained file: long tables are cut, and say so; the package holds all.

    Foreign text goes through ``markup`` alone, which escapes it.
    """
    name = audit.system or audit.company or "an audit"
    return document(
        f"AsBuilt: {name[:100]}, {period(audit)}",
        [_title_block(audit), _verdict(audit), _figures(audit), *_sections(audit)],
        element("footer", element("p", f"AsBuilt {audit.version[:20]}. {OWN_TEST}")),
    )


def _sections(audit: Audit) -> Iterator[Safe]:
    made: Sequence[tuple[str, Safe | None]] = [
        ("What stands behind each criterion", _criteria(audit)),
        ("Controls and their tests", tested.controls(audit)),
        ("The same controls for all code", tested.parity(audit)),
        ("How long findings stayed open", tested.mending(audit)),
        ("Time in force", tested.in_force(audit)),
        ("Cadence: expected against actual", tested.occurrences(audit)),
        ("Deviations", listed.deviations(audit)),
        ("Populations, and how complete they are", listed.populations(audit)),
        ("Samples for the auditor", listed.samples(audit)),
        ("Not tested, and who decided it", listed.set_aside(audit)),
        ("What could not be seen", listed.gaps(audit)),
    ]
    present = [(title, content) for title, content in made if content is not None]
    for at, (title, content) in enumerate(present, start=1):
        head = element("h2", element("span", f"{at}", class_="sheet"), title, id=f"s{at}")
        yield join(Safe("\n"), element("section", head, content, aria_labelledby=f"s{at}"))


def _title_block(audit: Audit) -> Safe:
    ledger = audit.ledger
    cells = (
        ("Period", period(audit)),
        ("Categories", ", ".join(CATEGORIES.get(own, own) for own in audit.categories)),
        ("Controls", number(len(audit.results))),
        ("Ledger", escape(ledger.origin, 80) if ledger else "none"),
        ("Entries", number(ledger.size) if ledger else "–"),
        ("Root", element("code", f"{ledger.root[:16]}…") if ledger else "–"),
    )
    who = " · ".join(part for part in (audit.company, audit.system) if part) or "An audit of no named company"
    return element(
        "header",
        element(
            "div", element("p", "Readiness: management's own tests", class_="kind"), element("h1", escape(who, 160))
        ),
        element("dl", [element("div", element("dt", name), element("dd", value)) for name, value in cells]),
        class_="title-block",
    )


def _verdict(audit: Audit) -> Safe:
    state, mark = "clear", "✓"
    if any(result.conclusion is Conclusion.EVIDENCE_MISSING for result in audit.results):
        state, mark = "open", "?"
    if audit.deviations:
        state, mark = "blocked", "✗"
    return element(
        "section",
        element("span", mark, class_="mark", aria_hidden="true"),
        element(
            "div",
            element("h2", escape(audit.verdict, 600)),
            element("p", element("strong", "Next "), advice(audit.next_step)),
        ),
        class_=f"verdict {state}",
        aria_label="Verdict and next step",
    )


def _figures(audit: Audit) -> Safe:
    items = sum(result.count for result in audit.results)
    unknown = sum(result.counts.get(Outcome.UNKNOWN, 0) for result in audit.results)
    supported = sum(each.standing == "supported" for each in audit.criteria)
    tiles = (
        (f"{supported} of {len(audit.criteria)}", "criteria are supported by controls that worked every time"),
        (number(items), "items tested: whole populations, no sampling"),
        (number(len(audit.deviations)), "deviations, each in the register below"),
        (number(unknown), "items that could not be told, which is not a pass"),
    )
    return element(
        "ul",
        [element("li", element("strong", figure), element("span", text)) for figure, text in tiles],
        class_="tiles",
    )


def _criteria(audit: Audit) -> Safe:
    tally = ", ".join(f"{number(count)} {kind.name}" for _, kind, count in by_conclusion(audit.results))
    rows = [
        (
            element(
                "span",
                f"{STANDINGS[each.standing].mark} {STANDINGS[each.standing].name}",
                class_=tested.standing_class(each.standing),
            ),
            join(element("strong", each.id, class_="id"), " ", escape(each.title, 100)),
            escape(each.paraphrase, 300),
            [join(" " if at else None, tested.link(own)) for at, own in enumerate(each.controls)] or "–",
        )
        for each in audit.criteria
    ]
    meanings = "; ".join(f"{kind.mark} {kind.name}: {kind.meaning}" for kind in STANDINGS.values())
    return join(
        element("p", f"{many(len(audit.results), 'control')}: {tally}."),
        element(
            "p",
            f"{meanings}. The criteria's own wording is the AICPA's; the sentences here are ours.",
            class_="note",
        ),
        table("Criteria", ("Standing", "Criterion", "What it is about", "Controls behind it"), "dhll", rows),
    )
