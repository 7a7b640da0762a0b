"""Changed files that the gate could not look at: each is named, and keeps the change from landing.

1. A picture, a font, a sound or a film that is what its name says holds nothing that is built or run: it is said,
   and stands in nobody's way. What only calls itself one does.
2. Of everything else the base's ``[gate] unread`` decides; its ``unread_paths`` are left out.
"""

from collections.abc import Iterable, Mapping
from posixpath import splitext
from typing import Final

from asbuilt.app.exclusion import Exclusion
from asbuilt.app.gate_content import MOST, Asked
from asbuilt.model.component import Unread
from asbuilt.model.gate import Brought, Standing
from asbuilt.model.text import path_bytes, visible

NO_TEXT: Final = "It holds no text."
# How the files of each kind begin; (offset, bytes).
_BEGINS: Final[Mapping[str, tuple[tuple[int, bytes], ...]]] = {
    ".png": ((0, b"\x89PNG\r\n\x1a\n"),),
    ".jpg": ((0, b"\xff\xd8\xff"),),
    ".jpeg": ((0, b"\xff\xd8\xff"),),
    ".gif": ((0, b"GIF87a"), (0, b"GIF89a")),
    ".ico": ((0, b"\0\0\1\0"),),
    ".icns": ((0, b"icns"),),
    ".bmp": ((0, b"BM"),),
    ".webp": ((8, b"WEBP"),),
    ".avif": ((4, b"ftyp"),),
    ".heic": ((4, b"ftyp"),),
    ".tif": ((0, b"II*\0"), (0, b"MM\0*")),
    ".tiff": ((0, b"II*\0"), (0, b"MM\0*")),
    ".psd": ((0, b"8BPS"),),
    ".pdf": ((0, b"%PDF-"),),
    ".woff": ((0, b"wOFF"),),
    ".woff2": ((0, b"wOF2"),),
    ".ttf": ((0, b"\0\1\0\0"), (0, b"true")),
    ".otf": ((0, b"OTTO"),),
    ".mp3": ((0, b"ID3"), (0, b"\xff\xfb"), (0, b"\xff\xf3"), (0, b"\xff\xf2")),
    ".mp4": ((4, b"ftyp"),),
    ".m4a": ((4, b"ftyp"),),
    ".mov": ((4, b"ftyp"),),
    ".webm": ((0, b"\x1a\x45\xdf\xa3"),),
    ".ogg": ((0, b"OggS"),),
    ".flac": ((0, b"fLaC"),),
    ".wav": ((0, b"RIFF"),),
    ".avi": ((0, b"RIFF"),),
}


def is_shown_only(path: str, data: bytes) -> bool:
    """Whether a file is a picture, a font, a sound or a film, by its name and by how it begins.

    Which of them it is does not count: many a picture is named after another kind.
    """
    return splitext(path)[1].casefold() in _BEGINS and any(
        data[at : at + len(mark)] == mark for begins in _BEGINS.values() for at, mark in begins
    )


def unseen(asked: Asked, unread: Iterable[Unread]) -> tuple[Brought, ...]:
    """What could not be looked at, one for each file; the first reason is told."""
    gate = asked.config.gate
    left = Exclusion(gate.unread_paths)
    first: dict[str, Unread] = {}
    for own in unread:
        first.setdefault(own.path, own)
    wanted = [own for own in first.values() if not left.holds(path_bytes(own.path))]
    return tuple(
        Brought(
            kind="file",
            what="unread",
            name=visible(own.path, 200),
            standing=Standing.UNKNOWN,
            blocks=gate.unread == "refuse",
            message=f"Nobody looked at it: {visible(own.why, 300)}",
            remedy=visible(own.remedy, 200)
            or "Bring it in a form that can be read; or the base names it under [gate] unread_paths.",
            path=visible(own.path, 300),
            line=own.line,
        )
        for own in wanted[:MOST]
    )
