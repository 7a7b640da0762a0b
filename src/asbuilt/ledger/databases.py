"""Which database holds a ledger: SQLite in its folder, or the PostgreSQL that ``store.toml`` names."""

import tomllib
from importlib import import_module
from pathlib import Path
from typing import Any

import msgspec

from asbuilt.ledger.durable import write_durably
from asbuilt.ledger.sqlite import SqliteStore
from asbuilt.ledger.store import Head, Store
from asbuilt.model.errors import ConfigError, UsageError

DATABASE = "ledger.db"
NAMED = "store.toml"
_SCHEMES = ("postgresql://", "postgres://")


def create_store(folder: Path, head: Head, url: str | None) -> None:
    """Make the database of a new ledger.

    Raises:
        UsageError: the URL names no database that we know, or there is a ledger in it.
        SourceError: it cannot be reached, or refuses.
    """
    if url is None:
        SqliteStore.create(folder / DATABASE, head).close()
        return
    if not url.startswith(_SCHEMES):
        raise UsageError(
            "The store's URL names no database that a ledger can be kept in.",
            fix="Write postgresql://USER@HOST/DATABASE, or leave it out for SQLite.",
        )
    # The URL may hold a password: for the owner's eyes only.
    write_durably(folder / NAMED, b"url = %b\n" % msgspec.json.encode(url), mode=0o600)
    _postgres().create(url, head).close()


def open_store(folder: Path, *, read_only: bool) -> Store:
    """The database of a ledger.

    Raises:
        ConfigError: ``store.toml`` does not name one.
        SourceError: it cannot be reached.
        LedgerError: it is damaged.
    """
    named = folder / NAMED
    if not named.exists():
        return SqliteStore(folder / DATABASE, read_only=read_only)
    try:
        told = tomllib.loads(named.read_text("utf-8"))
        url = told.pop("url")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError) as error:
        raise _unnamed(named, f"{error}") from error
    if told or not isinstance(url, str) or not url.startswith(_SCHEMES):
        raise _unnamed(named, "it must hold `url` alone")
    store: Store = _postgres()(url, read_only=read_only)
    return store


def _postgres() -> Any:
    """The PostgreSQL store: its driver is an extra, and costs time to import."""
    try:
        return import_module("asbuilt.ledger.postgres").PostgresStore
    except ModuleNotFoundError as error:
        raise UsageError(
            "The driver for PostgreSQL is not installed.",
            why=f"{error}.",
            fix="Install it: pip install 'asbuilt[postgres]'.",
        ) from error


def _unnamed(path: Path, why: str) -> ConfigError:
    return ConfigError(
        "It does not name the ledger's database.",
        why=f"Problem: {why}.",
        fix='Write one line: url = "postgresql://USER@HOST/DATABASE"',
        where=str(path),
    )
