r"""The verdict of every item of a population, in columns, and the digests that anyone can compute again.

**The digests.** They need a list of the items, ``sha256`` and nothing of ours:

1. Write one line for each item: the item, a TAB, its attribution class (nothing where the population knows none), a
   line feed; UTF-8. In both, write a backslash as ``\\``, and a character below U+0020 as ``\u`` with four digits.
2. Sort the lines by their bytes (``LC_ALL=C sort``). ``population_digest`` is the sha256 of them, in hex.
3. In the same order write one letter for each item: ``M`` met, ``D`` deviation, ``U`` unknown (of equal lines the
   letters are sorted too). ``digest`` is the sha256 of ``population_digest``, a line feed, and the letters.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, TypeAlias

import msgspec
import numpy as np
import numpy.typing as npt

from asbuilt.model.result import Outcome

Codes: TypeAlias = npt.NDArray[np.int64]
LETTERS: Final[Mapping[Outcome, str]] = {Outcome.MET: "M", Outcome.DEVIATION: "D", Outcome.UNKNOWN: "U"}
_PRINTED: Final = 0x20  # the first character that a line holds as it is
_ESCAPED: Final = re.compile(r"[\x00-\x1f\\]")


class Population(msgspec.Struct, frozen=True):
    """Items in the order of the digest, and for each the position of its attribution class in ``classes``.

    ``digest`` is the population's own.
    """

    items: Sequence[str]
    classes: tuple[str, ...]
    codes: Codes
    digest: str


class Outcomes(msgspec.Struct, frozen=True):
    """The verdict of each item of a population: ``letters`` holds M, D or U for each, in its order."""

    population: Population
    letters: bytes
    digest: str

    @property
    def items(self) -> Sequence[str]:
        """The items, in the order of the digest."""
        return self.population.items

    @property
    def attributions(self) -> list[str]:
        """The attribution class of each item; empty texts where the population knows none."""
        return [self.population.classes[code] for code in self.population.codes]

    def counts(self) -> dict[str, int]:
        """How many items came to each outcome."""
        return {outcome.value: self.letters.count(letter.encode()) for outcome, letter in LETTERS.items()}

    def split(self) -> dict[str, dict[str, int]]:
        """The counts of each attribution class that stands in the population."""
        letters = np.frombuffer(self.letters, dtype=np.uint8).astype(np.int64)
        pairs = np.bincount(self.population.codes * 256 + letters, minlength=256 * len(self.population.classes))
        return {
            own: {outcome.value: int(pairs[code * 256 + ord(letter)]) for outcome, letter in LETTERS.items()}
            for code, own in sorted(enumerate(self.population.classes), key=lambda pair: pair[1])
            if pairs[code * 256 : (code + 1) * 256].any()
        }


def line_of(item: str, attribution: str) -> str:
    """The line of one item, as the digest defines it."""
    return f"{_ESCAPED.sub(_escape, item)}\t{_ESCAPED.sub(_escape, attribution)}\n"


def plain_lines(items: Sequence[str], classes: tuple[str, ...], codes: Codes) -> bytes | None:
    """The lines of all items, one after another, where nothing in them needs to be escaped; else None.

    The order of plain items is the order of their lines.
    """
    ends = [f"\t{own}\n" for own in classes]
    parts = [""] * (2 * len(items))
    parts[::2] = items
    parts[1::2] = map(ends.__getitem__, codes.tolist())
    lines = "".join(parts).encode()
    # In UTF-8 every byte below 0x20 is a control character: here, the two that end the halves of each line.
    controls = np.count_nonzero(np.frombuffer(lines, dtype=np.uint8) < _PRINTED)
    return None if controls > len(parts) or b"\\" in lines else lines


def sealed(items: Sequence[str], classes: tuple[str, ...], codes: Codes, lines: bytes) -> Population:
    """A population whose items stand in order already, ``lines`` being theirs."""
    return Population(items, classes, codes, hashlib.sha256(lines).hexdigest())


def outcomes_of(population: Population, letters: bytes) -> Outcomes:
    """The outcomes of a population, with their digest."""
    digest = hashlib.sha256(b"%b\n%b" % (population.digest.encode(), letters)).hexdigest()
    return Outcomes(population, letters, digest)


def gathered(verdicts: Iterable[tuple[str, str, Outcome]]) -> Outcomes:
    """The outcomes of items in any order: item, attribution class, outcome."""
    rows = sorted((line_of(item, own), LETTERS[outcome], item, own) for item, own, outcome in verdicts)
    classes, codes = coded(row[3] for row in rows)
    population = sealed([row[2] for row in rows], classes, codes, "".join(row[0] for row in rows).encode())
    return outcomes_of(population, "".join(row[1] for row in rows).encode())


def coded(attributions: Iterable[str]) -> tuple[tuple[str, ...], Codes]:
    """The classes that occur, and the position of each item's among them."""
    own = list(attributions)
    known = {name: code for code, name in enumerate(dict.fromkeys(own))}
    return tuple(known), np.fromiter(map(known.__getitem__, own), dtype=np.int64, count=len(own))


def _escape(found: re.Match[str]) -> str:
    return "\\\\" if found[0] == "\\" else f"\\u{ord(found[0]):04x}"
