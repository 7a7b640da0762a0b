import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from asbuilt.model.result import Severity
from asbuilt.reports.page import NARROWEST, cells
from asbuilt.reports.terminal import render_inspection
from tests.world import World, harbor, hostile, large, tiny

ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def plain(world: World, width: int = 80) -> str:
    return render_inspection(world.inspection(), width=width, color=False)


def test_one_commit() -> None:
    assert plain(tiny()) == snapshot("""\
one                                                                AsBuilt 0.1.0
main at 7c24f056bc · 2026-01-05
1 commit · 1 change

Who wrote the lines ────────────────────────────────────── 1 line in 1 text file
  ············································································
  █ AI, tracked     0      0 %  a record names these lines as a tool's
  ▓ AI, declared    0      0 %  the commit says a tool took part
  · unknown         1    100 %  no signal either way
  A missing signal is unknown; it never means that a person typed the line.

How changes came in ─────────────────────────────────────────────────── 1 change
  initial import  1    100 %  ▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬

The decision chain ───────────────────────────────────────────── 0 of 1 unbroken
  ● proved   ◐ stated   ○ missing   ✗ contradicted   · unknown
  1   request    ○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○     –     –    1○     –     –
  2 │ suggestion ·································     –     –     –     –    1·
  3 │ commit     ◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐     –    1◐     –     –     –
  4 │ change     ○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○○     –     –    1○     –     –
  5 │ review     ·································     –     –     –     –    1·
  6 │ checks     ·································     –     –     –     –    1·
  7 │ merge      ◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐     –    1◐     –     –     –
  8   build      ·································     –     –     –     –    1·
  9   deployment ·································     –     –     –     –    1·
 10   watch      ·································     –     –     –     –    1·
    │ A chain is unbroken when links 2 to 7 are proved or stated and no link
      is contradicted.

Controls, as far as git shows them ─────────────────────── 0 of 5 met throughout
                                                         met  deviation  unknown
?  CHG-01  A second person approved every merged change    –          –        1
✗  CHG-02  Every change came by a pull request             –          1        –
?  CHG-04  Checks succeeded on what was merged             –          –        1
✗  CHG-05  Every change answers a request                  –          1        –
?  CHG-07  An AI tool that took part is named              –          –        1

━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
Verdict  1 change, and nothing to compare it with.
Next     asbuilt inspect --help
""")


