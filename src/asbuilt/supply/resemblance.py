"""Which well-known names a name resembles: by a typing mistake, by an affix, or by running two of them together.

1. A well-known name resembles nothing, nor does one of a scope that well-known packages are in: its owner gave it.
2. The name of a package with words before or behind it that say nothing, or without the one that belongs to it.
3. The same letters with other separators, or with one edit beside that; or in each of its words one edit
   (insertion, deletion, substitution, swap of neighbours) from a word of five letters or more, two from nine.
4. All of its words are two well-known names and words that say nothing.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations
from typing import Final, Literal

import msgspec

from asbuilt.catalogue.well_known import glue_words

Kind = Literal["typing mistake", "affix", "two names in one"]
_SHORT, _LONG = 5, 9  # letters from which one edit, two edits count
_LONGEST: Final = 60  # letters: a longer name is not held against others
_WORDS: Final = re.compile(r"[-_./]+")
_SCOPE: Final = re.compile(r"@[^/]+/")
# What belongs to a name by custom; a name without it is another package.
_OWN: Final = ("eslint-plugin-", "babel-plugin-", "eslint-config-", "django-", "flask-", "pytest-", "@types/")


class Resemblance(msgspec.Struct, frozen=True, gc=False):
    """That a name resembles one well-known name or two, and how."""

    kind: Kind
    names: tuple[str, ...]
    how: str


class Names:
    """Well-known names of one ecosystem, ready to be resembled."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = frozenset(names)
        self._near: dict[str, tuple[str, ...]] | None = None
        self._without: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._scopes = frozenset(name.partition("/")[0] for name in self.names if name.startswith("@"))
        for name in sorted(self.names, key=lambda own: (-len(own), own)):
            self._stems["-".join(_bare(name))] = name
            for own in _OWN:
                if name.startswith(own) and len(name) - len(own) >= _SHORT:
                    self._without.setdefault(name.removeprefix(own), name)

    def resembles(self, name: str) -> Resemblance | None:
        """What a name resembles most, by the numbers above; None: nothing."""
        # (1)
        if name in self.names or len(name) > _LONGEST or name.partition("/")[0] in self._scopes:
            return None
        return self._affixed(name) or self._mistyped(name) or self._joined(name)

    def _affixed(self, name: str) -> Resemblance | None:
        # (2)
        if name in self._without:
            whole = self._without[name]
            return Resemblance("affix", (whole,), f"{whole} without what belongs to it")
        bare = _bare(name)
        stem = "-".join(bare)
        if len(bare) < len(_words(name)) and len(stem) >= 4:
            known = stem if stem in self.names else self._stems.get(stem) if len(stem) >= _LONG else None
            if known is not None:
                return Resemblance("affix", (known,), f"{known} with other words around it")
        for own in ("py", "js", "python", "node", "2", "3"):
            for stem in (name.removeprefix(own), name.removesuffix(own)):
                if stem != name and len(stem) >= _SHORT and stem in self.names:
                    return Resemblance("affix", (stem,), f"{stem} with {own!r} joined to it")
        return None

    def _mistyped(self, name: str) -> Resemblance | None:
        # (3)
        if len(name) < _SHORT or name.startswith("@"):
            return None
        near = self._neighbours()
        best: tuple[int, str] | None = None
        for key in _shortened(name, _edits(len(name))):
            for other in near.get(key, ()):
                far = _apart(name, other)
                if far is not None and not _is_number_apart(name, other):
                    best = min(best or (far, other), (far, other))
        if best is None:
            return None
        far, other = best
        how = f"{far} edit{'s' * (far > 1)} from {other}" if far else f"{other} with other separators"
        return Resemblance("typing mistake", (other,), how)

    def _neighbours(self) -> dict[str, tuple[str, ...]]:
        """Names by what is left of them when one or two letters are struck out (the symmetric-delete index)."""
        if self._near is None:
            found: dict[str, list[str]] = {}
            for name in self.names:
                if _SHORT <= len(name) <= _LONGEST and not name.startswith("@"):
                    for key in _shortened(name, _edits(len(name))):
                        found.setdefault(key, []).append(name)
            self._near = {key: tuple(names) for key, names in found.items()}
        return self._near

    def _joined(self, name: str) -> Resemblance | None:
        # (4)
        words = _bare(name)
        if not 2 <= len(words) <= 6:
            return None
        for cut in range(1, len(words)):
            left, right = "-".join(words[:cut]), "-".join(words[cut:])
            if len(left) >= 3 and len(right) >= 3 and left in self.names and right in self.names:
                return Resemblance("two names in one", (left, right), f"{left} and {right} in one name")
        return None


def _words(name: str) -> list[str]:
    return [word for word in _WORDS.split(_SCOPE.sub("", name.lower())) if word]


def _bare(name: str) -> list[str]:
    """The words of a name without those that say nothing."""
    return [word for word in _words(name) if word not in glue_words()]


def _apart(name: str, other: str) -> int | None:
    """Edits between two names, each of their words being allowed its own; None: they are too far apart."""
    words, others = _words(name), _words(other)
    joined, whole = "".join(words), "".join(others)
    if joined == whole or len(words) != len(others):
        far = distance(joined, whole, 1)
        return far if far <= min(1, _edits(len(whole))) else None
    total = 0
    for one, each in zip(words, others, strict=True):
        far = distance(one, each, 2)
        if far > _edits(max(len(one), len(each))):
            return None
        total += far
    return total if total <= 2 else None


def _edits(length: int) -> int:
    return 0 if length < _SHORT else 1 if length < _LONG else 2


def _shortened(name: str, most: int) -> Iterator[str]:
    yield name
    for count in range(1, most + 1):
        for places in combinations(range(len(name)), count):
            yield "".join(letter for at, letter in enumerate(name) if at not in places)


_DIGITS: Final = re.compile(r"\d+")


def _is_number_apart(one: str, other: str) -> bool:
    """Whether two names differ in a number alone (``utf7`` and ``utf8``): a family, not a mistake."""
    return one != other and _DIGITS.sub("", one) == _DIGITS.sub("", other) and bool(_DIGITS.search(one))


def distance(one: str, other: str, most: int) -> int:
    """Edits between two words, a swap of neighbours being one (optimal string alignment); ``most`` + 1: more.

    Source: Damerau, "A technique for computer detection and correction of spelling errors" (1964), restricted to
    one edit of each place.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        earlier, before, row = before, row, [at] * (len(other) + 1)
        for place, own in enumerate(other, 1):
            row[place] = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != own))
            if at > 1 and place > 1 and letter == other[place - 2] and one[at - 2] == own:
                row[place] = min(row[place], earlier[place - 2] + 1)
        if min(row) > most:
            return most + 1
    return min(row[-1], most + 1)


def holds_name(name: str, known: Collection[str]) -> str | None:
    """The known name that is one of a name's words; None: none is."""
    words = _words(name)
    return next((word for word in words if len(word) >= 4 and word in known), None)
