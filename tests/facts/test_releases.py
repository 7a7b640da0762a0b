"""Packages that came in, and changes of prompts and models."""

import re
from typing import Any

import pytest

from asbuilt.model.record import Record
from asbuilt.supply.licence_policy import licence_accepted
from tests.facts.telling import covering, facts_of, rows_of, tell

HR = [
    tell("people", person="ana", name="Ana", starts_at="2020-01-01", identities=["ana@example.com"]),
    tell("people", person="bo", name="Bo", starts_at="2020-01-01", identities=["bo-gh"]),
    tell("people", person="lee", name="Lee", starts_at="2020-01-01", ends_at="2026-02-01"),
    *covering("people"),
]


def change(**columns: Any) -> Record:
    told = {
        "landed_at": "2026-03-02",
        "landing": "merge",
        "author": "Ana <ana@example.com>",
        "participants": ["ana@example.com", "helper[bot]"],
        "attribution": "ai-declared",
        "number": 7,
        "head_commit": "c1",
        **columns,
    }
    return tell("changes_seen", repository="h/a", change_id="c1", **told)


APPROVED = tell(
    "reviews",
    repository="h/a",
    review_id="1",
    number=7,
    commit="c1",
    reviewer="bo-gh",
    is_bot=False,
    state="approved",
    submitted_at="2026-03-01",
)


def rows(table: str, *records: Record) -> list[dict[str, Any]]:
    with facts_of([*HR, *records], only=["changes", table]) as store:
        return rows_of(store, table)


def added(*records: Record, **columns: Any) -> dict[str, Any]:
    told = {"package": "pypi:left", "version": "1.0", "added_at": "2026-03-02", **columns}
    own = tell("dependencies_added", repository="h/a", change_id="c1", **told)
    (row,) = rows("dependency_checks", own, *records)
    return row


def test_the_age_of_a_package_when_it_came() -> None:
    assert added(published_at="2026-02-20")["age_days"] == 10
    assert added()["age_days"] is None


def test_an_approval_of_the_whole_change_counts() -> None:
    assert added(change(), APPROVED, *covering("reviews"))["approved_by_another"] is True
    assert added(change(), *covering("reviews"))["approved_by_another"] is False
    assert added(change())["approved_by_another"] is None
    bare = added()
    assert (bare["approved_by_another"], bare["attribution"]) == (None, "unknown")
    assert added(change())["attribution"] == "ai-declared"


def test_the_one_named_must_be_another_and_agree_before() -> None:
    def named(who: str, day: str | None = "2026-03-01") -> Any:
        return added(change(), approved_by=who, approved_at=day)["approved_by_another"]

    assert named("bo-gh") is True
    assert named("bo-gh", "2026-03-03") is False
    assert named("ana") is False
    assert named("ana@example.com") is False
    assert named("helper[bot]") is False
    assert named("lee") is False
    assert named("review-bot") is False
    assert named("bo-gh", None) is None
    assert added(approved_by="bo-gh", approved_at="2026-03-01")["approved_by_another"] is None  # by whom, unknown


@pytest.mark.parametrize(
    ("licence", "choices"),
    [
        (None, []),
        ("MIT", ["mit"]),
        ("MIT  AND AGPL-3.0-only", ["agpl-3.0-only mit"]),
        ("MIT OR AGPL-3.0-only", ["agpl-3.0-only", "mit"]),
        ("(MIT OR AGPL-3.0-only)", ["agpl-3.0-only", "mit"]),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", ["apache-2.0 unicode-3.0", "mit unicode-3.0"]),
        ("Unicode-3.0 AND (MIT OR Apache-2.0)", ["apache-2.0 unicode-3.0", "mit unicode-3.0"]),
        ("(MIT OR ISC) AND (Zlib OR 0BSD)", ["0bsd isc", "0bsd mit", "isc zlib", "mit zlib"]),
        ("MIT OR (Apache-2.0 AND AGPL-3.0-only)", ["agpl-3.0-only apache-2.0", "mit"]),
        ("MIT OR Apache-2.0 AND AGPL-3.0-only", ["agpl-3.0-only apache-2.0", "mit"]),
        ("MIT AND (ISC AND Zlib)", ["isc mit zlib"]),
        ("MIT OR (ISC OR Zlib)", ["isc", "mit", "zlib"]),
        ("GPL-2.0-only WITH Classpath-exception-2.0", ["gpl-2.0-only gpl-2.0-only with classpath-exception-2.0"]),
        ("LicenseRef-vendor", ["licenseref-vendor"]),
        # Not read, and so not known.
        ("MIT AND (ISC OR (Zlib AND AGPL-3.0-only))", []),
        ("(MIT OR ISC) AND Zlib OR AGPL-3.0-only", []),
        ("(MIT AND ISC OR Zlib) AND AGPL-3.0-only", []),
        ("MIT OR ISC OR Zlib OR 0BSD OR AGPL-3.0-only", []),
        ("(A OR B) AND (C OR D) AND (E OR F)", []),
    ],
)
def test_each_choice_that_a_licence_leaves(licence: str | None, choices: list[str]) -> None:
    row = added(change(), licence=licence)
    told = [row[f"licence_choice_{number}"] for number in range(1, 5)]
    assert sorted(" ".join(sorted(own)) for own in told if own is not None) == choices
    names = {"AND", "OR", "WITH", "Classpath-exception-2.0"}
    wanted = {own.lower() for own in re.findall(r"[\w.-]+", licence or "") if own not in names}
    assert wanted <= set(row["licences_named"])