def test_a_company() -> None:
    assert plain(harbor()) == snapshot("""\
harbor                                                             AsBuilt 0.1.0
main at 343ebb07ed · 2026-11-24 · github harbor-freight/harbor
97 commits · 97 changes · 4 releases

Who wrote the lines ─────────────────────────────── 12,852 lines in 9 text files
  ██████▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▓▒░·············································
  █ AI, tracked        976    7.6 %  a record names these lines as a tool's
  ▓ AI, declared     3,860   30.0 %  the commit says a tool took part
  ▒ human, tracked     235    1.8 %  a record names these lines as typed
  ░ automation          48    0.4 %  a bot that is no AI tool
  · unknown          7,733   60.2 %  no signal either way
  A missing signal is unknown; it never means that a person typed the line.

AI tools ──────────────────────────────────────────────────────── 3 seen at work
  tool            commits  lines  first       last        inventory
  Claude Code          23  2,415  2025-03-10  2026-11-10  approved
  GitHub Copilot       14  1,480  2025-06-17  2026-11-17  approved
  Cursor               11    941  2025-05-24  2026-11-24  ✗ not in it
  Set up, not seen at work: aider (.aider.conf.yml)

How changes came in ───────────────────────────────────────────────── 97 changes
  merge           15   15.5 %  ▬▬▬▬▬▬▬▬▬▬▬▬
  squash          44   45.4 %  ▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬▬
  rebase          14   14.4 %  ▬▬▬▬▬▬▬▬▬▬▬
  direct push     15   15.5 %  ▬▬▬▬▬▬▬▬▬▬▬▬
  bot              8    8.2 %  ▬▬▬▬▬▬▬
  initial import   1    1.0 %  ▬

The decision chain ──────────────────────────────────────────── 0 of 97 unbroken
  ● proved   ◐ stated   ○ missing   ✗ contradicted   · unknown
  1   request    ◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐○○○○○○○○○○○○○     –   59◐   38○     –     –
  2 │ suggestion ●●◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐✗············    8●   53◐     –    1✗   35·
  3 │ commit     ◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐     –   97◐     –     –     –
  4 │ change     ◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐○○○○○     –   81◐   16○     –     –
  5 │ review     ◐◐◐◐◐◐◐◐◐◐◐◐·····················     –   36◐     –     –   61·
  6 │ checks     ·································     –     –     –     –   97·
  7 │ merge      ◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐◐     –   97◐     –     –     –
  8   build      ·································     –     –     –     –   97·
  9   deployment ·································     –     –     –     –   97·
 10   watch      ·································     –     –     –     –   97·
    │ A chain is unbroken when links 2 to 7 are proved or stated and no link
      is contradicted.

Who reviews whom ────────────────────────────────────── as the history states it
  Grace Hopper  →  Ada Lovelace  4
  Ada Lovelace  →  Grace Hopper  4
  松本 行弘     →  Grace Hopper  4
  松本 行弘     →  Ada Lovelace  4
  نور الهدى     →  松本 行弘     4
  Ada Lovelace  →  松本 行弘     3
  … 6 pairs more; --format json holds all

AI-written lines with no review in sight ──────────────── 2,384 lines in 8 files
  file                                        AI lines  of all  review
  docs/運賃/見積もり.md:438                        389  36.3 %  · unknown
  src/harbor/customs/filing.py:1987                315  12.4 %  · unknown
  src/harbor/berths/timeline.tsx:200               313  30.4 %  · unknown
  src/harbor/quotes.py:3101                        299   7.7 %  · unknown
  tests/test_quotes.py:221                         287  26.8 %  · unknown
  src/harbor/events/order.py:527                   272  24.1 %  · unknown
  src/harbor/worker.py:442                         264  27.0 %  · unknown
  …e_container_registry/policies/main.tf:239       245  22.7 %  · unknown

Controls, as far as git shows them ─────────────────────── 0 of 5 met throughout
                                                         met  deviation  unknown
?  CHG-01  A second person approved every merged change   36          –       61
✗  CHG-02  Every change came by a pull request            81         16        –
?  CHG-04  Checks succeeded on what was merged             –          –       97
✗  CHG-05  Every change answers a request                 59         38        –
✗  CHG-07  An AI tool that took part is named             61          1       35

Findings ───────────────────────────── 2 to mend · 1 could not check · 1 to know
✗ 4614fdee41 CHG-02 16 changes were pushed directly to the branch.
✗ harbor VEN-05 Cursor wrote code and is not in the inventory of approved tools.
? src/harbor/quotes.py:812 AI-UNREVIEWED AI-written lines with no review in
    sight: 1,204 in this file.
· .claude/settings.json:4 AI-OPTOUT Disclosure is switched off:
    includeCoAuthoredBy is false.

What could not be seen ────────────────────────────────────────────────── 2 gaps
? GAP-FORGE Approvals, checks, branch rules, builds and deployments were not
    read.
    They live in the forge, not in git; every link and control that needs them
    is unknown.
    → asbuilt sync github harbor-freight/harbor
? GAP-PULLREFS 47 squashed pull requests have no head here.
    Their lines can only be attributed as a whole, though several authors may
    stand behind them.
    → git fetch origin '+refs/pull/*/head:refs/pull/*/head'

━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
Verdict  Deviations in 2 of 5 controls; git alone cannot show approvals or
         checks, so 3 more are unknown.
Next     Read the forge's side of the story:
         asbuilt sync github harbor-freight/harbor
""")


