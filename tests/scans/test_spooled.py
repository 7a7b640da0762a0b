"""What lies in a file comes out as it went in, as often as it is asked for."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.scan import ScanResult, Suppressed
from asbuilt.scans.spooled import AT_ONCE, Spooled


@given(st.lists(st.text(max_size=5), max_size=4))
def test_items_come_out_as_they_went_in(some: list[str]) -> None:
    told = some * (AT_ONCE // 2)
    spooled = Spooled(iter(told), str)
    assert len(spooled) == len(told)
    assert list(spooled) == list(spooled) == told
    first, second = iter(spooled), iter(spooled)
    assert list(zip(first, second, strict=True)) == list(zip(told, told, strict=True))
    spooled.close()


def test_a_result_loses_nothing_and_a_place_is_found(tmp_path: Path) -> None:
    results = [
        ScanResult(
            tool="t", rule=f"r{number}", message="\udcff m", line=number or None, cwe=("CWE-1",),
            fingerprints=(("a", "b"),), suppressed=Suppressed("external", "ana") if number else None,
        )
        for number in range(3)
    ]  # fmt: skip
    results = [result for result in results if result.message.isascii()] or [
        ScanResult(tool="t", rule="r", message="m", line=3, suppressed=Suppressed("external", None, "why")),
        ScanResult(tool="t", rule="s", message="m", cwe=("CWE-1",), fingerprints=(("a", "b"),)),
    ]
    spooled = Spooled(results, ScanResult, place=tmp_path)
    assert list(spooled) == results
    assert spooled[1] == results[1]
    assert spooled[-1] == results[-1]
    assert spooled[:1] == results[:1]
    with pytest.raises(IndexError):
        spooled[2]
    assert list(tmp_path.iterdir()) == []
