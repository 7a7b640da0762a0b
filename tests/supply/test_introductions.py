"""What came, changed and went between two trees."""

import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.component import Component, Origin
from asbuilt.supply.introductions import Difference, compare, identity, label


def own(
    name: str,
    version: str | None = "1.0.0",
    path: str = "package-lock.json",
    *,
    ecosystem: str = "npm",
    declared: str | None = None,
    direct: bool | None = None,
    source: Origin | None = "registry",
) -> Component:
    return Component(
        ecosystem=ecosystem,
        name=name,
        path=path,
        purl=f"pkg:{ecosystem.lower()}/{name}@{version}",
        version=version,
        declared=declared,
        direct=direct,
        source=source,
    )


def told(differences: Sequence[Difference]) -> list[tuple[str, str, str, str | None]]:
    return [(each.kind, each.component.name, label(each.component), each.previous) for each in differences]


def test_what_no_file_named_before_is_new_and_what_none_names_after_is_removed() -> None:
    assert told(compare([], [own("a"), own("b")])) == [("new", "a", "1.0.0", None), ("new", "b", "1.0.0", None)]
    assert told(compare([own("a")], [])) == [("removed", "a", "1.0.0", "1.0.0")]
    assert compare([own("a")], [own("a")]) == ()


def test_another_version_tells_what_it_replaced() -> None:
    assert told(compare([own("a", "1.9.0")], [own("a", "1.10.0")])) == [("version", "a", "1.10.0", "1.9.0")]
    assert told(compare([own("a", "2.0.0")], [own("a", "1.0.0")])) == [("version", "a", "1.0.0", "2.0.0")]


def test_of_several_versions_each_replaced_the_nearest_below_it() -> None:
    before = [own("a", "1.9.0"), own("a", "2.9.0"), own("a", "3.0.0")]
    after = [own("a", "1.10.0"), own("a", "2.10.0"), own("a", "3.0.0")]
    assert told(compare(before, after)) == [
        ("version", "a", "1.10.0", "1.9.0"),
        ("version", "a", "2.10.0", "2.9.0"),
    ]


def test_the_version_of_its_own_file_comes_before_that_of_another() -> None:
    before = [own("a", "1.0.0", "x/package-lock.json"), own("a", "1.5.0", "y/package-lock.json")]
    after = [own("a", "2.0.0", "x/package-lock.json"), own("a", "2.5.0", "y/package-lock.json")]
    assert [each.previous for each in compare(before, after)] == ["1.0.0", "1.5.0"]


def test_a_component_that_moves_between_files_of_one_tree_is_not_new() -> None:
    assert compare([own("a", path="x/package-lock.json")], [own("a", path="y/package-lock.json")]) == ()
    added = [own("a", path="x/package-lock.json"), own("a", path="y/package-lock.json")]
    assert compare(added[:1], added) == ()


def test_one_spelling_of_a_name_is_the_same_component() -> None:
    first, second = own("Flask_Login", ecosystem="PyPI"), own("flask-login", ecosystem="PyPI")
    assert identity(first) == identity(second)
    assert compare([first], [second]) == ()
    assert told(compare([own("Left")], [own("left")])) == [
        ("removed", "Left", "1.0.0", "1.0.0"),
        ("new", "left", "1.0.0", None),
    ]


def test_a_range_that_was_locked_is_no_component_of_its_own_but_makes_it_direct() -> None:
    manifest = own("a", None, "web/package.json", declared="^1.0.0", direct=True)
    (found,) = compare([], [manifest, own("a", path="web/package-lock.json")])
    assert (found.kind, found.component.version, found.component.direct) == ("new", "1.0.0", True)
    (loose,) = compare([], [manifest, own("a", path="other/package-lock.json")])[1:]
    assert label(loose.component) == "^1.0.0"


def test_a_range_that_changes_without_a_lock_file_is_told() -> None:
    before, after = own("a", None, declared="^1"), own("a", None, declared="^2")
    assert told(compare([before], [after])) == [("version", "a", "^2", "^1")]
    assert told(compare([after], [own("a", "2.0.1")])) == [("version", "a", "2.0.1", "^2")]
    assert told(compare([], [own("a", None)])) == [("new", "a", "any version", None)]


def test_the_same_version_from_another_place_is_told_and_packages_of_the_product_are_not() -> None:
    assert told(compare([own("a")], [own("a", source="git")])) == [("version", "a", "1.0.0 from git", "1.0.0")]
    assert compare([], [own("a", source="workspace")]) == ()


def test_versions_that_have_no_order_are_still_told() -> None:
    (found,) = compare([own("a", "latest"), own("a", "edge")], [own("a", "f" * 40)])
    assert found.previous == "edge"
    (docker,) = compare([own("a", "3", ecosystem="Docker")], [own("a", "4", ecosystem="Docker")])
    assert docker.previous == "3"


COMPONENTS = st.builds(
    own,
    st.sampled_from("abc"),
    st.sampled_from(["1.0.0", "1.1.0", "2.0.0", "x", None]),
    st.sampled_from(["package-lock.json", "a/package-lock.json", "a/package.json"]),
)
TREES = st.lists(COMPONENTS, max_size=8)


@given(TREES, TREES, st.randoms(use_true_random=False))
def test_no_order_matters_and_nothing_is_lost(
    before: list[Component], after: list[Component], chance: random.Random
) -> None:
    found = compare(before, after)
    chance.shuffle(before)
    chance.shuffle(after)
    assert compare(before, after) == found
    names, later = {identity(each) for each in before}, {identity(each) for each in after}
    assert {identity(each.component) for each in found if each.kind == "new"} == later - names
    assert {identity(each.component) for each in found if each.kind == "removed"} == names - later
    locked = {(identity(each), each.version) for each in after if each.version}
    known = {(identity(each), each.version) for each in before if each.version}
    brought = {(identity(each.component), each.component.version) for each in found if each.kind != "removed"}
    assert {each for each in brought if each[1]} == locked - known


@given(TREES)
def test_a_tree_differs_from_itself_in_nothing(tree: list[Component]) -> None:
    assert compare(tree, tree) == ()
