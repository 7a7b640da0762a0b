"""Expressions: what may stand in them, and what is refused."""

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt.engine.expressions import FUNCTIONS, check_expression
from asbuilt.engine.tables import open_tables
from asbuilt.model.errors import CatalogueError
from tests.engine.rows import THINGS

SETTINGS = {"limit": 2, "share": 0.25, "below": -3, "strict": True, "word": "it's", "words": ["a", "b'c"]}


@pytest.mark.parametrize(
    "sql",
    [
        "flag",
        "NOT flag AND (amount >= limit OR amount IS NULL)",
        "amount BETWEEN 1 AND 3",
        "attribution IN ('ai-tracked', 'ai-declared')",
        "CASE WHEN flag THEN TRUE WHEN member THEN FALSE END",
        "len(reasons) = 0",
        "list_contains(reasons, 'author')",
        "list_contains(words, attribution)",
        "list_has_any(reasons, words)",
        "lower(attribution) = 'unknown'",
        "coalesce(flag, member, strict)",
        "abs(amount) + least(1, 2) - greatest(amount, below) * 2 > 0",
        "on_day + INTERVAL 2 DAY > on_day",
        "date_diff('hour', on_day, on_day) <= 48",
        "flag IS NOT DISTINCT FROM member",
        "flag IS TRUE",
        "amount // 2 % 2 = 1 AND amount / 2 > share",
        "attribution <> word",
    ],
)
def test_expectations_are_accepted_and_run(sql: str) -> None:
    checked = check_expression(sql, THINGS, SETTINGS)
    with open_tables([THINGS]) as connection:
        (described,) = connection.execute(f"DESCRIBE SELECT {checked.sql} AS it FROM things").fetchall()
    assert described[1] == "BOOLEAN"


HOSTILE = [
    "read_csv('/etc/passwd')",
    "flag AND (SELECT count(*) FROM read_text('/etc/passwd')) > 0",
    "amount IN (SELECT 1)",
    "EXISTS (SELECT 1)",
    "amount > ALL (SELECT 1)",
    "getenv('HOME') = 'x'",
    "current_setting('threads') = '1'",
    "query('select 1')",
    "PRAGMA version",
    "ATTACH 'x.db'",
    "INSTALL httpfs",
    "LOAD httpfs",
    "COPY things TO 'x'",
    "SET threads = 4",
    "SELECT 1",
    "flag; DROP TABLE things",
    "flag FROM things; --",
    "list_filter(reasons, x -> true)",
    "list_transform(reasons, lambda x : x)",
    "[x FOR x IN reasons]",
    "now() > on_day",
    "current_date > on_day",
    "current_timestamp > on_day",
    "random() > 0.5",
    "nextval('s') = 1",
    "sum(amount) > 1",
    "row_number() OVER () = 1",
    "count(*) > 0",
    "*",
    "COLUMNS('.*')",
    "things.flag",
    "main.things.flag",
    "flag AS other",
    "amount::BIGINT = 1",
    "CAST(amount AS VARCHAR) = '1'",
    "TRY_CAST(amount AS INT) = 1",
    "TIMESTAMP '2020-01-01' < on_day",
    "reasons[1] = 'x'",
    "{'a': 1}.a = 1",
    "(amount, 1) = (1, 1)",
    "$1",
    "?",
    ":name",
    "@",
    "coalesce()",
    "flag = ANY (reasons)",
    "flag -- really",
    "flag /* and more */",
    "/*+ hint */ flag",
    "regexp_matches(attribution, '(a+)+$')",
    "attribution LIKE '%a%'",
    "attribution || 'x' = 'y'",
    "repeat('x', 1000000000) = 'y'",
    "range(1000000000) = reasons",
    "E'\\x41' = attribution",
    "$$a$$ = attribution",
    "attribution COLLATE nocase = 'a'",
    "on_day + INTERVAL 2 FORTNIGHT > on_day",
    "flag AND",
    "",
    "   ",
    "(" * 1500 + "flag" + ")" * 1500,
    "NOT " * 900 + "flag",
    "flag OR " * 1000 + "flag",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_what_no_expectation_needs_is_refused(sql: str) -> None:
    with pytest.raises(CatalogueError) as refused:
        check_expression(sql, THINGS, SETTINGS, where="TST-01.md:8")
    assert refused.value.where == "TST-01.md:8"
    assert refused.value.fix
    assert not refused.value.what.startswith("There is no column"), "refused for what it is, not for a misspelling"


def test_a_misspelt_column_is_told_its_neighbour() -> None:
    with pytest.raises(CatalogueError) as refused:
        check_expression("amuont > 1", THINGS, {})
    assert str(refused.value) == "There is no column or setting 'amuont'. Did you mean 'amount'?"


def test_a_refused_function_is_named_with_those_that_are_allowed() -> None:
    with pytest.raises(CatalogueError, match=r"The function getenv\(\) is not allowed") as refused:
        check_expression("getenv('HOME') = 'x'", THINGS, {})
    assert all(name in refused.value.fix for name in FUNCTIONS)


def test_a_setting_may_not_hide_a_column() -> None:
    with pytest.raises(CatalogueError, match="has the name of a column"):
        check_expression("flag", THINGS, {"flag": True})


def test_settings_are_written_in_as_literals() -> None:
    checked = check_expression("amount > limit AND attribution <> word AND amount > below", THINGS, SETTINGS)
    assert checked.sql == "amount > 2 AND attribution <> 'it''s' AND amount > (-3)"
    assert checked.settings == {"limit", "word", "below"}


@given(st.text(max_size=60))
@settings(max_examples=40, deadline=None)  # a database is opened for each
def test_text_in_a_setting_stays_text(value: str) -> None:
    # NUL ends a statement in C; no setting of a TOML file can hold it.
    value = value.replace("\0", "").encode("utf-8", "ignore").decode()
    checked = check_expression("attribution = word", THINGS, {"word": value})
    with open_tables([]) as connection:
        found = connection.execute(f"SELECT {checked.sql} FROM (SELECT ? AS attribution)", [value]).fetchall()
    assert found == [(True,)]


# Well formed for our parser only, or of the wrong types: refused when the type of the expression is asked.
REFUSALS = (duckdb.ParserException, duckdb.BinderException, duckdb.ConversionException, duckdb.OutOfRangeException)
WORDS = """
flag amount on_day reasons limit AND OR NOT IN ( ) , ; - -- /* */ ' " $$ 1 2.5 'a' = < > SELECT FROM things CASE WHEN
THEN ELSE END INTERVAL DAY :: INT [ ] { } : . * + / % lambda -> | & ^ @ ? $1 NULL TRUE IS BETWEEN EXISTS WITH read_csv(
coalesce( len( date_diff( list_contains( now( \\ E' 0x1 é
"""


@given(st.one_of(st.text(max_size=80), st.lists(st.sampled_from(WORDS.split()), max_size=14).map(" ".join)))
@settings(deadline=None)
def test_anything_is_refused_or_harmless(sql: str) -> None:
    try:
        checked = check_expression(sql, THINGS, SETTINGS)
    except CatalogueError:
        return
    assert check_expression(checked.sql, THINGS, {}).sql == checked.sql
    with open_tables([THINGS]) as connection:
        try:
            answer = connection.execute(f"SELECT {checked.sql} FROM things").fetchall()
        except REFUSALS:
            return
    assert answer == []
