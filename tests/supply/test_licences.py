"""SPDX expressions are read as the annex says; what is unknown stays unknown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from license_expression import get_spdx_licensing

from asbuilt.supply.licences import spdx_expression


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("MIT", "MIT"),
        ("mit", "MIT"),
        ("(MIT OR Apache-2.0)", "(MIT OR Apache-2.0)"),
        ("MIT and (ISC or 0BSD)", "MIT AND (ISC OR 0BSD)"),
        ("GPL-2.0", "GPL-2.0-only"),
        ("GPL-2.0+", "GPL-2.0-or-later"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("The  MIT License", "MIT"),
        ("MIT/Apache-2.0", "MIT OR Apache-2.0"),
    ],
)
def test_an_expression_is_normalised(text: str, expression: str) -> None:
    assert spdx_expression(text) == expression


@pytest.mark.parametrize(
    "text",
    ["", "BSD", "UNLICENSED", "SEE LICENSE IN LICENSE", "MIT OR", "(MIT", "MIT)", "MIT ISC", "MIT WITH MIT", "()" * 99,
     "(" * 40 + "MIT" + ")" * 40, "MIT; rm -rf", "LicenseRef-x", "Classpath-exception-2.0", "MIT OR " * 200],
)  # fmt: skip
def test_what_is_unknown_stays_unknown(text: str) -> None:
    assert spdx_expression(text) is None


WORDS = st.sampled_from(["MIT", "ISC", "GPL-2.0", "OR", "AND", "WITH", "(", ")", "Classpath-exception-2.0", "x"])


@given(st.lists(WORDS, max_size=9).map(" ".join))
def test_what_is_told_is_valid_by_the_library_too(text: str) -> None:
    told = spdx_expression(text)
    if told is not None:
        assert get_spdx_licensing().validate(told).errors == []
