"""A tidy company over half a year: each control of access and change holds, and one wrong record breaks its own."""

from collections.abc import Iterable
from typing import Any

import pytest

from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.audit import test_controls as audit
from asbuilt.engine.duck import DuckFacts
from asbuilt.model.record import Record
from asbuilt.model.result import Conclusion, Result
from asbuilt.model.window import Window
from tests.facts.telling import facts_of, moment, tell

CONTROLS = [own for own in load_controls() if own.id.startswith(("ACC-", "CHG-"))]
H1 = Window(moment("2026-01-01"), moment("2026-07-01"))
NOW = moment("2026-07-10")
REPO = "harbor/app"
HELD = {"held_from": "2025-06-01", "held_until": "2026-07-02"}


def extract(table: str) -> Record:
    return tell(
        "extracts",
        extract=table,
        population=table,
        covers_from="2024-01-01",
        covers_until="2026-07-02",
        ended_at="2026-07-02",
    )


def person(name: str, **columns: Any) -> Record:
    return tell("people", person=name, name=name, **{"starts_at": "2020-01-01", "manager": "max", **columns})


def account(system: str, name: str, kind: str = "human", **columns: Any) -> Record:
    told = {"created_at": "2025-01-01", "single_sign_on": True, **columns}
    return tell("accounts", system=system, account=name, kind=kind, **told)


def system(name: str, kind: str) -> Record:
    return tell("systems", system=name, name=name, kind=kind, in_scope=True, owner="max")


def grant(**columns: Any) -> Record:
    told = {"account": "ana", "access_right": "write", "granted_at": "2026-02-02", "request": "REQ-1", **columns}
    return tell("grants", system="gh", grant_id="1", **told)


def reviewed(name: str, where: str, day: str, *, whom: Iterable[str]) -> list[Record]:
    accounts = list(whom)
    return [
        tell(
            "access_reviews",
            review=name,
            system=where,
            listed_at=day,
            completed_at=f"{day}T12:00:00Z",
            listed_accounts=len(accounts),
            system_accounts=len(accounts),
        ),
        *(
            tell(
                "access_review_items",
                review=name,
                account=each,
                access_right="all",
                decision="keep",
                decided_by="bo" if each == "max" else "max",
                decided_at=f"{day}T11:00:00Z",
            )
            for each in accounts
        ),
    ]


def key(**columns: Any) -> Record:
    told: dict[str, Any] = {
        "issued_at": "2026-01-15",
        "owner": "ana",
        "scopes": ["read"],
        "in_vault": True,
        "use_is_logged": True,
        "readers": ["ci"],
        "approved_readers": ["ci"],
        "is_ai_vendor": True,
        "has_spend_limit": True,
        **columns,
    }
    return tell("credentials", system="gh", credential="k", kind="api-key", **told)


def rules(**columns: Any) -> Record:
    told: dict[str, Any] = {
        "requires_pull_request": True,
        "required_approvals": 1,
        "required_checks": ["test"],
        "dismisses_stale_approvals": True,
        "allows_force_push": False,
        "allows_deletion": False,
        "binds_administrators": True,
        "bypass_actors": [],
        **HELD,
        **columns,
    }
    return tell("branch_rules", repository=REPO, branch="main", **told)


def change(**columns: Any) -> Record:
    told: dict[str, Any] = {
        "landed_at": "2026-03-02",
        "landing": "merge",
        "author": "Ana <ana@example.com>",
        "participants": ["ana@example.com", "helper[bot]"],
        "attribution": "ai-declared",
        "ai_tool_named": True,
        "number": 7,
        "head_commit": "h1",
        "came_by_pull_request": True,
        "bypassed_rules": False,
        "request_mentions": 1,
        "request_opened_at": "2026-02-20",
        "guarded_paths": [".github/workflows/ci.yml"],
        "guarded_owner_approved": True,
        "required_checks": ["test"],
        "touches_prompts": True,
        **columns,
    }
    return tell("changes_seen", repository=REPO, change_id="c1", **told)


def review(**columns: Any) -> Record:
    told = {
        "reviewer": "bo",
        "is_bot": False,
        "state": "approved",
        "submitted_at": "2026-03-01T12:00:00Z",
        "commit": "h1",
        **columns,
    }
    return tell("reviews", repository=REPO, review_id="v1", number=7, **told)


