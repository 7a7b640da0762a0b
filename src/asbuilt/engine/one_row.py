"""One control on one row, without a database: for a gate that must answer before a person looks away.

A small part of what expressions may be (``engine.expressions``) is read here by hand: AND, OR, NOT, comparisons,
IN, BETWEEN, IS, CASE, whole-number sums, ``coalesce``, ``len``, ``list_contains``. Its logic is SQL's own, of three
values. Whatever is not exactly that, or could be read in two ways, is refused with ``NotPlain``, and the caller
asks the database: so the two can never disagree.

1. Cut the text into tokens; an unknown one is not plain.
2. Read them by the precedence of SQL; two predicates beside each other without parentheses are not plain.
3. Every part has one type, as the table declares its columns; mixed types are not plain.
4. Evaluate ``where``, then ``expect``.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from asbuilt.facts.schemas.table import Table
from asbuilt.model.result import Control, Outcome

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?![\w.]))|(?P<text>'(?:[^'\\]|'')*')|(?P<word>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign><=|>=|<>|!=|[=<>+\-*(),]))"
)
_RESERVED: Final = frozenset({
    "and", "or", "not", "in", "is", "between", "case", "when", "then", "else", "end", "null", "true", "false",
    "distinct", "from", "like", "ilike", "similar", "glob", "interval", "cast", "date", "timestamp", "any", "all",
    "some", "exists", "select",
})  # fmt: skip
_MOST: Final = 2**31 - 1  # a sum of two literals is a 32-bit number in the database
_TYPES: Final = {"bool": "bool", "int": "int", "text": "text", "text[]": "texts"}
_OUTCOMES: Final = {True: Outcome.MET, False: Outcome.DEVIATION, None: Outcome.UNKNOWN}


class NotPlain(ValueError):  # noqa: N818 - no failure: the database is asked instead
    """The expression, or a value in it, is not of the small part that is read here."""


class _Part(NamedTuple):
    """A typed part of an expression; ``null`` is the type of NULL itself."""

    type: str
    value: Callable[[Mapping[str, Any]], Any]


def judge_row(
    control: Control, table: Table, row: Mapping[str, Any], settings: Mapping[str, Any]
) -> Outcome | None:
    """What an item control comes to on one row, in a window open on both sides; None: not of its population.

    Args:
        control: the control; its expressions have been checked (``engine.plans``).
        table: its population.
        row: a value for each column that the control names.
        settings: those in force.

    Raises:
        NotPlain: the expressions must be asked of a database.
    """
    types = {column.name: _TYPES.get(column.type, "") for column in table.columns}
    member = True if control.where is None else _truth(control.where, types, settings, row)
    if member is False:
        return None
    expected = _truth(control.expect, types, settings, row)
    return _OUTCOMES[expected if member else None]


def _truth(sql: str, types: Mapping[str, str], settings: Mapping[str, Any], row: Mapping[str, Any]) -> bool | None:
    part = _Reader(sql, types, settings).whole()
    if part.type not in {"bool", "null"}:
        raise NotPlain(f"{sql!r} is no condition")
    found: bool | None = part.value(row)
    return found


class _Reader:
    """Reads one expression; each method reads one level of precedence, loosest first."""

    def __init__(self, sql: str, types: Mapping[str, str], settings: Mapping[str, Any]) -> None:
        # (1) Tokens.
        self._tokens: list[tuple[str, str]] = []
        at, sql = 0, sql.rstrip()
        while at < len(sql):
            match = _TOKEN.match(sql, at)
            if match is None or match.lastgroup is None:
                raise NotPlain(sql[at : at + 20])
            self._tokens.append((match.lastgroup, match[match.lastgroup]))
            at = match.end()
        self._tokens.append(("end", ""))
        self._at = 0
        self._types, self._settings = types, settings

    def whole(self) -> _Part:
        """The whole expression."""
        found = self._or()
        if self._tokens[self._at][0] != "end":
            raise NotPlain(self._tokens[self._at][1])
        return found

    # (2) Precedence.

    def _word(self, *words: str) -> bool:
        """Whether these key words stand here; they are then passed."""
        here = [(kind, text.lower()) for kind, text in self._tokens[self._at : self._at + len(words)]]
        if here != [("word", word) for word in words]:
            return False
        self._at += len(words)
        return True

    def _sign(self, *signs: str) -> str:
        kind, text = self._tokens[self._at]
        if kind != "sign" or text not in signs:
            return ""
        self._at += 1
        return text

    def _expect(self, sign: str) -> None:
        if not self._sign(sign):
            raise NotPlain(f"{sign} is missing")

    def _or(self) -> _Part:
        parts = [self._and()]
        while self._word("or"):
            parts.append(self._and())
        return _joined(parts, decisive=True)

    def _and(self) -> _Part:
        parts = [self._not()]
        while self._word("and"):
            parts.append(self._not())
        return _joined(parts, decisive=False)

    def _not(self) -> _Part:
        if not self._word("not"):
            return self._predicate()
        inner = _one_type(self._not(), "bool").value
        return _Part("bool", lambda row: None if (value := inner(row)) is None else not value)

    def _predicate(self) -> _Part:
        found = self._sum()
        read = self._predicate_after(found)
        if read is None:
            return found
        if self._predicate_after(read) is not None:
            raise NotPlain("two predicates beside each other")
        return read

    def _predicate_after(self, left: _Part) -> _Part | None:
        if sign := self._sign("=", "<>", "!=", "<", "<=", ">", ">="):
            return _comparison(sign, left, self._sum())
        if self._word("is"):
            return self._is(left)
        start = self._at
        negated = self._word("not")
        if self._word("in"):
            found = self._in(left)
        elif self._word("between"):
            low = self._sum()
            if not self._word("and"):
                raise NotPlain("BETWEEN without AND")
            found = _joined([_comparison(">=", left, low), _comparison("<=", left, self._sum())], decisive=False)
        else:
            self._at = start
            return None
        if not negated:
            return found
        return _Part("bool", lambda row: None if (value := found.value(row)) is None else not value)

    def _is(self, left: _Part) -> _Part:
        negated = self._word("not")
        value = left.value
        if self._word("distinct", "from"):
            right = self._sum()
            _same_type(left, right)
            other = right.value
            return _Part("bool", lambda row: (value(row) != other(row)) is not negated)
        if self._word("null"):
            wanted: bool | None = None
        else:
            _one_type(left, "bool")
            wanted = self._word("true")
            if not wanted and not self._word("false"):
                raise NotPlain("IS what")
        return _Part("bool", lambda row: (value(row) is wanted) is not negated)

    def _in(self, left: _Part) -> _Part:
        self._expect("(")
        parts = [_comparison("=", left, self._sum())]
        while self._sign(","):
            parts.append(_comparison("=", left, self._sum()))
        self._expect(")")
        return _joined(parts, decisive=True)

    def _sum(self) -> _Part:
        found = self._product()
        while sign := self._sign("+", "-"):
            found = _arithmetic(sign, found, self._product())
        return found

    def _product(self) -> _Part:
        found = self._single()
        while self._sign("*"):
            found = _arithmetic("*", found, self._single())
        return found

    def _single(self) -> _Part:
        if self._sign("-"):
            return _arithmetic("-", _Part("int", lambda _: 0), self._single())
        if self._sign("("):
            found = self._or()
            self._expect(")")
            return found
        kind, text = self._tokens[self._at]
        self._at += 1
        if kind in {"number", "text"}:
            return _constant(int(text) if kind == "number" else text[1:-1].replace("''", "'"))
        if kind != "word":
            raise NotPlain(text)
        return self._named(text)

    def _named(self, text: str) -> _Part:
        if (word := text.lower()) in {"null", "true", "false"}:
            return _constant({"null": None, "true": True, "false": False}[word])
        if word == "case":
            return self._case()
        if word not in _RESERVED and self._sign("("):
            return self._call(word)
        if text in self._settings:
            return _constant(self._settings[text])
        if word in _RESERVED or not self._types.get(text):
            raise NotPlain(text)
        return _Part(self._types[text], lambda row: row[text])

    def _case(self) -> _Part:
        branches = []
        while self._word("when"):
            condition = _one_type(self._or(), "bool")
            if not self._word("then"):
                raise NotPlain("CASE without THEN")
            branches.append((condition.value, self._or()))
        last = self._or() if self._word("else") else _constant(None)
        if not branches or not self._word("end"):
            raise NotPlain("CASE without END")
        kind = _same_type(*(part for _, part in branches), last)

        return _Part(kind, lambda row: next((part for when, part in branches if when(row)), last).value(row))

    def _call(self, name: str) -> _Part:
        parts = [self._or()]
        while self._sign(","):
            parts.append(self._or())
        self._expect(")")
        if name == "coalesce":
            return _Part(
                _same_type(*parts),
                lambda row: next((found for part in parts if (found := part.value(row)) is not None), None),
            )
        if name == "len" and len(parts) == 1 and parts[0].type == "texts":
            texts = parts[0].value
            return _Part("int", lambda row: None if (found := texts(row)) is None else len(found))
        if name == "list_contains" and [part.type for part in parts] == ["texts", "text"]:
            return _contains(*parts)
        raise NotPlain(name)


# (3) Types, and (4) what the parts come to.


def _constant(value: Any) -> _Part:
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return _Part("texts", lambda _: list(value))
    kinds = {bool: "bool", int: "int", str: "text", type(None): "null"}
    if type(value) not in kinds or (isinstance(value, int) and abs(value) > _MOST):
        raise NotPlain(repr(value))
    return _Part(kinds[type(value)], lambda _: value)


def _same_type(*parts: _Part) -> str:
    kinds = {part.type for part in parts} - {"null"}
    if len(kinds) > 1:
        raise NotPlain(f"types {', '.join(sorted(kinds))}")
    return kinds.pop() if kinds else "null"


def _one_type(part: _Part, wanted: str) -> _Part:
    if part.type not in {wanted, "null"}:
        raise NotPlain(f"a {part.type} where a {wanted} belongs")
    return part


def _joined(parts: Sequence[_Part], *, decisive: bool) -> _Part:
    """OR (``decisive`` True) or AND (False): the decisive value wins, then NULL."""
    if len(parts) == 1:
        return parts[0]
    values = [_one_type(part, "bool").value for part in parts]

    def value(row: Mapping[str, Any]) -> bool | None:
        found = [one(row) for one in values]
        if decisive in found:
            return decisive
        return None if None in found else not decisive

    return _Part("bool", value)


_COMPARE: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


def _comparison(sign: str, left: _Part, right: _Part) -> _Part:
    kind = _same_type(left, right)
    if kind == "texts" or (kind == "text" and sign not in {"=", "<>", "!="}):
        raise NotPlain(f"{sign} between {kind}")
    compare, one, two = _COMPARE[sign], left.value, right.value

    def value(row: Mapping[str, Any]) -> bool | None:
        a, b = one(row), two(row)
        return None if a is None or b is None else compare(a, b)

    return _Part("bool", value)


def _arithmetic(sign: str, left: _Part, right: _Part) -> _Part:
    one, two = _one_type(left, "int").value, _one_type(right, "int").value

    def value(row: Mapping[str, Any]) -> int | None:
        a, b = one(row), two(row)
        if a is None or b is None:
            return None
        found: int = a + b if sign == "+" else a - b if sign == "-" else a * b
        if abs(found) > _MOST:
            raise NotPlain(str(found))
        return found

    return _Part("int", value)


def _contains(texts: _Part, text: _Part) -> _Part:
    def value(row: Mapping[str, Any]) -> bool | None:
        held, wanted = texts.value(row), text.value(row)
        if held is None or wanted is None:
            return None
        return wanted in held

    return _Part("bool", value)
