"""The 61 criteria."""

from collections import Counter
from pathlib import Path

import pytest

from asbuilt.catalogue.criteria import load_criteria
from asbuilt.model.errors import CatalogueError

# The two-key rule: how many criteria each series has, typed by hand from the list of contents.
SERIES = {"CC1": 5, "CC2": 3, "CC3": 4, "CC4": 2, "CC5": 3, "CC6": 8, "CC7": 5, "CC8": 1, "CC9": 2}
SERIES |= {"A1": 3, "PI1": 5, "C1": 2, "P1": 1, "P2": 1, "P3": 2, "P4": 3, "P5": 2, "P6": 7, "P7": 1, "P8": 1}
CATEGORIES = {
    "CC": "security",
    "A": "availability",
    "PI": "processing_integrity",
    "C": "confidentiality",
    "P": "privacy",
}


def test_all_61_are_there_without_a_hole() -> None:
    criteria = load_criteria()
    assert list(criteria) == [f"{series}.{n}" for series, count in SERIES.items() for n in range(1, count + 1)]
    assert len(criteria) == 61
    assert Counter(own.category for own in criteria.values())["security"] == 33


def test_each_is_in_its_category_and_says_what_it_is_about() -> None:
    for own, criterion in load_criteria().items():
        assert criterion.id == own
        assert criterion.category == CATEGORIES[own.split(".")[0].rstrip("0123456789")]
        assert criterion.paraphrase.endswith(".")
        assert criterion.title
    paraphrases = [criterion.paraphrase for criterion in load_criteria().values()]
    assert len(set(paraphrases)) == 61


@pytest.mark.parametrize(
    "text",
    [
        '["CC1.1"]\ntitle = "a"\nparaphrase = "b."',
        '["CC1.1"]\ncategory = "safety"\ntitle = "a"\nparaphrase = "b."',
        "[",
    ],
)
def test_a_malformed_list_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "criteria.toml"
    file.write_text(text, "utf-8")
    with pytest.raises(CatalogueError, match="The list of criteria is malformed") as refused:
        load_criteria(file)
    assert refused.value.where.startswith(str(file))
