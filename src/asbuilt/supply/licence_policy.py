"""Whether a licence leaves a choice that a company accepts (SPDX specification 2.3, annex D).

Of ``OR`` one side is enough, of ``AND`` each is needed. ``ID WITH EXCEPTION`` is looked for as a whole first, and
then by its licence alone: an exception only permits more.
"""

from collections.abc import Callable, Sequence

from asbuilt.supply.licences import spdx_expression


def licence_accepted(expression: str, *, allowed: Sequence[str], refused: Sequence[str]) -> bool:
    """Whether an SPDX expression leaves a choice that is accepted.

    Args:
        expression: as ``spdx_expression`` writes it.
        allowed: identifiers; none: every one that is not refused.
        refused: identifiers.
    """
    welcome, unwelcome = _folded(allowed), _folded(refused)

    def accepts(own: str) -> bool:
        licence, _, exception = own.lower().partition(" with ")
        for each in (own.lower(), licence) if exception else (licence,):
            if each in unwelcome:
                return False
            if each in welcome:
                return True
        return not welcome

    return _Choices(expression, accepts).either()


def _folded(names: Sequence[str]) -> frozenset[str]:
    return frozenset((spdx_expression(name) or name).lower() for name in names)


class _Choices:
    """A normalised expression, from left to right: ``OR`` binds least, then ``AND``."""

    def __init__(self, expression: str, accepts: Callable[[str], bool]) -> None:
        self._words = expression.replace("(", " ( ").replace(")", " ) ").split()
        self._accepts = accepts
        self._at = 0

    def either(self) -> bool:
        found = self._each()
        while self._next() == "OR":
            self._at += 1
            found = self._each() or found  # what stands behind OR is read, whatever stands before it
        return found

    def _next(self) -> str:
        return self._words[self._at] if self._at < len(self._words) else ""

    def _each(self) -> bool:
        found = self._one()
        while self._next() == "AND":
            self._at += 1
            found = self._one() and found
        return found

    def _one(self) -> bool:
        word = self._next()
        self._at += 1
        if word == "(":
            found = self.either()
            self._at += 1
            return found
        if self._next() == "WITH":
            word = f"{word} WITH {self._words[self._at + 1]}"
            self._at += 2
        return self._accepts(word)
