"""The table of sample sizes."""

from pathlib import Path

import pytest

from asbuilt.catalogue.controls import PERIODS
from asbuilt.catalogue.sampling import load_sizes
from asbuilt.model.errors import CatalogueError

GOOD = """
[[by_count]]
up_to = 5
lower = 1
moderate = 2
higher = 3
"""


def test_every_cadence_has_a_size() -> None:
    assert set(load_sizes().by_frequency) == {*PERIODS, "setting"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("x = [", "cannot be read"),
        ("[by_frequency]", "cannot be read"),
        (GOOD + GOOD, "do not ascend"),
        (GOOD.replace("lower = 1", "lower = 9"), "asks for more items"),
        (GOOD.replace("lower", "lowest"), "cannot be read"),
    ],
)
def test_a_malformed_table_is_refused(tmp_path: Path, text: str, what: str) -> None:
    file = tmp_path / "sampling.toml"
    file.write_text(text + ("" if "by_frequency" in text or "x =" in text else "\n[by_frequency]\n"))
    with pytest.raises(CatalogueError, match=what):
        load_sizes(file)
