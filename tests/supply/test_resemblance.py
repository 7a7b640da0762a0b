"""What a name resembles, and what it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.supply.resemblance import Names, distance, holds_name

KNOWN = Names(
    [
        "express",
        "mongodb",
        "requests",
        "lodash",
        "react-redux",
        "eslint-plugin-unused-imports",
        "utf8x",
        "pytest",
        "jscodeshift",
    ]
)


@pytest.mark.parametrize(
    ("name", "kind", "names"),
    [
        ("reqeusts", "typing mistake", ("requests",)),  # a swap of neighbours is one edit
        ("request", "typing mistake", ("requests",)),
        ("lodahs", "typing mistake", ("lodash",)),
        ("raect-redxu", "typing mistake", ("react-redux",)),  # two edits of a long name
        ("unused-imports", "affix", ("eslint-plugin-unused-imports",)),
        ("requests-client", "affix", ("requests",)),
        ("python-requests", "affix", ("requests",)),
        ("requests2", "affix", ("requests",)),
        ("pyrequests", "affix", ("requests",)),
        ("express-mongodb-connector", "two names in one", ("express", "mongodb")),
        ("lodash-codeshift", "two names in one", ("lodash", "jscodeshift")),
        ("codeshift-lodash", "two names in one", ("jscodeshift", "lodash")),
        ("@acme/express-mongodb", "two names in one", ("express", "mongodb")),
    ],
)
def test_what_resembles_a_well_known_name(name: str, kind: str, names: tuple[str, ...]) -> None:
    found = KNOWN.resembles(name)
    assert found is not None
    assert (found.kind, found.names) == (kind, names)


@pytest.mark.parametrize(
    "name", ["requests", "flask", "utf9x", "client", "express-anything", "ldsh", "x" * 10_000, ""]
)
def test_what_resembles_nothing(name: str) -> None:
    assert KNOWN.resembles(name) is None


def slow(one: str, other: str) -> int:
    """The definition, written as it is read."""
    if not one or not other:
        return len(one) + len(other)
    found = [slow(one[1:], other) + 1, slow(one, other[1:]) + 1, slow(one[1:], other[1:]) + (one[0] != other[0])]
    if len(one) > 1 and len(other) > 1 and one[0] == other[1] and one[1] == other[0]:
        found.append(slow(one[2:], other[2:]) + 1)
    return min(found)


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_the_distance_is_that_of_its_definition(one: str, other: str) -> None:
    assert distance(one, other, 12) == slow(one, other)
    assert distance(one, other, 2) == min(slow(one, other), 3)


@given(st.sampled_from(sorted(KNOWN.names)), st.data())
def test_one_edit_from_a_name_is_always_found(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    changed = data.draw(
        st.sampled_from([name[:at] + "q" + name[at:], name[:at] + name[at + 1 :], name[:at] + "q" + name[at + 1 :]])
    )
    assert changed in KNOWN.names or len(changed) < 5 or KNOWN.resembles(changed) is not None


def test_a_program_in_a_name_is_found_by_its_word() -> None:
    assert holds_name("jetbrains-nes-gitleaks-bin", {"gitleaks"}) == "gitleaks"
    assert holds_name("gitleaksy", {"gitleaks"}) is None
    assert holds_name("a-jq-b", {"jq"}) is None  # too short to mean anything
