"""From entries to tables: the same tables, whatever the order and however many steps."""

from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from asbuilt.facts.store import FactStore, open_facts, project, table_digest, update_facts
from asbuilt.model.record import Record, encode_entry
from tests.facts.telling import facts_of, rows_of, tell

DERIVED = ("changes", "change_training", "secret_checks")
TOLD = ("people", "extracts", "changes_seen", "reviews", "checks", "deployments", "secret_protection", "requests",
        "request_commits", "request_events", "coverings", "pushes", "rule_suites", "path_rights", "agents")  # fmt: skip
TABLES = (*TOLD, *DERIVED)
DAYS = [f"2026-01-{day:02}" for day in range(1, 29, 3)]
ACCOUNTS = ["ana", "Ana <ana@x.example>", "ben@x.example", "BEN", "cem", "ana@x.example"]


def opened() -> FactStore:
    return open_facts(None, origin="test", only=DERIVED)


def digests(store: FactStore) -> dict[str, str]:
    return {table: table_digest(store, table) for table in TABLES}


days, accounts = st.sampled_from(DAYS), st.sampled_from(ACCOUNTS)
commits = st.sampled_from(["c1", "c2", "h1", "h2"])
observed = st.sampled_from(["2026-02-01", "2026-02-02"])
moments = st.builds("{}T{}:00:00Z".format, days, st.sampled_from(["00", "01", "12"]))
numbers, parts = st.sampled_from([1, 2, None]), st.sampled_from([None, None, "r", "other"])
told = st.one_of(
    st.builds(
        tell,
        st.just("people"),
        person=st.sampled_from(["p1", "p2"]),
        observed=observed,
        identities=st.lists(accounts, max_size=2),
    ),
    st.builds(
        tell,
        st.just("extracts"),
        extract=st.sampled_from(["e1", "e2", "e3"]),
        observed=observed,
        population=st.sampled_from(["reviews", "checks", "requests", "secret_protection", "trainings"]),
        part=parts,
        covers_from=days,
        covers_until=st.none() | days,
        ended_at=st.none() | days,
        truncated=st.booleans(),
    ),
    st.builds(
        tell,
        st.just("changes_seen"),
        change_id=st.sampled_from(["c1", "c2", "c3"]),
        repository=st.just("r"),
        landed_at=days,
        observed=observed,
        number=numbers,
        head_commit=st.none() | commits,
        author=accounts,
        participants=st.lists(accounts, max_size=2),
        landing=st.sampled_from(["squash", "direct"]),
        required_checks=st.none() | st.just(["tests"]),
    ),
    st.builds(
        tell,
        st.just("reviews"),
        review_id=st.sampled_from(["1", "2", "3"]),
        repository=st.just("r"),
        number=numbers,
        commit=st.none() | commits,
        reviewer=st.none() | accounts,
        submitted_at=moments,
        observed=observed,
        is_bot=st.none() | st.booleans(),
        state=st.sampled_from(["approved", "approved", "dismissed", "changes-requested", "commented"]),
    ),
    st.builds(
        tell,
        st.just("checks"),
        check_id=st.sampled_from(["1", "2"]),
        repository=st.just("r"),
        commit=commits,
        name=st.sampled_from(["tests", "lint"]),
        kind=st.sampled_from(["tests", "secret-scan"]),
        conclusion=st.sampled_from(["success", "failure", "cancelled"]),
        completed_at=st.none() | days,
        observed=observed,
    ),
    st.builds(
        tell,
        st.just("secret_protection"),
        repository=st.just("r"),
        held_from=st.none() | days,
        held_until=st.none() | days,
        blocks_pushes=st.booleans(),
        observed=observed,
    ),
    st.builds(
        tell,
        st.just("deployments"),
        deployment_id=st.sampled_from(["1", "2"]),
        repository=st.just("r"),
        is_production=st.booleans(),
        commit=commits,
        deployed_at=days,
        observed=observed,
    ),
)
# What the forge tells of requests, and what git proves of them.
of_requests = st.one_of(
    st.builds(
        tell, st.just("requests"), repository=st.just("r"), number=st.sampled_from([1, 2]), opened_at=days,
        merged_at=st.none() | moments, state=st.sampled_from(["merged", "closed"]), author=st.none() | accounts,
        merge_commit=st.none() | commits, head_commit=st.none() | commits, observed=observed,
        author_kind=st.sampled_from(["user", "bot"]), added_lines=st.just(500), removed_lines=st.just(1),
    ),
    st.builds(
        tell, st.just("request_commits"), repository=st.just("r"), number=st.sampled_from([1, 2]), commit=commits,
        author=accounts, author_login=st.sampled_from(["ana", "cem", "dov", "agent[bot]", None]),
        co_authors=st.lists(accounts, max_size=1), tree=st.sampled_from(["t1", "t2", None]),
        parents=st.sampled_from([["x"], ["x", "y"]]), committed_at=st.none() | moments, observed=observed,
    ),
    st.builds(
        tell, st.just("request_events"), repository=st.just("r"), number=st.sampled_from([1, 2]), happened_at=moments,
        event_id=st.sampled_from(["1", "2"]), actor=st.none() | accounts, observed=observed,
        kind=st.sampled_from(["pushed", "review-dismissed", "approval-withdrawn", "agent-started", "merged"]),
        review_id=st.sampled_from(["1", "2", None]),
    ),
    st.builds(
        tell, st.just("coverings"), repository=st.just("r"), commit=commits, change_id=st.sampled_from(["c1", "c2"]),
        covers=st.none() | st.booleans(), observed=observed,
    ),
    st.builds(
        tell, st.just("pushes"), repository=st.just("r"), push_id=st.sampled_from(["1", "2"]), observed=observed,
        kind=st.sampled_from(["push", "merge"]), after_commit=st.none() | commits | st.sampled_from(["c1", "c2"]),
    ),
    st.builds(
        tell, st.just("rule_suites"), repository=st.just("r"), suite_id=st.sampled_from(["1", "2"]), observed=observed,
        result=st.sampled_from(["pass", "bypass", "fail"]), after_commit=st.none() | st.sampled_from(["c1", "c2"]),
    ),
    st.builds(
        tell, st.just("path_rights"), repository=st.just("r"), account=accounts, held_from=days, held_until=days,
        can_merge=st.booleans(), observed=observed,
    ),
    st.builds(
        tell, st.just("agents"), agent=st.sampled_from(["a1", "a2"]), owner=st.sampled_from(["p1", "cem"]),
        accounts=st.lists(accounts, max_size=1), observed=observed,
    ),
)  # fmt: skip


