"""Dependencies and findings of an inspection: the same counts in text, HTML and Markdown; no word says "secure"."""

import re
from collections.abc import Callable
from html import unescape

import msgspec
import pytest

from asbuilt.model.inspection import Inspection
from asbuilt.model.tree_content import (
    BroughtComponent,
    HeldAgainstAdvisories,
    KnownWeakness,
    PlacedFinding,
    TreeDependencies,
    TreeFindings,
    WeaknessTimes,
)
from asbuilt.reports import content_words as words
from asbuilt.reports.html import render_inspection_html
from asbuilt.reports.json import inspection_json
from asbuilt.reports.markdown import render_inspection_markdown
from asbuilt.reports.terminal import render_inspection
from tests.world import World

BROUGHT = BroughtComponent(
    ecosystem="npm", name="left-pad", version="1.3.0", path="web/package-lock.json", line=12, attribution="ai-declared",
    tools=("claude_code",), commit="a" * 40, number=7, landed_at=1_770_000_000, approval="missing",
)  # fmt: skip
HELD = HeldAgainstAdvisories(
    as_of=1_770_000_000,
    old=False,
    sample=False,
    coverage={"matched": 1, "clean": 8, "not_checked": 3},
    by_level={"critical": 1, "high": 0, "medium": 0, "low": 0, "unrated": 0},
    by_attribution={"ai-declared": 1, "unknown": 0},
    undecided=2,
    weaknesses=(
        KnownWeakness(
            advisory="GHSA-1",
            level="critical",
            malicious=True,
            exploited_since="2026-01-02",
            fixed_in=("1.3.1",),
            component=BROUGHT,
            open_days=31,
            stated="affected, says ana: We look at it.",
        ),
    ),
    answered=2,
    times={
        "ai-declared": WeaknessTimes(open=1, fixed=3, timed=2, median_days=4, worst_days=90, oldest_open_days=31),
        "automation": WeaknessTimes(),
        "unknown": WeaknessTimes(fixed=1),
    },
    counted_to=1_770_000_000,
)
DEPENDENCIES = TreeDependencies(
    total=12, direct=4, files={"web/package-lock.json": 12}, by_ecosystem={"npm": 12},
    by_attribution={"ai-declared": 9, "unknown": 3}, by_approval={"proved": 1, "stated": 1, "missing": 2, "unknown": 8},
    ai_by_approval={"proved": 0, "stated": 0, "missing": 2, "unknown": 7}, from_ai=(BROUGHT,), before=0, unread=0,
    advisories=HELD,
)  # fmt: skip
FOUND = PlacedFinding(
    rule="py-tls-off", severity="high", message="TLS verification is switched off.", path="a\x1b[31m.py", line=3,
    commit="a" * 40, attribution="ai-declared", tool="claude_code",
)  # fmt: skip
CODE = TreeFindings(
    open=2,
    info=1,
    accepted=1,
    by_attribution={"ai-declared": {"high": 1, "info": 1}, "unknown": {"high": 1}},
    by_rule={"py-tls-off": 2},
    languages={"python": 5},
    uncovered={f"Language {number}": number for number in range(1, 11)},
    texts=20,
    unread=1,
    findings=(FOUND,),
)
Report = Callable[[Inspection], str]
REPORTS: dict[str, Report] = {
    "text": lambda own: " ".join(render_inspection(own, width=120, color=False).split()),
    "html": lambda own: unescape(re.sub(r"<[^>]*>", "", render_inspection_html(own))),
    "markdown": lambda own: unescape(render_inspection_markdown(own)),
}


def inspection(
    dependencies: TreeDependencies | None = DEPENDENCIES, code: TreeFindings | None = CODE
) -> Inspection:
    return msgspec.structs.replace(World().inspection(), dependencies=dependencies, code=code)


@pytest.mark.parametrize("form", sorted(REPORTS))
def test_every_report_tells_the_same(form: str) -> None:
    told = REPORTS[form](inspection())
    for said in (
        "12 components in 1 file",
        "Approved: 2 yes, 2 no, 8 not known. Of what AI-written changes brought: 2 no, 7 not known.",
        "1 with a known weakness, 8 with none known on that day, 3 not checked.",
        "1 weakness: 1 critical. Brought by AI, declared: 1.",
        "2 more are stated, with a reason, not to concern the product. Of 2 more it could not be decided.",
        "what is open to 2026-02-02. Of 2 it is not known how long.",
        "31 days",
        "90 days",
        "npm left-pad 1.3.0",
        "GHSA-1",
        "#7, 2026-02-02",
        "asbuilt deps --introduced-by ai",
        "2 findings, 1 for information, 1 accepted in the code",
        "py-tls-off",
        "1 file could not be searched. What no rule looks for is not known.",
        "asbuilt scan --only own",
    ):
        assert said in told
    assert "\x1b[31m" not in told
    assert "secure" not in told.lower().replace("insecure", "")


@pytest.mark.parametrize("form", sorted(REPORTS))
def test_what_was_not_looked_at_is_no_section_of_nothing(form: str) -> None:
    told = REPORTS[form](inspection(None, None))
    assert "0 findings" not in told
    assert "0 components" not in told


def test_json_holds_all_of_it() -> None:
    told = msgspec.json.decode(inspection_json(inspection()))
    assert told["dependencies"]["ai_by_approval"]["missing"] == 2
    assert told["code"]["by_attribution"]["ai-declared"] == {"high": 1, "info": 1}


def test_that_nothing_was_asked_is_said() -> None:
    unheld = msgspec.structs.replace(DEPENDENCIES, advisories=None)
    assert words.advisories_of(unheld).startswith("None of the 12 was checked")
    old = msgspec.structs.replace(DEPENDENCIES, advisories=msgspec.structs.replace(HELD, old=True, sample=True))
    assert "the sample of advisories alone as of 2026-02-02, which are too old" in words.advisories_of(old)


def test_a_weakness_is_told_with_what_matters() -> None:
    (own,) = HELD.weaknesses
    assert words.weakness_of(own) == (
        "GHSA-1, critical, harmful on purpose, known to be exploited since 2026-01-02, mended in 1.3.1, open for 31 "
        "days, stated: affected, says ana: We look at it."
    )
    plain = msgspec.structs.replace(
        own, open_days=None, stated="", level=None, malicious=False, exploited_since=None, fixed_in=()
    )
    assert words.weakness_of(plain) == "GHSA-1, no level is given"


def test_languages_that_no_rule_is_for_are_named() -> None:
    assert "Language 10 (10), Language 9 (9)" in words.looked_at(CODE)
    assert words.looked_at(CODE).count("(") == 9
    assert "and 2 languages more" in words.looked_at(CODE)


def test_what_came_before_the_history_has_no_commit() -> None:
    assert words.brought_by(msgspec.structs.replace(BROUGHT, commit=None)) == "before the history that is here"
    assert words.brought_by(msgspec.structs.replace(BROUGHT, number=None)) == "aaaaaaaaaa, 2026-02-02"
