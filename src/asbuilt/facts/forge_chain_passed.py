"""Links 5 to 7 with the forge's word: review, checks, merge."""

from collections.abc import Sequence

from asbuilt.facts.forge_chain import SHOWN, Row, Told, account, at, cite, joined, listed, with_link
from asbuilt.model.chain import Evidence, Grade, Link
from asbuilt.model.commit import Person

_ASK = "Have a person who had no part in it review it now, and record that review."
_FORGE_ACCOUNTS = frozenset({"noreply@github.com", "noreply@gitlab.com"})


def review_link(stated: Link, told: Told) -> Link:
    """As the review verdict of ``changes`` has it; Contradicted where git names a reviewer unknown to the forge."""
    verdict = told.change.get("review_verdict")
    rejected = tuple(told.change.get("rejected_approvals") or ())
    evidence = _reviews(told)
    if verdict == "reviewed" and any(row["state"] == "approved" for row in told.reviews):
        names = list(told.change.get("approvers") or ())
        moment = told.change.get("approved_at")
        when = f" {at(moment)}" if moment is not None else ""
        summary = f"Approved by {listed(names) or 'a person'}{when}, who had no part in it; it covers what landed."
        people = tuple(Person(name, "") for name in names)
        return with_link(stated, Grade.PROVED, summary, evidence, people=people)
    if (unseen := _never_seen(stated, told)) is not None:
        summary = f"Git names {unseen} as a reviewer; the forge was read and holds no word of theirs on it."
        return with_link(stated, Grade.CONTRADICTED, summary, evidence, remedy=_ASK)
    if verdict == "not-reviewed":
        return _not_reviewed(stated, told, rejected, evidence)
    if verdict == "after-review":
        summary = "Nobody reviewed it before it landed; a person who had no part in it did afterwards."
        return with_link(stated, Grade.MISSING, summary, evidence, remedy=_ASK)
    if not evidence:
        return _none_known(stated, told)
    why = f" Approvals that do not count: {listed(rejected)}." if rejected else ""
    return Link(
        stated.name,
        stated.grade,
        f"{stated.summary}{why}",
        joined(stated.evidence, evidence[:SHOWN]),
        stated.people,
        stated.remedy,
    )


def _none_known(stated: Link, told: Told) -> Link:
    """No review is among the facts, and nothing says that they hold all there are."""
    own = told.landed_as
    if own is None or stated.grade is not Grade.UNKNOWN or told.change.get("review_verdict") == "exempt":
        return stated
    summary = f"No review of request #{own['number']} is among what was read, which is not known to be all."
    return with_link(stated, stated.grade, summary, (), remedy=stated.remedy)


def _not_reviewed(stated: Link, told: Told, rejected: tuple[str, ...], evidence: Sequence[Evidence]) -> Link:
    if "reviews" not in told.covered and not told.reviews:
        return stated  # git alone came to that verdict
    if stated.grade is Grade.CONTRADICTED:
        summary = f"{stated.summary} The forge holds no other."
        return with_link(stated, stated.grade, summary, evidence, remedy=stated.remedy or _ASK)
    why = f" What there is does not count: {listed(rejected)}." if rejected else ""
    names = " Git states a review, which the forge does not hold." if stated.grade is Grade.STATED else ""
    where = f"request #{told.number}" if told.number is not None else "it"
    summary = f"Reviews were read: no independent person approved {where} before it landed.{why}{names}"
    return with_link(stated, Grade.MISSING, summary, evidence, people=(), remedy=_ASK)


def _never_seen(stated: Link, told: Told) -> str | None:
    """Whom git names as a reviewer, when the forge knows the account and has seen neither review nor comment of it.

    A comment of anybody leaves it open: who wrote it is not among the facts.
    """
    own = told.landed_as
    if stated.grade is not Grade.STATED or own is None or "reviews" not in told.covered:
        return None
    if own.get("comment_count") != 0:
        return None
    spoke = {row["reviewer"].casefold() for row in told.reviews if row.get("reviewer")}
    for person in stated.people:
        known = told.accounts(person)
        if known and not known & spoke:
            return person.name or person.email
    return None


def _reviews(told: Told) -> list[Evidence]:
    """The reviews, approvals first."""
    ordered = sorted(told.reviews, key=lambda row: (row["state"] != "approved", row["submitted_at"], row["record"]))
    return [
        cite(row, f"{row['state']} by {row.get('reviewer') or 'an account that is gone'} {at(row['submitted_at'])}")
        for row in ordered
    ]


