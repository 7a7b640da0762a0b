"""Well-known names are names, and are there."""

from asbuilt.catalogue.well_known import FILES, glue_words, program_names, well_known_names
from asbuilt.supply.advisories.names import plain_name


def test_names_are_those_of_their_ecosystem() -> None:
    for ecosystem in FILES:
        names = well_known_names(ecosystem)
        assert all(plain_name(ecosystem, name) == name for name in names)
    assert {"requests", "flask", "numpy"} <= well_known_names("PyPI")
    assert {"lodash", "react", "@types/node"} <= well_known_names("npm")


def test_an_ecosystem_that_is_not_counted_has_none() -> None:
    assert well_known_names("Hex") == frozenset()


def test_programs_and_glue_are_listed() -> None:
    assert "syft" in program_names()
    assert {"connector", "python"} <= glue_words()
