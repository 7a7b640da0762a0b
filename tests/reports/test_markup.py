import html

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.reports.foreign import shown
from asbuilt.reports.markup import Safe, advice, element, escape, folded, join, table
from tests.reports.page_of import Parsed


@given(st.text())
def test_any_text_reads_as_itself_in_text_and_in_an_attribute(text: str) -> None:
    page = Parsed(element("p", text, title=text))
    assert "".join(data for _, data in page.texts) == shown(text)
    assert page.elements == [("p", {"title": shown(text)})]


def test_only_markup_of_our_own_is_left_as_it_is() -> None:
    assert join("<b>", element("b", "<i>"), None, 3) == "&lt;b&gt;<b>&lt;i&gt;</b>3"
    assert isinstance(escape("x"), Safe)
    assert not isinstance(escape("x") + "<script>", Safe)


def test_attributes_keep_their_names_and_none_leaves_one_out() -> None:
    made = element("svg", class_="bar", aria_label="a & b", role=None, viewBox="0 0 1 1")
    assert made == '<svg class="bar" aria-label="a &amp; b" viewBox="0 0 1 1"></svg>'


def test_a_table_has_heads_for_rows_and_columns_and_scrolls_by_keyboard() -> None:
    page = Parsed(table("Files", ("File", "Lines", "Day"), "hrd", [("a", "1", "2026-01-01"), ("b", "2", "–")]))
    assert [each["scope"] for each in page.named("th")] == ["col", "col", "col", "row", "row"]
    assert [each.get("class") for each in page.named("td")] == ["n", "d", "n", "d"]
    assert page.named("div") == [{"class": "scroll", "role": "region", "aria-label": "Files", "tabindex": "0"}]


def test_advice_sets_its_command_apart() -> None:
    assert advice("Read it: asbuilt sync a/b") == "Read it: <code>asbuilt sync a/b</code>"
    assert advice("git fetch --unshallow") == "<code>git fetch --unshallow</code>"
    assert advice("Use <git> well") == html.escape("Use <git> well")


def test_backticks_set_code_apart_and_an_odd_one_stays() -> None:
    assert advice("`git <x>` reads it") == "<code>git &lt;x&gt;</code> reads it"
    assert advice("a ` b") == "a ` b"


def test_folded_opens_by_its_summary() -> None:
    assert folded("More", "text") == "<details><summary>More</summary>text</details>"
