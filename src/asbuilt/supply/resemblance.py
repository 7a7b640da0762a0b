"""Which well-known names a name resembles: by a typing mistake, by an affix, or by running two of them together.

1. A well-known name resembles nothing, nor does one of a scope that well-known packages are in: its owner gave it.
2. The name of a package with words before or behind it that say nothing, or without the one that belongs to it.
3. The same words in another order; the same letters with other separators, or with one edit beside that; or in
   each of its words one edit
   (insertion, deletion, substitution, swap of neighbours) from a word of five letters or more, two from nine.
4. All of its words are two well-known names and words that say nothing; one of the two may lack the language
   that is joined to it (``codeshift`` for ``jscodeshift``).
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Final, Literal

import msgspec

from asbuilt.catalogue.well_known import glue_words

Kind = Literal["typing mistake", "affix", "two names in one"]
_SHORT, _LONG = 5, 9  # letters from which one edit, two edits count
_LONGEST: Final = 60  # letters: a longer name is not held against others
_WORDS: Final = re.compile(r"[-_./]+")
_SCOPE: Final = re.compile(r"@[^/]+/")
# What belongs to a name by custom; a name without it is another package.
_LANGUAGES: Final = ("py", "js", "python", "node", "rs")
_OWN: Final = ("eslint-plugin-", "babel-plugin-", "eslint-config-", "django-", "flask-", "pytest-", "@types/")


class Resemblance(msgspec.Struct, frozen=True, gc=False):
    """That a name resembles one well-known name or two, and how."""

    kind: Kind
    names: tuple[str, ...]
    how: str


Counts = Callable[[str], bool]  # whether a known name counts for the name that is asked about


def _always(_: str) -> bool:
    return True


class Names:
    """Well-known names of one ecosystem, ready to be resembled.

    Args:
        names: those that may be resembled.
        beside: others that may be the second of two names in one.
    """

    def __init__(self, names: Iterable[str], beside: Collection[str] = ()) -> None:
        self.names = frozenset(names)
        self._beside = beside
        self._lengths: dict[int, list[tuple[int, str]]] | None = None
        self._without: dict[str, str] = {}
        self._stems: dict[str, str] = {}
        self._clipped: dict[str, str] = {}
        self._orders: dict[tuple[str, ...], str] = {}
        self._scopes = frozenset(name.partition("/")[0] for name in self.names if name.startswith("@"))
        for name in sorted(self.names, key=lambda own: (-len(own), own)):
            self._stems["-".join(_bare(name))] = name
            words = _words(name)
            if len(words) > 1 and "@" not in name:
                self._orders[tuple(sorted(words))] = name
            for own in _OWN:
                if name.startswith(own) and len(name) - len(own) >= _SHORT:
                    self._without.setdefault(name.removeprefix(own), name)
            for own in _LANGUAGES:
                for stem in (name.removeprefix(own), name.removesuffix(own)):
                    if stem != name and len(stem) >= _LONG - 1 and stem.isalpha():
                        self._clipped.setdefault(stem, name)

    def resembles(self, name: str, counts: Counts = _always) -> Resemblance | None:
        """What a name resembles most, by the numbers above; None: nothing.

        Args:
            name: of the same ecosystem.
            counts: whether a known name counts for it.
        """
        # (1)
        if len(name) > _LONGEST or (name in self.names and counts(name)):
            return None
        if name.partition("/")[0] in self._scopes:
            return None
        return self._affixed(name, counts) or self._mistyped(name, counts) or self._joined(name, counts)

    def _affixed(self, name: str, counts: Counts) -> Resemblance | None:
        # (2)
        whole = self._without.get(name)
        if whole is not None and counts(whole):
            return Resemblance("affix", (whole,), f"{whole} without what belongs to it")
        bare = _bare(name)
        stem = "-".join(bare)
        if len(bare) < len(_words(name)) and len(stem) >= 4:
            known = stem if stem in self.names else self._stems.get(stem) if len(stem) >= _LONG else None
            if known is not None and known != name and counts(known):
                return Resemblance("affix", (known,), f"{known} with other words around it")
        for own in (*_LANGUAGES, "2", "3"):
            for stem in (name.removeprefix(own), name.removesuffix(own)):
                if stem != name and len(stem) >= _SHORT and stem in self.names and counts(stem):
                    return Resemblance("affix", (stem,), f"{stem} with {own!r} joined to it")
        return None

    def _mistyped(self, name: str, counts: Counts) -> Resemblance | None:
        # (3)
        if len(name) < _SHORT - 1 or name.startswith("@"):
            return None
        turned = self._orders.get(tuple(sorted(_words(name))))
        if turned is not None and _words(turned) != _words(name) and counts(turned):
            return Resemblance("typing mistake", (turned,), f"{turned} with its words in another order")
        best: tuple[int, str] | None = None
        for other in self._near(name):
            far = _apart(name, other) if other != name and counts(other) else None
            if far is not None and not _is_number_apart(name, other):
                best = min(best or (far, other), (far, other))
        if best is None:
            return None
        far, other = best
        how = f"{far} edit{'s' * (far > 1)} from {other}" if far else f"{other} with other separators"
        return Resemblance("typing mistake", (other,), how)

    def _near(self, name: str) -> Iterator[str]:
        """The names that may be two edits away: of about the same length, with nearly the same letters.

        An edit lets one letter come and one go, so that two differ in four letters at most.
        """
        if self._lengths is None:
            self._lengths = {}
            for own in self.names:
                if _SHORT <= len(own) <= _LONGEST and not own.startswith("@"):
                    letters = "".join(_words(own))
                    self._lengths.setdefault(len(letters), []).append((_letters(letters), own))
        joined = "".join(_words(name))
        mine = _letters(joined)
        for length in range(len(joined) - 2, len(joined) + 3):
            for theirs, own in self._lengths.get(length, ()):
                if (mine ^ theirs).bit_count() <= 4:
                    yield own

    def _joined(self, name: str, counts: Counts) -> Resemblance | None:
        # (4)
        words = _bare(name)
        if not 2 <= len(words) <= 6:
            return None
        for cut in range(1, len(words)):
            halves = "-".join(words[:cut]), "-".join(words[cut:])
            if min(map(len, halves)) < 3:
                continue
            whole = [own in self.names and counts(own) for own in halves]
            others = [own in self._beside for own in halves]
            if any(whole) and all(own or other for own, other in zip(whole, others, strict=True)):
                return Resemblance("two names in one", halves, f"{halves[0]} and {halves[1]} in one name")
            clipped = [self._clipped.get(own) for own in halves]
            for at in (0, 1):
                meant = clipped[1 - at]
                if whole[at] and meant is not None and counts(meant):
                    both = (halves[at], meant) if at == 0 else (meant, halves[at])
                    return Resemblance("two names in one", both, f"{both[0]} and {both[1]} in one name")
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


def _letters(word: str) -> int:
    """Which letters a word has, as bits; other signs than a to z and 0 to 9 share some."""
    found = 0
    for letter in word:
        found |= 1 << (ord(letter) & 63)
    return found


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
