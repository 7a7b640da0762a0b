"""Several indexes, one answer."""

from asbuilt.model.registry_facts import EXISTS, PackageFacts
from asbuilt.supply.registry.joining import join_indexes


def told(index: str, exists: bool | None) -> PackageFacts:
    unknown = {EXISTS: f"{index} is down"} if exists is None else {}
    return PackageFacts(ecosystem="npm", name="a", index=index, asked_at=1, exists=exists, unknown=unknown)


def test_the_first_that_has_it_answers_and_the_others_are_told() -> None:
    found = join_indexes([told("private", False), told("public", True), told("third", True), told("down", None)])
    assert (found.index, found.exists, found.absent_at, found.also_at) == ("public", True, ("private",), ("third",))


def test_absent_is_what_none_of_them_has() -> None:
    found = join_indexes([told("private", False), told("public", False)])
    assert (found.exists, found.index, found.absent_at) == (False, "private", ("public",))


def test_one_that_could_not_be_asked_leaves_it_open() -> None:
    found = join_indexes([told("private", None), told("public", False)])
    assert found.exists is None
    assert found.why(EXISTS) == "private: private is down"
    assert found.absent_at == ("public",)
    assert join_indexes([told("only", None)]).why(EXISTS) == "only is down"
