"""Errors, divided by what the reader must do about them.

Every error carries *what* happened, *why*, and the *fix*; the text lives with the error, so that every
face prints the same sentence. ``exit_code`` is the process exit code of that kind (see ``docs/reference/cli.md``).
"""

from typing import ClassVar


class AsBuiltError(Exception):
    """Base of every error that AsBuilt raises on purpose.

    Args:
        what: one sentence that says what happened, with the name of the thing it happened to.
        why: the reason, where it is not plain from ``what``.
        fix: what the reader can do, as a command or an edit.
        where: ``path``, ``path:line`` or a revision, when there is one.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, what: str, *, why: str = "", fix: str = "", where: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.why = why
        self.fix = fix
        self.where = where

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return " ".join(part for part in (head, self.why, self.fix) if part)


class UsageError(AsBuiltError):
    """The command was typed in a way that means nothing: type it again."""

    exit_code = 2


class ConfigError(AsBuiltError):
    """A configuration file says something we cannot follow: edit ``where``."""

    exit_code = 2


class SourceError(AsBuiltError):
    """A source could not be read: grant access, repair it, or try again."""

    exit_code = 3


class LedgerError(AsBuiltError):
    """Integrity is broken: stop, and find out why."""

    exit_code = 4


class CatalogueError(AsBuiltError):
    """A data file (control, criterion, signature) is malformed: edit ``where``."""

    exit_code = 2
