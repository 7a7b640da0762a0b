import msgspec

from asbuilt.model.change import Release
from asbuilt.reports.html_listed import changes
from tests.reports.page_of import Parsed
from tests.world import World, harbor, large


def test_every_change_has_its_ten_grades_in_marks_and_in_words() -> None:
    page = Parsed(changes(harbor().inspection()))
    grades = [each for each in page.named("span") if each.get("class") == "grades"]
    assert len(grades) == 97
    assert all(each["aria-label"].count(",") == 9 for each in grades)
    marks = [data for stack, data in page.texts if stack[-1:] == ("span",) and len(data) == 10]
    assert len(marks) == 97


def test_the_newest_five_hundred_are_listed_and_the_total_is_said() -> None:
    page = changes(large(501).inspection())
    assert page.count('class="grades"') == 500
    assert "The 500 newest of 501 changes: the JSON report holds all." in page
    assert "Change 500 " in page
    assert "Change 0 " not in page


def test_tags_are_listed_newest_first_and_cut() -> None:
    inspection = harbor().inspection()
    tags = tuple(Release(f"v{at}", "a" * 40, at * 86_400) for at in range(45))
    page = changes(msgspec.structs.replace(inspection, releases=tags))
    assert "Tags, read as releases: 45, the 40 newest (JSON holds all)" in page
    assert ">v44<" in page
    assert ">v4<" not in page


def test_no_change_is_said_plainly() -> None:
    assert changes(World().inspection()) == "<p>No change landed in this window.</p>"
