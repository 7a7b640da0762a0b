"""One audit as a PDF, set by typst (the extra ``[pdf]``); foreign text goes to it as data, never as markup."""

from importlib.resources import files
from typing import Any, Final

import msgspec
import typst

from asbuilt.model.audit import Audit
from asbuilt.model.result import Conclusion, Outcome, Result
from asbuilt.reports.audit_words import (
    CATEGORIES,
    CONCLUSIONS,
    STANDINGS,
    in_force_share,
    period,
    test_result,
)
from asbuilt.reports.foreign import shown
from asbuilt.reports.words import AUTHORSHIPS, OWN_TEST, number, share

_MOST_DEVIATIONS: Final = 200
_MOST_SPANS: Final = 400


def audit_pdf(audit: Audit) -> bytes:
    """The audit as a PDF in A4; the same audit gives the same bytes.

    It holds the 200 first deviations; the package and the JSON report hold all.
    """
    source = files(__package__).joinpath("audit.typ").read_bytes()
    data = msgspec.json.encode(_page(audit), order="sorted").decode()
    made = typst.compile(
        source, format="pdf", sys_inputs={"audit": data}, timestamp=audit.as_of, ignore_system_fonts=True
    )
    return bytes(made)


def _page(audit: Audit) -> dict[str, Any]:
    ledger = audit.ledger
    listed = min(len(audit.deviations), _MOST_DEVIATIONS)
    name = " · ".join(part for part in (audit.company, audit.system) if part) or "An audit of no named company"
    return {
        "title": shown(f"{name}, {period(audit)}", 200),
        "kind": "Readiness: management's own tests",
        "name": shown(name, 160),
        "foot": shown(f"AsBuilt {audit.version} · {period(audit)}", 120),
        "about": [
            ["Period", period(audit)],
            ["Categories", ", ".join(CATEGORIES.get(own, own) for own in audit.categories)],
            ["Ledger", shown(f"{ledger.origin}, {number(ledger.size)} entries", 120) if ledger else "none"],
            ["Root", ledger.root if ledger else "–"],
            ["Tested on", shown(audit.engine, 60)],
        ],
        "verdict": shown(audit.verdict, 600),
        "next": shown(audit.next_step, 300),
        "own_test": OWN_TEST,
        "criteria": [
            [
                STANDINGS[own.standing].name,
                f"{own.id} {shown(own.title, 80)}",
                shown(own.paraphrase, 300),
                _spaced(own.controls),
            ]
            for own in audit.criteria
        ],
        "controls": [_control(own) for own in audit.results],
        **_parity(audit),
        "mending": _mending(audit),
        "in_force": [_in_force(own) for own in audit.results if own.in_force is not None and own.in_force.spans],
        "deviations": [_deviation(audit, at) for at in range(listed)],
        "deviations_cut": f"{number(listed)} of {number(len(audit.deviations))}",
        **_lists(audit),
    }


def _lists(audit: Audit) -> dict[str, Any]:
    """What stands behind the tests: populations, what was set aside, gaps, and the controls as they are written."""
    return {
        "populations": [
            [
                own.table,
                number(own.rows),
                "not asked" if own.coverage is None else shown(own.coverage.why, 200) or "yes",
                own.sha256[:16] + "…",
            ]
            for own in audit.populations
        ],
        "aside": [
            *(
                [own.control, shown(own.reason, 300)]
                for own in audit.results
                if own.conclusion is Conclusion.NOT_APPLICABLE
            ),
            *([own.control, shown(f"retired on {own.on} by {own.by}: {own.reason}", 300)] for own in audit.retired),
        ],
        "gaps": [[own.code, shown(f"{own.what} {own.why} {own.remedy}", 500)] for own in audit.gaps[:100]],
        "texts": [
            {
                "control": own.control,
                "title": shown(own.title, 200),
                **{
                    key: shown(str(audit.texts.get(own.control, {}).get(key, "")), 2000)
                    for key in ("what", "why", "blind_spot", "expect")
                },
            }
            for own in audit.results
        ],
    }


def _control(result: Result) -> list[str]:
    return [
        CONCLUSIONS[result.conclusion].name,
        f"{result.control} {shown(result.title, 160)}",
        number(result.count),
        number(result.counts.get(Outcome.DEVIATION, 0)),
        number(result.counts.get(Outcome.UNKNOWN, 0)),
        shown(test_result(result), 400),
    ]


def _parity(audit: Audit) -> dict[str, Any]:
    classes = [key for key in AUTHORSHIPS if any(key in split for split in audit.parity.values())]

    def cell(counts: dict[str, int]) -> str:
        total = sum(counts.values())
        return f"{share(counts.get(Outcome.MET, 0), total)} of {number(total)}" if total else "–"

    return {
        "parity_heads": ["Control", *(AUTHORSHIPS[key].name for key in classes)],
        "parity": [
            [control, *(cell(split.get(key, {})) for key in classes)]
            for control, split in sorted(audit.parity.items())
        ],
    }


def _mending(audit: Audit) -> list[list[str]]:
    """How long findings stayed open, by who wrote the line or brought the package."""
    return [
        [
            AUTHORSHIPS[own.attribution].name if own.attribution in AUTHORSHIPS else shown(own.attribution, 40),
            own.about,
            *(number(count) for count in (own.findings, own.closed, own.open)),
            *("–" if days is None else f"{days:g}" for days in (own.median_days, own.longest_days)),
        ]
        for own in audit.mending
    ]


def _in_force(result: Result) -> dict[str, Any]:
    spans = () if result.in_force is None else result.in_force.spans[:_MOST_SPANS]
    whole = sum(own.end - own.start for own in spans) or 1
    on, off, dark = in_force_share(result)
    return {
        "control": result.control,
        "title": shown(result.title, 120),
        "told": f"on {on}, off {off}, not visible {dark}",
        "spans": [{"state": own.state, "share": (own.end - own.start) / whole} for own in spans],
    }


def _deviation(audit: Audit, at: int) -> list[str]:
    own = audit.deviations[at]
    because = ", ".join(f"{name} = {value}" for name, value in sorted(own.because.items()))
    noted = [part for part in (own.nature, own.cause, own.effect, own.compensating_control, own.answer) if part]
    if own.waiver is not None:
        noted.append(f"waived by {own.waiver.granted_by}: {own.waiver.reason}")
    return [own.control, shown(own.item, 60), shown(because, 300), shown("; ".join(noted) or "nothing yet", 400)]


def _spaced(words: tuple[str, ...]) -> str:
    return shown(" ".join(words) or "none", 300)
