"""Links 8 to 10 with what the build and the platform told: build, deployment, watch."""

from collections.abc import Callable, Mapping
from typing import Final

from asbuilt.facts.forge_chain import Row, Told, account, at, cite, day, join_chain, listed, with_link
from asbuilt.facts.forge_chain_origin import change_link, commit_link, request_link, suggestion_link
from asbuilt.facts.forge_chain_passed import checks_link, merge_link, review_link
from asbuilt.model.chain import Chain, Grade, Link, LinkName


def join_facts(stated: Chain, told: Told) -> Chain:
    """The chain as git states it, held against what the facts say of the change."""
    return join_chain(stated, told, _PARTS)


def build_link(stated: Link, told: Told) -> Link:
    """Proved by provenance whose signature holds; Contradicted when it does not, or names another digest."""
    built = [row for row in told.attestations if "provenance" in row["predicate_type"].casefold()]
    evidence = [cite(row, f"{row['predicate_type']} of {row['subject']}") for row in built]
    odd = [
        row
        for row in told.deployments
        if row.get("artifact_digest") and row.get("attested_digest") not in {None, row["artifact_digest"]}
    ]
    if odd:
        summary = f"Deployed was {odd[0]['artifact_digest']}; the provenance names {odd[0]['attested_digest']}."
        return with_link(stated, Grade.CONTRADICTED, summary, [cite(odd[0], "deployment"), *evidence])
    if any(row.get("is_verified") is False for row in built):
        return with_link(
            stated, Grade.CONTRADICTED, "There is provenance, and its signature does not hold.", evidence
        )
    proved = [row for row in built if row.get("is_verified")]
    if proved:
        builder = proved[0].get("builder") or "a builder that is not named"
        summary = f"Built from this commit by {builder}; the signature holds."
        return with_link(stated, Grade.PROVED, summary, [cite(row, row["subject"]) for row in proved])
    if built:
        summary = "Provenance names this commit; its signature is present, not verified."
        return with_link(stated, Grade.STATED, summary, evidence)
    if "attestations" in told.covered:
        return with_link(stated, Grade.MISSING, "Attestations were read: none names this commit.", ())
    return stated


def deployment_link(stated: Link, told: Told) -> Link:
    """Proved by the platform's record of a deployment of this commit, or of a later one that holds it."""
    own = sorted(told.deployments, key=lambda row: (not row["is_production"], row["deployed_at"], row["record"]))
    live = next((row for row in own if row["is_production"]), None)
    first: Row | None = live or told.first_live or (own[0] if own else None)
    if first is not None:
        where = first["environment"]
        through = "" if first.get("commit") == told.change_id else f", with {str(first.get('commit'))[:12]}"
        who = first.get("deployed_by")
        summary = f"Deployed to {where} {at(first['deployed_at'])}{through}{f' by {who}' if who else ''}."
        shown = [first, *(row for row in own if row is not first)]
        evidence = [cite(row, f"{row['environment']} {at(row['deployed_at'])}") for row in shown]
        grade = Grade.PROVED if first["is_production"] else stated.grade
        return with_link(stated, grade, summary, evidence, people=account(who), remedy=stated.remedy)
    if "deployments" in told.covered:
        until = day(told.until.get("deployments"))
        return with_link(stated, Grade.MISSING, f"Deployments were read until {until}: none holds it.", ())
    return stated


def watch_link(stated: Link, told: Told) -> Link:
    """Proved by a request of the forge that reverted it; git's own word stays."""
    if told.reverted_by:
        names = [f"#{row['number']}" for row in told.reverted_by]
        evidence = [cite(row, f"request #{row['number']} {row.get('title') or ''}") for row in told.reverted_by]
        return with_link(stated, Grade.PROVED, f"Reverted by {listed(names)}, as the forge recorded.", evidence)
    return stated


_PARTS: Final[Mapping[LinkName, Callable[[Link, Told], Link]]] = {
    LinkName.REQUEST: request_link,
    LinkName.SUGGESTION: suggestion_link,
    LinkName.COMMIT: commit_link,
    LinkName.CHANGE: change_link,
    LinkName.REVIEW: review_link,
    LinkName.CHECKS: checks_link,
    LinkName.MERGE: merge_link,
    LinkName.BUILD: build_link,
    LinkName.DEPLOYMENT: deployment_link,
    LinkName.WATCH: watch_link,
}
