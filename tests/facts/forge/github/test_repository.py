"""Pages that lead to others make no row, and say when they are an error."""

import pytest

from asbuilt.facts.forge.github.repository import PAGES
from tests.facts.forge.github.payloads import project


@pytest.mark.parametrize("name", sorted(PAGES))
def test_no_row(name: str) -> None:
    assert project(name, {"data": {}, "full_name": "acme/shop"}) == ((), ())
    assert "No rights" in project(name, {"errors": [{"message": "No rights"}]}).refused[0]
