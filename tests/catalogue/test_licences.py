"""Words for licences mean a valid SPDX expression, and only where there is no doubt."""

from pathlib import Path

import pytest
from license_expression import get_spdx_licensing

from asbuilt.catalogue.licences import folded_words, licence_aliases, load_aliases
from asbuilt.model.errors import CatalogueError


def test_every_alias_is_a_valid_expression() -> None:
    licensing = get_spdx_licensing()
    for words, expression in licence_aliases().items():
        told = licensing.validate(expression)
        assert (told.normalized_expression, told.errors) == (expression, []), words


@pytest.mark.parametrize("words", ["BSD", "GPL", "LGPL", "Apache", "UNLICENSED", "GNU GPL", "Public Domain"])
def test_words_that_leave_it_open_are_not_there(words: str) -> None:
    assert folded_words(words) not in licence_aliases()


@pytest.mark.parametrize(
    "text", ["nonsense [", "[aliases]\n", "[aliases]\na = 1\n", '[aliases]\n"A" = "MIT"\n"a" = "ISC"\n']
)
def test_a_malformed_list_is_refused(text: str, tmp_path: Path) -> None:
    file = tmp_path / "licences.toml"
    file.write_text(text)
    with pytest.raises(CatalogueError):
        load_aliases(file)
