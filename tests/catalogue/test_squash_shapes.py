"""The forms of squash messages: each one's own examples, and that none takes more than linear time."""

import time

import pytest

from asbuilt.catalogue.squash_shapes import Shape, load_squash_shapes


@pytest.mark.parametrize("shape", load_squash_shapes(), ids=lambda shape: shape.id)
def test_every_hit_hits_and_no_near_miss_does(shape: Shape) -> None:
    assert shape.hits
    assert shape.near_misses
    assert [text for text in shape.hits if not shape.find(text)] == []
    assert [text for text in shape.near_misses if shape.find(text)] == []


@pytest.mark.parametrize("shape", load_squash_shapes(), ids=lambda shape: shape.id)
@pytest.mark.parametrize(
    "filler", [" ", "(", "(#1", "* \n", "* x\n", "* x\n\n", "-", "-" * 9 + "\n", "a\n", "\n", "!1"]
)
def test_hostile_messages_take_linear_time(shape: Shape, filler: str) -> None:
    for head in ("", "Subject\n\n", "Subject\n\n* x\n\n", "See merge request "):
        start = time.process_time()
        shape.find(head + filler * (100_000 // len(filler)))
        assert time.process_time() - start < 0.25