def test_the_choices_come_to_what_the_gate_says_of_the_same_licence() -> None:
    names = ("MIT", "ISC", "AGPL-3.0-only")
    pairs = [f"{one} {word} {other}" for one in names for other in names for word in ("AND", "OR")]
    every = [*names, *pairs, *(f"({own}) {word} {one}" for own in pairs for one in names for word in ("AND", "OR"))]
    every += [f"({own}) AND ({other})" for own in pairs for other in pairs]
    told = {"repository": "h/a", "change_id": "c1", "package": "pypi:left", "added_at": "2026-03-02"}
    came = [tell("dependencies_added", **told, version=str(at), licence=own) for at, own in enumerate(every)]
    read = 0
    for row in rows("dependency_checks", change(), *came):
        choices = [own for number in range(1, 5) if (own := row[f"licence_choice_{number}"]) is not None]
        read += bool(choices)
        for refused in (("MIT",), ("AGPL-3.0-only",), ("MIT", "ISC"), names):
            said = any(not {each.lower() for each in refused} & set(own) for own in choices) if choices else None
            assert said in {None, licence_accepted(row["licence"], allowed=(), refused=refused)}, row["licence"]
    assert read > len(every) * 0.6


def test_another_version_is_told_from_a_new_package() -> None:
    assert added(change())["kind"] is None
    assert added(change(), kind="version", previous_version="0.9")["kind"] == "version"


def approval(**columns: Any) -> Record:
    told = {
        "approval": "D-1",
        "package": "PyPI:left",
        "approved_by": "bo-gh",
        "approved_at": "2026-02-01",
        "reason": "we read it",
        "expires_at": "2027-02-01",
        "excepts": ["licence", "age"],
        **columns,
    }
    return tell("dependency_approvals", **told)


def test_an_approval_of_the_package_counts_while_it_holds() -> None:
    row = added(change(), approval())
    assert (row["approved_by"], row["approved_by_another"]) == ("bo-gh", True)
    assert row["excepted_from"] == ["age", "licence"]
    assert added(change(), approval(version="1.0"))["approved_by_another"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": "1.1"},
        {"package": "npm:left"},
        {"package": "pypi:right"},
        {"approved_at": "2026-03-03"},
        {"expires_at": "2026-03-02"},
        {"reason": None},
        {"reason": " "},
    ],
)
def test_one_that_does_not_hold_is_none_and_the_change_decides(wrong: dict[str, Any]) -> None:
    row = added(change(), approval(**wrong), *covering("reviews"))
    assert (row["approved_by"], row["approved_by_another"], row["excepted_from"]) == (None, False, [])
    assert added(change(), APPROVED, approval(**wrong), *covering("reviews"))["approved_by_another"] is True


@pytest.mark.parametrize("who", ["ana", "helper[bot]", "lee", "nobody@example.com"])
def test_one_by_whoever_took_part_or_is_not_at_work_is_a_wrong_one(who: str) -> None:
    day = {"approved_at": "2026-02-02"}
    row = added(change(), APPROVED, approval(approved_by=who, **day), *covering("reviews"))
    assert (row["approved_by"], row["approved_by_another"], row["excepted_from"]) == (who, False, [])


def test_of_several_one_is_enough() -> None:
    row = added(change(), approval(approved_by="ana"), approval(approval="D-2", excepts=None))
    assert (row["approved_by"], row["approved_by_another"], row["excepted_from"]) == ("bo-gh", True, [])
    again = added(change(), approval(), approved_by="ana", approved_at="2026-03-01")
    assert (again["approved_by"], again["approved_by_another"]) == ("bo-gh", True)


def test_what_it_is_excepted_from_needs_an_end() -> None:
    row = added(change(), approval(expires_at=None))
    assert (row["approved_by_another"], row["excepted_from"]) == (True, [])


def test_names_are_compared_as_their_ecosystem_does() -> None:
    named = {"package": "pypi:Flask_Login"}
    assert added(change(), approval(package="PyPI:flask-login"), **named)["approved_by_another"] is True
    cased = {"package": "npm:Left"}
    assert added(change(), approval(package="npm:left"), **cased)["approved_by"] is None


def test_our_own_changes_of_prompts() -> None:
    evaluation = tell(
        "checks",
        repository="h/a",
        check_id="1",
        commit="c1",
        name="evals",
        kind="evaluation",
        conclusion="success",
        completed_at="2026-03-01",
    )
    seen = covering("reviews", "checks")
    (row,) = rows("ai_feature_changes", change(touches_prompts=True), APPROVED, evaluation, *seen)
    assert (row["kind"], row["attribution"]) == ("own", "ai-declared")
    assert (row["independent_human_approvals"], row["evaluated"]) == (1, True)
    (bare,) = rows("ai_feature_changes", change(touches_prompts=True), *seen)
    assert (bare["independent_human_approvals"], bare["evaluated"]) == (0, False)
    assert rows("ai_feature_changes", change(touches_prompts=False)) == []
    assert rows("ai_feature_changes", change()) == []


def provider(*records: Record, **columns: Any) -> tuple[Any, ...]:
    own = tell("model_changes", feature="chat", changed_at="2026-03-01", new_model="m-2", **columns)
    (row,) = rows("ai_feature_changes", own, *records)
    return row["evaluated"], row["evaluation_days"], row["accepted"]


def test_a_model_that_the_provider_changed() -> None:
    listed = covering("model_changes")
    done = {"evaluated_at": "2026-03-04", "evaluation_passed": True, "accepted_by": "bo-gh"}
    assert provider(**done) == (True, 3, True)
    assert provider() == (None, None, None)
    assert provider(*listed) == (False, None, False)
    assert provider(*listed, evaluated_at="2026-03-04") == (None, 3, False)
    assert provider(*listed, accepted_by="judge-bot") == (False, None, False)
