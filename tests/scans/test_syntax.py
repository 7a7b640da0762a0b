"""Syntax trees: read within bounds, whatever is written in them."""

import pytest

from asbuilt.scans.flow.code import Call, Do
from asbuilt.scans.rulebook import load_rules
from asbuilt.scans.syntax import DEEPEST, LANGUAGES, TooDeepError, Tree

RULES = {rule.id: rule for rule in load_rules()}


def test_the_places_of_a_shape() -> None:
    tree = Tree("a = 1\nyaml.load(x)\n", "python")
    assert [tuple(own) for own in tree.places(RULES["py-yaml-load"])] == [(2, 1, 2, 13)]


@pytest.mark.parametrize("language", ["python", "javascript", "typescript", "tsx"])
def test_every_language_that_values_are_followed_in_becomes_code_and_broken_text_does_too(language: str) -> None:
    (statement,) = Tree("f(1)", language).code()
    assert isinstance(statement, Do)
    assert isinstance(statement.value, Call)
    assert Tree("f(1)\n)) ]] {{ def class f(2)", language).code()


@pytest.mark.parametrize("language", sorted(set(LANGUAGES.values())))
def test_every_language_has_a_tree_and_rules(language: str) -> None:
    assert Tree("f(1)\n)) ]] {{ def class f(2)", language).root.text()
    assert [rule for rule in RULES.values() if language in rule.languages]


@pytest.mark.parametrize("language", ["python", "typescript"])
def test_depth_is_bounded(language: str) -> None:
    fine = "(" * (DEEPEST // 2) + "x" + ")" * (DEEPEST // 2)
    assert Tree(fine, language).code()
    with pytest.raises(TooDeepError, match="levels"):
        Tree("-" * 100_000 + "x", language)


def test_size_is_bounded() -> None:
    with pytest.raises(TooDeepError, match="parts"):
        Tree("a,\n" * 110_000, "python")


def test_a_chain_of_hundreds_of_texts_is_followed() -> None:
    chain = " + ".join(f'"{n}"' for n in range(150))
    assert Tree(f"x = {chain}", "python").code()
    assert Tree(f"x = {chain}", "javascript").code()
