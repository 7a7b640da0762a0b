"""Links 1 to 4 with the forge's word: the request, who or what wrote it, the commits, how it came in."""

from asbuilt.facts.forge_chain import SHOWN, Row, Told, account, at, cite, joined, listed, with_link
from asbuilt.model.attestation import COMMIT_SIGNATURE
from asbuilt.model.chain import Evidence, Grade, Link
from asbuilt.model.commit import Person

_LINK_ISSUE = "Link the issue or ticket in the request, or name it in the commit message."


def request_link(stated: Link, told: Told) -> Link:
    """Proved where the forge links an issue; Missing where it was read, links none, and no message names one."""
    own = told.landed_as
    if own is None:
        return stated
    issues = own.get("linked_issues")
    if issues:
        opened = own.get("linked_opened_at")
        since = f", opened {at(opened)}" if opened is not None else ""
        summary = f"Closes {listed(issues)}, by the forge's own link{since}."
        return with_link(stated, Grade.PROVED, summary, [cite(own, f"#{own['number']} closes {', '.join(issues)}")])
    if issues is not None and stated.grade is Grade.UNKNOWN:
        summary = f"The forge links no issue to request #{own['number']}, and no message names one."
        return with_link(stated, Grade.MISSING, summary, [cite(own, f"#{own['number']}")], remedy=_LINK_ISSUE)
    return stated


def suggestion_link(stated: Link, told: Told) -> Link:
    """Proved where the forge recorded that an agent worked on the request; what git says stays beside it."""
    worked = [event for event in told.events if event["kind"] in {"agent-started", "agent-finished"}]
    if worked and stated.grade in {Grade.UNKNOWN, Grade.STATED}:
        drivers = list(dict.fromkeys(event["actor"] for event in worked if event.get("actor")))
        evidence = [cite(event, f"{event['kind']} {at(event['happened_at'])}") for event in worked]
        named = [row for row in told.commits if row.get("agents")]
        who = f" for {listed(drivers)}" if drivers else ""
        if named:
            tools = list(dict.fromkeys(tool for row in named for tool in row["agents"]))
            summary = (
                f"{listed(tools)} wrote {len(named)} of {len(told.commits)} commits{who}, as the forge recorded."
            )
            evidence = [*evidence[:2], *(cite(row, f"{row['commit'][:12]} by {row['author']}") for row in named)]
            return with_link(stated, Grade.PROVED, summary, evidence, people=tuple(map(_person, drivers)))
        summary = f"{stated.summary} The forge recorded that an agent was at work on it{who}."
        return with_link(stated, stated.grade, summary, evidence, remedy=stated.remedy)
    hints = told.change.get("agent_under_login") or ()
    if hints and stated.grade is Grade.UNKNOWN:
        said = f"{stated.summary} An agent may have worked under a person's login: {listed(hints)}."
        return Link(stated.name, stated.grade, said, stated.evidence, stated.people, stated.remedy)
    return stated


def _person(login: str) -> Person:
    return Person(login, "")


def commit_link(stated: Link, told: Told) -> Link:
    """Proved by a signature that holds under a key that was given, or that the forge verified of every commit.

    Contradicted by a signature of the change that does not hold.
    """
    signed = [row for row in told.attestations if row["predicate_type"] == COMMIT_SIGNATURE]
    cited = [cite(row, f"signature by {row.get('signer') or 'a signer that is not told'}") for row in signed]
    if any(row.get("is_verified") is False for row in signed):
        return with_link(stated, Grade.CONTRADICTED, f"Its signature does not hold. {stated.summary}", cited)
    if holding := [row for row in signed if row.get("is_verified")]:
        summary = f"Its signature by {holding[0].get('signer')} holds. {stated.summary}"
        return with_link(stated, Grade.PROVED, summary, cited)
    own = told.landed_as
    if own is None or not told.commits:
        return stated
    verified = [row for row in told.commits if row.get("is_verified")]
    if not verified:
        return stated
    total = max(len(told.commits), own.get("commit_count") or 0)
    evidence = [cite(row, f"signature of {row['commit'][:12]} verified by the forge") for row in verified]
    if len(verified) == total:
        what = "its one commit" if total == 1 else f"all {total} commits"
        summary = f"The forge verified the signature of {what}. {stated.summary}"
        return with_link(stated, Grade.PROVED, summary, evidence)
    summary = f"{stated.summary} The forge verified the signature of {len(verified)} of {total} commits."
    return Link(
        stated.name, stated.grade, summary, joined(stated.evidence, evidence[:SHOWN]), stated.people, stated.remedy
    )


def change_link(stated: Link, told: Told) -> Link:
    """Proved by the request that landed as this change, or by the forge's log of a direct push."""
    named, claimed = told.request, told.claimed
    if claimed is not None and told.number is not None and claimed["number"] != told.number:
        summary = f"Git names #{told.number}; the forge says that #{claimed['number']} landed as this commit."
        return with_link(stated, Grade.CONTRADICTED, summary, [_request(claimed), *_maybe(named)])
    own = told.landed_as
    if own is not None:
        return with_link(stated, Grade.PROVED, _how_it_came(own, told), [_request(own)])
    if named is not None:
        landed = named.get("merge_commit")
        if named.get("merged_at") is None:
            state = named.get("state") or "not merged"
            summary = f"Git names #{named['number']}, which the forge holds as {state}."
            return with_link(stated, Grade.CONTRADICTED, summary, [_request(named)])
        summary = f"Git names #{named['number']}, which the forge landed as {str(landed)[:12]}, another commit."
        return with_link(stated, Grade.CONTRADICTED, summary, [_request(named)])
    return _without_request(stated, told)


def _without_request(stated: Link, told: Told) -> Link:
    pushes = [row for row in told.pushes if row["kind"] in {"push", "force-push"}]
    evidence = [cite(row, f"{row['kind']} to {row['branch']} {at(row['pushed_at'])}") for row in pushes]
    if "requests" not in told.covered or told.change.get("is_initial_import"):
        return with_link(stated, stated.grade, stated.summary, evidence, remedy=stated.remedy) if pushes else stated
    if told.number is not None:
        summary = f"Git names #{told.number}; the forge was read and has no such request."
        return with_link(stated, Grade.CONTRADICTED, summary, evidence)
    if pushes:
        first = pushes[0]
        how = "forced" if first["kind"] == "force-push" else "pushed"
        who = first.get("actor") or "an account that is gone"
        summary = f"No request: {how} directly to {first['branch']} by {who}, {at(first['pushed_at'])}."
        return with_link(stated, Grade.PROVED, summary, evidence, people=account(first.get("actor")))
    summary = "The forge was read, and no request of it brought this: a direct push."
    return with_link(stated, Grade.MISSING, summary, ())


def _how_it_came(own: Row, told: Told) -> str:
    by = own.get("author")
    opened = f"opened {at(own['opened_at'])} by {by or 'an account that is gone'}"
    if own.get("merged_at") is None:
        return (
            f"Request #{own['number']}, {opened}: its head is what was merged, though the forge holds it as "
            f"{own.get('state') or 'not merged'}."
        )
    proof = "landed as this commit" if own.get("merge_commit") == told.change_id else "its head is what was merged"
    if own.get("merge_commit") is None and own.get("head_commit") != told.head:
        proof = "merged, as the forge says"
    return f"Request #{own['number']}, {opened}; {proof}."


def _request(row: Row) -> Evidence:
    title = f" {row['title']}" if row.get("title") else ""
    return cite(row, f"request #{row['number']}{title}")


def _maybe(row: Row | None) -> list[Evidence]:
    return [] if row is None else [_request(row)]
