import re

from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from asbuilt.reports.markdown import render_inspection_markdown
from asbuilt.reports.markdown_marks import escape, prose
from tests.world import World, harbor, hostile, large, tiny


def test_one_commit() -> None:
    assert render_inspection_markdown(tiny().inspection()) == snapshot("""\
## AsBuilt: one

**1 change, and nothing to compare it with.**

Next: <code>asbuilt inspect &#45;&#45;help</code>

main at <code>7c24f056bc</code>, 2026-01-05 · 1 commit · 1 change · 1 line in 1 file

### Controls, as far as git shows them

|  | Control | Expectation | Criteria | Met | Deviation | Unknown |
|---|---|---|---|--:|--:|--:|
| ? | CHG&#45;01 | A second person approved every merged change | CC8.1 | 0 | 0 | 1 |
| ✗ | CHG&#45;02 | Every change came by a pull request | CC8.1 | 0 | 1 | 0 |
| ? | CHG&#45;04 | Checks succeeded on what was merged | CC7.1, CC8.1 | 0 | 0 | 1 |
| ✗ | CHG&#45;05 | Every change answers a request | CC8.1 | 0 | 1 | 0 |
| ? | CHG&#45;07 | An AI tool that took part is named | CC8.1 | 0 | 0 | 1 |

### Who wrote the lines

| Class | Lines | Share | Meaning |
|---|--:|--:|---|
| AI, tracked | 0 | 0 % | a record names these lines as a tool's |
| AI, declared | 0 | 0 % | the commit says a tool took part |
| human, tracked | 0 | 0 % | a record names these lines as typed |
| automation | 0 | 0 % | a bot that is no AI tool |
| unknown | 1 | 100 % | no signal either way |

A missing signal is unknown; it never means that a person typed the line.

### The decision chain: 0 of 1 unbroken

| Link | ● proved | ◐ stated | ○ missing | ✗ contradicted | · unknown |
|---|--:|--:|--:|--:|--:|
| 1 request | 0 | 0 | 1 | 0 | 0 |
| 2 suggestion | 0 | 0 | 0 | 0 | 1 |
| 3 commit | 0 | 1 | 0 | 0 | 0 |
| 4 change | 0 | 0 | 1 | 0 | 0 |
| 5 review | 0 | 0 | 0 | 0 | 1 |
| 6 checks | 0 | 0 | 0 | 0 | 1 |
| 7 merge | 0 | 1 | 0 | 0 | 0 |
| 8 build | 0 | 0 | 0 | 0 | 1 |
| 9 deployment | 0 | 0 | 0 | 0 | 1 |
| 10 watch | 0 | 0 | 0 | 0 | 1 |

Came in by: initial import 1.

<sub>AsBuilt 0.1.0. This is management's own test of its own records; an opinion on controls is a CPA firm's to give.</sub>
""")


def test_the_verdict_is_first_and_findings_follow() -> None:
    page = render_inspection_markdown(harbor().inspection())
    assert page.splitlines()[2].startswith("**Deviations in 2 of 5 controls")
    assert (
        page.index("Findings") < page.index("Controls") < page.index("Who wrote") < page.index("could not be seen")
    )


def test_every_row_of_a_table_has_as_many_cells_as_its_head() -> None:
    for world in (harbor(), hostile(), tiny()):
        width = 0
        for line in render_inspection_markdown(world.inspection()).splitlines():
            bars = line.count("|")
            width = width if line.startswith("|") and width else bars
            assert bars == width if line.startswith("|") else True, line
            width = width if line.startswith("|") else 0


@given(st.text())
def test_escaped_text_holds_nothing_that_markdown_or_a_forge_acts_on(text: str) -> None:
    safe = escape(text)
    assert not re.search(r"[\\`*_{}\[\]()<>|~@$\n\r]", safe)
    assert not re.search(r"(?i)https?:|javascript:|\bwww\.", safe)
    assert not re.search(r"#(?!\d+;)|&(?!#\d+;)", safe)


def test_backticks_in_advice_become_code_that_cannot_be_left() -> None:
    assert prose("Run `a|b`") == "Run <code>a&#124;b</code>"
    assert prose("an odd ` one") == "an odd &#96; one"


def test_hostile_names_do_nothing() -> None:
    page = render_inspection_markdown(hostile().inspection())
    assert "<script" not in page
    assert "<img" not in page
    assert "](" not in page
    assert "https://evil" not in page
    assert set(re.findall(r"</?([a-z]+)", page)) == {"code", "sub"}


def test_a_large_history_fits_a_comment() -> None:
    page = render_inspection_markdown(large(2000).inspection())
    assert len(page.encode()) < 64_000
    assert "more: the JSON report holds all." in page
    assert len(render_inspection_markdown(hostile().inspection()).encode()) < 64_000


def test_no_word_that_only_an_auditor_may_use() -> None:
    assert not re.search(
        r"(?i)certif[i]ed|complian[t]|passed[ ]soc", render_inspection_markdown(harbor().inspection())
    )


def test_an_empty_repository_gives_a_page() -> None:
    assert "0 changes" in render_inspection_markdown(World().inspection())
