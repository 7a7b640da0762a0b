import base64
import hashlib
import re

import pytest

from asbuilt.reports.html import render_inspection_html
from tests.reports.page_of import Parsed
from tests.world import HOSTILE, World, harbor, hostile, large, tiny

WORLDS = {"harbor": harbor, "hostile": hostile, "tiny": tiny, "empty": World}
FORBIDDEN = re.compile(r"(?i)certif[i]ed|complian[t]|passed[ ]soc")


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return {name: render_inspection_html(world().inspection()) for name, world in WORLDS.items()}


@pytest.mark.parametrize("name", WORLDS)
def test_one_file_that_nests_and_fetches_nothing(pages: dict[str, str], name: str) -> None:
    page = Parsed(pages[name])
    assert set(page.loads) == {"data:,"}
    assert not {"script", "iframe", "object", "embed", "img", "form", "a", "base"} & {
        tag for tag, _ in page.elements
    }
    assert not [names for _, names in page.elements if any(key.startswith("on") or key == "style" for key in names)]


@pytest.mark.parametrize("name", WORLDS)
def test_the_policy_allows_the_style_sheet_by_hash_and_nothing_else(pages: dict[str, str], name: str) -> None:
    (policy,) = [each["content"] for each in Parsed(pages[name]).named("meta") if each.get("http-equiv")]
    style = re.search(r"<style>(.*?)</style>", pages[name], re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy.split("; ") == [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert "url(" not in style[1]
    assert "@import" not in style[1]


@pytest.mark.parametrize("name", WORLDS)
def test_every_fill_is_defined_in_the_page(pages: dict[str, str], name: str) -> None:
    page = Parsed(pages[name])
    made = {f"url(#{each['id']})" for each in page.named("pattern")}
    used = {each["fill"] for each in page.named("rect") if "fill" in each}
    assert used <= made


@pytest.mark.parametrize("name", ["harbor", "hostile", "tiny"])
def test_every_picture_has_its_figures_in_a_table_beside_it(pages: dict[str, str], name: str) -> None:
    figures = re.findall(r"<figure>(.*?)</figure>", pages[name], re.DOTALL)
    assert len(figures) >= 4
    for figure in figures:
        assert 'role="img"' in figure
        assert "<table>" in figure
        assert re.search(r"<tbody><tr>", figure), "a table without a row"


def test_pictures_show_what_the_inspection_counts() -> None:
    inspection = harbor().inspection()
    page = Parsed(render_inspection_html(inspection))
    titles = {data for stack, data in page.texts if stack[-1:] == ("title",)}
    assert f"AI, declared: {inspection.lines.by_authorship['ai-declared']:,}" in titles
    assert f"missing: {inspection.links['change']['missing']}" in titles
    assert f"squash: {inspection.landings['squash']}" in {
        each["aria-label"] for each in page.named("svg") if "aria-label" in each
    }


def test_bars_never_reach_past_their_picture(pages: dict[str, str]) -> None:
    for page in pages.values():
        for rect in Parsed(page).named("rect"):
            if rect.get("x", "").endswith("%"):
                assert float(rect["x"][:-1]) + float(rect["width"][:-1]) <= 100.01


def test_hostile_text_reads_as_itself_and_does_nothing(pages: dict[str, str]) -> None:
    page = Parsed(pages["hostile"])
    assert "<script>alert(1)</script>" in page.text
    assert '"><img src=x onerror=alert(1)>' in page.text
    assert "\\x1b]0;owned\\x07" in page.text
    assert "admin\\u202etxt.exe" in page.text
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", pages["hostile"])
    assert "\u0301" * 5 not in pages["hostile"]


def test_nothing_that_a_repository_chose_becomes_an_element(pages: dict[str, str]) -> None:
    known = {tag for tag, _ in Parsed(pages["harbor"]).elements}
    assert {tag for tag, _ in Parsed(pages["hostile"]).elements} <= known
    for attack in HOSTILE[:2]:
        assert attack not in pages["hostile"]


def test_regions_that_scroll_are_reached_by_keyboard_and_have_names(pages: dict[str, str]) -> None:
    regions = [each for each in Parsed(pages["harbor"]).named("div") if each.get("class") == "scroll"]
    assert len(regions) > 5
    assert all(each["tabindex"] == "0" and each["aria-label"] for each in regions)


def test_headings_go_down_one_step_at_a_time(pages: dict[str, str]) -> None:
    levels = [int(tag[1]) for tag, _ in Parsed(pages["harbor"]).elements if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1


def test_a_large_history_is_cut_and_says_so() -> None:
    inspection = large(3000).inspection()
    page = render_inspection_html(inspection)
    assert len(page.encode()) < 1_000_000
    text = Parsed(page).text
    assert "The 500 newest of 3,000 changes: the JSON report holds all." in text
    assert page.count('class="grades"') == 500
    assert "the first 15 of" in text


def test_the_verdict_comes_before_the_first_section(pages: dict[str, str]) -> None:
    page = pages["harbor"]
    assert page.index("Deviations in 2 of 5 controls") < page.index("Who wrote the lines")


def test_a_gap_is_shown_with_what_would_open_it(pages: dict[str, str]) -> None:
    assert "GAP-PULLREFS" in pages["harbor"]
    assert "<code>git fetch origin &#x27;+refs/pull/*/head:refs/pull/*/head&#x27;</code>" in pages["harbor"]


def test_no_word_that_only_an_auditor_may_use(pages: dict[str, str]) -> None:
    for page in pages.values():
        assert not FORBIDDEN.search(page)


def test_same_inspection_same_bytes() -> None:
    assert render_inspection_html(harbor().inspection()) == render_inspection_html(harbor().inspection())
