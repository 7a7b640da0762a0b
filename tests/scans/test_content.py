"""Reports are opened with bounds: size, depth, encoding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.errors import SourceError
from asbuilt.scans import content as module
from asbuilt.scans.content import Content, dig, items, moment, pairs, text, whole


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    content = Content('{"a": ["é"]}'.encode(encoding), "x")
    assert content.document == {"a": ["é"]}
    assert content.top is not None


@pytest.mark.parametrize("data", [b"", b"{", b"{]", b'{"a": NaN}', b"\xff\xfe\x00", b'"\xff"', b"no"])
def test_what_is_no_json_is_refused_with_the_reason(data: bytes) -> None:
    with pytest.raises(SourceError) as caught:
        assert Content(data, "bad\x1b.json").document is None
    assert caught.value.why.startswith("It is no")
    assert "\x1b" not in str(caught.value)


def test_depth_is_bounded_and_brackets_in_texts_do_not_count() -> None:
    assert Content(b"[" * 100 + b"]" * 100, "x").document
    assert Content(b'["' + b"[" * 100_000 + b'"]', "x").document
    for bomb in (b"[" * 100_000, b'{"a":' * 100_000):
        content = Content(bomb, "x")
        with pytest.raises(SourceError) as caught:
            assert content.top or content.document
        assert caught.value.why == "It nests too deep."


def test_more_than_can_be_held_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LARGEST", 10)  # a bound, so that no test needs 256 MiB
    with pytest.raises(SourceError, match="MiB"):
        Content(b" " * 11, "x")


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda some: st.lists(some) | st.dictionaries(st.text(), some),
    )
)
def test_values_of_any_kind_are_taken_or_are_none(value: object) -> None:
    assert dig(value, "a", 0, "b") is None or value
    assert list(items(value)) == (value if isinstance(value, list) else [])
    assert dict(pairs(value)) == (value if isinstance(value, dict) else {})
    assert whole(value) is None or whole(value) > 0
    assert moment(value) is None or isinstance(moment(value), int)
    shown = text(value, 20)
    assert shown is None or (0 < len(shown) <= 20 and "\x1b" not in shown)


def test_moments_are_read_with_and_without_a_zone_and_with_any_fraction() -> None:
    assert (
        moment("2026-03-01T10:00:00.123456789Z")
        == moment("2026-03-01 10:00:00")
        == moment("2026-03-01T11:00:00+01:00")
    )
    assert moment("0001-01-01T00:00:00Z") is None