def check(kind: str, name: str, conclusion: str = "success") -> Record:
    return tell(
        "checks",
        repository=REPO,
        check_id=kind,
        commit="h1",
        name=name,
        kind=kind,
        conclusion=conclusion,
        completed_at="2026-03-01T11:00:00Z",
    )


def deployment(**columns: Any) -> Record:
    told = {
        "commit": "c1",
        "artifact_digest": "sha256:a",
        "attested_digest": "sha256:a",
        "by_pipeline": True,
        **columns,
    }
    return tell(
        "deployments",
        repository=REPO,
        deployment_id="d1",
        environment="production",
        is_production=True,
        deployed_at="2026-03-03",
        deployed_by="pipeline",
        **told,
    )


def emergency(**columns: Any) -> list[Record]:
    told = {
        "landed_at": "2026-04-06",
        "landing": "merge",
        "number": 8,
        "head_commit": "h2",
        "request_mentions": 1,
        "request_opened_at": "2026-04-05",
        **columns,
    }
    return [
        tell(
            "changes_seen",
            repository=REPO,
            change_id="c2",
            author="ana",
            participants=["ana"],
            attribution="human-tracked",
            came_by_pull_request=False,
            bypassed_rules=True,
            emergency=True,
            **told,
        ),
        tell("reviews", repository=REPO, review_id="v2", number=8, commit="h2", reviewer="bo", is_bot=False, state="approved", submitted_at="2026-04-08"),
        tell("checks", repository=REPO, check_id="x", commit="h2", name="test", kind="tests", conclusion="success", completed_at="2026-04-05"),
    ]  # fmt: skip


def agent(**columns: Any) -> Record:
    told: dict[str, Any] = {"scopes": ["contents"], "is_own_identity": True, **HELD, **columns}
    powers = {"can_approve": False, "can_administer": False, "can_bypass": False}
    return tell("agent_installations", system="gh", account="helper[bot]", **{**powers, **told})


def environment(name: str, **columns: Any) -> Record:
    told: dict[str, Any] = {"cloud_account": name, "credentials": [name], "agents": [], **HELD, **columns}
    return tell("environments", environment=name, **told)


def opening(**columns: Any) -> Record:
    return tell(
        "network_openings", system="aws", rule="sg-1", **{"port": "443", "open_to_all": True, **HELD, **columns}
    )


def mfa(name: str, **columns: Any) -> Record:
    told: dict[str, Any] = {
        "is_enforced": True,
        "exempt_accounts": [],
        "password_only_sign_ins": 0,
        **HELD,
        **columns,
    }
    return tell("mfa_settings", system=name, **told)


def role(where: str, *holders: str) -> Record:
    return tell("privileged_roles", system=where, role="admin", holders=list(holders), **HELD)


def write(**columns: Any) -> Record:
    told = {"executed_by": "ana", "ticket": "T-1", "approved_by": "bo", "approved_at": "2026-03-04", **columns}
    return tell(
        "database_writes",
        system="aws",
        write_id="w1",
        kind="manual",
        executed_at="2026-03-05",
        backed_up_at="2026-03-04",
        **told,
    )


def package(**columns: Any) -> Record:
    told: dict[str, Any] = {
        "exists_in_registry": True,
        "published_at": "2025-01-01",
        "looks_like": "none",
        "licence": "MIT",
        "blocking_findings": 0,
        **columns,
    }
    return tell("dependencies_added", repository=REPO, change_id="c1", package="pypi:x", version="1", added_at="2026-03-02", **told)  # fmt: skip


def release(**columns: Any) -> Record:
    told: dict[str, Any] = {
        "sbom_format": "SPDX",
        "sbom_artifact_digest": "sha256:a",
        "has_provenance": True,
        "provenance_digest": "sha256:a",
        "signature_verified": True,
        "sbom_kept_until": "2028-01-01",
        "ships_models": False,
        **columns,
    }
    return tell(
        "releases", repository=REPO, release="1.0", released_at="2026-03-03", artifact_digest="sha256:a", **told
    )


