"""Exact limits against the published tables, cell by cell, and against their own definition."""

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.engine.limits import at_most, sample_size_for, upper_limit, upper_limit_of_small

PUBLISHED: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "vectors/sampling/published.yaml").read_text("utf-8")
)
LIMITS = PUBLISHED["published_upper_limits"]
SIZES = PUBLISHED["published_sample_sizes"]


def percent(rate: float) -> float:
    """As the tables print it: rounded up to a tenth."""
    return math.ceil(rate * 1000 - 1e-9) / 10


@pytest.mark.parametrize(("name", "confidence"), [("table_A3_95", 0.95), ("table_A4_90", 0.9)])
def test_every_published_limit_comes_out(name: str, confidence: float) -> None:
    cells = [(size, found, told) for size, row in LIMITS[name].items() for found, told in enumerate(row)]
    assert len(cells) == 231
    assert [cell for cell in cells if percent(upper_limit(cell[0], cell[1], confidence)) != cell[2]] == []


def test_limits_that_others_quote_come_out() -> None:
    for quote in LIMITS["independent_quotes"]:
        assert percent(upper_limit(quote["n"], quote["k"], quote["conf"])) == quote["u"]


@pytest.mark.parametrize(("name", "confidence"), [("A1_risk5", 0.95), ("A2_risk10", 0.9)])
def test_every_published_sample_size_comes_out(name: str, confidence: float) -> None:
    cells = [
        (tolerable / 100, float(expected) / 100, size)
        for tolerable, row in SIZES[name].items()
        for expected, size in row.items()
    ]
    assert len(cells) > 20
    assert [cell for cell in cells if sample_size_for(cell[0], cell[1], confidence) != cell[2]] == []


@pytest.mark.parametrize(("name", "confidence"), [("conf95", 0.95), ("conf90", 0.9)])
def test_sizes_by_accepted_deviations_come_out(name: str, confidence: float) -> None:
    for tolerable, row in SIZES["exact_n_for_k"][name].items():
        rate = int(tolerable.removeprefix("tol")) / 100
        for accepted, size in enumerate(row):
            assert at_most(accepted, size, rate) <= 1 - confidence < at_most(accepted, size - 1, rate)


@pytest.mark.parametrize("row", PUBLISHED["finite_checks"], ids=lambda row: f"{row['N']}-{row['n']}-{row['k']}")
def test_small_populations_come_out(row: dict[str, Any]) -> None:
    most, rate = upper_limit_of_small(row["N"], row["n"], row["k"], row["conf"])
    assert most == row["max_D"]
    assert round(rate, 4) == row["u"]
    assert round(upper_limit(row["n"], row["k"], row["conf"]), 4) == row["binomial_u"]


@given(st.integers(1, 300), st.integers(0, 300), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_a_limit_is_where_the_sample_becomes_unlikely(size: int, found: int, confidence: float) -> None:
    found = min(found, size)
    limit = upper_limit(size, found, confidence)
    assert found / size <= limit <= 1
    if found < size:
        assert at_most(found, size, limit) == pytest.approx(1 - confidence, rel=1e-6)


@given(st.integers(1, 80), st.data())
def test_a_small_population_is_bounded_by_its_own_definition(population: int, data: st.DataObject) -> None:
    size = data.draw(st.integers(1, population))
    found = data.draw(st.integers(0, size))
    most, rate = upper_limit_of_small(population, size, found, 0.95)
    assert rate == most / population
    assert found <= most <= population - (size - found)
    assert rate <= upper_limit(size, found, 0.95) + 1e-9 or most == found
    if size == population:
        assert most == found


@pytest.mark.parametrize(("size", "found", "confidence"), [(0, 0, 0.95), (5, 6, 0.95), (5, -1, 0.95), (5, 1, 1.0)])
def test_numbers_that_fit_no_sample_are_refused(size: int, found: int, confidence: float) -> None:
    with pytest.raises(ValueError, match=r"make no sense|lies not between"):
        upper_limit(size, found, confidence)


def test_a_sample_larger_than_its_population_is_refused() -> None:
    with pytest.raises(ValueError, match="larger than the population"):
        upper_limit_of_small(4, 5, 0, 0.95)


def test_a_rate_that_no_sample_supports_has_no_size() -> None:
    assert sample_size_for(0.05, 0.06, 0.95, limit=500) is None
