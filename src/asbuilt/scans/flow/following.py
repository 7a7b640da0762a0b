"""Values are followed through the functions of a file: in the order of the code, each function by itself.

1. A module's statements come first; what a function sees of them are names, imports and constants.
2. A branch whose condition is a constant is taken or left; of others both are followed, and what they leave is put
   together.
3. A call whose result is a number, or that a rule calls clean, is harmless; any other gives on what it was given.
4. After a test against a list of constants, the value that was tested is harmless. Where a condition looks into the
   text of a value and the function leaves on one side, the value counts as checked on the other: whether the check
   is a good one is not judged.
5. Every call is told, with what its arguments are; whether that is bad is the rule's to say.

What it cannot see: other files, what functions of the same file return, fields of objects. Depth is bounded by the
syntax tree's, work by the number of expressions.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

import msgspec

from asbuilt.scans.flow.code import (
    Assign,
    Binary,
    Block,
    Branch,
    Call,
    Cases,
    Choice,
    Closure,
    Constant,
    Define,
    Do,
    Each,
    Expression,
    Function,
    Import,
    Item,
    Joined,
    Leave,
    Loop,
    Many,
    Member,
    Mixed,
    Name,
    Not,
    Pairs,
    Place,
    Statement,
)
from asbuilt.scans.flow.conditions import CONSTANT_NAME, looked_into, tested
from asbuilt.scans.flow.methods import SENT, call_result, member_result
from asbuilt.scans.flow.values import (
    CHECKED,
    FIXED,
    OUTSIDE,
    VARIES,
    Key,
    Value,
    computed,
    constant,
    contents,
    either,
    holding,
    joined,
    mixed,
    truth,
)

_COPIED: Final = 10  # names whose copying counts as one step
_MOST_ORIGINS: Final = 30  # names that a value is remembered to be made of
_MOST_HELD: Final = 200  # members of a container that are told apart
_MOST_ENDS: Final = 20  # of one loop
MOST_STEPS: Final = 400_000  # expressions of one file
_REQUEST: Final = re.compile(
    r"(?:flask\.|bottle\.|self\.|this\.|ctx\.|context\.|\w*[a-z]_)?(?:request|req)|searchParams"
)
_Names = dict[str, Value]


class Called(NamedTuple):
    """One call: the name as it is written and in full, its arguments, and where it stands."""

    written: str
    full: str
    arguments: tuple[Value, ...]
    named: dict[str, Value]
    place: Place


class TooMuch(Exception):  # noqa: N818 - no error: the file is left, and that is told
    """A file asks for more steps than one may."""


def follow(code: Block, tell: Callable[[Called], None]) -> None:
    """Tell every call of a file, with what is known of its arguments.

    Raises:
        TooMuch: it has more expressions than are followed.
    """
    _Following(tell).module(code)


class _Following:
    """What is shared by all functions of a file."""

    def __init__(self, tell: Callable[[Called], None]) -> None:
        self._tell = tell
        self._steps = 0
        self._answers = False  # whether what a function returns is sent to who asked
        self._ends: list[list[_Names]] = []  # what breaks leave, of every loop that is followed

    def module(self, code: Block) -> None:
        """(1) The module, and every function of it."""
        self._block(code, {})

    def _block(self, code: Block, names: _Names) -> bool:
        """Follow a block; whether it always leaves."""
        later: list[Function] = []
        leaves = False
        for statement in code:
            if isinstance(statement, Define):
                later += statement.functions
                for function in statement.functions:
                    names[function.name] = Value(name=function.name)
            elif not leaves:
                leaves = self._statement(statement, names)
        for function in later:
            self._function(function, names)
        return leaves

    def _copies(self, names: _Names) -> None:
        """Copying names is work too."""
        self._steps += len(names) // _COPIED
        if self._steps > MOST_STEPS:
            raise TooMuch

    def _function(self, function: Function, around: _Names) -> None:
        names = dict(around)
        self._copies(names)
        for name in function.parameters:
            is_given = name in function.given or _REQUEST.fullmatch(name) is not None
            kind = OUTSIDE if is_given else VARIES
            names[name] = msgspec.structs.replace(kind, name=name, origins=frozenset({name}))
        before, self._answers = self._answers, function.answers
        self._block(function.body, names)
        self._answers = before

    def _statement(self, statement: Statement, names: _Names) -> bool:
        match statement:
            case Assign(targets, value):
                found = self._value(value, names)
                for target in targets:
                    self._assign(target, found, names)
            case Import(name, of):
                names[name] = _free(of)
            case Do(value):
                self._value(value, names)
            case Branch():
                return self._branch(statement, names)
            case Cases():
                return self._cases(statement, names)
            case Loop():
                self._loop(statement, names)
            case Leave(value, of_loop):
                if value is not None:
                    self._value(value, names)
                if of_loop and self._ends and len(self._ends[-1]) < _MOST_ENDS:
                    self._ends[-1].append(dict(names))
                return True
        return False

    def _loop(self, statement: Loop, names: _Names) -> None:
        if statement.target is not None and statement.over is not None:
            self._assign(statement.target, contents(self._value(statement.over, names)), names)
        inner = dict(names)
        self._copies(names)
        self._ends.append([])
        self._block(statement.body, inner)
        for end in (inner, *self._ends.pop()):
            _merge(names, end)

    def _branch(self, statement: Branch, names: _Names) -> bool:
        """Steps (2) and (4)."""
        decided = truth(self._value(statement.test, names))
        if decided is not None:
            return self._block(statement.yes if decided else statement.no, names)
        when_true, when_false = tested(statement.test)
        marks = self._checked(statement.test, names)
        self._copies(names)
        before = {name: names[name] for name in marks}
        yes, no = {**names, **marks}, {**names, **marks}
        for cleared, branch in ((when_true, yes), (when_false, no)):
            branch.update(dict.fromkeys(cleared, FIXED))
        yes_leaves = self._block(statement.yes, yes)
        no_leaves = self._block(statement.no, no)
        if yes_leaves and no_leaves:
            return True
        kept = no if yes_leaves else yes
        names.clear()
        names.update(kept)
        if not yes_leaves and not no_leaves:
            _merge(names, no)
            names.update({name: own for name, own in before.items() if names.get(name) == marks[name]})
        return False

    def _checked(self, test: Expression, names: _Names) -> _Names:
        """Step (4): the values that a condition looks into, and those that they were made of, as checked."""
        told = frozenset[str]().union(*(self._value(each, names).origins for each in looked_into(test)))
        marked = {name: names[name] for name in told if name in names and names[name].varies}
        return {name: msgspec.structs.replace(own, through=own.through | {CHECKED}) for name, own in marked.items()}

    def _cases(self, statement: Cases, names: _Names) -> bool:
        subject = self._value(statement.subject, names)
        ends: list[_Names] = []
        covered = False
        for patterns, body in statement.cases:
            known = [self._value(pattern, names) for pattern in patterns]
            if subject.is_known and known and all(each.is_known for each in known):
                if subject.known not in [each.known for each in known]:
                    continue
                covered = True
            inner = dict(names)
            self._copies(names)
            if not self._block(body, inner):
                ends.append(inner)
            covered |= not patterns
            if covered:
                break
        if not ends:
            return covered
        first = ends[0]
        for other in ends[1:] if covered else [*ends[1:], dict(names)]:
            _merge(first, other)
        names.clear()
        names.update(first)
        return False

    def _assign(self, target: Expression, value: Value, names: _Names) -> None:
        match target:
            case Name(name):
                told = (
                    value.origins | {name}
                    if value.varies and len(value.origins) < _MOST_ORIGINS
                    else frozenset({name})
                )
                names[name] = msgspec.structs.replace(value, origins=told)
            case Many(items):
                parts = value.items or {}
                for place, each in enumerate(items):
                    sent = value.outside and isinstance(each, Name) and each.name in SENT
                    self._assign(each, OUTSIDE if sent else parts.get(place, contents(value)), names)
            case Item(Name(name), key) if name in names:
                found = self._key(key, names)
                held = names[name].items
                if found is not None and held is not None and len(held) < _MOST_HELD:
                    names[name] = holding({**held, found: value})
                else:
                    names[name] = msgspec.structs.replace(mixed((names[name], value)), name=names[name].name)
            case Member():
                names[_written(target)] = value
            case _:
                self._value(target, names)

    def _key(self, key: Expression | None, names: _Names) -> Key | None:
        found = None if key is None else self._value(key, names).known
        return found if isinstance(found, str | int) and not isinstance(found, bool) else None

    def _value(self, expression: Expression, names: _Names) -> Value:  # noqa: C901, PLR0911, PLR0912 - one table
        self._steps += 1
        if self._steps > MOST_STEPS:
            raise TooMuch
        match expression:
            case Constant(value):
                return constant(value)
            case Name(name):
                return names.get(name) or _free(name)
            case Member():
                return self._member(expression, names)
            case Call():
                return self._call(expression, names)
            case Joined(parts):
                return joined([self._value(each, names) for each in parts])
            case Binary():
                return self._binary(expression, names)
            case Item(base, key):
                return self._item(base, key, names)
            case Choice(test, yes, no):
                decided = truth(self._value(test, names))
                if decided is None:
                    return either(self._value(yes, names), self._value(no, names))
                return self._value(yes if decided else no, names)
            case Not(value):
                decided = truth(self._value(value, names))
                return FIXED if decided is None else constant(not decided)
            case Many(items):
                return holding({place: self._value(each, names) for place, each in enumerate(items)})
            case Pairs(items):
                return self._pairs(items, names)
            case Each(target, over, element):
                inner = dict(names)
                self._assign(target, contents(self._value(over, names)), inner)
                return contents(holding({0: self._value(element, inner)}))
            case Closure(function):
                self._function(function, names)
                return FIXED
            case Mixed(parts):
                return mixed([self._value(each, names) for each in parts])

    def _member(self, expression: Member, names: _Names) -> Value:
        written = _written(expression)
        if written in names:
            return names[written]
        base = self._value(expression.base, names)
        return member_result(base, expression.name, is_request=_REQUEST.fullmatch(written) is not None)

    def _item(self, base: Expression, key: Expression | None, names: _Names) -> Value:
        held = self._value(base, names)
        found = self._key(key, names)
        if held.items is not None and found is not None and found in held.items:
            return held.items[found]
        if isinstance(held.known, str) and isinstance(found, int) and -len(held.known) <= found < len(held.known):
            return constant(held.known[found])
        return msgspec.structs.replace(contents(held), name=f"{held.name}[]" if held.name else "")

    def _pairs(self, items: Sequence[tuple[Expression | None, Expression]], names: _Names) -> Value:
        held: dict[Key, Value] = {}
        for place, (key, value) in enumerate(items):
            found = None if key is None else self._key(key, names)
            held[f"\0{place}" if found is None else found] = self._value(value, names)
        return holding(held)

    def _binary(self, expression: Binary, names: _Names) -> Value:  # noqa: PLR0911 - one table of operators
        sign = expression.operator
        one, other = self._value(expression.left, names), self._value(expression.right, names)
        if sign in {"and", "&&"} or sign in {"or", "||", "??"}:
            decided = truth(one)
            if decided is None:
                return either(one, other)
            return one if decided == (sign not in {"and", "&&"}) else other
        made = computed(sign, one, other)
        if made is None or isinstance(made, str | int | float):
            return constant(made)
        if sign == "+" or (sign == "%" and (one.text or one.is_known)):
            if one.items is not None and other.items is not None:
                return mixed((one, other))
            return joined((one, contents(other) if sign == "%" and other.items is not None else other))
        if sign == "*":
            return mixed((one, FIXED if one.is_known or not one.varies else other))
        return FIXED if sign not in {"|", "%"} else mixed((one, other))

    def _call(self, expression: Call, names: _Names) -> Value:
        """Steps (3) and (5)."""
        callee, written = expression.callee, _written(expression.callee)
        arguments = tuple(self._value(each, names) for each in expression.arguments)
        by_name = {name: self._value(each, names) for name, each in expression.named}
        base = self._value(callee.base, names) if isinstance(callee, Member) else FIXED
        target = self._value(callee, names) if not isinstance(callee, Member) else FIXED
        full = (f"{base.name}.{callee.name}" if base.name else "") if isinstance(callee, Member) else target.name
        if written != "return!" or self._answers:
            self._tell(Called(written, full, arguments, by_name, expression.place))
        result, changed = call_result(base, written, full or written, arguments, by_name)
        if changed is not None and isinstance(callee, Member):
            self._assign(callee.base, changed, names)
        return result


def _free(name: str) -> Value:
    """A name that nothing here gives a value."""
    if _REQUEST.fullmatch(name):
        return msgspec.structs.replace(OUTSIDE, name=name)
    return Value(name=name, varies=CONSTANT_NAME.fullmatch(name) is None)


def _merge(names: _Names, other: _Names) -> None:
    """(2) Put together what two branches leave."""
    for name, value in other.items():
        own = names.get(name)
        names[name] = value if own is None else either(own, value)


def _written(expression: Expression) -> str:
    """The name of what is called, as far as it is one: ``cur.execute``, ``connect().cursor``."""
    parts: list[str] = []
    while True:
        match expression:
            case Name(name):
                return ".".join([name, *reversed(parts)]).replace(".()", "()")
            case Member(base, name):
                parts.append(name)
                expression = base
            case Call(callee):
                parts.append("()")
                expression = callee
            case _:
                return ".".join(["", *reversed(parts)]).replace(".()", "()")
