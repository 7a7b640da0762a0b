"""What a source yields."""

from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.sources.steps import Mark, Page, Source, Step


class Two:
    """A source of two pages."""

    name = "github:owner/name"

    def pull(self, state: Mapping[str, Any]) -> Iterator[Step]:
        for number in range(state.get("page", 0), 2):
            yield Page("pulls", str(number), b"[]", 0, "GET /pulls")
            yield Mark({"page": number + 1})


def test_a_source_goes_on_from_its_mark() -> None:
    source: Source = Two()
    first, mark, *rest = source.pull({})
    assert isinstance(first, Page)
    assert isinstance(mark, Mark)
    assert list(source.pull(mark.state)) == rest
