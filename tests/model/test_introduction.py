"""An introduction is a value: it goes out and comes back whole."""

import msgspec

from asbuilt.model.component import Component
from asbuilt.model.introduction import Introduction


def test_an_introduction_comes_back_as_it_was_written() -> None:
    own = Introduction(
        component=Component(
            ecosystem="npm", name="left-pad", path="package-lock.json", purl="pkg:npm/left-pad@1.3.0"
        ),
        kind="version",
        previous="1.2.0",
        commit="a" * 40,
        landed=None,
        at=1_700_000_000,
        path="package-lock.json",
    )
    assert msgspec.json.decode(msgspec.json.encode(own), type=Introduction) == own
