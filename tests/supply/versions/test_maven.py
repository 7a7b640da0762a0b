"""Versions of Maven artifacts: the examples of the specification, and Spring's ``.RELEASE``."""

import pytest

from asbuilt.supply.versions.maven import maven_key
from asbuilt.supply.versions.unordered import UnorderedError

# maven.apache.org/pom.html, "Version Order Specification", its own examples
ORDERED = [
    ("1", "1.1"),
    ("1-snapshot", "1"),
    ("1", "1-sp"),
    ("1-foo2", "1-foo10"),
    ("1.foo", "1-foo"),
    ("1-foo", "1-1"),
    ("1-1", "1.1"),
    ("1-alpha", "1-beta"),
    ("1-b2", "1-m1"),
    ("1-rc", "1"),
    ("1-sp", "1-xyz"),
    ("4.1.0.RELEASE", "4.1.1.RELEASE"),
    ("4.1.0.M1", "4.1.0.RELEASE"),
]
SAME = [
    ("1.ga", "1"),
    ("1-ga", "1"),
    ("1.0", "1"),
    ("1-0", "1.final"),
    ("1.0.0-foo.0.0", "1-foo"),
    ("1-a1", "1-alpha-1"),
    ("1-cr", "1-RC"),
    ("4.1.0", "4.1.0.RELEASE"),
    ("1.0..1", "1.0.0.1"),
]


@pytest.mark.parametrize(("lower", "higher"), ORDERED)
def test_the_order_of_the_specification_holds(lower: str, higher: str) -> None:
    assert maven_key(lower) < maven_key(higher)
    assert maven_key(higher) > maven_key(lower)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_counts_as_nothing_makes_no_difference(one: str, other: str) -> None:
    assert maven_key(one) == maven_key(other)


@pytest.mark.parametrize("text", ["", "${project.version}", "[1.0,2.0)", " "])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(UnorderedError):
        maven_key(text)
