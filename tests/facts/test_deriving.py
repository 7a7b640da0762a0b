"""Derived tables: their columns, when they are made anew, and the macros they ask."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from asbuilt.facts.database import DERIVED
from asbuilt.facts.schemas import TABLES
from asbuilt.facts.schemas.table import column, derived
from asbuilt.facts.scripts import empty_without
from asbuilt.facts.store import open_facts, project
from asbuilt.model.errors import CatalogueError
from asbuilt.model.record import Record, encode_entry
from tests.company_year import year
from tests.company_year.world import World
from tests.facts.telling import covering, facts_of, rows_of, tell
from tests.facts.test_scripts import SCHEMAS, shape


@pytest.mark.parametrize(
    ("sql", "why"),
    [
        ("SELECT key, record FROM told", "total is missing"),
        ("SELECT key, 1 AS total, 2 AS more, record FROM told", "more is not declared"),
        ("SELECT key, 'a' AS total, record FROM told", "total is VARCHAR, not BIGINT"),
        ("SELECT 1 AS key, 1 AS total, record FROM told", "key is INTEGER, not VARCHAR"),
        ("SELECT key, 1.5 AS total, record FROM told", "total is DECIMAL"),
        ("SELECT key, nothing AS total, record FROM told", "nothing"),
        ("SELECT key, 1 AS total, record FROM nowhere", "nowhere"),
        ("SELECT CASE WHEN key = '' THEN key END AS key, 1 AS total, record FROM told", "NOT NULL"),
    ],
)
def test_columns_that_are_not_those_declared(tmp_path: Path, sql: str, why: str) -> None:
    shape(tmp_path, first=sql)
    told = b'{"key":"a","list":[]}'
    entry = b'{"by":"b","event":"a","how":"h","kind":"fact/told","media":"application/json","observed":"2026-01-01T00:00:00Z","occurred":null,"recorded":"2026-01-01T00:00:00Z","source":"s"}\n'
    with (
        open_facts(None, origin="test", tables=SCHEMAS, derived=tmp_path) as store,
        pytest.raises(CatalogueError) as caught,
    ):
        project(store, [entry + told], start=0)
    assert why in caught.value.why
    assert caught.value.where == f"{tmp_path.name}/first.sql"


def test_a_derived_table_is_made_anew_only_when_what_it_needs_is_touched(tmp_path: Path) -> None:
    (tmp_path / "changes.sql").write_text((DERIVED / "changes.sql").read_text("utf-8"))
    with facts_of(
        [tell("changes_seen", change_id="c", repository="r")], only=["changes", "extract_checks"]
    ) as store:
        store.connection.execute("UPDATE changes SET subject = 'as it was'")
        from_here = store.size
        project(store, [], start=from_here)
        assert store.connection.execute("SELECT subject FROM changes").fetchall() == [("as it was",)]


def test_every_declared_derived_table_has_its_sql_and_agrees_with_it() -> None:
    declared = {name for name, table in TABLES.items() if not table.recorded}
    files = {
        file.name.removesuffix(".sql") for file in DERIVED.glob("*.sql") if not file.name.endswith(".touched.sql")
    }
    assert declared == files
    with facts_of([]) as store:  # checks the columns of each
        for name in declared:
            assert store.connection.execute(f"SELECT count(*) FROM {name}").fetchone() is not None


def test_macros() -> None:
    people = [
        tell("people", person="p-ana", name="Ana", identities=["Ana-GH", "ana@x.example", "both"]),
        tell("people", person="p-ben", name="Ben", identities=["both"]),
    ]
    spans = [
        *covering("reviews", since="2026-01-01", until="2026-02-01"),
        *covering("reviews", since="2026-02-01", until="2026-03-01"),
        *covering("reviews", since="2026-01-10", until="2026-01-11"),
        *covering("reviews", since="2026-04-01", until="2026-05-01"),
    ]
    cases = {
        "covered('reviews', TIMESTAMP '2026-01-01')": True,
        "covered('reviews', TIMESTAMP '2025-12-31 23:59:59')": False,
        "covered('reviews', TIMESTAMP '2026-02-28 23:59:59')": True,
        "covered('reviews', TIMESTAMP '2026-03-01')": False,
        "covered('checks', TIMESTAMP '2026-02-01')": False,
        "covered('reviews', NULL)": False,
        "covered_between('reviews', TIMESTAMP '2026-01-15', TIMESTAMP '2026-02-15')": True,
        "covered_between('reviews', TIMESTAMP '2026-02-15', TIMESTAMP '2026-04-15')": False,
        "person_of('p-ana')": "p-ana",
        "person_of('ANA-gh')": "p-ana",
        "person_of('Ana A. <ANA@x.example>')": "p-ana",
        "person_of('7+ana-gh@users.noreply.github.com')": "p-ana",
        "person_of('both')": None,
        "person_of('nobody')": None,
        "person_of(NULL)": None,
        "account_of(' @Ana ')": "ana",
        "account_of('Ana <>')": "ana <>",
        "account_of('Ana <a@b> (work)')": "ana <a@b> (work)",
        "account_of('')": "",
        "business_days(TIMESTAMP '2026-01-30', TIMESTAMP '2026-02-02')": 1,
        "business_days(TIMESTAMP '2026-01-31', TIMESTAMP '2026-02-01')": 0,
        "business_days(TIMESTAMP '2026-01-01 23:59:59', TIMESTAMP '2026-01-02')": 1,
        "business_days(TIMESTAMP '2026-01-05', TIMESTAMP '2027-01-04')": 260,
        "business_days(TIMESTAMP '2026-01-05', NULL)": None,
    }
    with facts_of([*people, *spans], only=[]) as store:
        for expression, expected in cases.items():
            assert store.connection.execute(f"SELECT {expression}").fetchall() == [(expected,)], expression


def test_an_extract_touches_only_tables_that_ask_for_the_time_it_covers(tmp_path: Path) -> None:
    text = "SELECT 'a' AS store, covered('{}', TIMESTAMP '2026-02-01') AS is_covered"
    schemas = dict(TABLES)
    for name in ("first", "second"):
        columns = (column("store", "text", "Its id."), column("is_covered", "bool", "Whether."))
        schemas[name] = derived(name, "One.", columns, key="store", covered_by=("extracts",))
        population = "reviews" if name == "first" else "checks"
        (tmp_path / f"{name}.sql").write_text(f"{text.format(population)}, NULL::VARCHAR AS record")
    with open_facts(None, origin="test", tables=schemas, derived=tmp_path) as store:
        project(store, [], start=0)
        for name in ("first", "second"):
            store.connection.execute(f"UPDATE {name} SET record = 'as it was'")
        project(store, [encode_entry(own) for own in covering("reviews")], start=0)
        found = {name: store.connection.execute(f"SELECT * FROM {name}").fetchall() for name in ("first", "second")}
    assert found == {"first": [("a", True, None)], "second": [("a", False, "as it was")]}


def test_an_extract_touches_tables_that_read_what_it_tells_of() -> None:
    owed = []
    with facts_of([], only=["privacy_duties"]) as store:
        for day in ("2026-01-02", "2026-01-01"):
            told = tell("extracts", extract=day, population="privacy_reviews", covers_from=day)  # it moves no time
            project(store, [encode_entry(told)], start=store.size)
            owed += [row["owed_from"][:10] for row in rows_of(store, "privacy_duties")]
    assert owed == ["2026-01-02", "2026-01-01"]


def test_a_change_that_is_made_anew_meets_again_all_that_it_met() -> None:
    def change(name: str, **columns: Any) -> Record:
        own = {"repository": "r", "landed_at": "2026-02-03", "author": "ana", "participants": ["ana"], **columns}
        return tell("changes_seen", change_id=name, **own)

    def review(commit: str, number: int | None = None) -> Record:
        own = {"repository": "r", "submitted_at": "2026-02-02", "reviewer": "ana", "state": "approved"}
        return tell("reviews", review_id=f"{commit} {number}", commit=commit, number=number, **own)

    def check(commit: str, kind: str) -> Record:
        own = {"repository": "r", "completed_at": "2026-02-02", "conclusion": "success"}
        return tell("checks", check_id=f"{commit} {kind}", commit=commit, name=kind, kind=kind, **own)

    def request(number: int, **columns: Any) -> Record:
        own = {"repository": "r", "state": "merged", "merged_at": "2026-02-03", "opened_at": "2026-02-01"}
        return tell("requests", number=number, **own, **columns)

    told = [
        change("by-number", number=1),
        change("by-head", head_commit="h2"),
        change("by-itself", landing="direct"),
        change("by-merge", landing="merge"),  # only the request knows its number and its head
        change("by-named", number=5, landing="squash"),  # only the request knows its head
        change("by-request", head_commit="h6"),  # a request that does not say by what it landed has its head
        change("by-hand", head_commit="h7"),  # merged by hand: the forge names the head as what it landed by
        request(6, head_commit="h6"),
        request(7, merge_commit="h7", head_commit="h8"),
        request(4, merge_commit="by-merge", head_commit="h4"),
        request(5, head_commit="h5"),
        *(review(commit, number) for commit, number in (("x", 1), ("h2", None), ("by-itself", None), ("y", 4), ("h5", None), ("z", 6), ("w", 7))),
        *(check(commit, "tests") for commit in ("h2", "by-itself", "h4", "h5", "h6", "h7")),
        *(check(commit, "secret-scan") for commit in ("h2", "by-itself")),
        *covering("reviews", "checks"),
        *(
            tell("deployments", deployment_id=f"d{day}", repository="r", commit="by-number", deployed_at=f"2026-02-{day:02}", is_production=True)
            for day in (5, 6)
        ),
    ]  # fmt: skip
    tables = ["changes", "change_training", "deployed_changes", "secret_checks"]
    with facts_of(told, only=tables) as store:
        was = {table: rows_of(store, table) for table in tables}
        landed = [own for own in told if own.kind == "fact/changes_seen"]
        again = [msgspec.structs.replace(own, observed=own.observed + 1) for own in landed]
        project(store, [encode_entry(own) for own in again], start=store.size)  # the same told anew, later
        for table in tables:
            now = [{**row, "record": ""} for row in rows_of(store, table)]
            assert now == [{**row, "record": ""} for row in was[table]], table
    # Each met its review, by the author herself; and its checks, but for the one whose head nobody knows.
    assert all("author" in row["approvals_rejected_for"] for row in was["changes"])
    unchecked = [row["change_id"] for row in was["changes"] if not row["checks_succeeded"]]
    assert unchecked == ["by-number"]


def test_piece_by_piece_and_anew_a_change_meets_all_that_the_forge_tells_of_it() -> None:
    def request(number: int, name: str, **columns: Any) -> list[Record]:
        """A change by Ana that request brought, with an approval by Cem of its head."""
        own = {"repository": "r", "number": number}
        return [
            tell("changes_seen", change_id=name, repository="r", landed_at="2026-02-03", author="ana", landing="squash"),
            tell(
                "requests", **own, merge_commit=name, head_commit=f"{name}-head", state="merged",
                merged_at="2026-02-03", opened_at="2026-02-01",
            ),
            tell(
                "reviews", **own, review_id=name, reviewer="cem", state="approved", is_bot=False,
                commit=columns.get("commit", f"{name}-head"), submitted_at="2026-02-02T12:00:00Z",
            ),
        ]  # fmt: skip

    def commit(number: int, name: str, **columns: Any) -> Record:
        return tell("request_commits", repository="r", number=number, commit=name, **columns)

    def event(number: int, kind: str, **columns: Any) -> Record:
        own = {"event_id": f"{number} {kind}", "kind": kind, "happened_at": "2026-02-02T13:00:00Z", **columns}
        return tell("request_events", repository="r", number=number, **own)

    told = [
        *request(1, "plain"),
        *request(2, "written-by-cem"),
        commit(2, "written-by-cem-head", author="Cem <cem@x.example>", author_login="cem"),
        *request(3, "joined-elsewhere"),
        commit(3, "joined-elsewhere-head", author="Cem at home <home@x.example>"),
        commit(9, "elsewhere", author="Cem at home <home@x.example>", author_login="cem"),
        *request(4, "same-tree", commit="older"),
        commit(4, "same-tree-head", tree="t"),
        commit(9, "older", tree="t"),
        *request(5, "another-tree", commit="older"),
        commit(5, "another-tree-head", tree="u"),
        *request(6, "proved", commit="much-older"),
        tell("coverings", repository="r", change_id="proved", commit="much-older", covers=True),
        *request(7, "disproved"),
        tell("coverings", repository="r", change_id="disproved", commit="disproved-head", covers=False),
        *request(8, "dismissed"),
        event(8, "review-dismissed", review_id="dismissed"),
        *request(10, "dismissed-from-afar"),
        event(9, "review-dismissed", review_id="dismissed-from-afar"),
        *request(11, "withdrawn"),
        event(11, "approval-withdrawn", actor="cem", actor_kind="user"),
        *request(12, "bypassed"),
        tell("rule_suites", repository="r", after_commit="bypassed", result="bypass"),
        tell("changes_seen", change_id="pushed", repository="r", landed_at="2026-02-03", author="ana"),
        tell("pushes", repository="r", after_commit="pushed", kind="push"),
        *request(13, "live"),
        tell("deployments", repository="r", commit="live", deployed_at="2026-02-05", is_production=True),
        *covering("reviews", "requests", since="2025-01-01"),
    ]
    entries = [encode_entry(record) for record in told]
    with facts_of(told, only=["changes"]) as whole, open_facts(None, origin="test", only=["changes"]) as store:
        wanted = rows_of(whole, "changes")
        store.piece = 2
        project(store, entries, start=0)
        assert rows_of(store, "changes") == wanted
        landed = [own for own in told if own.kind == "fact/changes_seen"]
        again = [encode_entry(msgspec.structs.replace(own, observed=own.observed + 1)) for own in landed]
        project(store, again, start=store.size)
        anew = [{**row, "record": ""} for row in rows_of(store, "changes")]
        assert anew == [{**row, "record": ""} for row in wanted]
    by_name = {row["change_id"]: row for row in wanted}
    assert {name: (row["review_verdict"], *row["approvals_rejected_for"]) for name, row in by_name.items()} == {
        **dict.fromkeys(("plain", "same-tree", "proved", "bypassed", "live"), ("reviewed",)),
        **dict.fromkeys(("written-by-cem", "joined-elsewhere"), ("not-reviewed", "author")),
        **dict.fromkeys(("another-tree", "disproved"), ("not-reviewed", "not-covering")),
        **dict.fromkeys(("dismissed", "dismissed-from-afar"), ("not-reviewed", "dismissed")),
        "withdrawn": ("not-reviewed", "withdrawn"),
        "pushed": ("not-reviewed",),
    }
    assert {name for name, row in by_name.items() if row["bypassed_rules"]} == {"bypassed", "pushed"}
    assert {name for name, row in by_name.items() if row["deployed_at"]} == {"live"}


def test_a_table_that_names_the_changes_it_asks_for_is_left_alone_by_others() -> None:
    def review(number: int) -> bytes:
        return encode_entry(
            tell(
                "reviews",
                repository="r",
                review_id=str(number),
                number=number,
                commit=f"h{number}",
                reviewer="cem",
                state="approved",
                is_bot=False,
            )
        )

    told = [
        *(tell("changes_seen", change_id=f"c{number}", repository="r", number=number, author="ana", head_commit=f"h{number}") for number in (1, 2)),
        tell("database_writes", change_id="c1", executed_at="2026-02-01", system="s"),
    ]  # fmt: skip
    with facts_of(told, only=["changes", "database_changes"]) as store:
        assert [row["is_reviewed_change"] for row in rows_of(store, "database_changes")] == [None]
        store.connection.execute("UPDATE database_changes SET executed_by = 'as it was'")
        project(store, [review(2)], start=store.size)
        (row,) = rows_of(store, "database_changes")
        assert (row["executed_by"], row["is_reviewed_change"]) == ("as it was", None)
        project(store, [review(1)], start=store.size)
        (row,) = rows_of(store, "database_changes")
        assert (row["executed_by"], row["is_reviewed_change"]) == ("x", True)


def test_accounts_that_the_forge_joins_are_kept_with_what_joins_them() -> None:
    def joining(record: str, login: str, **more: Any) -> Record:
        own = {
            "repository": "r",
            "number": 1,
            "commit": record,
            "author": "Cem <home@x.example>",
            "author_login": login,
        }
        return tell("request_commits", **own, **more)

    with facts_of([joining("a", "cem")], only=["changes"]) as store:
        for record, expected in (
            (joining("b", "cem"), {"cem"}),
            (joining("c", "CEM-2"), {"cem", "cem-2"}),
            (joining("c", "web-flow", observed="2026-07-03"), {"cem"}),  # told anew: it was the forge itself
            (joining("b", "ben", observed="2026-07-03"), {"ben", "cem"}),
            (joining("a", "ben", observed="2026-07-03"), {"ben"}),
        ):
            project(store, [encode_entry(record)], start=store.size)
            found = store.connection.execute("SELECT address, login FROM kept.joined").fetchall()
            assert sorted(found) == [("home@x.example", login) for login in sorted(expected)]


def test_a_table_without_its_sources_is_empty_and_is_filled_when_they_come() -> None:
    told = year(World(changes=20))
    named = {file.stem: empty_without(file.read_text("utf-8")) for file in DERIVED.glob("*.sql")}
    assert [name for name, sources in named.items() if sources] == ["rule_times"]
    for name, sources in named.items():
        if sources:
            kinds = {f"fact/{table}" for table in sources}
            late = [encode_entry(record) for record in told if record.kind in kinds]
            with facts_of([record for record in told if record.kind not in kinds], only=[name]) as store:
                assert store.connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,)
                project(store, late, start=store.size)
                found = store.connection.execute(f"FROM {name} ORDER BY ALL").fetchall()
            with facts_of(told, only=[name]) as store:
                whole = store.connection.execute(f"FROM {name} ORDER BY ALL").fetchall()
            assert found == whole != []


def test_what_is_asked_for_and_not_kept_is_as_new_as_what_it_reads(tmp_path: Path) -> None:
    (tmp_path / "extract_checks.sql").write_text(
        "-- asked for, not kept\n" + (DERIVED / "extract_checks.sql").read_text("utf-8")
    )
    place = tmp_path / "facts.duckdb"

    def extract(name: str):
        return encode_entry(tell("extracts", extract=name, population="people", row_count=1))

    for number, name in enumerate(("one", "two")):
        with open_facts(place, origin="test", derived=tmp_path) as store:
            project(store, [extract(name)], start=number)
            assert store.connection.execute("SELECT count(*) FROM extract_checks").fetchone() == (number + 1,)
