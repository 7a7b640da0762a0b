"""One timeline of a branch's rules: looks, rule sets' own times, versions, and the log of rule changes."""

from typing import Any

from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.audit import test_controls as audit
from asbuilt.engine.duck import DuckFacts
from asbuilt.model.record import Record
from asbuilt.model.result import Outcome, Result
from asbuilt.model.window import Window
from tests.facts.telling import covering, facts_of, moment, rows_of, tell

REPO = "acme/shop"
ON: dict[str, Any] = {
    "requires_pull_request": True,
    "required_approvals": 1,
    "required_checks": ["test"],
    "dismisses_stale_approvals": True,
    "requires_owner_approval": False,
    "allows_force_push": False,
    "allows_deletion": False,
}
NOTHING: dict[str, Any] = {
    "requires_pull_request": False,
    "required_approvals": 0,
    "required_checks": [],
    "dismisses_stale_approvals": False,
    "requires_owner_approval": False,
    "allows_force_push": True,
    "allows_deletion": True,
}
YEAR = Window(moment("2025-01-01"), moment("2026-01-01"))
IN_SCOPE = [
    tell("repositories", repository=REPO, in_scope=True, protected_branch="main", in_use_from="2024-01-01"),
    *covering("repositories", since="2024-01-01", until="2026-02-01"),
]
CONTROLS = [own for own in load_controls() if own.id == "CHG-03"]


def part(rule: str, at: str, **columns: Any) -> Record:
    return tell(
        "branch_rule_parts", repository=REPO, branch="main", rule=rule, observed=at, held_from=at, **columns
    )


def protection(at: str, **columns: Any) -> Record:
    """A look at the classic protection; without columns there is none."""
    if not columns:
        return part("protection", at, in_force=False, **NOTHING)
    return part("protection", at, in_force=True, **{"binds_administrators": True, "bypass_actors": []} | columns)


def look(at: str, *names: str, edited: str = "", of: dict[str, Any] | None = None, **columns: Any) -> list[Record]:
    """A reading of the list of rule sets in force, of each, and of a classic protection that is not there.

    ``columns`` are of every rule set, ``of`` of the one that it names.
    """
    found = [part("rulesets", at, in_force=bool(names), rulesets=list(names)), protection(at)]
    for name in names:
        told = ON | {"bypass_actors": []} | columns | (of or {}).get(name, {})
        found.append(ruleset(at, name, edited or at, **told))
        told.pop("bypass_actors")
        found.append(part(f"ruleset {name}", at, in_force=True, **told))
    return found


def ruleset(at: str, name: str, edited: str, **columns: Any) -> Record:
    held: dict[str, Any] = {"held_from": edited, "held_until": at} if edited < at else {"held_from": at}
    told: dict[str, Any] = {"in_force": True, "includes": ["~DEFAULT_BRANCH"], "excludes": []} | held | columns
    return tell("rule_sets", repository=REPO, ruleset=name, observed=at, **told)


def event(at: str, kind: str, rule: str = "ruleset 1 main", **columns: Any) -> Record:
    told = {"event_id": f"{at} {kind} {rule}", "happened_at": at, "kind": kind, "rule": rule} | columns
    return tell("rule_events", repository=REPO, observed="2026-01-31", **told)


def log(since: str = "2025-01-01", until: str = "2026-01-01") -> list[Record]:
    """The owner's audit log, read whole over that time."""
    return [
        tell(
            "extracts",
            source="github:acme",
            extract=f"log {since}",
            population="audit_events",
            covers_from=since,
            covers_until=until,
        )
    ]


def times(*records: Record) -> list[dict[str, Any]]:
    with facts_of(records, only=["rule_times"]) as store:
        return rows_of(store, "rule_times")


def audited(*records: Record, window: Window = YEAR) -> Result:
    with facts_of([*IN_SCOPE, *records], only=["rule_times"]) as store:
        (tested,) = audit(DuckFacts(store.connection), CONTROLS, window, now=moment("2026-02-01"))
    return tested.result


def days(result: Result) -> tuple[float, float, float]:
    """On, off, not visible."""
    found = result.in_force
    assert found is not None
    return found.on / 86_400, found.off / 86_400, found.not_visible / 86_400


