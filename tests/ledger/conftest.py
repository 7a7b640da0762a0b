"""A PostgreSQL server for the tests of the ledger, and both kinds of store."""

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.ledger.postgres_server import find_binary, postgres_server

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server of our own; skipped where there is no PostgreSQL."""
    if find_binary("initdb") is None or find_binary("pg_ctl") is None:
        pytest.skip("there is no PostgreSQL here")
    folder = Path(tempfile.mkdtemp(prefix="asbuilt-pg-"))
    try:
        with postgres_server(folder / "server") as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """A schema of the test's own in that server."""
    schema = f"ledger_{next(_NUMBERS)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
    return f"{postgres}&options=-csearch_path%3D{schema}"


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str | None:
    """Where a ledger is kept: None is SQLite."""
    return request.getfixturevalue("postgres_url") if request.param == "postgres" else None
