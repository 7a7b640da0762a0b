"""A file's text whatever its encoding; a zero put in does not hide it."""

import pytest

from asbuilt.scans.decoding import as_text, is_text

WORDS = "token = 'abc' # of the day\n"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"a", "a"),
        (b"\xef\xbb\xbfa", "a"),
        ("é".encode("utf-16"), "é"),
        (b"\xff", "\ufffd"),
        (b"", ""),
        *(
            (WORDS.encode(name), WORDS)
            for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be")
        ),
        (b"/*\0*/ const token = 1;\n", "/* */ const token = 1;\n"),
        (b"\x7fELF\2\1\1\0\0\0", None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None),
        (b"\0" * 40, None),
    ],
)
def test_bytes_are_text_or_not(data: bytes, text: str | None) -> None:
    assert as_text(data) == text
    assert is_text(data) is (text is not None)