QUARTERS = ("2025-12-20", "2026-02-10", "2026-05-10")
WHO = {"gh": ("ana", "bo", "max", "helper[bot]"), "aws": ("max",)}
TIDY: list[Record] = [
    *(
        person(name, identities=[f"{name}@example.com"])
        for name in ("ana", "bo", "max")
    ),
    person("lee", ends_at="2026-03-06T17:00:00Z"),
    system("gh", "forge"),
    system("aws", "cloud"),
    tell("repositories", repository=REPO, in_scope=True),
    *(account("gh", name) for name in ("ana", "bo", "max")),
    account("aws", "max"),
    account("gh", "lee", created_at="2026-05-11", disabled_at="2026-03-09T10:00:00Z"),
    account("gh", "helper[bot]", "agent", owner="ana"),
    grant(),
    tell("access_requests", request="REQ-1", requested_at="2026-01-30", approved_by="max", approved_at="2026-02-01", rights=["write"]),
    *(each for where, whom in WHO.items() for day in QUARTERS for each in reviewed(f"{where} {day}", where, day, whom=whom)),
    *(mfa(name) for name in ("gh", "aws")),
    role("gh", "max"),
    role("aws", "max"),
    *(
        tell("privilege_approvals", system=where, role="admin", account="max", approved_at="2025-01-01", approved_by="bo")
        for where in ("gh", "aws")
    ),
    key(),
    tell("agents", agent="helper", owner="ana", accounts=["helper[bot]"], scopes=["contents"], purpose="tests", approved_by="max", approved_at="2025-01-01", expires_at="2027-01-01"),
    agent(),
    opening(),
    tell("sites", site="remote", kind="fully-remote", stated_by="max"),
    *(tell("site_reviews", site="remote", reviewed_at=day, reviewed_by="max") for day in ("2025-03-01", "2026-02-20")),
    tell("assets", asset="L1", kind="device", retired_at="2026-02-01", handed_over_at="2026-02-10"),
    tell("wipes", asset="L1", wiped_at="2026-02-05", how="crypto-erased", certificate="C1"),
    change(),
    review(),
    check("tests", "test"),
    check("tenant-isolation", "isolation"),
    check("evaluation", "evals"),
    *emergency(),
    tell("tenant_endpoints", repository=REPO, endpoint="GET /a", added_at="2026-03-02", added_in="c1", is_tested=True),
    deployment(),
    rules(),
    environment("production", is_production=True, holds_production_data=True),
    environment("test", is_production=False, holds_production_data=False),
    tell("infrastructure_events", system="aws", event="e1", changed_at="2026-03-04", actor="ci", by_pipeline=True, commit="c1"),
    tell("drifts", system="aws", drift="x", found_at="2026-03-10", closed_at="2026-03-11"),
    write(),
    package(),
    release(),
    tell("model_changes", feature="chat", changed_at="2026-03-01", new_model="m2", evaluated_at="2026-03-03", evaluation_passed=True, accepted_by="bo"),
    *map(
        extract,
        """people systems repositories accounts agents grants access_requests role_moves access_reviews access_review_items mfa_settings
        privileged_roles privilege_approvals credentials agent_installations network_openings sites site_reviews
        vendor_reviews assets wipes changes_seen reviews checks deployments branch_rules path_rights environments
        tenant_endpoints infrastructure_events drifts database_writes dependencies_added releases model_changes""".split(),  # noqa: SIM905 - a list of thirty-five is read worse
    ),
]  # fmt: skip


def results(records: Iterable[Record]) -> dict[str, Result]:
    with facts_of(records) as store:
        tested = audit(DuckFacts(store.connection), CONTROLS, H1, now=NOW)
    return {each.result.control: each.result for each in tested}


def test_a_tidy_company_has_every_control_of_access_and_change_effective() -> None:
    found = results(TIDY)
    told = {key: (result.conclusion, result.counts, result.reason) for key, result in found.items()}
    assert {key: why for key, why in told.items() if why[0] is not Conclusion.EFFECTIVE} == {}
    assert len(found) == len(CONTROLS) == 29


