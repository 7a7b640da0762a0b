"""Which derived table needs what, as its SQL says."""

from pathlib import Path

import pytest

from asbuilt.facts.database import Shape, shape_of
from asbuilt.facts.schemas import TABLES, Table
from asbuilt.facts.schemas.table import column, derived, maybe, recorded
from asbuilt.facts.scripts import order_scripts
from asbuilt.model.errors import CatalogueError


def one(name: str) -> Table:
    columns = (column("key", "text", "Its id."), maybe("total", "int", "How many. NULL: not known."))
    return derived(name, "One.", columns, key="key", covered_by=("told",))


TOLD = recorded(
    "told",
    "What was told.",
    (column("key", "text", "Its id."), column("list", "text[]", "Texts.")),
    identity=("key",),
)
SCHEMAS = {table.name: table for table in (TOLD, one("first"), one("second"), one("third"))}
PLAIN = "SELECT key, count(*) AS total, any_value(record) AS record FROM {} GROUP BY key"


def shape(tmp_path: Path, **texts: str) -> Shape:
    for name, text in texts.items():
        (tmp_path / f"{name.replace('__', '.')}.sql").write_text(text)
    return shape_of(SCHEMAS, tmp_path)


def test_each_comes_after_what_it_needs(tmp_path: Path) -> None:
    made = shape(
        tmp_path,
        first=PLAIN.format("(SELECT * FROM third UNION ALL SELECT * FROM second)"),
        second=PLAIN.format("third"),
        third=PLAIN.format("told"),
    )
    scripts = order_scripts(made)
    assert [script.name for script in scripts] == ["third", "second", "first"]
    assert scripts[2].needs == {"third", "second"}


def test_macros_and_tables_of_the_store_are_needs_too(tmp_path: Path) -> None:
    for text, needs in (
        ("covered('told', NULL)", {"extracts"}),
        ("covered_between('told', NULL, NULL)", {"extracts"}),
        ("person_of(key)", {"people"}),
        ("(SELECT count(*) FROM kept.identities)", {"people"}),
        ("(SELECT count(*) FROM kept.part_coverage)", {"extracts"}),
        # What is covered part by part hangs on the list of parts, too.
        ("(SELECT count(*) FROM kept.coverage)", {"extracts", "repositories", "systems"}),
        ("covered('people', NULL)", {"extracts"}),
        ("covered('reviews', NULL)", {"extracts", "repositories"}),
        ("covered_until('accounts', NULL)", {"extracts", "systems"}),
        ("covered_from(key, NULL)", {"extracts", "repositories", "systems"}),
        ("covered_for('reviews', 'a', NULL)", {"extracts"}),
        ("covered_until_for('reviews', 'a', NULL)", {"extracts"}),
    ):
        (tmp_path / "ai_tools.sql").write_text(f"SELECT {text}")
        (script,) = order_scripts(shape_of(TABLES, tmp_path))
        assert script.needs == needs


