"""The canonical form of what we author (RFC 8785), held to the published vectors."""

import json
from pathlib import Path

import pytest
import rfc8785

VECTORS = Path(__file__).parents[1] / "vectors" / "jcs"


@pytest.mark.parametrize("name", ["arrays", "french", "structures", "unicode", "values", "weird"])
def test_a_published_vector(name: str) -> None:
    given = json.loads((VECTORS / "input" / f"{name}.json").read_bytes())
    assert rfc8785.dumps(given) == (VECTORS / "output" / f"{name}.json").read_bytes()