def outcome(result: Result) -> Outcome:
    (found,) = (Outcome(name) for name, count in result.counts.items() if count)
    return found


def test_rules_that_were_on_for_thirty_of_the_days_of_a_year_show_as_that() -> None:
    told = [*look("2025-01-01"), event("2025-12-02", "created"), *look("2025-12-31", "1", edited="2025-12-02")]
    result = audited(*told, *log())
    assert days(result) == (30, 335, 0)
    assert outcome(result) is Outcome.DEVIATION


def test_rules_that_are_on_all_year_by_one_look_and_a_log_without_events() -> None:
    result = audited(*look("2025-12-31", "1"), *log())
    assert days(result) == (365, 0, 0)
    assert outcome(result) is Outcome.MET


def test_without_the_log_a_look_proves_its_own_moment() -> None:
    result = audited(*look("2025-12-31", "1"))
    assert outcome(result) is Outcome.UNKNOWN
    assert result.in_force is not None
    assert (result.in_force.on, result.in_force.off) == (1, 0)


def test_a_log_of_another_owner_says_nothing() -> None:
    other = tell("extracts", source="github:other", extract="o", population="audit_events", covers_from="2025-01-01", covers_until="2026-01-01")  # fmt: skip
    result = audited(*look("2025-12-31", "1"), other)
    assert result.in_force is not None
    assert result.in_force.on == 1


def test_a_log_that_was_cut_off_says_nothing() -> None:
    cut = tell("extracts", source="github:acme", extract="o", population="audit_events", covers_from="2025-01-01", covers_until="2026-01-01", truncated=True)  # fmt: skip
    assert days(audited(*look("2025-12-31", "1"), cut))[0] < 1


def test_a_rule_that_was_off_for_a_week_and_on_again_is_a_deviation_of_that_week() -> None:
    told = [
        *look("2025-01-01", "1"),
        event("2025-03-01", "disabled", weakens=True),
        event("2025-03-08", "enabled"),
        *look("2025-12-31", "1", edited="2025-03-08"),
    ]
    result = audited(*told, *log())
    assert days(result) == (358, 7, 0)
    (verdict,) = result.verdicts
    assert verdict.because["off_from"] == "2025-03-01T00:00:00Z"


def test_after_an_edit_that_says_nothing_more_nobody_knows_until_the_next_look() -> None:
    told = [
        *look("2025-01-01", "1"),
        event("2025-03-01", "updated"),
        event("2025-03-08", "updated"),
        *look("2025-12-31", "1", edited="2025-03-08"),
    ]
    result = audited(*told, *log())
    assert days(result) == (358, 0, 7)
    assert outcome(result) is Outcome.UNKNOWN


def test_what_was_never_seen_is_not_visible() -> None:
    result = audited(*log())
    assert days(result) == (0, 0, 365)
    assert outcome(result) is Outcome.UNKNOWN
    assert result.conclusion == "evidence missing"


def test_whoever_may_go_around_a_rule_set_shows() -> None:
    result = audited(*look("2025-12-31", "1", bypass_actors=["app 9"]), *log())
    assert days(result) == (0, 365, 0)
    (verdict,) = result.verdicts
    assert verdict.because["bypass_actors"] == ["app 9"]


def test_administrators_on_the_list_are_not_bound() -> None:
    (row,) = times(*look("2025-12-31", "1", bypass_actors=["role admin"]), *log())
    assert (row["binds_administrators"], row["bypass_actors"]) == (False, ["role admin"])


def test_a_hidden_list_of_those_who_may_go_around_is_unknown() -> None:
    result = audited(*look("2025-12-31", "1", bypass_actors=None), *log())
    assert outcome(result) is Outcome.UNKNOWN


def test_a_rule_set_of_the_organisation_that_nobody_may_go_around_makes_up_for_one_of_the_repository() -> None:
    told = look("2025-12-31", "1", "7", of={"1": {"bypass_actors": ["role admin"]}})
    (row,) = times(*told, *log())
    assert (row["known_by"], row["binds_administrators"], row["bypass_actors"]) == (
        "ruleset 1, ruleset 7",
        True,
        [],
    )
    assert outcome(audited(*told, *log())) is Outcome.MET


