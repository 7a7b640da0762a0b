"""``asbuilt ledger`` as commands: a ledger from its making to a proof that somebody else checks."""

import json
import re
import sqlite3
from pathlib import Path

import click
import pytest

from asbuilt.cli.ledger import PARTS, command
from tests.commands import Done, asbuilt

ROOT = Path(__file__).parents[2]


def run(folder: Path, *words: str) -> Done:
    return asbuilt("ledger", *words, cwd=folder)


def told(folder: Path, *words: str) -> dict[str, object]:
    done = run(folder, *words, "--format", "json")
    assert done.code == 0, done.said
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a ledger of three entries, sealed."""
    here = tmp_path / "company"
    here.mkdir()
    lines = [
        {"source": "hr", "event": f"E-{number}", "kind": "raw/x", "payload": {"n": number}} for number in range(3)
    ]
    (here / "in.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert run(here, "init", "example.com/asbuilt").code == 0
    assert (here / ".asbuilt" / ".gitignore").read_text() == "*\n"  # the key is beside it
    assert told(here, "append", "in.jsonl") == {"new": 3, "known": 0, "size": 3}
    assert run(here, "checkpoint", "-o", "sealed").code == 0
    return here


def rewrite(folder: Path) -> None:
    """Change one byte of an entry behind the ledger's back."""
    path = folder / ".asbuilt" / "ledger" / "ledger.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    data = path.read_bytes()
    assert b'{"n":1}' in data
    path.write_bytes(data.replace(b'{"n":1}', b'{"n":7}'))


def test_the_way_from_a_ledger_to_a_proof_that_somebody_else_checks(folder: Path, tmp_path: Path) -> None:
    assert run(folder, "prove", "1", "-o", "proof").code == 0
    (folder / "entry").write_bytes(run(folder, "show", "1", "--raw").out)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("proof", "entry"):
        (elsewhere / name).write_bytes((folder / name).read_bytes())
    key = (folder / ".asbuilt" / "ledger" / "key.vkey").read_text().strip()
    checked = run(elsewhere, "prove", "--verify", "proof", "--entry", "entry", "--key", key)
    assert checked.code == 0
    assert "number 1 of example.com/asbuilt" in checked.text
    (elsewhere / "entry").write_bytes(b"another")
    assert run(elsewhere, "prove", "--verify", "proof", "--entry", "entry", "--key", key).code == 4


def test_what_is_appended_again_is_known_and_a_wrong_line_keeps_everything_out(folder: Path) -> None:
    assert told(folder, "append", "in.jsonl") == {"new": 0, "known": 3, "size": 3}
    (folder / "bad.jsonl").write_text('{"source":"a","event":"b","kind":"c","payload":1}\nnonsense\n')
    done = run(folder, "append", "bad.jsonl")
    assert (done.code, "bad.jsonl:2" in done.said) == (2, True)
    assert told(folder, "verify")["size"] == 3


def test_a_raw_file_is_kept_byte_for_byte(folder: Path) -> None:
    (folder / "raw").write_bytes(b"\xff\x00\x1b[2Jraw")
    words = ("append", "raw", "--source", "s", "--event", "e", "--kind", "raw/x", "--occurred", "2026-01-01")
    assert run(folder, *words).code == 0
    assert run(folder, "show", "3", "--raw").out.endswith(b"\n\xff\x00\x1b[2Jraw")
    assert b"\x1b" not in run(folder, "show", "3").out + run(folder, "show", "3", "--format", "json").out
    assert run(folder, "append", "raw", "--source", "s").code == 2


def test_entries_are_listed_as_text_and_as_lines_of_json(folder: Path) -> None:
    assert [line.split()[0] for line in run(folder, "show").text.splitlines()] == ["0", "1", "2"]
    shown = [json.loads(line) for line in run(folder, "show", "1-", "--format", "json").out.splitlines()]
    assert [each["event"] for each in shown] == ["E-1", "E-2"]
    page = run(folder, "show", "2").text
    assert "event     E-2" in page
    assert '{"n":2}' in page
    assert run(folder, "show", "9").code == 2
    assert run(folder, "show", "--raw").code == 2


