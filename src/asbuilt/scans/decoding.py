"""The text of a file, whatever its encoding, and whatever was put in to make it look like none.

1. UTF-16 and UTF-32 are known by their mark, or by where their zeros stand.
2. A few zeros do not make a text something else: many languages read over them, and a scan that stopped there could
   be told to.
3. What holds other signs that no text holds is none.
"""

from typing import Final

_HEAD: Final = 1 << 16  # bytes by which it is told whether a file holds text
_OTHER: Final = bytes({*range(1, 32)} - {*b"\t\n\v\f\r\x1b"})
_MARKS: Final = frozenset({b"\xff\xfe", b"\xfe\xff"})
_WIDE: Final = (
    (b"\xff\xfe\0\0", "utf-32"), (b"\0\0\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"),
)  # fmt: skip
# Of every four bytes which are zeros in a text of mostly plain letters, and which are not.
_ZEROS: Final = (
    ("utf-32-le", (1, 2, 3), (0,)), ("utf-32-be", (0, 1, 2), (3,)),
    ("utf-16-le", (1, 3), (0, 2)), ("utf-16-be", (0, 2), (1, 3)),
)  # fmt: skip


def as_text(data: bytes) -> str | None:
    """The text of a file; None: it holds none."""
    if b"\0" not in data and data[:2] not in _MARKS:
        return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    # (1)
    wide = _wide(data)
    if wide is not None:
        return data.decode(wide, "replace").removeprefix("\ufeff")
    # (2), (3)
    return (
        data.removeprefix(b"\xef\xbb\xbf").replace(b"\0", b" ").decode("utf-8", "replace")
        if is_text(data)
        else None
    )


def is_text(data: bytes) -> bool:
    """Whether a file holds text, by its first bytes."""
    if b"\0" not in data[:_HEAD] or _wide(data) is not None:
        return True
    head = data[:_HEAD]
    return len(head.translate(None, _OTHER)) == len(head) and head.count(0) * 10 <= len(head)


def _wide(data: bytes) -> str | None:
    """The encoding of a text of two or four bytes for each character; None: it is none."""
    for mark, name in _WIDE:
        if data.startswith(mark):
            return name
    head = data[: min(_HEAD, len(data) // 4 * 4)]
    if not head:
        return None
    zeros = [head[at::4].count(0) * 4 / len(head) for at in range(4)]
    for name, zero, held in _ZEROS:
        if all(zeros[at] > 0.7 for at in zero) and all(zeros[at] < 0.1 for at in held):
            return name
    return None