@pytest.mark.slow
# Not shrunk: each example makes three databases, and a failing one is small enough to read.
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(st.lists(told | of_requests, max_size=32), st.data())
def test_any_order_and_any_steps_give_the_same_tables(records: list[Record], data: st.DataObject) -> None:
    entries = [encode_entry(record) for record in records]
    with opened() as store:
        project(store, entries, start=0)
        wanted = digests(store)
        project(store, entries, start=len(entries))  # told twice
        assert digests(store) == wanted
    shuffled = data.draw(st.permutations(entries))
    cuts = sorted(data.draw(st.lists(st.integers(0, len(entries)), max_size=4)))
    with opened() as store:
        store.piece = data.draw(st.integers(1, 3))
        for start, end in zip([0, *cuts], [*cuts, len(entries)], strict=True):
            project(store, shuffled[start:end], start=start)
        assert store.size == len(entries)
        assert digests(store) == wanted


def person(name: str, **more: Any) -> Record:
    return tell("people", person="p", name=name, **more)


@pytest.mark.parametrize("turn", [1, -1])
def test_the_newest_record_of_an_event_wins(turn: int) -> None:
    old, new = person("old", observed="2026-01-01"), person("new", observed="2026-01-02")
    late = person("late", observed="2026-01-01", recorded="2026-03-01")
    for pair, winner in (((old, new), "new"), ((old, late), "late"), ((late, new), "new")):
        with facts_of(pair[::turn], only=[]) as store:
            assert [row["name"] for row in rows_of(store, "people")] == [winner]


