import csv
import io
import json
from pathlib import Path

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.model.attribution import Authorship, Confidence, Replay
from asbuilt.model.origin import LineRun
from asbuilt.model.text import path_bytes, path_text
from asbuilt.reports.lines import COLUMNS, NAMES, lines_csv, lines_json

RUN = LineRun(
    path="src/a.py",
    first=3,
    last=9,
    origin="a" * 40,
    origin_path="src/old.py",
    origin_line=1,
    writing="b" * 40,
    authorship=Authorship.AI_DECLARED,
    tool="claude_code",
    model="claude-opus-4-1",
    confidence=Confidence.HIGH,
    replay=Replay.PATCH_ID,
    boundary=True,
    evidence=("signature:claude_code/trailer-1@aaaa", "git-ai:bbbb"),
)


def rows(*runs: LineRun) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(lines_csv(runs)), newline="")))


def unguarded(cell: str) -> str:
    return cell.removeprefix("'")


def test_one_row_holds_every_column() -> None:
    assert rows(RUN) == [
        {
            "path": "src/a.py",
            "first": "3",
            "last": "9",
            "origin": "a" * 40,
            "origin_path": "src/old.py",
            "origin_line": "1",
            "writing": "b" * 40,
            "authorship": "ai-declared",
            "tool": "claude_code",
            "model": "claude-opus-4-1",
            "confidence": "high",
            "replay": "patch-id",
            "boundary": "true",
            "evidence": "signature:claude_code/trailer-1@aaaa git-ai:bbbb",
        }
    ]


def test_columns_are_the_fields_of_a_run_in_order_and_documented() -> None:
    assert tuple(LineRun.__struct_fields__) == NAMES
    page = Path(__file__, "../../../docs/reference/lines.md").resolve().read_text(encoding="utf-8")
    named = [line.split("`")[1] for line in page.splitlines() if line.startswith("| `")]
    assert tuple(named) == NAMES
    assert all(doc.endswith(".") for _, doc in COLUMNS)


def test_no_run_gives_the_names_and_an_empty_array() -> None:
    assert "".join(lines_csv([])) == ",".join(NAMES) + "\n"
    assert json.loads("".join(lines_json([]))) == []


def test_many_runs_come_in_chunks_and_none_is_lost() -> None:
    runs = [msgspec.structs.replace(RUN, first=at, last=at) for at in range(1, 5002)]
    assert [row["first"] for row in rows(*runs)] == [str(at) for at in range(1, 5002)]
    assert len(list(lines_csv(runs))) == 3
    assert [row["first"] for row in json.loads("".join(lines_json(runs)))] == list(range(1, 5002))


@given(st.sampled_from("=+-@\t\r\n'").flatmap(lambda first: st.text().map(lambda rest: first + rest)))
def test_no_cell_begins_as_a_formula(name: str) -> None:
    run = msgspec.structs.replace(RUN, path=path_text(name.encode("utf-8", "replace")), model=name)
    (row,) = rows(run)
    for cell in (row["path"], row["model"]):
        assert cell[:1] not in set("=+-@\t\r\n")


@given(st.binary(min_size=1).filter(lambda raw: b"\0" not in raw))
def test_any_path_comes_back_from_csv_and_from_json(raw: bytes) -> None:
    run = msgspec.structs.replace(RUN, path=path_text(raw))
    (row,) = rows(run)
    assert path_bytes(unguarded(row["path"])) == raw
    assert row["path"].isprintable() or all(char.isprintable() or char.isspace() for char in row["path"])
    assert path_bytes(json.loads("".join(lines_json([run])))[0]["path"]) == raw


def test_spaces_inside_a_reference_do_not_divide_it() -> None:
    (row,) = rows(msgspec.structs.replace(RUN, evidence=("agent-trace:a b", "git-ai:c")))
    assert row["evidence"].split(" ") == ["agent-trace:a%20b", "git-ai:c"]


def test_json_does_nothing_on_a_terminal() -> None:
    text = "".join(lines_json([msgspec.structs.replace(RUN, path="\x1b[31m\u202ex")]))
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert json.loads(text)[0]["path"] == "\x1b[31m\u202ex"
