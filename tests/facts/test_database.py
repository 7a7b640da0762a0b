"""The store's file: ours, whole and of this version, or made anew; and closed to the outside."""

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from asbuilt.facts.database import delete_store
from asbuilt.facts.store import FactStore, open_facts, project, table_digest, update_facts
from asbuilt.model.errors import LedgerError, UsageError
from asbuilt.model.record import encode_entry
from tests.facts.telling import covering, tell

ENTRIES = [
    encode_entry(record)
    for record in (
        *(
            tell("people", person=f"p{number}", name=f"N{number}", identities=[f"l{number}"])
            for number in range(50)
        ),
        *covering("reviews"),
        tell("changes_seen", change_id="c1", repository="r", number=1),
    )
]


def root_at(size: int) -> bytes:
    return b"root of %d" % size


def opened(place: Path | None, origin: str = "test", **more: object) -> FactStore:
    return open_facts(place, origin=origin, only=["changes"], **more)  # type: ignore[arg-type]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A store's file with ENTRIES projected."""
    own = tmp_path / "cache" / "facts.duckdb"
    with opened(own) as store:
        project(store, ENTRIES, start=0, root_at=root_at)
    return own


def test_a_file_keeps_what_was_projected(place: Path) -> None:
    with opened(place, root_at=root_at) as store:
        assert (store.size, store.root, store.place) == (len(ENTRIES), root_at(len(ENTRIES)), place)
        assert store.connection.execute("SELECT count(*) FROM changes").fetchone() == (1,)
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700


def test_what_comes_into_a_large_file_waits_in_its_log_and_is_kept(place: Path) -> None:
    with duckdb.connect(str(place)) as own:  # forty million bytes
        own.execute("CREATE TABLE ballast AS SELECT hash(range) AS no, record FROM range(5_000_000), kept.extracts")
    size, log = place.stat().st_size, place.with_name(place.name + ".wal")
    more = [encode_entry(tell("changes_seen", change_id=f"c{number}", repository="r")) for number in (2, 3)]
    for nth, entry in enumerate(more, 1):
        with opened(place, root_at=root_at) as store:
            project(store, [entry], start=store.size, root_at=root_at)
        assert (place.stat().st_size, log.stat().st_mode & 0o777) == (size, 0o600)
        with opened(place, root_at=root_at) as store:
            assert store.size == len(ENTRIES) + nth
            assert store.connection.execute("SELECT count(*) FROM changes").fetchone() == (1 + nth,)
    log.write_bytes(b"x" * 1000)
    with opened(
        place, root_at=root_at
    ) as store:  # a damaged log: what is kept is what was whole, or all is made anew
        assert store.size in {0, len(ENTRIES)}


def shorter(size: int) -> bytes:
    raise UsageError(f"The ledger has no {size} entries.")  # as Ledger.root says it


def unreadable(size: int) -> bytes:
    raise LedgerError("The tree has no such node.")


def test_another_origin_another_root_and_a_shorter_ledger_start_empty(place: Path) -> None:
    for origin, root in (
        ("test", lambda _: b"another"),
        ("test", shorter),
        ("test", unreadable),
        ("other", root_at),
    ):
        with opened(place, origin, root_at=root) as store:
            assert (store.size, store.place) == (0, place)
            assert store.connection.execute("SELECT count(*) FROM people").fetchone() == (0,)
            project(store, ENTRIES, start=0, root_at=root_at)


def test_other_sql_starts_empty(place: Path, tmp_path: Path) -> None:
    folder = tmp_path / "derived"
    folder.mkdir()
    with open_facts(place, origin="test", derived=folder) as store:
        assert (store.size, store.place) == (0, place)


