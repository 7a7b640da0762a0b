"""A licence is accepted when its expression leaves a choice that is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.supply.licence_policy import licence_accepted
from asbuilt.supply.licences import spdx_expression

REFUSED = ("AGPL-3.0-only", "GPL-2.0-only")


@pytest.mark.parametrize(
    ("expression", "accepted"),
    [
        ("MIT", True),
        ("AGPL-3.0-only", False),
        ("MIT OR AGPL-3.0-only", True),
        ("AGPL-3.0-only OR MIT", True),
        ("MIT AND AGPL-3.0-only", False),
        ("MIT AND AGPL-3.0-only OR Apache-2.0", True),
        ("MIT AND (AGPL-3.0-only OR Apache-2.0)", True),
        ("AGPL-3.0-only AND (MIT OR Apache-2.0)", False),
        ("(AGPL-3.0-only OR GPL-2.0-only) AND MIT", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False),
    ],
)
def test_what_is_refused(expression: str, accepted: bool) -> None:
    assert licence_accepted(expression, allowed=(), refused=REFUSED) is accepted


@pytest.mark.parametrize(
    ("expression", "accepted"),
    [
        ("MIT", True),
        ("ISC", False),
        ("ISC OR MIT", True),
        ("ISC AND MIT", False),
        ("GPL-2.0-only", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("GPL-2.0-only WITH GCC-exception-2.0", False),
        ("MIT WITH Classpath-exception-2.0", True),
    ],
)
def test_what_is_allowed_and_an_exception_is_named_with_its_licence(expression: str, accepted: bool) -> None:
    allowed = ("MIT", "GPL-2.0-only WITH Classpath-exception-2.0")
    assert licence_accepted(expression, allowed=allowed, refused=REFUSED) is accepted


def test_an_older_name_of_a_licence_is_the_same_licence() -> None:
    assert not licence_accepted("AGPL-3.0-only", allowed=(), refused=("AGPL-3.0",))


IDS = st.sampled_from(["MIT", "ISC", "AGPL-3.0-only", "Apache-2.0"])
TREES = st.recursive(IDS, lambda inner: st.tuples(st.sampled_from(["AND", "OR"]), inner, inner), max_leaves=8)


def written(tree: str | tuple[str, object, object]) -> str:
    if isinstance(tree, str):
        return tree
    word, one, other = tree
    return f"({written(one)} {word} {written(other)})"  # type: ignore[arg-type]


def holds(tree: str | tuple[str, object, object]) -> bool:
    if isinstance(tree, str):
        return tree in {"MIT", "ISC"}
    word, one, other = tree
    both = holds(one), holds(other)  # type: ignore[arg-type]
    return all(both) if word == "AND" else any(both)


@given(TREES)
def test_it_is_the_truth_of_the_expression(tree: str | tuple[str, object, object]) -> None:
    expression = spdx_expression(written(tree))
    assert expression is not None
    assert licence_accepted(expression, allowed=("MIT", "ISC"), refused=()) is holds(tree)