def test_a_draw_is_settled_by_the_payload_then_by_the_whole_entry() -> None:
    one, other = person("one"), person("other")
    same = [person("one", source="a"), person("one", source="b")]
    for records in ([one, other], same):
        found = set()
        for order in (records, records[::-1]):
            with facts_of(order, only=[]) as store:
                found.add(table_digest(store, "people"))
        assert len(found) == 1


def test_what_is_touched_and_nothing_else_is_made_anew() -> None:
    with facts_of(
        [tell("changes_seen", change_id=f"c{n}", repository="r", number=n) for n in range(3)], ["changes"]
    ) as store:
        store.connection.execute("UPDATE changes SET subject = 'as it was'")
        review = tell("reviews", review_id="1", repository="r", number=1, reviewer="cem", state="approved")
        project(store, [encode_entry(review)], start=3)
        assert {row["number"]: row["subject"] for row in rows_of(store, "changes")} == {
            0: "as it was", 1: "x", 2: "as it was",
        }  # fmt: skip


def test_what_fits_no_table_is_a_gap_and_never_a_crash() -> None:
    good = encode_entry(person("good"))
    entries = [
        b"no entry at all",
        encode_entry(Record("s", "e1", "fact/nothing", b"{}", 1, 1, "b", "h")),
        encode_entry(Record("s", "e2", "fact/changes", b"{}", 1, 1, "b", "h")),
        encode_entry(Record("s", "e\u202e3", "fact/people", b'{"person":5}', 1, 1, "b", "h")),
        encode_entry(Record("s", "k", "key", b"\xff", 1, 1, "b", "h")),
        good,
    ]
    with opened() as store:
        found = project(store, entries, start=0)
        assert (store.size, found.rows, len(rows_of(store, "people"))) == (6, 1, 1)
    assert [gap.code for gap in found.refused] == ["GAP-RECORD"] * 4
    reasons = [gap.why for gap in found.refused]
    assert "A ledger entry cannot be read" in reasons[0]
    assert "there is no such table" in reasons[1]
    assert "derived and takes no records" in reasons[2]
    assert "Expected `str`, got `int`" in reasons[3]
    assert all(reason.startswith(f"Entry {number} of the ledger") for number, reason in enumerate(reasons))
    assert "\u202e" not in found.refused[3].what


def test_a_projection_begins_where_the_last_ended() -> None:
    with opened() as store, pytest.raises(ValueError, match="cannot be number 1"):
        project(store, [], start=1)


def test_a_store_that_breaks_on_the_way_is_made_anew(tmp_path: Any) -> None:
    entries = [encode_entry(person("a"))]
    with open_facts(tmp_path / "facts.duckdb", origin="test", only=[]) as store:
        update_facts(store, lambda start: entries[start:])
        store.connection.execute("DROP VIEW people")
        store.connection.execute("DROP TABLE kept.people")
        entries.append(encode_entry(tell("people", person="q", name="b")))
        found = update_facts(store, lambda start: entries[start:])
        assert (found.rows, [row["name"] for row in rows_of(store, "people")]) == (2, ["a", "b"])
    with opened() as store:
        store.connection.execute("DROP VIEW people")
        store.connection.execute("DROP TABLE kept.people")
        with pytest.raises(duckdb.Error):
            update_facts(store, lambda start: entries[start:])


def test_values_come_through_as_they_were_told() -> None:
    name = 'a "quoted", \u202e name\n\x00 with everything'
    record = tell(
        "people", person="p", name=name, starts_at="2026-01-01T01:00:00+01:00", identities=["", 'b"', "ß"]
    )
    with facts_of([record], only=[]) as store:
        (row,) = rows_of(store, "people")
    assert (row["name"], row["identities"], row["starts_at"]) == (name, ["", 'b"', "ß"], "2026-01-01T00:00:00Z")
    assert (row["record_id"], row["recorded_from"], row["is_engineer"]) == ("p", "test", None)


