"""Controls as files: what is shipped, and what a malformed file is told."""

import re
from pathlib import Path

import pytest

from asbuilt.catalogue.controls import FOLDER, load_controls
from asbuilt.model.errors import CatalogueError

GOOD = """\
+++
id = "ACME-01"
kind = "item"
criteria = ["CC8.1"]
population = "changes"
at = "landed_at"
expect = '''
checks_succeeded
OR emergency
'''

[settings]
limit = 2

[[examples.met]]
checks_succeeded = true
[[examples.deviation]]
checks_succeeded = false
emergency = false
[[examples.unknown]]
checks_succeeded = "NULL"
+++
# The company's own control

Something that
is expected.

More of it.

**Why.** Because.

And because.

**Blind spot.** It cannot see everything.

**Remedy.** Do it.

**Opens with.** A look.
"""


def write(folder: Path, text: str = GOOD, name: str = "ACME-01.md") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def test_the_shipped_controls_are_the_files_of_the_folder() -> None:
    assert sorted(file.stem for file in FOLDER.iterdir()) == [own.id for own in load_controls()]


@pytest.mark.parametrize("own", load_controls(), ids=lambda own: own.id)
def test_shipped_texts_are_sentences_in_the_house_s_words(own: object) -> None:
    for field in ("what", "why", "blind_spot", "remedy", "open_with"):
        text = getattr(own, field)
        assert re.match(r"[A-Z`\"]", text), field
        assert text.endswith("."), field
        assert not re.search(r"certified|compliant|passed", text, re.IGNORECASE), field
    assert not getattr(own, "title").endswith(".")  # noqa: B009 - fields of any control


def test_a_control_is_read_whole(tmp_path: Path) -> None:
    file = write(tmp_path)
    (own,) = load_controls(tmp_path)
    assert own.title == "The company's own control"
    assert own.what == "Something that is expected.\n\nMore of it."
    assert own.why == "Because.\n\nAnd because."
    assert (own.blind_spot, own.remedy, own.open_with) == ("It cannot see everything.", "Do it.", "A look.")
    assert own.expect == "checks_succeeded\nOR emergency"
    assert own.settings == {"not_effective_above": 0.5, "limit": 2}
    assert own.examples["unknown"] == ({"checks_succeeded": None},)
    assert own.place("expect") == f"{file}:7"
    assert own.place("settings.limit") == f"{file}:13"


def test_a_company_adds_its_own_and_replaces_none(tmp_path: Path) -> None:
    write(tmp_path)
    assert [own.id for own in load_controls(extra=[tmp_path])] == sorted(
        ["ACME-01", *(own.id for own in load_controls())]
    )
    twice = write(tmp_path, GOOD.replace("ACME-01", "CHG-01"), "CHG-01.md")
    with pytest.raises(CatalogueError, match="There is a control CHG-01 already") as refused:
        load_controls(extra=[tmp_path])
    assert refused.value.where == f"{twice}:2"


