"""The error of a version without a place."""

from asbuilt.supply.versions.unordered import UnorderedError


def test_it_is_a_value_error_that_names_the_version_and_why() -> None:
    error = UnorderedError("dev-main", "it names a branch")
    assert isinstance(error, ValueError)
    assert str(error) == "'dev-main' cannot be ordered: it names a branch"
    assert (error.version, error.why) == ("dev-main", "it names a branch")
