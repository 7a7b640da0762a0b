import re

import msgspec
import pytest
from inline_snapshot import snapshot

from asbuilt.model.attribution import Authorship, Replay
from asbuilt.model.chain import Evidence
from asbuilt.model.component import Component
from asbuilt.model.introduction import Introduction
from asbuilt.model.trace import SCHEMA, Trace
from asbuilt.reports.page import cells
from asbuilt.reports.trace_text import render_trace
from tests.world import HOSTILE, World, harbor, hostile, tiny


def pair() -> World:
    """Two changes of one file: one with a review, one without."""
    return (
        World()
        .person("ada", "Ada Lovelace", "ada@harbor.example")
        .person("grace", "Grace Hopper", "grace@harbor.example")
        .tool("claude_code", "Claude Code", "Anthropic")
        .change(
            "Quote in dollars", "2026-01-05", "ada", wrote={"quotes.py": 10}, reviewed_by="grace", request="HRB-1"
        )
        .change(
            "Quote in any currency",
            "2026-02-05",
            "grace",
            wrote={"quotes.py": 4},
            tool="claude_code",
            model="claude-opus-4-1",
            authorship=Authorship.AI_DECLARED,
        )
        .release("v1", "2026-03-01")
    )


def plain(trace: Trace, width: int = 80) -> str:
    return render_trace(trace, width=width, color=False)


def test_two_changes_drawn() -> None:
    assert plain(pair().trace("quotes.py", to="v1")) == snapshot("""\
quotes.py                                                          AsBuilt 0.1.0
main at c96c51f4af · 14 lines · 2 changes

c96c51f4af · 2026-02-05 ───────────────────────────────────────────────── 1 of 2
  Quote in any currency (#101)
  squash of pull request 101, by Grace Hopper
  lines 11–14 (4)
  ▓ AI, declared · claude_code · claude-opus-4-1 · high confidence
  ? the squash's branch is not here: other authors may stand behind part of it
    answers for it: Grace Hopper <grace@harbor.example>

  ○  1 request    missing      no issue or ticket is named
  ◐  2 suggestion stated       Claude Code, claude-opus-4-1
  │               c96c51f4af  Co-Authored-By: Claude Code, claude-opus-4-1
  │                 <noreply@vendor.example>
  ◐  3 commit     stated       by Grace Hopper
  │               answers: Grace Hopper <grace@harbor.example>
  ◐  4 change     stated       pull request 101
  │               c96c51f4af  Quote in any currency (#101)
  ·  5 review     unknown      approvals live in the forge
  ·  6 checks     unknown      check runs live in the forge
  ◐  7 merge      stated       squash, landed by GitHub
  │               answers: GitHub <noreply@github.com>
  ·  8 build      unknown      attestations live in the forge
  ·  9 deployment unknown      deployments live in the forge
  · 10 watch      unknown      incidents are not recorded in git
  ✗ The chain does not hold at: review (unknown), checks (unknown)
  → to open 1, 5, 6, 8, 9, 10: asbuilt sync github harbor-freight/harbor

28e5278098 · 2026-01-05 ───────────────────────────────────────────────── 2 of 2
  Quote in dollars (#100)
  squash of pull request 100, by Ada Lovelace
  lines 1–10 (10)
  · unknown: no signal either way
    answers for it: Ada Lovelace <ada@harbor.example>

  ◐  1 request    stated       HRB-1
  │               28e5278098  Closes HRB-1
  ·  2 suggestion unknown      no signal says who or what wrote it
  ◐  3 commit     stated       by Ada Lovelace
  │               answers: Ada Lovelace <ada@harbor.example>
  ◐  4 change     stated       pull request 100
  │               28e5278098  Quote in dollars (#100)
  ◐  5 review     stated       by Grace Hopper
  │               28e5278098  Reviewed-by: Grace Hopper <grace@harbor.example>
  │               answers: Grace Hopper <grace@harbor.example>
  ·  6 checks     unknown      check runs live in the forge
  ◐  7 merge      stated       squash, landed by GitHub
  │               answers: GitHub <noreply@github.com>
  ·  8 build      unknown      attestations live in the forge
  ·  9 deployment unknown      deployments live in the forge
  · 10 watch      unknown      incidents are not recorded in git
  ✗ The chain does not hold at: suggestion (unknown), checks (unknown)
  → to open 2, 6, 8, 9, 10: asbuilt sync github harbor-freight/harbor

Releases that hold it ──────────────────────────────────────────────────── 1 tag
  first in v1, 2026-03-01

━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
Verdict  0 of 2 chains unbroken.
✗ Part   v1 (c96c51f4af) holds 6 of 14 lines.
""")


