"""Whatever is changed in a ledger is named, with the entry it is about."""

import random
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import psycopg
import pytest

from asbuilt.ledger.bundles import pack_bundle, unpack_bundle
from asbuilt.ledger.checkpoints import sign_checkpoint
from asbuilt.ledger.ledger import Ledger, open_ledger
from asbuilt.ledger.store import Head
from asbuilt.ledger.verify import Verification, verify_ledger
from asbuilt.model.errors import AsBuiltError
from asbuilt.model.record import Record
from tests.ledger.making import NOW, filled, index_everything, record, records

SIZE = 700  # two whole tiles and a part
BATCHES = (40, 3, 1, 200, 100, 156, 200)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """700 entries, half of them indexed; two checkpoints, two attachments."""
    with filled(tmp_path / "ledger", BATCHES[:4]) as made:
        sign_checkpoint(made, NOW)
        made.append(records(made.size, made.size + 100))
        index_everything(made)
        digest = made.put_attachment(b"minutes of the meeting")
        made.put_attachment(b"not named by any record")
        named = b'{"name":"minutes.txt","sha256":"%b"}' % digest.encode()
        made.append([record(344, kind="attachment", payload=named), *records(345, 500)])
        made.append(records(500, SIZE))
        sign_checkpoint(made, NOW)
        yield made


def sql(ledger: Ledger, statement: str, *values: object) -> list[tuple]:
    return list(ledger.store._connection.execute(statement, values))


def told(ledger: Ledger, **asked: list[bytes]) -> list[tuple[int | None, str]]:
    return [(each.index, each.where) for each in verify_ledger(ledger, **asked).problems]


def first(ledger: Ledger) -> int | None:
    return verify_ledger(ledger).problems[0].index


