"""Requirements as Python writes them."""

import pytest

from asbuilt.supply.requirement import requirement


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a", ("a", None, "*", "registry")),
        ("a==1.0", ("a", "1.0", "==1.0", "registry")),
        ("a===1.0", ("a", "1.0", "===1.0", "registry")),
        ("a==1.*", ("a", None, "==1.*", "registry")),
        ("a (>=1,<2)", ("a", None, ">=1,<2", "registry")),
        ('a[x,y] ~= 1.4 ; python_version < "3"', ("a", None, "~= 1.4", "registry")),
        ("a @ file:///x/a.whl", ("a", None, "file:///x/a.whl", "file")),
        ("https://example.com/a-1.0-py3-none-any.whl", ("a", "1.0", "https://example.com/a-1.0-py3-none-any.whl", "url")),
    ],
)  # fmt: skip
def test_a_requirement_is_read(text: str, told: tuple[str, str | None, str, str]) -> None:
    own = requirement(text)
    assert own is not None
    assert (own.name, own.version, own.declared, own.source) == told


@pytest.mark.parametrize("text", ["", "==1.0", "a 1.0", "./folder", "-x", "a" * 3_000 + "=="])
def test_what_is_none_is_none(text: str) -> None:
    assert requirement(text) is None
