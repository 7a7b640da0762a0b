import msgspec
import pytest

from asbuilt.model.inspection import Month
from asbuilt.reports import pictures
from tests.reports.page_of import Parsed
from tests.world import harbor, large


def widths(markup: str) -> list[float]:
    return [float(each["width"][:-1]) for each in Parsed(markup).named("rect")]


def test_a_stacked_bar_shares_its_width_by_the_counts() -> None:
    bar = pictures.stacked([("proved", "proved", 3), ("missing", "missing", 0), ("stated", "stated", 1)], "label")
    assert widths(bar) == [75.0, 25.0]
    assert [each["x"] for each in Parsed(bar).named("rect")] == ["0%", "75%"]


def test_a_bar_of_something_larger_leaves_the_rest_empty() -> None:
    assert widths(pictures.stacked([("plain", "x", 1)], "label", of=4)) == [25.0]
    assert widths(pictures.stacked([("plain", "x", 0)], "label", of=0)) == []


def test_one_of_many_is_still_seen_and_the_bar_is_not_overfull() -> None:
    drawn = widths(pictures.stacked([("proved", "proved", 1), ("stated", "stated", 99_999)], "label"))
    assert drawn == [0.4, 99.6]


def test_a_link_that_nobody_could_see_has_no_share() -> None:
    picture = Parsed(pictures.chain_picture({"review": {"unknown": 4}, "checks": {"missing": 4}}, 4)).texts
    held = [data for stack, data in picture if stack[-3:] == ("ol", "li", "span")]
    assert held[held.index("review") + 1] == "not seen"
    assert held[held.index("checks") + 1] == "0 %"


def test_columns_stand_on_the_axis_and_reach_as_high_as_their_counts() -> None:
    picture = pictures.months_picture(
        [Month("2026-01", {"ai-declared": 3, "unknown": 1}), Month("2026-02", {"unknown": 2})]
    )
    rects = [each for each in Parsed(picture).named("rect") if each.get("y", "").endswith("%")]
    ends = [(float(each["y"][:-1]), float(each["height"][:-1])) for each in rects]
    assert ends == [(25.0, 75.0), (0.0, 25.0), (50.0, 50.0)]
    assert "2026-01: AI, declared 3, unknown 1" in Parsed(picture).text


def test_no_month_at_all_still_gives_a_picture() -> None:
    assert "No commit" in pictures.months_picture([])


def test_the_chain_has_ten_links_of_which_six_must_hold() -> None:
    inspection = harbor().inspection()
    picture = Parsed(pictures.chain_picture(inspection.links, len(inspection.changes)))
    links = [each for each in picture.named("li") if "class" in each]
    assert [each["class"] for each in links] == ["needed"] * 6
    spoken = [each["aria-label"] for each in picture.named("svg") if each.get("class") == "bar"]
    assert len(spoken) == 10
    assert spoken[4].startswith("review: stated 36")


def test_a_review_by_the_author_is_hatched_and_said_in_words() -> None:
    inspection = harbor().inspection()
    same = msgspec.structs.replace(inspection.reviewers[0], independent=False)
    picture = pictures.reviewers_picture((same, *inspection.reviewers[1:3]))
    fills = [each["fill"] for each in Parsed(picture).named("rect")]
    assert fills == ["url(#fill-contradicted)", "url(#fill-plain)", "url(#fill-plain)"]
    assert "4 ✗ same person" in picture


def test_a_picture_that_is_cut_says_how_much_it_shows() -> None:
    files = large(600).inspection().exposed
    assert len(files) > 15
    picture = pictures.exposed_picture(files)
    assert f"As a share of each file: the first 15 of {len(files)} files" in picture
    assert picture.count("<li>") == 15


@pytest.mark.parametrize("count", [0, 1, 999_999_999])
def test_landings_of_any_size(count: int) -> None:
    picture = pictures.landings_picture({"merge": count})
    assert widths(picture) == ([100.0] if count else [])
    assert f"{count:,}" in picture
