"""Codes that are no controls."""

import re
from pathlib import Path

import pytest

import asbuilt
from asbuilt.catalogue.codes import load_codes
from asbuilt.model.errors import CatalogueError


def test_every_code_that_the_program_speaks_is_explained() -> None:
    sources = Path(asbuilt.__file__).parent.rglob("*.py")
    spoken = {code for file in sources for code in re.findall(r'"((?:AI|GAP)-[A-Z]+)"', file.read_text("utf-8"))}
    assert spoken, "there is nothing to compare"
    assert spoken <= load_codes().keys()


def test_every_explanation_is_whole() -> None:
    for own, code in load_codes().items():
        assert code.code == own
        assert not code.title.endswith(".")
        for text in (code.what, code.why, code.remedy):
            assert text.endswith(".")
            assert "\n" not in text
            assert not re.search(r"certified|compliant|passed", text, re.IGNORECASE)


GOOD = '[AI-X]\ntitle = "a"\nwhat = "b."\nwhy = "c."\nremedy = "d."\ncriteria = ["CC8.1"]\n'


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('title = "a"', "title = a", ":2", "The list of codes is malformed."),
        ('why = "c."', 'wyh = "c."', "", "The list of codes is malformed."),
        ("[AI-X]", "[AI_X]", ":1", "'AI_X' is no code."),
        ("CC8.1", "CC8.7", ":1", "AI-X names the unknown criterion 'CC8.7'."),
    ],
)
def test_a_malformed_list_is_refused(tmp_path: Path, old: str, new: str, line: str, what: str) -> None:
    file = tmp_path / "codes.toml"
    file.write_text(GOOD, "utf-8")
    assert list(load_codes(file)) == ["AI-X"]
    file.write_text(GOOD.replace(old, new), "utf-8")
    with pytest.raises(CatalogueError) as refused:
        load_codes(file)
    assert (refused.value.what, refused.value.where) == (what, f"{file}{line}")
