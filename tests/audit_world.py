"""A simulated audit with everything in it that a report has to show, and hostile text where a company's words go."""

from typing import Any

from asbuilt.model.audit import (
    SCHEMA,
    Audit,
    CriterionStanding,
    DeviationEntry,
    Drawn,
    LedgerHead,
    Mending,
    PopulationFrozen,
    Retired,
    Sample,
)
from asbuilt.model.inspection import Gap
from asbuilt.model.result import (
    Conclusion,
    ControlKind,
    Coverage,
    Occurrence,
    Outcome,
    Result,
    Span,
    TimeInForce,
    Verdict,
    Waiver,
)
from asbuilt.model.window import Window

DAY = 86_400
START = 1_767_225_600  # 2026-01-01
END = START + 181 * DAY  # 2026-07-01
HOSTILE = '=HYPERLINK("http://x")<script>alert(1)</script>\x1b[31m\u202e#let x = 1 \\ $'

WAIVER = Waiver("CHG-01", "c0ffee", "Ana Lima", "the branch was frozen", START + 3 * DAY, END + 30 * DAY)
SPLIT = {
    "ai-declared": {"met": 90, "deviation": 2, "unknown": 0},
    "unknown": {"met": 107, "deviation": 0, "unknown": 1},
}


def result(control: str, conclusion: Conclusion, **more: Any) -> Result:
    fields: dict[str, Any] = {
        "control": control,
        "title": f"The title of {control}",
        "criteria": ("CC8.1",),
        "population": "changes",
        "count": 1,
        "counts": {"met": 1, "deviation": 0, "unknown": 0},
        "split": {},
        "verdicts": (),
        "conclusion": conclusion,
        "query": "SELECT change_id AS item\nFROM changes",
        "digest": "d" * 64,
        "population_digest": "e" * 64,
        "settings": {"not_effective_above": 0.5},
        "coverage": Coverage(("changes_seen",), END - START, END - START, ("x-1",), corroborated=True),
    }
    return Result(**{**fields, **more})


def results() -> tuple[Result, ...]:
    deviation = Verdict(
        "c0ffee", Outcome.DEVIATION, "ai-declared", {"independent_human_approvals": 0, "who": HOSTILE}
    )
    open_one = Verdict("facade", Outcome.UNKNOWN, "unknown", {"independent_human_approvals": None})
    half = START + 100 * DAY
    spans = (Span(START, half, "off"), Span(half, END - DAY, "on"), Span(END - DAY, END, "not visible"))
    return (
        result(
            "CHG-01",
            Conclusion.WITH_DEVIATIONS,
            count=200,
            counts={"met": 197, "deviation": 2, "unknown": 1},
            split=SPLIT,
            verdicts=(deviation, open_one),
            waivers=(WAIVER,),
        ),
        result(
            "CHG-03",
            Conclusion.NOT_EFFECTIVE,
            kind=ControlKind.STATE,
            population="branch_rules",
            counts={"met": 0, "deviation": 1, "unknown": 0},
            in_force=TimeInForce(80 * DAY, 100 * DAY, DAY, spans, {"acme/app": spans}),
            reason="acme/app was proved off for 100 days.",
        ),
        result(
            "ACC-06",
            Conclusion.EVIDENCE_MISSING,
            kind=ControlKind.CADENCE,
            population="access_reviews",
            criteria=("CC6.2", "CC6.3"),
            count=2,
            counts={"met": 1, "deviation": 0, "unknown": 1},
            occurrences=(
                Occurrence("idp", START, START + 90 * DAY, START + 80 * DAY, "on time", "idp 2026-01-01"),
                Occurrence("idp", START + 90 * DAY, END, None, "not visible", "idp 2026-04-01"),
            ),
            coverage=Coverage(("access_reviews",), 90 * DAY, END - START, (), why="91 days have no extract."),
            reason="91 days of access_reviews have no extract.",
        ),
        result("HR-01", Conclusion.NO_OCCURRENCE, count=0, counts={"met": 0, "deviation": 0, "unknown": 0}),
        result(
            "ACC-13",
            Conclusion.NOT_APPLICABLE,
            count=0,
            counts={"met": 0, "deviation": 0, "unknown": 0},
            coverage=None,
            reason="No offices (Ana Lima, 2026-01-05).",
        ),
        result("GOV-01", Conclusion.EVIDENCE_MISSING, failure="ValueError: broken", population_digest=""),
        result("CHG-05", Conclusion.EFFECTIVE),
    )