@pytest.mark.parametrize(
    ("texts", "what", "where"),
    [
        ({"first": "SELECT 1; SELECT 2"}, "one SELECT, and nothing else", "first.sql"),
        ({"first": "DROP TABLE told"}, "one SELECT, and nothing else", "first.sql"),
        ({"first": "SELECT ("}, "cannot be read", "first.sql"),
        ({"first": ""}, "one SELECT, and nothing else", "first.sql"),
        ({"told": PLAIN.format("told")}, "no derived table 'told'", "told.sql"),
        ({"other": PLAIN.format("told")}, "no derived table 'other'", "other.sql"),
        ({"first": PLAIN.format("second"), "second": PLAIN.format("first")}, "in a circle", "first.sql"),
        ({"first": PLAIN.format("first")}, "in a circle", "first.sql"),
        ({"first": "SELECT now() AS key"}, "calls now", "first.sql"),
        ({"first": "SELECT current_timestamp AS key"}, "calls current_timestamp", "first.sql"),
        ({"first": "SELECT current_date AS key"}, "calls current_date", "first.sql"),
        ({"first": "SELECT random() AS key"}, "calls rand", "first.sql"),
        ({"first": "SELECT uuid() AS key"}, "calls uuid", "first.sql"),
        ({"first": PLAIN.format("told"), "first__touched": "SELECT key FROM told"}, "does not name", "first.touched.sql"),
        (
            {"first": PLAIN.format("told"), "first__touched": "-- driven by: second\nSELECT key FROM told"},
            "does not name", "first.touched.sql",
        ),
        (
            {"first": PLAIN.format("told"), "first__touched": "-- driven by: told\n-- meets: told\nSELECT key FROM told"},
            "Nobody knows which rows of told", "first.touched.sql",
        ),
    ],
)  # fmt: skip
def test_sql_that_is_refused(tmp_path: Path, texts: dict[str, str], what: str, where: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        order_scripts(shape(tmp_path, **texts))
    assert what in caught.value.what
    assert caught.value.where == f"{tmp_path.name}/{where}"


def test_what_says_which_rows_are_met_is_met_before(tmp_path: Path) -> None:
    (tmp_path / "changes.sql").write_text("SELECT 1")
    (tmp_path / "changes.touched.sql").write_text(
        "-- driven by: changes_seen\n-- meets: request_commits, reviews\n-- filled in pieces\nSELECT change_id FROM changes_seen"
    )
    with pytest.raises(CatalogueError, match="depends on those of reviews") as caught:
        order_scripts(shape_of(TABLES, tmp_path))
    assert caught.value.fix == "Name reviews before request_commits in the second line."


def test_of_extracts_it_is_known_whose_coverage_is_asked(tmp_path: Path) -> None:
    for text, covers in (
        ("covered('reviews', NULL) AND covered_for('checks', 'a', NULL)", {"reviews", "checks"}),
        ("person_of(key)", set()),
        ("covered_from(key, NULL)", None),
        ("(SELECT count(*) FROM kept.part_coverage)", None),
        ("covered('reviews', NULL) AND EXISTS (FROM extracts)", None),
    ):
        (tmp_path / "ai_tools.sql").write_text(f"SELECT {text}")
        (script,) = order_scripts(shape_of(TABLES, tmp_path))
        assert script.covers == covers


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("SELECT max(covers_from) FROM extracts WHERE population = 'people' AND NOT truncated", {"people"}),
        ("SELECT 1 FROM extracts AS own WHERE own.population = 'people' AND (part IS NULL OR truncated)", {"people"}),
        ("SELECT (SELECT 1 FROM extracts WHERE population = 'a') + (SELECT 1 FROM extracts WHERE population = 'b')", {"a", "b"}),
        ("SELECT 1 FROM extracts", None),
        ("SELECT 1 FROM extracts WHERE population = 'people' OR truncated", None),
        ("SELECT 1 FROM extracts WHERE population <> 'people'", None),
        ("SELECT 1 FROM extracts WHERE population = source", None),
        ("SELECT 1 FROM extracts JOIN people ON TRUE WHERE population = 'people'", None),
        ("SELECT 1 FROM people WHERE EXISTS (SELECT 1 FROM extracts WHERE people.population = 'people')", None),
    ],
)  # fmt: skip
def test_of_which_populations_it_reads_extracts(tmp_path: Path, text: str, reads: set[str] | None) -> None:
    (tmp_path / "ai_tools.sql").write_text(text)
    (script,) = order_scripts(shape_of(TABLES, tmp_path))
    assert script.reads == reads


def test_a_table_that_is_not_kept_stands_behind_no_other(tmp_path: Path) -> None:
    asked = "-- asked for, not kept\n" + PLAIN.format("told")
    assert [script.name for script in order_scripts(shape(tmp_path, first=asked))] == ["first"]
    with pytest.raises(CatalogueError, match="not kept") as caught:
        order_scripts(shape(tmp_path, first=asked, second=PLAIN.format("first")))
    assert caught.value.where == f"{tmp_path.name}/second.sql"