@pytest.mark.parametrize("damage", [b"", b"no database at all", None])
def test_a_damaged_file_is_made_anew(place: Path, damage: bytes | None) -> None:
    whole = place.read_bytes()
    place.write_bytes(damage if damage is not None else whole[: len(whole) // 2])
    with opened(place) as store:
        assert store.place == place
        update_facts(store, lambda start: ENTRIES[start:])
        assert store.size == len(ENTRIES)
        assert store.connection.execute("SELECT count(*) FROM people").fetchone() == (50,)


@pytest.mark.slow
def test_every_flipped_block_is_noticed_or_does_no_harm(place: Path) -> None:
    with opened(place) as store:
        wanted = [table_digest(store, name) for name in ("people", "changes")]
    whole = place.read_bytes()
    for at in range(100, len(whole), len(whole) // 40):
        place.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with opened(place) as store:
            try:
                update_facts(store, lambda start: ENTRIES[start:])
                found = [table_digest(store, name) for name in ("people", "changes")]
            except duckdb.Error:  # the block's checksum
                store.rebuild()
                update_facts(store, lambda start: ENTRIES[start:])
                found = [table_digest(store, name) for name in ("people", "changes")]
            assert found == wanted
    delete_store(place)


def test_an_unfinished_file_is_made_anew(place: Path) -> None:
    store = opened(place)
    store.connection.execute("BEGIN")
    store.stage()
    store.connection.execute("DELETE FROM kept.people")
    store.connection.execute("COMMIT")
    store.close()
    with opened(place) as store:
        assert store.size == 0


def test_a_failure_after_a_stage_leaves_an_empty_store(place: Path) -> None:
    def entries() -> Iterator[bytes]:
        yield encode_entry(tell("people", person="new", name="N"))
        store.stage()
        raise RuntimeError

    with opened(place) as store:
        with pytest.raises(RuntimeError):
            project(store, entries(), start=store.size)
        assert store.size == 0
        project(store, ENTRIES, start=0)
        assert store.connection.execute("SELECT count(*) FROM people").fetchone() == (50,)


def test_a_failure_before_leaves_the_store_as_it_was(place: Path) -> None:
    def entries() -> Iterator[bytes]:
        yield encode_entry(tell("people", person="new", name="N"))
        raise RuntimeError

    with opened(place) as store:
        with pytest.raises(RuntimeError):
            project(store, entries(), start=store.size)
        assert store.size == len(ENTRIES)
        assert store.connection.execute("SELECT count(*) FROM people").fetchone() == (50,)


def hold(place: Path, held: object, done: object) -> None:
    with opened(place):
        held.set()  # type: ignore[attr-defined]
        done.wait(60)  # type: ignore[attr-defined]


def test_a_file_that_another_process_holds_is_left_alone(place: Path) -> None:
    processes = multiprocessing.get_context("spawn")
    held, done = processes.Event(), processes.Event()
    other = processes.Process(target=hold, args=(place, held, done))
    other.start()
    try:
        assert held.wait(60)
        with opened(place) as store:
            assert (store.place, store.size) == (None, 0)
    finally:
        done.set()
        other.join()
    with opened(place) as store:
        assert store.size == len(ENTRIES)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_cannot_be_written_costs_the_file_only(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with opened(tmp_path / "facts.duckdb") as store:
        assert store.place is None
    tmp_path.chmod(0o700)


def test_a_file_in_the_way_of_the_folder_costs_the_file_only(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with opened(tmp_path / "cache" / "facts.duckdb") as store:
        assert store.place is None


@pytest.mark.parametrize("in_memory", [True, False])
def test_nothing_outside_is_reached(tmp_path: Path, in_memory: bool) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    own = None if in_memory else tmp_path / "cache" / "facts.duckdb"
    with opened(own) as store:
        for sql in (
            f"SELECT * FROM read_csv('{secret}')",
            f"SELECT * FROM '{secret}'",
            f"SELECT * FROM read_text('{secret}')",
            f"COPY people TO '{tmp_path / 'out.csv'}'",
            f"ATTACH '{tmp_path / 'other.duckdb'}'",
            "INSTALL httpfs",
            "LOAD httpfs",
            "SET enable_external_access = true",
            "SET memory_limit = '100GB'",
            "SET lock_configuration = false",
            "SELECT * FROM ENTRIES",
        ):
            with pytest.raises(duckdb.Error):
                store.connection.execute(sql)
    assert sorted(file.name for file in tmp_path.iterdir()) == (
        ["secret.csv"] if in_memory else ["cache", "secret.csv"]
    )


def test_refused_records_are_named_and_those_beyond_a_hundred_counted(place: Path) -> None:
    bad = [encode_entry(tell("people", person=f"x{number}", name="N")) for number in range(130)]
    bad = [entry.replace(b'"name"', b'"nome"') for entry in bad]
    with opened(place) as store:
        found = project(store, bad, start=store.size)
        assert store.gaps() == found.refused
        assert store.gaps(store.size) == ()
    assert len(found.refused) == 101
    assert (found.refused[-1].count, found.refused[0].code) == (30, "GAP-RECORD")
    with opened(place) as store:
        assert store.gaps() == found.refused