@pytest.mark.parametrize("width", [64, 80, 120])
def test_no_line_is_wider_than_the_page_but_a_command(width: int) -> None:
    for line in plain(harbor().trace("src/harbor/quotes.py"), width).splitlines():
        assert cells(line) <= width or re.search(r"(asbuilt|git) |@|[0-9a-f]{10}", line), line


def test_more_than_six_changes_are_one_line_each_and_none_is_lost() -> None:
    trace = harbor().trace("src/harbor/quotes.py")
    page = plain(trace)
    assert len(trace.steps) > 6
    for step in trace.steps:
        assert step.change is not None
        assert step.change.id[:10] in page


def test_every_link_has_its_number_name_and_grade_in_words() -> None:
    trace = pair().trace("quotes.py")
    page = plain(trace)
    for step in trace.steps:
        for at, link in enumerate(step.chain.links, start=1):
            assert re.search(rf"{at} {link.name} +{link.grade} ", page)


def test_containment_in_whole_in_part_and_not_at_all() -> None:
    trace = pair().trace("quotes.py", to="v1")
    assert trace.containment is not None
    for contained, said in (
        (14, "holds all of it: 14 lines."),
        (3, "holds 3 of 14 lines."),
        (0, "does not hold it."),
    ):
        held = msgspec.structs.replace(trace.containment, contained=contained)
        assert said in plain(msgspec.structs.replace(trace, containment=held))


def test_a_line_found_through_a_squash_names_the_commit_that_wrote_it() -> None:
    trace = pair().trace("quotes.py")
    step = trace.steps[0]
    run = msgspec.structs.replace(step.runs[0], writing="f" * 40, replay=Replay.PATCH_ID, boundary=True)
    page = plain(msgspec.structs.replace(trace, steps=(msgspec.structs.replace(step, runs=(run,)),)))
    assert "written in ffffffffff, found through the squash (patch-id)" in page
    assert "the true origin lies further back" in page


def test_runs_that_touch_are_one_range_and_whole_ids_are_shortened() -> None:
    trace = pair().trace("quotes.py")
    step = trace.steps[0]
    runs = tuple(msgspec.structs.replace(step.runs[0], first=at, last=at) for at in (3, 1, 2, 7))
    link = msgspec.structs.replace(step.chain.links[0], evidence=(Evidence(f"git-ai:3@{'ab' * 20}", "x"),))
    chain = msgspec.structs.replace(step.chain, links=(link, *step.chain.links[1:]))
    step = msgspec.structs.replace(step, runs=runs, chain=chain, attributions=step.attributions * 4)
    page = plain(msgspec.structs.replace(trace, steps=(step,)))
    assert "lines 1–3, 7 (4)" in page
    assert "git-ai:3@ababababab  x" in page
    assert page.count("AI, declared") == 1


def test_no_step_is_said_plainly() -> None:
    assert "No change is known that brought this code." in plain(
        msgspec.structs.replace(tiny().trace("README"), steps=())
    )


def test_hostile_text_cannot_act() -> None:
    for text in HOSTILE:
        page = plain(hostile().trace(text))
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page)


def test_without_colour_the_text_is_the_same() -> None:
    trace = harbor().trace("src/harbor/quotes.py", to="v1.3.0")
    painted = render_trace(trace, width=80, color=True)
    assert re.sub(r"\x1b\[[0-9;]*m", "", painted) == plain(trace)


def test_what_became_of_a_package_is_told_newest_first() -> None:
    own = Component(ecosystem="npm", name="a", path="package-lock.json", purl="pkg:npm/a@1", version="1", line=7)
    steps = tuple(
        Introduction(
            component=own,
            kind="version" if number else "new",
            previous=str(number) if number else None,
            commit=f"{number:040x}",
            landed=None,
            at=1_700_000_000,
            path=own.path,
        )
        for number in range(14)
    )
    found = Trace(SCHEMA, "1", "pkg:npm/a", "HEAD", "a" * 40, (), (), introductions=steps)
    text = render_trace(found, width=80, color=False)
    assert "What became of it" in text
    assert text.index("13 → 1") < text.index("12 → 1")
    assert "package-lock.json:7" in text
    assert "2 steps before" in text