@pytest.mark.parametrize("width", [40, 64, 80, 100, 120, 200])
def test_no_line_is_wider_than_the_page_but_for_what_must_be_copied_whole(width: int) -> None:
    for world in (harbor(), tiny(), World(), large(200)):
        for line in plain(world, width).splitlines():
            whole = re.search(r"(asbuilt|git) \S+ |src/|infra/|\.cursor", line)
            assert cells(line) <= max(min(width, 120), NARROWEST) or whole, line


def test_without_colour_there_is_no_escape_and_with_colour_the_text_is_the_same() -> None:
    inspection = harbor().inspection()
    page = render_inspection(inspection, width=80, color=False)
    painted = render_inspection(inspection, width=80, color=True)
    assert "\x1b" not in page
    assert "\x1b[" in painted
    assert ESCAPE.sub("", painted) == page


def test_the_last_lines_are_the_verdict_and_the_next_step() -> None:
    lines = plain(harbor()).splitlines()
    verdict = next(at for at, line in enumerate(lines) if line.startswith("Verdict"))
    assert lines[verdict:] == snapshot(
        [
            "Verdict  Deviations in 2 of 5 controls; git alone cannot show approvals or",
            "         checks, so 3 more are unknown.",
            "Next     Read the forge's side of the story:",
            "         asbuilt sync github harbor-freight/harbor",
        ]
    )


def test_hostile_text_cannot_act_or_add_a_line() -> None:
    page = plain(hostile())
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", page)
    assert "\\x1b]0;owned\\x07" in page
    assert "\u0301" * 5 not in page
    assert "\nbreak" not in page


def test_a_finding_is_one_record_of_place_code_and_message() -> None:
    page = plain(harbor(), 120)
    assert re.search(r"^\? src/harbor/quotes\.py:812 AI-UNREVIEWED AI-written lines", page, re.MULTILINE)
    assert re.search(r"^✗ [0-9a-f]{10} CHG-02 16 changes", page, re.MULTILINE)
    assert re.search(r"^✗ harbor VEN-05 Cursor", page, re.MULTILINE)


def test_notes_do_not_crowd_out_what_must_be_mended() -> None:
    world = harbor()
    for at in range(50):
        world.finding("AI-UNREVIEWED", Severity.NOTE, "A note.", "", path=f"f{at}.py", line=1)
    page = plain(world)
    assert "CHG-02 16 changes" in page
    assert page.count("A note.") == 4
    assert "… 46 findings more; --format json holds all" in page


def test_a_title_that_is_long_goes_on_in_the_next_line() -> None:
    inspection = harbor().inspection()
    title = "A very long expectation that no row of eighty cells could hold beside three counts"
    result = msgspec.structs.replace(inspection.results[0], title=title)
    page = render_inspection(msgspec.structs.replace(inspection, results=(result,)), width=80, color=False)
    section = page[page.index("Controls, as far") : page.index("Findings")]
    assert all(word in section for word in title.split())
    assert "…" not in section


def test_columns_line_up_beside_wide_characters() -> None:
    rows = [
        line
        for line in plain(harbor()).splitlines()
        if " → " in line and "asbuilt" not in line and "git" not in line
    ]
    assert {cells(row[: row.index("→")]) for row in rows} == {len("  Grace Hopper  ")}


def test_numbers_of_a_large_history_fit_their_columns() -> None:
    page = plain(large(1200))
    assert "1,200 changes" in page
    rows = [line for line in page.splitlines() if re.match(r" [ 1]\d [│ ] ", line)]
    assert len(rows) == 10
    assert {cells(row) for row in rows} == {80}


@given(width=st.integers(-5, 400), color=st.booleans())
def test_any_width_gives_a_page(width: int, color: bool) -> None:
    assert render_inspection(tiny().inspection(), width=width, color=color).endswith("--help\n")


def test_an_empty_repository_says_so() -> None:
    assert "No line of text stands in this tree." in plain(World())


def test_no_word_that_only_an_auditor_may_use() -> None:
    assert not re.search(r"(?i)certif[i]ed|complian[t]|passed[ ]soc", plain(harbor()) + plain(large(10)))
