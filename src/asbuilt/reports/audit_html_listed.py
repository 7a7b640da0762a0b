"""The audit report's lists: deviations, populations with their manifests, samples, what was set aside, gaps."""

from typing import Any

from asbuilt.model.audit import Audit, DeviationEntry, PopulationFrozen, Sample
from asbuilt.model.result import Conclusion
from asbuilt.reports.audit_html_tested import link
from asbuilt.reports.audit_words import instant
from asbuilt.reports.markup import Safe, advice, element, escape, folded, join, table
from asbuilt.reports.words import many, number

_MOST_DEVIATIONS, _MOST_GAPS, _MOST_DRAWN = 300, 100, 60
_ISOLATED = {True: "isolated", False: "systematic", None: "not judged"}


def deviations(audit: Audit) -> Safe:
    """The register: every deviation stays, with what people noted about it."""
    found = audit.deviations
    if not found:
        return element("p", "None.")
    shown = found[:_MOST_DEVIATIONS]
    said = "A deviation stays in this register after it is mended; a waiver stands beside it and changes nothing."
    if len(shown) < len(found):
        said += f" The first {number(len(shown))} of {number(len(found))}: the package holds all."
    heads = ("Control", "Item", "Because", "Cause and effect", "What compensated", "Management's answer", "Waiver")
    return join(element("p", said), table("Deviations", heads, "hllllll", [_deviation(each) for each in shown]))


def _deviation(each: DeviationEntry) -> tuple[Safe | str, ...]:
    because = ", ".join(f"{name} = {value}" for name, value in sorted(each.because.items()))
    noted = "; ".join(part for part in (each.nature, each.cause, each.effect) if part)
    waiver = each.waiver
    return (
        link(each.control),
        join(element("code", escape(each.item, 80)), f" {each.at}" if each.at else None),
        escape(because, 300),
        escape(f"{noted or 'not noted'} ({_ISOLATED[each.isolated]})", 300),
        escape(each.compensating_control or "–", 200),
        escape(each.answer or "none yet", 300),
        escape(f"{waiver.granted_by} until {instant(waiver.expires_at)}: {waiver.reason}", 300) if waiver else "–",
    )


def populations(audit: Audit) -> Safe | None:
    """Every frozen population with its rows and digest, and folded below, the manifest of each extract."""
    if not audit.populations:
        return None
    rows = [
        (
            element("strong", escape(each.table, 60)),
            number(each.rows),
            _complete(each),
            element("code", each.sha256[:16] + "…"),
        )
        for each in audit.populations
    ]
    return join(
        table("Populations", ("Population", "Rows", "Complete over the window", "sha256"), "hrld", rows),
        [_manifests(each) for each in audit.populations if each.extracts],
    )


def _complete(each: PopulationFrozen) -> Safe | str:
    if each.coverage is None:
        return "not asked"
    return "yes" if each.coverage.complete else escape(f"not known: {each.coverage.why}", 200)


def _manifests(each: PopulationFrozen) -> Safe:
    heads = (
        "Source",
        "Covers",
        "Query",
        "Taken by",
        "Taken",
        "Rows",
        "Source's own total",
        "Second source",
        "Differences",
    )
    return folded(
        f"{each.table}: {many(len(each.extracts), 'extract')}",
        table(f"Extracts of {each.table}", heads, "hdllddrll", [_manifest(own) for own in each.extracts]),
    )


def _manifest(extract: dict[str, Any]) -> tuple[Safe | str, ...]:
    def text(name: str, limit: int = 200) -> Safe | str:
        value = extract.get(name)
        return "–" if value is None else escape(str(value), limit)

    covers = f"{extract.get('covers_from') or '–'} to {extract.get('covers_until') or '–'}"
    second = (
        f"{extract.get('second_source')}: {extract.get('second_count')}" if extract.get("second_source") else "–"
    )
    cut = " (cut off)" if extract.get("truncated") else ""
    return (
        text("source"),
        escape(covers, 80),
        text("query"),
        text("taken_by"),
        text("ended_at"),
        escape(f"{extract.get('row_count')}{cut}", 40),
        text("reported_total"),
        escape(second, 120),
        escape("; ".join(extract.get("differences") or ()) or "none", 300),
    )


def samples(audit: Audit) -> Safe | None:
    """The seeded samples; the whole population was tested, these are for the auditor to test again by hand."""
    if not audit.samples:
        return None
    said = (
        "Whole populations were tested, so nothing is inferred from these samples: they are items for the auditor "
        "to test again. Sort the items by sha256(seed, line feed, population digest, line feed, item) and take the "
        "first."
    )
    return join(element("p", said), [_sample(each) for each in audit.samples])


def _sample(sample: Sample) -> Safe:
    drawn = [
        (
            number(one.position) if one.item else "–",
            element("code", escape(one.item, 80)) if one.item else "nothing was left",
            escape(f"in place of {one.replaces}: {one.reason}", 200) if one.replaces else "",
        )
        for one in sample.items[:_MOST_DRAWN]
    ]
    return folded(
        f"{sample.control}: {number(sample.size)} of {number(sample.population)}, {sample.basis}",
        element("p", "Seed ", element("code", escape(sample.seed, 120)), class_="note"),
        element("p", escape(_inference(sample), 300), class_="note"),
        table(f"Sample of {sample.control}", ("Place", "Item", "Replacement"), "rhl", drawn),
    )


def _inference(sample: Sample) -> str:
    """What the sample alone would support; the whole population was tested beside it."""
    if not sample.upper_limit:
        return "The sample is the whole population: nothing is inferred."
    found = "no item" if not sample.deviations else many(sample.deviations, "item")
    return (
        f"In it {found} does not meet the control. Taken alone, such a sample would bound the rate in the "
        f"population at {sample.upper_limit} (95 %, one-sided, exact)."
    )


def set_aside(audit: Audit) -> Safe | None:
    """What is not tested: by whom that was decided, when and why."""
    apart = [result for result in audit.results if result.conclusion is Conclusion.NOT_APPLICABLE]
    rows = [
        (link(each.control), escape(each.title, 200), "not applicable", escape(each.reason, 300)) for each in apart
    ]
    rows += [
        (
            escape(each.control, 20),
            escape(each.title, 200),
            f"retired on {each.on}",
            escape(f"{each.reason} ({each.by})", 300),
        )
        for each in audit.retired
    ]
    return table("Not tested", ("Control", "", "State", "Reason and person"), "hldl", rows) if rows else None


def gaps(audit: Audit) -> Safe | None:
    """What no source showed, and what would open it."""
    if not audit.gaps:
        return None
    cards = [
        element(
            "li",
            element("span", "?", class_="mark", aria_hidden="true"),
            element(
                "div",
                element("p", element("strong", escape(gap.code, 40)), " ", escape(gap.what, 400)),
                element("p", escape(gap.why, 400), class_="note") if gap.why else None,
                element("p", advice(gap.remedy)) if gap.remedy else None,
            ),
            class_="f-unknown",
        )
        for gap in audit.gaps[:_MOST_GAPS]
    ]
    more = len(audit.gaps) - _MOST_GAPS
    return join(
        element("ul", cards, class_="cards"),
        element("p", f"and {number(more)} more; the JSON report holds all", class_="note") if more > 0 else None,
    )