def checks_link(stated: Link, told: Told) -> Link:
    """Proved when what had to run ran on what landed and succeeded; Missing when it was read and did not."""
    ran = [row for row in told.checks if row["conclusion"] != "pending"]
    failed = [row for row in ran if row["conclusion"] not in {"success", "skipped", "neutral"}]
    told_off = sorted(ran, key=lambda row: (row["conclusion"] == "success", row["name"], row["record"]))
    evidence = [cite(row, f"{row['name']}: {row['conclusion']} on {row['commit'][:12]}") for row in told_off]
    outcome = told.change.get("checks_succeeded")
    count = f"{len(ran)} check{'' if len(ran) == 1 else 's'}"
    if outcome is True and ran:
        return with_link(stated, Grade.PROVED, f"{count} ran on it; what was required succeeded.", evidence)
    if outcome is False:
        names = list(dict.fromkeys(f"{row['name']} ({row['conclusion']})" for row in failed))
        summary = f"Not all succeeded: {listed(names)}." if names else "A required check did not run on it in time."
        return with_link(stated, Grade.MISSING, summary, evidence)
    if ran:
        bad = f", {len(failed)} of them without success" if failed else ""
        summary = f"{count} known on it{bad}; whether that is all which had to run is not known."
        return with_link(stated, Grade.UNKNOWN, summary, evidence, remedy=stated.remedy)
    if "checks" in told.covered and (told.head is not None or told.landed_as is None):
        return with_link(stated, Grade.MISSING, "Checks were read: none ran on it.", ())
    return stated


def merge_link(stated: Link, told: Told) -> Link:
    """Proved by the forge's record of who merged or pushed it; Contradicted where git names another account."""
    own = told.landed_as
    if own is None:
        pushes = [row for row in told.pushes if row.get("actor")]
        if not pushes:
            return stated
        what = f"Pushed by {pushes[0]['actor']}, {at(pushes[0]['pushed_at'])}"
        return _let_in(stated, told, pushes[0]["actor"], what, [])
    if own.get("merged_at") is None:
        return stated
    merged = [row for row in told.events if row["kind"] == "merged"]
    evidence = [cite(own, f"merged {at(own['merged_at'])} by {own.get('merged_by') or 'an account that is gone'}")]
    evidence += [cite(row, f"merged by {row.get('actor') or 'an account that is gone'}") for row in merged]
    who = own.get("merged_by") or next((row["actor"] for row in merged if row.get("actor")), None)
    if who is None:
        summary = f"{stated.summary} The forge holds the merge, {at(own['merged_at'])}, and not who did it."
        return Link(
            stated.name, stated.grade, summary, joined(stated.evidence, evidence), stated.people, stated.remedy
        )
    return _let_in(stated, told, who, f"Merged by {who}, {at(own['merged_at'])}", evidence)


def _let_in(stated: Link, told: Told, who: str, what: str, evidence: Sequence[Evidence]) -> Link:
    others = _another(stated, told, who)
    push = [cite(row, f"{row['kind']} by {row.get('actor') or 'an account that is gone'}") for row in told.pushes]
    suites = [cite(row, f"rules: {row['result']}") for row in told.suites]
    found = [*evidence, *push, *suites]
    if others is not None:
        summary = f"Git says that {others} merged it; the forge says {who}."
        return with_link(stated, Grade.CONTRADICTED, summary, found, people=(*account(who), *stated.people))
    return with_link(stated, Grade.PROVED, f"{what}{_ways(told)}.", found, people=account(who))


def _ways(told: Told) -> str:
    """How it went in: by itself, by a queue, around the rules."""
    said = []
    own: Row = told.landed_as or {}
    asked = [row for row in told.events if row["kind"] in {"auto-merge-on", "auto-merge-off"}]
    by = own.get("auto_merge_by")
    if asked:  # the newest word counts
        by = (asked[-1].get("actor") or "somebody") if asked[-1]["kind"] == "auto-merge-on" else None
    if by:
        said.append(f"by itself, as {by} had asked")
    if any(row["kind"] == "queued" for row in told.events):
        said.append("through the merge queue")
    results = {row["result"] for row in told.suites}
    bypassed = told.change.get("bypassed_rules")  # knows which of the suites were of the landing
    if bypassed or (bypassed is None and "bypass" in results):
        said.append("around the branch's rules")
    elif "pass" in results:
        said.append("within the branch's rules")
    return "".join(f", {one}" for one in said)


def _another(stated: Link, told: Told, who: str) -> str | None:
    """The person whom git names for the merge, when the accounts known for them are all other ones."""
    for person in stated.people:
        if person.email.casefold() in _FORGE_ACCOUNTS:
            continue
        known = told.accounts(person)
        if known and who.casefold() not in known:
            return person.name or person.email
    return None