def test_line_ends_of_windows_are_read_too(tmp_path: Path) -> None:
    (tmp_path / "ACME-01.md").write_bytes(GOOD.replace("\n", "\r\n").encode())
    assert load_controls(tmp_path)[0].what == "Something that is expected.\n\nMore of it."


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ("+++\nid", "id", 1, "The front matter is missing."),
        ("+++\n# The", "# The", 1, "The front matter has no end."),
        ('kind = "item"', "kind = item", 3, "The front matter is not TOML."),
        ('kind = "item"', 'kind = "cadence"', 12, "The cadence is None."),
        (
            'kind = "item"',
            'kind = "item"\ninspect = { limt = 3 }',
            4,
            "Inspection sets 'limt' to 3, and there is no such setting of that type.",
        ),
        (
            'kind = "item"',
            'kind = "item"\ninspect = { limit = "3" }',
            4,
            "Inspection sets 'limit' to '3', and there is no such setting of that type.",
        ),
        ('kind = "item"', 'kind = "item"\nper = "number"', 4, "An item control has no 'per'."),
        (
            'kind = "item"',
            'kind = "state"\nsubject_where = "in_scope"',
            4,
            "There is a condition on subjects and no table of them.",
        ),
        ('kind = "item"', 'kind = "weekly"', 3, "Invalid enum value 'weekly' - at `$.kind`."),
        ('kind = "item"', 'knid = "item"', 3, "Unknown key 'knid'."),
        ('population = "changes"\n', "", 1, "Object missing required field `population`."),
        ('["CC8.1"]', '"CC8.1"', 4, "Expected `array`, got `str` - at `$.criteria`."),
        ('["CC8.1"]', "[]", 4, "The control names no criterion."),
        ('["CC8.1"]', '["CC81"]', 4, "Unknown criterion 'CC81'."),
        ('"ACME-01"', '"ACME-02"', 2, "The id is 'ACME-02' in a file called 'ACME-01.md'."),
        ("limit = 2", "limit = nan", 13, "The setting 'limit' is nan."),
        ("limit = 2", "limit = 2026-01-01", 13, "The setting 'limit' is datetime.date(2026, 1, 1)."),
        ("[[examples.met]]", "[[examples.mett]]", 15, "Unknown kind of example 'mett'."),
        ('[[examples.unknown]]\nchecks_succeeded = "NULL"\n', "", 15, "There is no example of 'unknown'."),
        ("# The company", "The company", 23, "The text does not begin with a title."),
        ("\nSomething that\nis expected.\n\nMore of it.\n", "", 23, "The title, or what is expected, is missing."),
        ("**Why.** Because.", "**Why.**", 23, None),
        ("**Why.** Because.\n\nAnd because.\n", "", 23, "The section 'Why' is missing."),
        ("**Blind spot.**", "**Blindspot.**", 34, "Unknown section 'Blindspot'."),
        ("**Remedy.** Do it.", "**Why.** Do it.", 36, "The section 'Why' stands there twice."),
        ("**Opens with.** A look.", "", 23, "The section 'Opens with' is missing."),
    ],
)
def test_a_malformed_control_is_refused_by_line(
    tmp_path: Path, old: str, new: str, line: int, what: str | None
) -> None:
    assert old in GOOD
    file = write(tmp_path, GOOD.replace(old, new, 1))
    if what is None:  # the section goes on in its next paragraph
        assert load_controls(tmp_path)[0].why == "And because."
        return
    with pytest.raises(CatalogueError) as refused:
        load_controls(tmp_path)
    assert (refused.value.what, refused.value.where) == (what, f"{file}:{line}")
    assert refused.value.fix


def test_near_words_are_offered(tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("expect =", "expects ="))
    with pytest.raises(CatalogueError, match=r"Did you mean 'expect'\?"):
        load_controls(tmp_path)


def test_a_file_that_is_no_control_is_not_skipped_silently(tmp_path: Path) -> None:
    write(tmp_path)
    stray = write(tmp_path, GOOD, "ACME-02.toml")
    with pytest.raises(CatalogueError, match="This is no control") as refused:
        load_controls(tmp_path)
    assert refused.value.where == f"{stray}:1"


def test_a_folder_without_a_control_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(CatalogueError, match="absent or holds no control"):
            load_controls(folder)


@pytest.mark.parametrize(
    ("data", "line", "what"),
    [
        (GOOD.encode() + b"\xff", 39, "The file is not UTF-8."),
        (b"+" * 70_000, 1, "The file is larger than 65,536 bytes."),
    ],
)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, data: bytes, line: int, what: str) -> None:
    file = tmp_path / "ACME-01.md"
    file.write_bytes(data)
    with pytest.raises(CatalogueError) as refused:
        load_controls(tmp_path)
    assert (refused.value.what, refused.value.where) == (what, f"{file}:{line}")