def test_it_does_not_where_it_asks_less() -> None:
    told = look("2025-12-31", "1", "7", of={"1": {"bypass_actors": ["role admin"]}, "7": {"required_approvals": 0}})
    (row,) = times(*told, *log())
    assert (row["required_approvals"], row["bypass_actors"]) == (1, ["role admin"])


def test_an_edit_of_the_organisations_rule_sets_ends_what_is_known() -> None:
    edit = tell(
        "audit_events",
        organization="acme",
        event_id="e",
        action="repository_ruleset.update",
        happened_at="2025-06-01",
    )
    result = audited(*look("2025-12-31", "1", edited="2025-06-01"), edit, *log())
    assert days(result) == (214, 0, 151)


def test_a_protection_that_could_not_be_read_leaves_what_rule_sets_ask_at_least() -> None:
    told = [
        each for each in look("2025-12-31", "1", edited="2025-01-01") if b'"rule":"protection"' not in each.payload
    ]
    rows = times(*told)
    assert {(row["is_whole"], row["required_approvals"], row["requires_pull_request"]) for row in rows} == {
        (False, 1, True)
    }
    assert outcome(audited(*told)) is Outcome.UNKNOWN  # the last day was not seen
    weak = [
        each for each in look("2025-12-31", "1", required_approvals=0) if b'"rule":"protection"' not in each.payload
    ]
    assert outcome(audited(*weak, *log())) is Outcome.UNKNOWN


def test_a_rule_set_held_since_it_was_last_edited() -> None:
    result = audited(*look("2026-01-01", "1", edited="2025-11-02"))
    assert days(result) == (60, 0, 305)


def test_versions_of_a_rule_set_tell_what_it_asked_before() -> None:
    on = '{"in_force":true,"includes":["~DEFAULT_BRANCH"],"excludes":[],"requires_pull_request":true,"required_approvals":1,"required_checks":["test"],"dismisses_stale_approvals":true,"allows_force_push":false,"allows_deletion":false,"bypass_actors":[]}'  # fmt: skip
    off = on.replace('"in_force":true', '"in_force":false')
    told = [
        event("2024-12-01", "version", detail=on),
        event("2025-03-01", "version", detail=off),
        event("2025-03-31", "version", detail=on),
        *look("2026-01-01", "1", edited="2025-03-31"),
    ]
    rows = {row["held_from"]: row for row in times(*told)}
    assert rows["2024-12-01T00:00:00Z"]["held_until"] == "2025-03-01T00:00:00Z"
    assert "2025-03-01T00:00:00Z" not in rows  # the classic protection may have asked for it meanwhile
    assert days(audited(*told)) == (335, 0, 30)
    result = audited(*told, *covering("rule_events", since="2024-11-01", until="2026-01-02"))
    assert days(result) == (335, 30, 0)


def test_a_classic_protection_alone() -> None:
    bare = [each for each in look("2025-12-31") if b'"rule":"protection"' not in each.payload]
    assert outcome(audited(*bare, protection("2025-12-31", **ON), *log())) is Outcome.MET
    free = audited(*bare, protection("2025-12-31", **ON, binds_administrators=False), *log())
    assert outcome(free) is Outcome.DEVIATION


def test_two_looks_that_differ_without_an_event_hold_for_their_own_moments() -> None:
    told = [*look("2025-03-01", "1"), *look("2025-09-01")]
    result = audited(*told, *log())
    assert result.in_force is not None
    assert (result.in_force.on, result.in_force.off) == (1, 1)


def test_a_whole_look_that_was_told_stands_until_the_next_event() -> None:
    whole = tell(
        "branch_rules", repository=REPO, branch="main", observed="2025-06-01", binds_administrators=True,
        bypass_actors=[], **ON,
    )  # fmt: skip
    (row,) = times(
        whole, event("2025-07-01", "updated"), *covering("rule_events", since="2025-05-01", until="2025-08-01")
    )
    assert (row["known_by"], row["held_from"], row["held_until"]) == (
        "told",
        "2025-05-01T00:00:00Z",
        "2025-07-01T00:00:00Z",
    )
    (alone,) = times(whole)
    assert (alone["held_from"], alone["held_until"]) == ("2025-06-01T00:00:00Z", "2025-06-01T00:00:01Z")
