"""The words of a build file that is code: texts, words, marks and ends of lines; nothing of it is executed.

Only what is written out is told: a text with a variable in it is no literal. Bounded by a number of words.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final, Literal, NamedTuple

from asbuilt.supply.beside import is_locked
from asbuilt.supply.formats import RefusedError
from asbuilt.supply.gathering import Beside, Gathering

MOST_WORDS: Final = 400_000
DEEPEST: Final = 200
Style = Literal["slashes", "hash"]  # how its comments begin
_TEXTS: Final = r"""(?P<block>\"{3}(?s:.*?)(?:\"{3}|\Z)|'{3}(?s:.*?)(?:'{3}|\Z))
    |(?P<plain>'(?:[^'\\\n]|\\.)*+'?+)
    |(?P<text>\"(?:[^\"\\\n]|\\.)*+\"?+)
    |(?P<word>[A-Za-z_](?:[\w?!]|\.(?=[A-Za-z_]))*+)
    |(?P<break>\n)|(?P<mark>=>|==|[^\s\w])|(?P<number>\w+)"""
_WORDS: Final[dict[Style, re.Pattern[str]]] = {
    "slashes": re.compile(rf"(?P<comment>//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z))|{_TEXTS}", re.VERBOSE),
    "hash": re.compile(rf"(?P<comment>\#[^\n]*+)|{_TEXTS}", re.VERBOSE),
}
_OPENING: Final = {"(": ")", "[": "]", "{": "}"}


class Word(NamedTuple):
    """One word: ``kind`` is ``text`` (a literal), ``computed`` (no literal), ``word``, ``mark`` or ``break``."""

    kind: str
    text: str
    line: int


Words = Sequence[Word]


class Gaps:
    """What of a build file is computed: it is told where no lock file says what came of it."""

    def __init__(self) -> None:
        self._told: list[tuple[str, int]] = []

    def note(self, why: str, line: int) -> None:
        """Keep that something is not read."""
        self._told.append((why, line))

    def tell(self, found: Gathering, locks: Sequence[str], beside: Beside) -> None:
        """Tell them, but where one of these lock files stands beside the file or above it."""
        if self._told and not is_locked(found.path, locks, beside):
            for why, line in self._told:
                found.refuse(why, line, f"Commit {locks[0]}.")


def words_of(text: str, style: Style) -> list[Word]:
    """The words of a text.

    Raises:
        RefusedError: it is no text of code, or has too many words.
    """
    if "\0" in text:
        raise RefusedError("It is no text: a zero byte stands in it.", text.count("\n", 0, text.index("\0")) + 1)
    found: list[Word] = []
    line = 1
    variable = "$" if style == "slashes" else "#{"
    for match in _WORDS[style].finditer(text):
        kind, own = str(match.lastgroup), match[0]
        if kind == "comment":
            line += own.count("\n")
            continue
        if len(found) >= MOST_WORDS:
            raise RefusedError(f"It has more than {MOST_WORDS:,} words.", line)
        if kind in {"plain", "text"}:
            is_open = len(own) == 1 or own[-1] != own[0]  # to the end of its line: so that none is looked at twice
            is_computed = is_open or (kind == "text" and variable in own) or "\\" in own
            found.append(Word("computed" if is_computed else "text", own[1:-1], line))
        else:
            found.append(Word("computed" if kind == "block" else kind, own, line))
        line += own.count("\n")
    return found


def closing(words: Words, at: int) -> int:
    """Where the bracket that opens here is closed; the end when it is not."""
    depth = 0
    for place in range(at, len(words)):
        if words[place].kind == "mark":
            depth += (words[place].text in _OPENING) - (words[place].text in _OPENING.values())
            if depth <= 0:
                return place
    return len(words)


def parts(words: Words) -> list[list[Word]]:
    """Arguments: what commas outside of brackets separate; ends of lines are left out, and empty ones."""
    found: list[list[Word]] = [[]]
    depth = 0
    for own in words:
        if own.kind == "mark":
            depth += (own.text in _OPENING) - (own.text in _OPENING.values())
            if own.text == "," and depth == 0:
                found.append([])
                continue
        if own.kind != "break":
            found[-1].append(own)
    return [each for each in found if each]


def named(part: Words) -> tuple[str, Words] | None:
    """The key and the value of ``key: value``, ``:key => value`` or ``key = value``; None when it is none."""
    texts = [own.text for own in part[:3]]
    if len(part) > 2 and part[0].kind in {"word", "text"} and texts[1] in {":", "="}:
        return texts[0], part[2:]
    if len(part) > 3 and texts[0] == ":" and part[1].kind == "word" and texts[2] == "=>":
        return texts[1], part[3:]
    return None


def literal(part: Words) -> str | None:
    """The text that an argument is, when it is one that is written out."""
    return part[0].text if len(part) == 1 and part[0].kind == "text" else None


def symbols(part: Words) -> list[str] | None:
    """The names of ``:a``, ``[:a, :b]`` or ``%i[a b]``; None when something else stands there."""
    own = list(part)
    if [each.text for each in own[:2]] == ["%", "i"] and own[-1].text in {"]", ")"}:
        return [each.text for each in own[3:-1]]
    if own and own[0].text == "[" and own[-1].text == "]":
        own = own[1:-1]
    found = []
    for each in parts(own):
        if len(each) == 2 and each[0].text == ":" and each[1].kind in {"word", "text"}:
            found.append(each[1].text)
        elif (told := literal(each)) is not None:
            found.append(told)
        else:
            return None
    return found or None


def statements(words: Words, is_end: Callable[[Word], bool]) -> Iterator[list[Word]]:
    """Statements: what ends of lines outside of brackets separate, not after a comma; ``is_end`` ends one too."""
    own: list[Word] = []
    depth = 0
    for each in words:
        if each.kind == "break":
            if depth == 0 and own and own[-1].text not in {",", "\\"}:
                yield own
                own = []
            continue
        if depth == 0 and is_end(each):
            if own:
                yield own
            yield [each]
            own = []
            continue
        if each.kind == "mark":
            depth = max(0, depth + (each.text in _OPENING) - (each.text in _OPENING.values()))
        own.append(each)
    if own:
        yield own