def audit(**more: Any) -> Audit:
    found = results()
    criteria = (
        CriterionStanding(
            "CC6.2", "security", "Access is given", "In our words.", ("ACC-06",), {}, "evidence missing"
        ),
        CriterionStanding(
            "CC8.1",
            "security",
            "Changes",
            "In our words.",
            ("CHG-01", "CHG-03"),
            {"not effective": 1},
            "not supported",
        ),
        CriterionStanding("CC9.1", "security", "Disruption", "In our words.", (), {}, "no control"),
        CriterionStanding("A1.1", "availability", "Capacity", "In our words.", ("CHG-05",), {}, "supported"),
    )
    extract = {
        "extract": "x-1",
        "source": HOSTILE,
        "covers_from": "2026-01-01T00:00:00Z",
        "covers_until": "2026-07-01T00:00:00Z",
        "query": "git log",
        "row_count": 200,
        "truncated": False,
        "differences": ["one more in the forge"],
    }
    fields: dict[str, Any] = {
        "schema": SCHEMA,
        "version": "0.1.0",
        "type": 2,
        "window": Window(START, END),
        "as_of": END - 1,
        "company": f"Acme {HOSTILE}",
        "system": "Acme Cloud",
        "categories": ("security", "availability"),
        "engine": "duckdb 2.0",
        "results": found,
        "criteria": criteria,
        "populations": (
            PopulationFrozen("changes", "Every change.", 200, "a" * 64, found[0].coverage, (extract,)),
            PopulationFrozen("access_reviews", "Every review.", 1, "b" * 64, found[2].coverage),
        ),
        "parity": {"CHG-01": SPLIT},
        "deviations": (
            DeviationEntry(
                "CHG-01",
                "c0ffee",
                "ai-declared",
                "2026-02-03T00:00:00Z",
                {"independent_human_approvals": 0, "who": HOSTILE},
                cause="a hurry",
                isolated=True,
                answer="We added a rule.",
                waiver=WAIVER,
            ),
            DeviationEntry("CHG-03", "acme/app", "", None, {}),
        ),
        "samples": (
            Sample(
                "CHG-01",
                200,
                "e" * 64,
                "agreed",
                "sha256-order/1",
                "by count: up to 250, lower",
                2,
                (Drawn("c0ffee", 1), Drawn("decade", 3, "void-1", "a test record")),
                {"void-1": "a test record"},
            ),
        ),
        "retired": (Retired("OPS-03", "The title of OPS-03", "no agents", "Ana Lima", "2026-03-01"),),
        "gaps": (Gap("GAP-RECORD", "One record could not be read.", "It is malformed.", "Record it again."),),
        "ledger": LedgerHead("acme.example/ledger", 1234, "f" * 64, "acme.example/ledger\n1234\nroot\n"),
        "texts": {
            own.control: {"title": own.title, "what": f"What {HOSTILE}", "why": "Why.", "blind_spot": "Blind."}
            for own in found
        },
        "verdict": "Readiness over this window: 1 of 4 criteria are supported.",
        "mending": (
            Mending("ai-declared", 9, 6, 3, 4.5, 21),
            Mending("unknown", 2, 0, 2, None, None),
            Mending("automation", 3, 3, 0, 2.0, 12, "packages"),
        ),
        "next_step": "Mend CHG-03: `asbuilt controls CHG-03`.",
    }
    return Audit(**{**fields, **more})