def test_verify_ends_with_4_and_names_the_entry_when_one_was_changed(folder: Path) -> None:
    assert run(folder, "export", "export").code == 0
    holds = run(folder, "verify", "--against", "sealed", "--against", "export", "-q")
    assert holds.code == 0
    assert "Nothing differs from sealed." in holds.text
    rewrite(folder)
    done = run(folder, "verify", "--against", "export", "-q")
    assert done.code == 4
    assert "Entry 1 was rewritten" in done.text
    found = json.loads(run(folder, "verify", "--against", "export", "--format", "json").out)
    assert (found["holds"], found["differences"][0]["kind"], found["differences"][0]["first"]) == (
        False,
        "rewrite",
        1,
    )


def test_a_backup_is_restored_and_verified(folder: Path) -> None:
    assert run(folder, "backup", "copy", "-q").code == 0
    assert run(folder, "restore", "copy", "--ledger", "again", "--against", "sealed", "-q").code == 0
    assert told(folder, "verify", "--ledger", "again", "--against", "copy")["holds"] is True
    assert run(folder, "restore", "copy", "-q").code == 2


def test_a_rotation_is_shown_and_old_checkpoints_still_hold(folder: Path) -> None:
    made = told(folder, "rotate", "--by", "ana")
    assert made["index"] == 3
    assert told(folder, "verify", "--against", "sealed", "--key", str(made["old"]))["holds"] is True
    assert run(folder, "checkpoint", "--latest").text.splitlines()[1] == "4"


def test_requests_to_others_are_written(folder: Path) -> None:
    assert run(folder, "witness").out == b"old 0\n\n" + (folder / "sealed").read_bytes()
    assert run(folder, "witness", "-o", "request", "--old", "3").code == 0
    assert (folder / "request").read_bytes().startswith(b"old 3\n\n")
    assert run(folder, "witness", "--old", "4").code == 2
    assert run(folder, "timestamp", "-o", "stamp.tsq").code == 0
    assert (folder / "stamp.tsq").stat().st_size > 40
    assert "No timestamp is kept" in run(folder, "timestamp").text
    (folder / "answer").write_bytes(b"nothing")
    assert run(folder, "witness", "--answer", "answer").code == 4
    assert run(folder, "timestamp", "--answer", "answer").code == 2


def test_where_no_ledger_is_the_way_to_one_is_told(tmp_path: Path) -> None:
    for words in (
        ["show"],
        ["verify"],
        ["checkpoint"],
        ["prove", "0"],
        ["export", "x"],
        ["backup", "x"],
        ["rotate"],
    ):
        done = run(tmp_path, *words)
        assert (done.code, "asbuilt ledger init" in done.said) == (2, True), words
    assert run(tmp_path, "init", "two words").code == 2
    assert run(tmp_path, "prove").code == 2


def test_the_ledger_of_the_environment_is_taken(tmp_path: Path) -> None:
    assert asbuilt("ledger", "init", "example.com/a", cwd=tmp_path, ASBUILT_LEDGER="place").code == 0
    assert (tmp_path / "place" / "ledger.db").is_file()


def test_every_command_and_option_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "ledger.md").read_text("utf-8")
    context = click.Context(command)
    for name in PARTS:
        part = command.get_command(context, name)
        assert part is not None
        section = re.split(rf"^## `asbuilt ledger {name}\b", page, flags=re.MULTILINE)[1].split("\n## ")[0]
        for parameter in part.params:
            missing = [word for word in parameter.opts if word.startswith("--") and f"`{word}" not in section]
            assert missing == [], name
            assert not isinstance(parameter, click.Option) or parameter.help
