"""Pages of the forge in, verdicts out: met, a deviation, or not seen, for each control that lives from them.

What a page of the forge cannot tell is recorded beside it: who works here, what was approved.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.sync_rows import encode_row
from asbuilt.catalogue.controls import load_controls
from asbuilt.engine.audit import test_controls as audit
from asbuilt.engine.duck import DuckFacts
from asbuilt.facts.forge import project_page
from asbuilt.facts.store import open_facts, project
from asbuilt.ledger.ledger import open_ledger
from asbuilt.model.record import Record
from asbuilt.model.result import Conclusion, Outcome, Result
from asbuilt.model.window import Window
from tests.facts.forge.github.payloads import HEAD, LANDED, check_run, pull, review, user
from tests.facts.telling import facts_of, moment, tell
from tests.forge.service import Service, Token
from tests.forge.stories import company_forge
from tests.forge.syncing import new_ledger, sync

pytestmark = pytest.mark.slow
REPO, ORG = "acme/shop", "acme"
MARCH = Window(moment("2026-03-02"), moment("2026-03-04"))
LOOKS = ("2026-03-01T06:00:00Z", "2026-03-02T06:00:00Z", "2026-03-03T06:00:00Z", "2026-03-04T06:00:00Z")
CONTROLS = {own.id: own for own in load_controls()}
# What each control's population is derived from.
DERIVED = {
    "CHG-03": ["rule_times"],
    "ACC-02": [],
    "ACC-03": ["access_changes"],
    "ACC-07": ["privileged_holdings"],
    "ACC-09": ["agent_holdings", "agent_accesses"],
    "ACC-10": ["changes", "deployed_changes"],
    "VUL-01": ["scan_days"],
    "VUL-02": ["findings"],
    "VUL-03": ["changes"],
    "DAT-04": ["changes", "secret_checks"],
}


def read(name: str, document: object, key: str = "", at: str = LOOKS[-1]) -> list[Record]:
    """The records that a page becomes, as reading the forge writes them."""
    of_organization = name.startswith(("org", "team/"))
    observed = moment(at)
    source = f"github:{ORG if of_organization else REPO}"
    found = project_page(
        "github",
        name,
        key,
        json.dumps(document).encode(),
        repository=None if of_organization else REPO,
        organization=ORG,
        observed=observed,
    )
    assert found.refused == ()
    records = []
    for row in found.rows:
        encoded = encode_row(row.table, row.told, observed)
        assert not isinstance(encoded, str), encoded
        records.append(
            Record(
                source, encoded.event, f"fact/{row.table}", encoded.payload, observed, observed, "asbuilt sync", "page",
                occurred=encoded.occurred,
            )
        )  # fmt: skip
    return records


def looks(name: str, document: object, key: str = "") -> list[Record]:
    """The same page, read day after day."""
    return [record for at in LOOKS for record in read(name, document, key, at)]


def whole(*tables: str, since: str = "2025-01-01", until: str = "2026-03-10") -> list[Record]:
    """Extracts that hold all of these tables."""
    return [
        tell("extracts", extract=f"whole {table}", population=table, covers_from=since, covers_until=until)
        for table in tables
    ]


def person(name: str, **columns: Any) -> Record:
    return tell("people", person=name, name=name, starts_at="2020-01-01", identities=[name], **columns)


COMPANY = [
    person("ana", manager="bo"),
    person("bo"),
    tell("repositories", repository=REPO, in_scope=True, protected_branch="main"),
    tell("systems", system=f"github:{ORG}", name="GitHub", kind="forge", in_scope=True, owner="bo"),
    *whole("people", "repositories", "systems"),
]
SHOP = tell("systems", system=f"github:{REPO}", name="shop", kind="forge", in_scope=True, owner="bo")


def result(
    control: str, records: Iterable[Record], window: Window = MARCH, *, company: Iterable[Record] = COMPANY
) -> Result:
    with facts_of([*company, *records], only=DERIVED[control]) as store:
        (tested,) = audit(DuckFacts(store.connection), [CONTROLS[control]], window, now=moment("2026-03-10"))
    return tested.result


def verdict(control: str, records: Iterable[Record], **kwargs: Any) -> Outcome:
    """The one verdict that all items have."""
    found = result(control, records, **kwargs)
    (only,) = (Outcome(name) for name, count in found.counts.items() if count)
    if only is not Outcome.MET:
        assert found.conclusion is not Conclusion.EFFECTIVE
    return only


PULLS = {
    "type": "pull_request",
    "parameters": {
        "required_approving_review_count": 1,
        "dismiss_stale_reviews_on_push": True,
        "require_code_owner_review": False,
    },
}
CHECKS = {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": "test"}]}}
RULES: list[dict[str, Any]] = [PULLS, CHECKS, {"type": "non_fast_forward"}, {"type": "deletion"}]


def rules(at: str, *, bypass: list[Any] | None = None, protection: object = None) -> list[Record]:
    ruleset = {
        "id": 42, "name": "main", "target": "branch", "enforcement": "active", "rules": RULES, "source": REPO,
        "conditions": {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}},
        "updated_at": "2026-01-01T00:00:00Z", "bypass_actors": bypass or [],
    }  # fmt: skip
    return [
        *read("branch/rules", [rule | {"ruleset_id": 42} for rule in RULES], "main | 1", at),
        *(read("branch/protection", protection, "main", at) if protection else []),
        *read("ruleset", ruleset, "42", at),
    ]


def test_chg_03() -> None:
    none = {"message": "Branch not protected"}
    good = [record for at in LOOKS for record in rules(at, protection=none)]
    assert verdict("CHG-03", good) is Outcome.MET
    actor = {"actor_id": 9, "actor_type": "Integration", "bypass_mode": "always"}
    around = [record for at in LOOKS for record in rules(at, protection=none, bypass=[actor])]
    assert verdict("CHG-03", around) is Outcome.DEVIATION
    off = [record for at in LOOKS for record in (*read("branch/rules", [], "main | 1", at), *read("branch/protection", none, "main", at))]  # fmt: skip
    assert verdict("CHG-03", off) is Outcome.DEVIATION
    refused = [record for at in LOOKS for record in read("branch/rules", [], "main | 1", at)]
    assert verdict("CHG-03", refused) is Outcome.UNKNOWN  # the classic protection may ask for all of it


def test_chg_03_over_a_year_by_the_owners_log() -> None:
    stamp = moment("2025-12-02") * 1000
    log = [{"@timestamp": stamp, "_document_id": "d", "action": "repository_ruleset.create", "actor": "ana", "org": ORG, "repo": REPO, "ruleset_id": 42}]  # fmt: skip
    extract = tell("extracts", source="github:acme", extract="log", population="audit_events", covers_from="2025-01-01", covers_until="2026-01-02")  # fmt: skip
    told = [
        *rules("2026-01-01T12:00:00Z", protection={"message": "Branch not protected"}),
        *read("org/audit-log", log, "1"),
        extract,
    ]
    found = result("CHG-03", told, Window(moment("2025-01-01"), moment("2026-01-01")))
    assert found.in_force is not None
    assert (found.in_force.on / 86_400, found.in_force.off / 86_400) == (30, 335)
    assert found.conclusion is Conclusion.NOT_EFFECTIVE


def test_acc_02() -> None:
    def organization(**more: object) -> list[Record]:
        return looks("org", {"login": ORG} | more)

    assert verdict("ACC-02", organization(two_factor_requirement_enabled=True)) is Outcome.MET
    assert verdict("ACC-02", organization(two_factor_requirement_enabled=False)) is Outcome.DEVIATION
    assert verdict("ACC-02", looks("org/two-factor-disabled", [user("ana")], "1")) is Outcome.DEVIATION
    assert verdict("ACC-02", organization()) is Outcome.UNKNOWN  # a token that is not an owner's


def test_acc_03() -> None:
    log = [{"@timestamp": moment("2026-03-02") * 1000, "_document_id": "d", "action": "org.add_member", "actor": "bo", "user": "ana", "org": ORG}]  # fmt: skip
    granted = read("org/audit-log", log, "1")
    listed = whole("grants", "access_requests", "role_moves")
    assert verdict("ACC-03", [*granted, *listed]) is Outcome.DEVIATION  # nobody asked for it
    assert verdict("ACC-03", granted) is Outcome.UNKNOWN
    asked = tell("access_requests", request="R1", requested_at="2026-03-01", system=f"github:{ORG}", rights=["member"], approved_by="bo", approved_at="2026-03-01")  # fmt: skip
    named = tell("grants", system=f"github:{ORG}", grant_id="d", account="ana", access_right="member", granted_at="2026-03-02", granted_by="bo", request="R1")  # fmt: skip
    assert verdict("ACC-03", [*granted, *listed, asked, named]) is Outcome.MET


def collaborators(*administrators: str) -> list[Record]:
    rights = {"pull": True, "triage": True, "push": True, "maintain": True, "admin": True}
    return looks("collaborators", [user(each) | {"permissions": rights} for each in administrators], "1")


def test_acc_07() -> None:
    approved = tell("privilege_approvals", system=f"github:{REPO}", role="admin", account="ana", approved_at="2025-06-01", approved_by="bo")  # fmt: skip
    listed = [approved, *whole("privilege_approvals", "accounts", "agents")]
    company = [*(each for each in COMPANY if each.kind != "fact/systems"), SHOP]
    assert verdict("ACC-07", [*collaborators("ana"), *listed], company=company) is Outcome.MET
    assert verdict("ACC-07", [*collaborators("ana", "bo"), *listed], company=company) is Outcome.DEVIATION
    assert verdict("ACC-07", listed, company=company) is Outcome.UNKNOWN  # the page was refused
    assert verdict("ACC-07", collaborators("bo"), company=company) is Outcome.UNKNOWN  # no approved list
    second = looks(
        "collaborators", [user("bo") | {"permissions": {"admin": True, "push": True, "maintain": True}}], "2"
    )
    assert verdict("ACC-07", [*collaborators("ana"), *second, *listed], company=company) is Outcome.DEVIATION


def test_acc_09() -> None:
    def installed(**permissions: str) -> list[Record]:
        return looks(
            "org/installations", {"installations": [{"app_slug": "helper", "permissions": permissions}]}, "1"
        )

    register = [
        tell(
            "agents", agent="helper", owner="ana", accounts=["helper[bot]"], scopes=["contents:read", "pull_requests:write"],
            purpose="tests", approved_by="bo", approved_at="2025-06-01", expires_at="2027-01-01",
        ),
        *whole("agents"),
    ]  # fmt: skip
    assert verdict("ACC-09", [*installed(contents="read"), *register]) is Outcome.MET
    assert verdict("ACC-09", [*installed(pull_requests="write"), *register]) is Outcome.DEVIATION  # it can approve
    assert verdict("ACC-09", [*installed(issues="write"), *register]) is Outcome.DEVIATION  # more than was approved
    assert verdict("ACC-09", installed(contents="read")) is Outcome.UNKNOWN  # no register


def test_without_a_page_of_apps_nothing_is_effective() -> None:
    assert result("ACC-09", whole("agents")).conclusion is Conclusion.EVIDENCE_MISSING


CHANGE = tell(
    "changes_seen", repository=REPO, change_id=LANDED, landed_at="2026-03-02T12:00:00Z", landing="squash", author="ana",
    participants=["ana"], attribution="unknown", number=17, head_commit=HEAD, came_by_pull_request=True,
)  # fmt: skip


def alert(number: int, opened: str, **more: object) -> dict[str, object]:
    told = {
        "number": number,
        "created_at": opened,
        "updated_at": opened,
        "state": "open",
        "tool": {"name": "CodeQL"},
    }
    return told | {"rule": {"security_severity_level": "critical", "name": "x"}} | more


def test_vul_01_runs_without_a_date_of_their_database_are_not_seen_to_be_fresh() -> None:
    target = tell("scan_targets", target=REPO, kind="repository", in_scope=True, in_use_from="2026-03-01")
    listed = [target, *whole("scan_targets", "scan_runs")]
    runs = [
        {"id": n, "ref": "refs/heads/main", "created_at": at, "error": "", "tool": {"name": "CodeQL"}}
        for n, at in enumerate(LOOKS[1:3], 1)
    ]
    assert verdict("VUL-01", [*read("code-scanning/analyses", runs, "1"), *listed]) is Outcome.UNKNOWN
    assert verdict("VUL-01", listed) is Outcome.DEVIATION
    failed = [run | {"error": "out of memory"} for run in runs]
    assert verdict("VUL-01", [*read("code-scanning/analyses", failed, "1"), *listed]) is Outcome.DEVIATION
    dated = [tell("scan_runs", run=f"t{at}", target=REPO, scanner="trivy", ran_at=at, succeeded=True, database_at=at) for at in LOOKS]  # fmt: skip
    assert verdict("VUL-01", [*read("code-scanning/analyses", runs, "1"), *dated, *listed]) is Outcome.MET
    assert (
        result("VUL-01", [target, *read("code-scanning/analyses", runs, "1")]).conclusion
        is Conclusion.EVIDENCE_MISSING
    )


def test_vul_02() -> None:
    closed = alert(
        1, "2026-02-28T00:00:00Z", state="fixed", fixed_at="2026-03-03T00:00:00Z", updated_at="2026-03-03T00:00:00Z"
    )
    listed = whole("findings_seen", "finding_decisions")
    assert verdict("VUL-02", [*read("code-scanning/alerts", [closed], "1"), *listed]) is Outcome.MET
    overdue = alert(2, "2026-02-01T00:00:00Z")
    assert verdict("VUL-02", [*read("code-scanning/alerts", [overdue], "1"), *listed]) is Outcome.DEVIATION
    dismissed = overdue | {"state": "dismissed", "dismissed_at": "2026-02-02T00:00:00Z", "dismissed_by": user("ana"), "dismissed_reason": "won't fix"}  # fmt: skip
    assert verdict("VUL-02", [*read("code-scanning/alerts", [dismissed], "1"), *listed]) is Outcome.DEVIATION
    until = tell("finding_decisions", finding=f"{REPO} code-scanning 2", decided_at="2026-02-02", decision="accepted", decided_by="ana", reason="won't fix", accepted_until="2026-12-31")  # fmt: skip
    assert verdict("VUL-02", [*read("code-scanning/alerts", [dismissed], "1"), *listed, until]) is Outcome.MET
    assert verdict("VUL-02", read("code-scanning/alerts", [overdue], "1")) is Outcome.UNKNOWN
    assert result("VUL-02", read("code-scanning/alerts", [closed], "1")).conclusion is Conclusion.EVIDENCE_MISSING


def secret(opened: str, **more: object) -> list[Record]:
    return read(
        "secret-scanning/alerts",
        [{"number": 2, "created_at": opened, "state": "open", "secret_type": "token"} | more],
        "1",
    )


def test_dat_04_alerts() -> None:
    listed = whole("secret_alerts")
    opened = "2026-03-02T00:00:00Z"
    closed = {"state": "resolved", "resolution": "revoked", "resolved_by": user("ana")}
    assert (
        verdict("DAT-04", [*secret(opened, **closed, resolved_at="2026-03-02T20:00:00Z"), *listed]) is Outcome.MET
    )
    assert (
        verdict("DAT-04", [*secret(opened, **closed, resolved_at="2026-03-03T20:00:00Z"), *listed])
        is Outcome.DEVIATION
    )
    assert verdict("DAT-04", [*secret(opened), *listed]) is Outcome.DEVIATION
    assert verdict("DAT-04", secret(opened)) is Outcome.UNKNOWN
    assert result("DAT-04", []).conclusion is Conclusion.EVIDENCE_MISSING


@pytest.mark.parametrize(
    ("reviewer", "reason", "expected"),
    [
        ("bo", "A test value.", Outcome.DEVIATION),
        ("ana", "A test value.", Outcome.MET),
        ("ana", None, Outcome.DEVIATION),
        (None, "A test value.", Outcome.DEVIATION),
    ],
)
def test_dat_04_pushes_past_the_block(reviewer: str | None, reason: str | None, expected: Outcome) -> None:
    told = secret(
        "2026-01-01T00:00:00Z", state="resolved", resolution="revoked", resolved_at="2026-01-01T01:00:00Z",
        push_protection_bypassed=True, push_protection_bypassed_at="2026-03-02T00:00:00Z",
        push_protection_bypassed_by=user("bo"), push_protection_bypass_request_comment=reason,
        push_protection_bypass_request_reviewer=user(reviewer) if reviewer else None,
    )  # fmt: skip
    told = [record for record in told if record.kind == "fact/secret_bypasses"]
    assert verdict("DAT-04", [*told, *whole("secret_bypasses")]) is expected


def checked(**changes: object) -> list[Record]:
    return read("commit/check-runs", {"check_runs": [check_run(name="CodeQL", **changes)]}, HEAD)


def test_vul_03() -> None:
    # The forge tells what ran on the head of the change that git shows.
    listed = whole("changes_seen", "checks", "requests", "reviews")
    assert verdict("VUL-03", [CHANGE, *checked(), *listed]) is Outcome.MET
    assert verdict("VUL-03", [CHANGE, *checked(conclusion="failure"), *listed]) is Outcome.DEVIATION
    assert verdict("VUL-03", [CHANGE, *checked(conclusion="skipped"), *listed]) is Outcome.DEVIATION
    assert verdict("VUL-03", [CHANGE]) is Outcome.UNKNOWN  # checks could not be read


def deployed(creator: str) -> list[Record]:
    success = {"state": "SUCCESS", "createdAt": "2026-03-03T01:00:00Z"}
    deployment = {
        "databaseId": 8, "environment": "production", "commitOid": LANDED,
        "creator": {"login": creator, "__typename": "User"},
        "statuses": {"totalCount": 1, "pageInfo": {"hasNextPage": False}, "nodes": [success]},
    }  # fmt: skip
    return read("graphql/deployments", {"data": {"repository": {"deployments": {"nodes": [deployment]}}}})


def test_acc_10() -> None:
    listed = whole(
        "deployments", "changes_seen", "reviews", "requests", "request_commits", "request_events", "path_rights"
    )
    approval = read("pull/reviews", [review(submitted_at="2026-03-02T10:00:00Z")], "17 | 1")
    assert verdict("ACC-10", [CHANGE, *deployed("ana"), *listed]) is Outcome.DEVIATION
    assert verdict("ACC-10", [CHANGE, *deployed("ana"), *approval, *pulled(), *COVERS, *listed]) is Outcome.MET
    assert verdict("ACC-10", [CHANGE, *deployed("ana")]) is Outcome.UNKNOWN  # reviews could not be read


def pulled() -> list[Record]:
    return read("pull", pull(merge_commit_sha=LANDED, merged_at="2026-03-02T12:00:00Z"), "17")


COVERS = [tell("coverings", repository=REPO, commit=HEAD, change_id=LANDED, covers=True, how="same-tree")]


def test_a_token_that_may_read_names_alone_makes_nothing_effective(tmp_path: Path) -> None:
    service = Service(company_forge(tmp_path / "git").forge)
    service.tokens = {"read-names-alone": Token({"metadata": "read"})}
    (tmp_path / "token").write_text("read-names-alone")
    (tmp_path / "token").chmod(0o600)
    ledger = new_ledger(tmp_path / "ledger")
    done = [sync(service, ledger, tmp_path / "token", subject=subject) for subject in ("acme/harbor", "acme")]
    gaps = {gap.path: gap.remedy for each in done for source in each.sources for gap in source.gaps}
    assert "Administration: read" in gaps["branch/protection acme/harbor main"]
    assert "Secret scanning alerts: read" in gaps["secret-scanning/alerts acme/harbor"]
    now = int(service.clock)
    window = Window(now - 10 * 86_400, now)
    with open_ledger(ledger) as opened, open_facts(None, origin=opened.origin) as store:
        project(store, opened.entries(), start=0)
        tested = audit(DuckFacts(store.connection), [CONTROLS[own] for own in DERIVED], window, now=now)
    found = {each.result.control: each.result for each in tested}
    assert {own: each.conclusion for own, each in found.items()} == dict.fromkeys(
        DERIVED, Conclusion.EVIDENCE_MISSING
    )
    assert {own for own, each in found.items() if each.counts["met"]} == set()
