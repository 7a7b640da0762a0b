"""Samples that anyone can draw again: from a frozen population, by a seed, with every replacement logged.

The procedure, so that an auditor can repeat it with a list of items and sha256 alone:

1. The population is the set of items of one control; its digest is the Result's ``population_digest``.
2. Each item gets the mark sha256(seed, LF, population digest, LF, item), all UTF-8.
3. The items are put in the order of their marks: a random permutation that the seed fixes and nobody can steer
   towards an item without trying seeds, which is why the seed is agreed before the population is frozen.
4. The first n of them are the sample. An item that turns out void (a test record, a cancelled request) is replaced
   by the next in that order, and the reason is kept. Missing evidence is no reason: it is a deviation.
"""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence

import msgspec

from asbuilt.catalogue.sampling import Risk, Sizes
from asbuilt.engine.limits import upper_limit_of_small
from asbuilt.model.audit import Drawn, Sample
from asbuilt.model.errors import UsageError
from asbuilt.model.result import Control, ControlKind

METHOD = "sha256-order/1"
CONFIDENCE = 0.95
_ROUNDING = 1e-9  # a limit is rounded up to a tenth, and not by the last bit of a float
# Days of a rolling cadence, and the frequency that it counts as.
_ROLLING = ((7, "day"), (30, "week"), (91, "month"), (182, "quarter"), (365, "half-year"))


def frequency_of(control: Control) -> str | None:
    """How often a control operates, as ``Sizes.by_frequency`` names it; None for item controls."""
    if control.kind is ControlKind.STATE:
        return "setting"
    if control.kind is ControlKind.ITEM:
        return None
    every = str(control.settings["every"])
    if not every.endswith(" days"):
        return every
    days = int(every.removesuffix(" days"))
    return next((name for limit, name in _ROLLING if days < limit), "year")


def sample_size(population: int, frequency: str | None, risk: Risk, sizes: Sizes) -> tuple[int, str]:
    """How many items to draw, never more than there are, and the row of the table that says so."""
    if frequency is not None:
        return min(population, getattr(sizes.by_frequency[frequency], risk)), f"by frequency: {frequency}, {risk}"
    row = next(row for row in sizes.by_count if population <= row.up_to)
    wanted = getattr(row, risk)
    if not wanted:
        return population, f"by count: up to {row.up_to}, all"
    return min(population, wanted), f"by count: up to {row.up_to}, {risk}"


def draw_sample(
    control: str,
    items: Sequence[str],
    population_digest: str,
    *,
    seed: str,
    size: int,
    basis: str = "",
    void: Mapping[str, str] | None = None,
) -> Sample:
    """Draw a sample; ``void`` maps items that are none, to the reason.

    Raises:
        UsageError: a void item is not in the sample's way, or two items have one name.
    """
    # (1), (2), (3) The order of the whole population.
    head = f"{seed}\n{population_digest}\n".encode()
    order = sorted(items, key=lambda item: (hashlib.sha256(head + item.encode()).digest(), item))
    if len(set(order)) != len(order):
        raise UsageError(
            f"The population of {control} holds an item twice.", fix="Give each item a key of its own."
        )
    # (4) The first n, and for each void one the next.
    drawn, passed = _drawn(order, size, void or {})
    for item in sorted((void or {}).keys() - passed.keys()):
        raise UsageError(
            f"The item {item!r} of {control} is called void, and was not drawn.",
            fix="Take it off: replacements are for drawn items alone.",
        )
    return Sample(control, len(order), population_digest, seed, METHOD, basis, size, drawn, passed)


def _drawn(order: Sequence[str], size: int, void: Mapping[str, str]) -> tuple[tuple[Drawn, ...], dict[str, str]]:
    """The drawn items, and the void ones that were passed over, with their reasons."""
    found: list[Drawn] = []
    passed: dict[str, str] = {}
    spare = iter(range(min(size, len(order)), len(order)))
    for position in range(min(size, len(order))):
        own = Drawn(order[position], position + 1)
        while own.item in void:
            passed[own.item] = void[own.item]
            following = next(spare, None)
            if following is None:  # nothing is left to take its place: the sample is smaller, and says so
                found.append(Drawn("", 0, own.item, void[own.item]))
                break
            own = Drawn(order[following], following + 1, own.item, void[own.item])
        else:
            found.append(own)
    return tuple(found), passed


def judged(sample: Sample, deviating: Collection[str]) -> Sample:
    """The sample with the number of its items that are not met, and the limit that it alone would support.

    The limit is hypergeometric: drawn without replacement from a population of that size.
    """
    tested = items_of(sample)
    found = sum(item in deviating for item in tested)
    limit = ""
    if 0 < len(tested) < sample.population:
        _, rate = upper_limit_of_small(sample.population, len(tested), found, CONFIDENCE)
        limit = f"{math.ceil(rate * 1000 - _ROUNDING) / 10:.1f} %"
    return msgspec.structs.replace(sample, deviations=found, upper_limit=limit)


def items_of(sample: Sample) -> Collection[str]:
    """The items to test, without the void ones that found no replacement."""
    return [one.item for one in sample.items if one.item]
