"""Text that comes from outside, made safe to show and to store.

Names, messages and paths of a repository are hostile: they may hold terminal escapes, bidirectional
overrides and control characters. Everything shown to a person goes through ``visible``.
"""

import re
import unicodedata

_PLAIN = re.compile(r"[\x20-\x7e]*\Z")
# Bidirectional controls and invisible operators that can make text read other than it is
# (Unicode Technical Standard 39, section 5; CVE-2021-42574).
_INVISIBLE = frozenset(
    "\u061c\u200b\u200c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2061\u2062\u2063\u2064"
    "\u2066\u2067\u2068\u2069\u206a\u206b\u206c\u206d\u206e\u206f\ufeff\u00ad"
)


def visible(text: str, limit: int | None = None) -> str:
    r"""The text with every character that could act, hide or reorder shown as an escape (``\\x1b``, ``\\u202e``).

    Args:
        text: anything from outside.
        limit: cut to so many characters, ending in an ellipsis.
    """
    if not _PLAIN.match(text):
        text = "".join(_shown(char) for char in text)
    if limit is not None and len(text) > limit:
        text = text[: max(limit - 1, 0)] + "…"
    return text


def _shown(char: str) -> str:
    if char in _INVISIBLE or unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
        point = ord(char)
        if point <= 0xFF:
            return f"\\x{point:02x}"
        return f"\\u{point:04x}" if point <= 0xFFFF else f"\\U{point:08x}"
    return char


def path_text(path: bytes) -> str:
    """A path as text, reversibly: valid UTF-8 as it is, anything else in git's C-style quotes.

    A path that itself begins with a double quote is quoted too, so that no two paths give one text.
    Source: git-config, core.quotePath.
    """
    try:
        text = path.decode("utf-8")
    except UnicodeDecodeError:
        return path_quoted(path)
    return path_quoted(path) if text.startswith('"') else text


def path_quoted(path: bytes) -> str:
    """A path in git's C-style double quotes, whether it needs them or not."""
    return '"' + "".join(_quoted(byte) for byte in path) + '"'


_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def _quoted(byte: int) -> str:
    if byte in _ESCAPES:
        return _ESCAPES[byte]
    return chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:03o}"


_UNQUOTE = re.compile(r'\\([abtnvfr"\\]|[0-3][0-7]{2})')
_UNESCAPES = {escape[1]: byte for byte, escape in _ESCAPES.items()}


def path_bytes(text: str) -> bytes:
    """The path that ``path_text`` turned into this text."""
    if not (len(text) >= 2 and text.startswith('"') and text.endswith('"')):
        return text.encode("utf-8", "surrogateescape")
    out = bytearray()
    at, inner = 0, text[1:-1]
    for match in _UNQUOTE.finditer(inner):
        out += inner[at : match.start()].encode("utf-8", "surrogateescape")
        code = match.group(1)
        out.append(_UNESCAPES[code] if code in _UNESCAPES else int(code, 8))
        at = match.end()
    return bytes(out + inner[at:].encode("utf-8", "surrogateescape"))
