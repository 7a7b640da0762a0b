"""Reports into files: ``--output FMT=PATH``, each written whole or not at all."""

import os
from collections.abc import Callable, Iterable
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

import click

from asbuilt.model.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator


class Output(click.ParamType[tuple[str, Path]]):
    """``FMT=PATH``: one of the formats, and the file that it is written to."""

    name = "fmt=path"

    def __init__(self, formats: Iterable[str]) -> None:
        self.formats = tuple(formats)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, Path]:
        """The format and the path."""
        form, mark, path = str(value).partition("=")
        if not mark or not path or form not in self.formats:
            self.fail(f"{value!r} is not FMT=PATH with FMT one of {', '.join(self.formats)}.", param, ctx)
        return form, Path(path)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part."""
    with whole_file(path) as part:
        part.write_bytes(data)


@contextmanager
def whole_file(path: Path) -> "Iterator[Path]":
    """A path beside ``path`` to write to; renamed over it when the block ends whole, else removed.

    What is there and is no plain file (``/dev/stdout``, a named pipe) is written to directly.

    Raises:
        UsageError: the file cannot be written there.
    """
    target = Path(os.path.realpath(path))
    if target.exists() and not target.is_file():
        if target.is_dir():
            raise UsageError(f"{str(path)!r} is a folder.", fix="Name a file in it.")
        yield target
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(target)
    except FileNotFoundError as error:
        raise UsageError(
            f"{str(path)!r} cannot be written: its folder is not there.", fix="Make the folder."
        ) from error
    except PermissionError as error:
        raise UsageError(f"{str(path)!r} may not be written.", fix="Name a file in a folder of yours.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def write_outputs(wanted: Iterable[tuple[str, Path]], render: Callable[[str], bytes]) -> None:
    """Write every wanted format; each is rendered once."""
    for form, path in wanted:
        write_whole(path, render(form))


def write_stream(path: Path, chunks: Iterable[str]) -> None:
    """Write text that comes in chunks, whole or not at all (UTF-8)."""
    with whole_file(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        _pour(chunks, file)


def _pour(chunks: Iterable[str], file: IO[str]) -> None:
    for chunk in chunks:
        file.write(chunk)
