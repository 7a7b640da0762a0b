"""Rows of a table: what is kept of them, and everything that is wrong with them at once."""

import msgspec
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.facts.recording.rows import AHEAD, Checked, RawRow, check_names, check_rows, encode_payload, place
from asbuilt.facts.recording.values import LARGEST
from asbuilt.facts.schemas import TABLES
from asbuilt.model.evidence import EvidenceError, Problems

NOW = 1_782_900_000  # 2026-07-01T10:00:00Z
PERSON = {"person": "ana", "name": "Ana Lima", "starts_at": "2026-01-05"}


def check(table: str, *rows: dict[str, object], typed: bool = False) -> Checked:
    problems = Problems()
    raw = [RawRow(number, row) for number, row in enumerate(rows, 2)]
    checked = check_rows(TABLES[table], raw, name="f", observed=NOW, problems=problems, typed=typed)
    problems.refuse()
    return checked


def refused(table: str, *rows: dict[str, object], typed: bool = False) -> list[str]:
    with pytest.raises(EvidenceError) as caught:
        check(table, *rows, typed=typed)
    return [str(problem) for problem in caught.value.problems]


def test_a_row_becomes_a_canonical_payload_that_leaves_out_what_is_not_known() -> None:
    checked = check("people", PERSON | {"is_engineer": "yes", "role": "", "identities": "b; a"})
    (row,) = checked.rows
    assert row.event == "ana"
    assert row.payload == (
        b'{"identities":["b","a"],"is_engineer":true,"name":"Ana Lima","person":"ana",'
        b'"starts_at":"2026-01-05T00:00:00Z"}'
    )
    assert row.occurred == 1_767_571_200
    assert checked.notes == ("f: dates without a time (starts_at) mean 00:00:00 UTC.",)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    assert refused(
        "people",
        PERSON | {"nme": "x", "is_engineer": "1"},
        {"person": "ben", "starts_at": "2027-01-01", "observed_at": "2026-01-01"},
        PERSON | {"name": ""},
    ) == [
        "f:2: nme: people has no such column. Did you mean name?",
        "f:2: is_engineer: '1' is neither true nor false. Write true or false (yes and no will do).",
        ("f:3: observed_at: A row does not tell this column. Say when the source was read with --observed-at "
         "(in YAML: taken_at)."),
        "f:3: name: The row does not tell name. It holds: The person's name.",
        ("f:3: starts_at: 2027-01-01T00:00:00Z is in the future: the source was read at 2026-07-01T10:00:00Z. "
         "Leave out what has not happened yet, or mend the date (or --observed-at, in YAML taken_at)."),
        "f:4: name: It is empty, and every row needs it. It holds: The person's name.",
    ]  # fmt: skip


def test_two_people_with_one_id_are_refused_and_a_row_told_twice_is_kept_once() -> None:
    assert refused("people", PERSON, PERSON | {"name": "Ana Sá"}) == [
        (
            "f:3: person: 'ana' is told differently in line 2: two rows have one identity. "
            "Keep the row that is right; where both are, they need ids of their own: a row is identified by person."
        )
    ]
    checked = check("people", PERSON, PERSON, PERSON)
    assert len(checked.rows) == 1
    assert checked.notes[0] == "f: 2 rows repeat another word for word (lines 3, 4); kept once."


@pytest.mark.parametrize(
    ("value", "what"),
    [
        ("ana\u200b", "holds a character that cannot be seen"),
        ("\u202eana", "holds a character that cannot be seen"),
        ("a\nb", "holds a character that cannot be seen"),
        ("x" * 501, "has 501 characters, and identifies the row"),
    ],
)
def test_what_identifies_a_row_can_be_told_apart_by_eye(value: str, what: str) -> None:
    (problem,) = refused("people", PERSON | {"person": value})
    assert what in problem
    assert "\u202e" not in problem
    assert "\n" not in problem


def test_identifying_values_cannot_run_into_each_other() -> None:
    row = {
        "repository": "o/n",
        "check_id": "a | b",
        "commit": "c",
        "name": "n",
        "kind": "tests",
        "conclusion": "success",
    }
    (problem,) = refused("checks", row)
    assert "holds ' | ', which separates the identifying values." in problem
    assert check("people", PERSON | {"person": "a | b"}).rows[0].event == "a | b"
    assert refused("people", PERSON | {"person": " ana"}, typed=True)


def test_bidirectional_text_elsewhere_is_kept_as_it_is() -> None:
    (row,) = check("people", PERSON | {"name": "\u202eamiL"}).rows
    assert msgspec.json.decode(row.payload)["name"] == "\u202eamiL"


def state_row(**more: object) -> tuple[str, dict[str, object]]:
    name = next(name for name in sorted(TABLES) if TABLES[name].state and TABLES[name].recorded)
    fill: dict[str, object] = {
        "text": "x", "bool": "yes", "int": "1", "timestamp": "2026-01-01", "text[]": "a",
    }  # fmt: skip
    required = {column.name: fill[column.type] for column in TABLES[name].told if not column.nullable}
    return name, required | more


def test_each_look_at_a_setting_is_an_event_of_its_own() -> None:
    name, row = state_row()
    assert check(name, row).rows[0].event.endswith("2026-07-01T10:00:00Z")
    name, row = state_row(held_from="2026-01-01", held_until="2026-02-01")
    assert check(name, row).rows[0].event.endswith("2026-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("held", "what"),
    [
        ({"held_until": "2026-02-01"}, "held_until stands without held_from."),
        ({"held_from": "2026-02-01", "held_until": "2026-02-01"}, "is not after held_from"),
        ({"held_from": "2026-02-01", "held_until": "2026-07-02"}, "is in the future"),
    ],
)
def test_nobody_can_prove_more_than_was_seen(held: dict[str, object], what: str) -> None:
    name, row = state_row(**held)
    (problem,) = refused(name, row)
    assert what in problem


def test_what_may_lie_ahead_says_so_by_its_name() -> None:
    columns = {c.name for t in TABLES.values() if t.recorded for c in t.told if c.type == "timestamp"}
    ahead = {name for name in columns if AHEAD.fullmatch(name)}
    assert {"ends_at", "expires_at", "due_at", "in_use_until"} <= ahead
    assert not ahead & {"held_until", "covers_until", "starts_at", "landed_at", "ended_at", "observed_at"}
    assert check("people", PERSON | {"ends_at": "2030-01-01"}).rows


def test_a_row_that_no_entry_of_a_ledger_can_hold_is_refused() -> None:
    (problem,) = refused("people", PERSON | {"name": "é" * 20_000, "role": "é" * 20_000})
    assert "At most 56,000 are kept" in problem


def test_a_place_without_lines_is_the_name_alone() -> None:
    assert place("f", 3) == "f:3"
    assert place("the command line", 0) == "the command line"
    problems = Problems()
    check_names(TABLES["people"], ["\x1b[2J"], "f:1", problems)
    with pytest.raises(EvidenceError) as caught:
        problems.refuse()
    assert "\x1b" not in str(caught.value.problems[0])


_TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=20)
_VALUES = st.one_of(_TEXT, st.booleans(), st.integers(-LARGEST, LARGEST), st.lists(_TEXT, max_size=3))


@given(st.dictionaries(st.sampled_from(sorted({c.name for t in TABLES.values() for c in t.columns})), _VALUES))
def test_a_payload_is_what_rfc_8785_writes(values: dict[str, str | bool | int | list[str]]) -> None:
    assert encode_payload(values) == rfc8785.dumps(values)  # type: ignore[arg-type]