LATER = {"observed": "2026-07-03"}  # a record that takes the place of an earlier one
WRONG: dict[str, Record] = {
    "ACC-01": account("gh", "till", "shared"),
    "ACC-02": mfa("gh", is_enforced=False, **LATER),
    "ACC-03": grant(granted_at="2026-01-31", **LATER),
    "ACC-04": account("gh", "lee", disabled_at="2026-03-09T18:00:00Z", **LATER),
    "ACC-06": account("aws", "left-out", "service", owner="max"),
    "ACC-07": tell("privileged_roles", system="gh", role="admin", holders=["max", "bo"], **HELD, **LATER),
    "ACC-08": key(has_spend_limit=False, **LATER),
    "ACC-09": agent(can_approve=True, **LATER),
    "ACC-10": review(reviewer="ana@example.com", **LATER),
    "ACC-11": tell("tenant_endpoints", repository=REPO, endpoint="GET /b", added_at="2026-03-02", added_in="c1", is_tested=False),
    "ACC-12": opening(port="22", behind_gateway=False, **LATER),
    "ACC-13": tell("sites", site="remote", kind="fully-remote", **LATER),
    "ACC-14": tell("wipes", asset="L1", wiped_at="2026-02-05", how="crypto-erased", **LATER),
    "CHG-01": review(state="commented", **LATER),
    "CHG-02": review(commit="h0", **LATER),
    "CHG-03": rules(bypass_actors=["helper[bot]"], **LATER),
    "CHG-04": change(bypassed_rules=True, **LATER),
    "CHG-05": tell("checks", repository=REPO, check_id="tests", commit="h1", name="test", kind="tests", conclusion="skipped", completed_at="2026-03-01T11:00:00Z", **LATER),
    "CHG-06": change(request_opened_at="2026-03-03", **LATER),
    "CHG-07": tell("reviews", repository=REPO, review_id="v2", number=8, commit="h2", reviewer="bo", is_bot=False, state="approved", submitted_at="2026-04-09", **LATER),
    "CHG-08": deployment(attested_digest="sha256:b", **LATER),
    "CHG-09": environment("test", is_production=False, holds_production_data=True, **LATER),
    "CHG-10": tell("infrastructure_events", system="aws", event="e2", changed_at="2026-03-04", actor="ana", by_pipeline=False),
    "CHG-11": write(approved_by="ana", **LATER),
    "CHG-13": change(ai_tool_named=False, **LATER),
    "CHG-14": package(published_at="2026-03-01", **LATER),
    "CHG-15": release(signature_verified=False, **LATER),
    "CHG-16": tell("checks", repository=REPO, check_id="evaluation", commit="h1", name="evals", kind="evaluation", conclusion="failure", completed_at="2026-03-01T11:00:00Z", **LATER),
    "CHG-17": change(guarded_owner_approved=False, **LATER),
}  # fmt: skip


def apart() -> list[dict[str, Record]]:
    """The wrong records in as few companies as can be: of one event only one is wrong in each."""
    groups: list[dict[str, Record]] = []
    for own, record in WRONG.items():
        for group in groups:
            if all((each.kind, each.event) != (record.kind, record.event) for each in group.values()):
                group[own] = record
                break
        else:
            groups.append({own: record})
    return groups


@pytest.mark.slow
@pytest.mark.parametrize("group", apart(), ids=lambda group: next(iter(group)))
def test_one_wrong_record_breaks_the_control_it_is_about(group: dict[str, Record]) -> None:
    found = results([*TIDY, *group.values()])
    for own in group:
        result = found[own]
        assert result.counts["deviation"] > 0, (own, result.counts, result.conclusion, result.reason)
        assert result.conclusion in {Conclusion.NOT_EFFECTIVE, Conclusion.WITH_DEVIATIONS}, own


def test_there_is_something_wrong_for_every_control() -> None:
    assert WRONG.keys() == {own.id for own in CONTROLS}


@pytest.mark.slow
def test_what_nobody_extracted_is_never_effective() -> None:
    found = results(record for record in TIDY if record.kind != "fact/extracts")
    assert {own for own, result in found.items() if result.conclusion is Conclusion.EFFECTIVE} == set()
    assert {own for own, result in found.items() if result.counts["deviation"]} == set()