def flipped(data: bytes, drawn: random.Random) -> bytes:
    at = drawn.randrange(len(data) * 8)
    return data[: at // 8] + bytes([data[at // 8] ^ 1 << at % 8]) + data[at // 8 + 1 :]


def test_a_ledger_that_holds(ledger: Ledger) -> None:
    heard: list[tuple[str, int, int | None]] = []
    found = verify_ledger(ledger, on=lambda *step: heard.append(step))
    assert found == Verification(ledger.origin, SIZE, ledger.root(), (), 0, (244, SIZE), 2)
    assert found.holds
    assert heard[-1] == ("entries", SIZE, SIZE)


def test_a_flipped_bit_in_any_row_of_entries_is_named_by_its_entry(ledger: Ledger) -> None:
    drawn = random.Random(1)
    for start, bundle in sql(ledger, "SELECT start, bundle FROM bundles"):
        entries = unpack_bundle(bundle)
        at = drawn.randrange(len(entries))
        changed = [*entries[:at], flipped(entries[at], drawn), *entries[at + 1 :]]
        sql(ledger, "UPDATE bundles SET bundle = ? WHERE start = ?", pack_bundle(changed), start)
        assert first(ledger) == start + at
        sql(ledger, "UPDATE bundles SET bundle = ? WHERE start = ?", flipped(bundle, drawn), start)
        found = first(ledger)
        assert found is not None
        assert start <= found < start + len(entries)
        sql(ledger, "UPDATE bundles SET bundle = ? WHERE start = ?", bundle, start)
    assert told(ledger) == []


COLUMNS = {
    "head": ("one", "format", "origin", "size", "root", "indexed", "seal"),
    "tiles": ("level", "number", "hashes", "marks"),
    "marks": ("mark", "position"),
    "bundles": ("start", "bundle"),
}


@pytest.mark.parametrize("table", COLUMNS)
def test_a_flipped_bit_in_any_column_is_named(ledger: Ledger, table: str) -> None:
    drawn = random.Random(2)
    names = COLUMNS[table]
    sql(ledger, "PRAGMA ignore_check_constraints = ON")
    rows = [
        tuple(each.decode() if isinstance(each, bytearray) else each for each in row)
        for row in sql(ledger, f"SELECT {', '.join(names)} FROM {table}")
    ]
    for row in drawn.sample(rows, min(len(rows), 12)):
        for at, value in enumerate(row):
            if value == b"":
                changed: object = b"\0"
            elif isinstance(value, int):
                changed = value ^ 1 << drawn.randrange(40)
            elif isinstance(value, str):
                changed = flipped(value.encode("ascii"), drawn).decode("latin-1")
            else:
                changed = flipped(value, drawn)
            other = [*row[:at], changed, *row[at + 1 :]]
            if any(each[:1] == tuple(other[:1]) and each != row for each in rows) and table != "marks":
                continue  # there is a row under that key
            put(ledger, table, row, other)
            try:
                assert told(ledger), f"{names[at]} of {row}"
            except AsBuiltError as error:
                assert error.where  # noqa: PT017 - an error is as good as a problem
            put(ledger, table, other, row)
    assert told(ledger) == []


def put(ledger: Ledger, table: str, old: Sequence[object], new: Sequence[object]) -> None:
    """Another row in a row's place."""
    where = " AND ".join(f"{name} IS ?" for name in COLUMNS[table])
    sql(ledger, f"DELETE FROM {table} WHERE {where}", *old)
    assert sql(ledger, "SELECT changes()") == [(1,)]
    sql(ledger, f"INSERT INTO {table} ({', '.join(COLUMNS[table])}) VALUES ({', '.join('?' * len(new))})", *new)


def test_a_stored_hash_that_was_changed_is_told_apart_from_an_entry_that_was(ledger: Ledger) -> None:
    for number, at in ((0, 17), (1, 255), (2, 3)):
        ((hashes,),) = sql(ledger, "SELECT hashes FROM tiles WHERE level = 0 AND number = ?", number)
        changed = hashes[: at * 32] + bytes(32) + hashes[(at + 1) * 32 :]
        sql(ledger, "UPDATE tiles SET hashes = ? WHERE level = 0 AND number = ?", changed, number)
        assert told(ledger) == [(number * 256 + at, f"tile 0/{number}")]
        sql(ledger, "UPDATE tiles SET hashes = ? WHERE level = 0 AND number = ?", hashes, number)
    ((hashes,),) = sql(ledger, "SELECT hashes FROM tiles WHERE level = 1")
    sql(ledger, "UPDATE tiles SET hashes = ? WHERE level = 1", hashes[:32] + bytes(32))
    assert told(ledger) == [(256, "tile 1/0")]


def _attachments(ledger: Ledger) -> list[Path]:
    return sorted(path for path in (ledger.folder / "attachments").rglob("*") if path.is_file())


def _spoil_attachment(ledger: Ledger) -> None:
    path = _attachments(ledger)[0]
    path.write_bytes(path.read_bytes()[:-1])


def _lose_attachment(ledger: Ledger) -> None:
    next(path for path in _attachments(ledger) if path.read_bytes().startswith(b"minutes")).unlink()


Change = Callable[[Ledger], object]


@pytest.mark.parametrize(
    ("change", "index"),
    [
        (lambda it: sql(it, "DELETE FROM bundles WHERE start = 44"), 44),
        (lambda it: sql(it, "DELETE FROM bundles WHERE start >= 500"), 500),
        (lambda it: sql(it, "DELETE FROM bundles"), 0),
        (lambda it: sql(it, "UPDATE bundles SET start = 41 WHERE start = 43"), 41),
        (lambda it: sql(it, "INSERT INTO bundles SELECT 42, bundle FROM bundles WHERE start = 43"), 42),
        (lambda it: sql(it, "INSERT INTO bundles SELECT 700, bundle FROM bundles WHERE start = 43"), 700),
        (lambda it: sql(it, "INSERT INTO bundles SELECT -5, bundle FROM bundles WHERE start = 43"), -5),
        (lambda it: sql(it, "UPDATE bundles SET bundle = CAST(bundle AS TEXT) WHERE start = 43"), 43),
        (lambda it: sql(it, "UPDATE bundles SET bundle = x'' WHERE start = 43"), 43),
        (lambda it: sql(it, "UPDATE bundles SET bundle = 7 WHERE start = 43"), 43),
        (lambda it: sql(it, "DELETE FROM tiles WHERE level = 0 AND number = 1"), 256),
        (lambda it: sql(it, "DELETE FROM tiles WHERE level = 1"), 0),
        (lambda it: sql(it, "UPDATE tiles SET hashes = CAST(hashes || x'00' AS BLOB) WHERE number = 2"), 512),
        (lambda it: sql(it, "UPDATE tiles SET hashes = CAST(hashes AS TEXT) WHERE number = 2"), 512),
        (lambda it: sql(it, "INSERT INTO tiles VALUES (0, 3, x'00', x'')"), None),
        (lambda it: sql(it, "INSERT INTO tiles VALUES (2, 0, x'00', x'')"), None),
        (lambda it: sql(it, "DELETE FROM marks WHERE position = 300"), 300),
        (lambda it: sql(it, "UPDATE marks SET mark = mark + 1 WHERE position = 300"), 300),
        (lambda it: sql(it, "INSERT INTO marks VALUES (5, 300)"), 300),
        (lambda it: sql(it, "INSERT INTO marks VALUES (5, 344)"), None),
        (lambda it: sql(it, "UPDATE marks SET mark = 'x' WHERE position = 300"), 300),
        (lambda it: sql(it, "UPDATE tiles SET marks = x'' WHERE number = 2"), 512),
        (lambda it: sql(it, "UPDATE tiles SET marks = CAST(marks || x'0000000000000000' AS BLOB) WHERE number = 2"), 512),
        (lambda it: sql(it, "UPDATE tiles SET marks = CAST(marks AS TEXT) WHERE number = 1 AND level = 0"), 256),
        (_spoil_attachment, None),
        (_lose_attachment, 344),
    ],
)  # fmt: skip
def test_a_change_is_named_with_the_first_entry_it_is_about(
    ledger: Ledger, change: Change, index: int | None
) -> None:
    change(ledger)
    assert first(ledger) == index


def test_an_attachment_that_was_changed_renamed_or_linked_is_named(ledger: Ledger) -> None:
    path = _attachments(ledger)[1]
    data = path.read_bytes()
    path.write_bytes(data + b"!")
    assert (None, str(path)) in told(ledger)
    other = path.with_name("0" * 64)
    path.write_bytes(data)
    path.rename(other)
    assert (None, str(other)) in told(ledger)
    other.rename(path)
    shutil.copy(path, other.with_name("copy"))
    path.unlink()
    path.symlink_to("copy")
    assert (None, str(path)) in told(ledger)


def test_a_flipped_bit_in_any_checkpoint_is_named(ledger: Ledger) -> None:
    drawn = random.Random(4)
    for path in sorted((ledger.folder / "checkpoints").iterdir()):
        data = path.read_bytes()
        for _ in range(40):
            path.write_bytes(flipped(data, drawn))
            assert any(where == str(path) for _, where in told(ledger))
        path.write_bytes(data)
    assert told(ledger) == []


def test_a_key_that_was_exchanged_is_named(ledger: Ledger) -> None:
    path = ledger.folder / "key.vkey"
    text = path.read_text("ascii")
    path.write_text(text.replace(text[-5], "A" if text[-5] != "A" else "B"), "ascii")
    assert any("key.vkey" in where or "ledger" in where for _, where in told(ledger))


def rewritten(ledger: Ledger, folder: Path, told_now: list[Record]) -> Ledger:
    """A ledger of other entries under the same key, as whoever has the key can make it."""
    made = filled(folder, [])
    made.append(told_now)
    for name in ("key", "key.vkey"):
        shutil.copy(ledger.folder / name, folder / name)
    return made


@pytest.mark.parametrize(
    ("now", "index"),
    [
        ([*records(0, 300), record(300, payload=b"other"), *records(301, SIZE)], 244),  # rewritten
        ([*records(0, 10), record(11), record(10), *records(12, SIZE)], 0),  # reordered
        (records(0, 600), 600),  # cut off
        ([*records(0, 500), *records(9000, 9400)], 244),  # another history
    ],
)
def test_a_ledger_made_anew_is_named_by_checkpoints_that_were_kept(
    tmp_path: Path, now: list[Record], index: int
) -> None:
    with filled(tmp_path / "ledger", [244, 456]) as before:
        assert before.size == SIZE
        older = sign_checkpoint(before, NOW)
        kept = filled(tmp_path / "third", [])
        kept.close()
    with filled(tmp_path / "first", [244]) as part:
        for name in ("key", "key.vkey"):
            shutil.copy(tmp_path / "ledger" / name, tmp_path / "first" / name)
        oldest = sign_checkpoint(part, NOW)
    with rewritten(before, tmp_path / "again", now) as ledger:
        assert told(ledger) == [], "it agrees with itself"
        found = verify_ledger(ledger, against=[older, oldest])
        assert found.problems[0].index == index
        assert "sealed" in found.problems[0].what


def test_an_older_checkpoint_of_a_ledger_that_only_grew_holds(ledger: Ledger) -> None:
    older = sign_checkpoint(ledger, NOW)
    ledger.append(records(SIZE, 900))
    assert verify_ledger(ledger, against=[older]).checkpoints == (244, SIZE, SIZE)
    assert told(ledger, against=[older[:-9]]) != []


def test_a_record_that_stands_there_twice_is_named(tmp_path: Path) -> None:
    with filled(tmp_path / "ledger", [20]) as ledger:
        index_everything(ledger)
        sql(ledger, "DELETE FROM marks WHERE position = 7")
        assert ledger.append([record(7), record(20)])[0].is_new, "nobody knows of the other one any more"
        sql(ledger, "INSERT INTO marks SELECT mark, 7 FROM (SELECT 0 AS mark)")
        sql(ledger, "DELETE FROM marks WHERE position = 7")
        assert first(ledger) == 7
        index_everything(ledger)
        ((mark,),) = sql(ledger, "SELECT mark FROM marks WHERE position = 20")
        sql(ledger, "INSERT INTO marks VALUES (?, 7)", mark)
        assert told(ledger) == [(20, "entry 20")]


def test_more_problems_than_anybody_reads_are_counted(tmp_path: Path) -> None:
    with filled(tmp_path / "ledger", [1000]) as ledger:
        sql(ledger, "UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND number = 0")
        sql(ledger, "UPDATE tiles SET hashes = zeroblob(length(hashes)) WHERE level = 0 AND number = 1")
        found = verify_ledger(ledger)
        assert (len(found.problems), found.untold) == (200, 312)
        assert found.problems[0].index == 0


def test_a_change_in_postgres_is_named(tmp_path: Path, postgres_url: str) -> None:
    with filled(tmp_path / "ledger", [300, 100], postgres_url) as ledger:
        index_everything(ledger)
        ledger.append(records(400, 420))
        assert told(ledger) == []
        with psycopg.connect(postgres_url, autocommit=True) as other:
            changes = {
                "UPDATE bundles SET bundle = set_byte(bundle, 5, get_byte(bundle, 5) # 4) WHERE start = 128": 128,
                "UPDATE tiles SET hashes = set_byte(hashes, 33, get_byte(hashes, 33) # 1) WHERE number = 1": 257,
                "UPDATE marks SET mark = mark # 16 WHERE position = 399": 399,
                "UPDATE tiles SET marks = set_byte(marks, 8, get_byte(marks, 8) # 1) WHERE number = 1": 257,
                "DELETE FROM bundles WHERE start = 300": 300,
            }
            for number, (statement, index) in enumerate(changes.items(), 1):
                other.execute(statement)
                assert index in [each for each, _ in told(ledger)]
                if number < len(changes):
                    other.execute(statement)  # each but the last undoes itself
                    assert told(ledger) == []
            other.execute("UPDATE head SET size = size - 1")
        assert any("head" in each.what for each in verify_ledger(ledger).problems)


def test_a_head_that_cannot_be_read_is_a_problem(ledger: Ledger) -> None:
    sql(ledger, "UPDATE head SET size = 5")
    found = verify_ledger(ledger)
    assert "damaged" in found.problems[0].what
    assert found.size == Head("x").size
    with pytest.raises(AsBuiltError):
        open_ledger(ledger.folder)
