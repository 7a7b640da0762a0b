"""How often a population may deviate, given what a random sample of it showed.

Only for samples: a population that was tested whole has a rate, and nothing is inferred. Limits are one-sided and
exact: Clopper and Pearson (1934) for a population much larger than the sample, the hypergeometric distribution
for a small one. No approximation, so that the published tables come out cell by cell.
"""

import math
from fractions import Fraction
from typing import Final

_STEPS: Final = 200  # halvings of the interval: far below the spacing of floats


def upper_limit(size: int, deviations: int, confidence: float) -> float:
    """The highest deviation rate that a sample leaves possible at that confidence, by Clopper and Pearson.

    Args:
        size: items in the sample, at least 1.
        deviations: how many of them deviate.
        confidence: for example 0.95.

    Returns:
        A rate from 0 to 1: the smallest p at which ``deviations`` or fewer are no likelier than 1 - confidence.

    Raises:
        ValueError: the numbers fit no sample.
    """
    _check(size, deviations, confidence)
    if deviations == size:
        return 1.0
    low, high = deviations / size, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if at_most(deviations, size, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def upper_limit_of_small(population: int, size: int, deviations: int, confidence: float) -> tuple[int, float]:
    """The most deviating items that a small population may hold after that sample, and their rate.

    The largest D at which ``deviations`` or fewer in a sample without replacement are likelier than
    1 - confidence; computed in whole numbers.

    Raises:
        ValueError: the numbers fit no sample of that population.
    """
    _check(size, deviations, confidence)
    if size > population:
        raise ValueError(f"A sample of {size} is larger than the population of {population}.")
    risk = 1 - Fraction(str(confidence))
    low, high = deviations, population - (size - deviations)  # fewer or more the sample rules out
    while low < high:
        middle = (low + high + 1) // 2
        if _drawn_at_most(deviations, population, middle, size) > risk:
            low = middle
        else:
            high = middle - 1
    return low, low / population


def sample_size_for(tolerable: float, expected: float, confidence: float, *, limit: int = 20_000) -> int | None:
    """The smallest sample that can support a tolerable rate when the expected share of it deviates.

    The number of expected deviations is rounded up, as the audit guides do. None: not even ``limit`` items can.
    """
    share = Fraction(str(expected))
    for size in range(1, limit + 1):
        if at_most(math.ceil(share * size), size, tolerable) <= 1 - confidence:
            return size
    return None


def at_most(deviations: int, size: int, rate: float) -> float:
    """The probability of that many deviations or fewer among ``size`` independent items."""
    if deviations >= size or rate <= 0:
        return 1.0
    if rate >= 1:
        return 0.0
    logs = (math.log(rate), math.log1p(-rate))
    whole = math.lgamma(size + 1)
    return math.fsum(
        math.exp(
            whole - math.lgamma(own + 1) - math.lgamma(size - own + 1) + own * logs[0] + (size - own) * logs[1]
        )
        for own in range(deviations + 1)
    )


def _drawn_at_most(deviations: int, population: int, deviating: int, size: int) -> Fraction:
    ways = sum(
        math.comb(deviating, own) * math.comb(population - deviating, size - own) for own in range(deviations + 1)
    )
    return Fraction(ways, math.comb(population, size))


def _check(size: int, deviations: int, confidence: float) -> None:
    if size < 1 or not 0 <= deviations <= size:
        raise ValueError(f"{deviations} deviations in a sample of {size} make no sense.")
    if not 0 < confidence < 1:
        raise ValueError(f"A confidence of {confidence} lies not between 0 and 1.")