DELIVERY = ["changes", "change_training", "deployed_changes", "deployment_checks"]


def extract(population: str, since: str, until: str, nth: int = 0, **more: Any) -> Record:
    more = {"extract": f"{population} {nth}", "observed": f"2026-07-{2 + nth:02}", **more}
    return tell("extracts", population=population, covers_from=since, covers_until=until, **more)


def delivered() -> list[Record]:
    """Four months of two repositories: a change every three days, a deployment every nine."""
    records = [tell("people", person="ana", identities=["ana@x.example"])]
    for number in range(40):
        at = f"2026-{1 + number // 10:02}-{1 + number % 10 * 3:02}"
        own = {"repository": f"r{number % 2}", "landed_at": at, "number": number, "came_by_pull_request": True}
        records.append(tell("changes_seen", change_id=f"c{number}", author="ana", head_commit=f"h{number}", **own))
        if number % 3 == 0:
            records.append(
                tell("deployments", deployment_id=f"d{number}", repository=f"r{number % 2}", commit=f"c{number}",
                     deployed_at=f"{at}T12:00:00Z", is_production=True, by_pipeline=False, deployed_by="ana")
            )  # fmt: skip
    return records


@pytest.mark.slow
def test_what_was_read_further_changes_what_it_changes_from_scratch_and_no_more() -> None:
    steps = [
        [extract("reviews", "2026-01-05", "2026-03-01"), extract("checks", "2026-01-05", "2026-03-01")],
        [extract("reviews", "2026-01-05", "2026-03-12", 1), extract("checks", "2026-01-05", "2026-03-02", 1)],  # further
        [extract("reviews", "2026-03-20", "2026-04-20", 2), extract("reviews", "2026-03-12", "2026-03-20", 3)],  # a hole
        [extract("checks", "2026-01-01", "2026-04-01", 4, part="r1")],  # of one repository alone
        [extract("reviews", "2026-01-05", "2026-03-12", 1, observed="2026-07-09", truncated=True)],  # less than thought
        [extract("changes_seen", "2026-02-01", "2026-04-01", 5), extract("path_rights", "2026-02-01", "2026-03-01", 5)],
        [extract("path_rights", "2026-02-20", "2026-03-15", 6, part="r0"), extract("tenant_endpoints", "2026-01-20", "2026-02-20")],
        [extract("trainings", "2026-02-01", "2026-03-01")],
        [extract("trainings", "2026-01-15", "2026-03-10", 7)],  # earlier too: since when is another for all in it
        [extract("trainings", "2026-03-20", "2026-04-10", 8)],
    ]  # fmt: skip
    everything = delivered()
    with facts_of(everything, only=DELIVERY) as store:
        for step in steps:
            before = len(everything)
            everything += step
            project(store, [encode_entry(record) for record in step], start=before)
            with facts_of(everything, only=DELIVERY) as anew:
                for table in DELIVERY:
                    assert rows_of(store, table) == rows_of(anew, table), (table, step)


def test_a_day_further_touches_only_the_changes_of_a_day() -> None:
    with facts_of([*delivered(), extract("reviews", "2026-01-01", "2026-03-01")], ["changes"]) as store:
        store.connection.execute("UPDATE changes SET subject = 'as it was'")
        project(store, [encode_entry(extract("reviews", "2026-01-01", "2026-03-05", 1))], start=store.size)
        touched = [row["landed_at"][:10] for row in rows_of(store, "changes") if row["subject"] == "x"]
    # Those that landed in the four days; and those for which seven days after the landing are covered only now.
    assert sorted(touched) == ["2026-02-22", "2026-02-25", "2026-03-01", "2026-03-04"]
