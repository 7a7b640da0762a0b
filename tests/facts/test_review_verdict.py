"""When is a review a review: the traps that real histories hold, each with what the verdict says of it."""

import pytest

from asbuilt.model.record import Record
from tests.facts.reviewing import (
    AFTER,
    AGAIN,
    APPROVED,
    GOOD,
    LANDED,
    LATER,
    OPENED,
    PUSHED,
    READ,
    commit,
    event,
    person,
    proof,
    request,
    review,
    seen,
    verdict,
)
from tests.facts.telling import tell

NO_REVIEW = GOOD[:3] + READ
DRIVEN = tell("agents", agent="helper", owner="p-cem", accounts=["helper-app"], scopes=[])
CEM, ANA = person("cem", "cem"), person("ana", "ana@example.com")


@pytest.mark.parametrize(
    ("records", "expected", "rejected"),
    [
        pytest.param(GOOD, "reviewed", [], id="squash"),
        pytest.param(NO_REVIEW, "not-reviewed", [], id="nobody"),
        pytest.param(GOOD[:3], "unknown", [], id="nobody was asked"),
        pytest.param([seen(landing="initial", number=None), *READ], "exempt", [], id="initial import"),
        # What brought it.
        pytest.param([seen(landing="rebase", number=None), *GOOD[1:]], "reviewed", [], id="rebase"),
        pytest.param(
            [seen(landing="rebase"), request(merge_commit="c0"), *GOOD[2:]], "reviewed", [],
            id="rebase, of which the forge names another commit",
        ),
        pytest.param(
            # A queue made the merge before the branch was moved to it: the review came in between.
            [seen(landing="merge", landed_at=PUSHED, head_commit="h1"), request(merged_at=LANDED), *GOOD[2:],
             event("queued", APPROVED)],
            "reviewed", [], id="merge queue",
        ),
        pytest.param([*GOOD, event("auto-merge-on", OPENED, actor="ana")], "reviewed", [], id="auto-merge"),
        pytest.param([*GOOD, event("base-changed", OPENED, detail="main")], "reviewed", [], id="retargeted"),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), proof("h0", "patch-id"), event("base-changed", detail="main")],
            "reviewed", [], id="stacked on one that landed before",
        ),
        pytest.param(
            # The reviews are of what landed as c9 elsewhere.
            [seen(), request(merge_commit="c9", base_branch="release"), *GOOD[2:]], "unknown", [], id="cherry-pick",
        ),
        pytest.param(
            [seen(), seen("c0", landed_at=PUSHED), request(merge_commit="c0"), review()], "unknown", [],
            id="a revert that names what it reverts",
        ),
        # What was approved.
        pytest.param(
            [*NO_REVIEW, review(commit="h0")], "not-reviewed", ["cem: not-covering"], id="an earlier head",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), event("force-pushed", before_commit="h0", after_commit="h1")],
            "not-reviewed", ["cem: pushed-after"], id="force push after the approval",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), event("force-pushed"), proof("h0", "merge-tree")], "reviewed", [],
            id="force push of the same onto a newer base",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), commit("h0", tree="t"), commit("h1", tree="t"), event("force-pushed")],
            "reviewed", [], id="force push of the same tree",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), proof("h0", "base-sync")], "reviewed", [], id="base sync, proved",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), commit("m", parents=["h0", "b"])],
            "unknown", ["cem: unknown-covering"], id="base sync, git not asked",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit="h0"), proof("h0", "unavailable", covers=None)],
            "unknown", ["cem: unknown-covering"], id="an object is absent",
        ),
        pytest.param(
            [*NO_REVIEW, review(commit=None)], "unknown", ["cem: unknown-covering"], id="its commit is not known",
        ),
        pytest.param(
            [*GOOD, proof("h1", "differs", covers=False)], "not-reviewed", ["cem: not-covering"],
            id="the merge holds something of its own",
        ),
        # What became of the approval.
        pytest.param(
            [*NO_REVIEW, review(state="dismissed"), event("review-dismissed", review_id="1", detail="approved")],
            "not-reviewed", ["cem: dismissed"], id="dismissed",
        ),
        pytest.param(
            [*NO_REVIEW, review(state="dismissed"), event("review-dismissed", review_id="1"),
             review("2", submitted_at=LATER)],
            "reviewed", [], id="dismissed and given again",
        ),
        pytest.param(
            [*NO_REVIEW, review(), review("2", submitted_at=LATER), event("review-dismissed", review_id="1")],
            "reviewed", [], id="only the older one was dismissed",
        ),
        pytest.param(
            [*NO_REVIEW, review(state="dismissed"), event("review-dismissed", AFTER, review_id="1")],
            "reviewed", [], id="dismissed only after it landed",
        ),
        pytest.param(
            [*NO_REVIEW, review(state="dismissed"),
             event("review-dismissed", AFTER, review_id="1", detail="changes_requested")],
            "not-reviewed", [], id="what was dismissed after it landed was no approval",
        ),
        pytest.param(
            [*GOOD, event("approval-withdrawn", actor="cem", actor_kind="user")],
            "not-reviewed", ["cem: withdrawn"], id="withdrawn",
        ),
        # Who gave it.
        pytest.param(
            [*NO_REVIEW, review(reviewer="review-app[bot]", is_bot=True)],
            "not-reviewed", ["review-app[bot]: bot"], id="an AI reviewer satisfies the forge's rule",
        ),
        pytest.param(
            [*GOOD, tell("agents", agent="a", owner="p-dov", accounts=["Cem"])],
            "not-reviewed", ["cem: bot"], id="an agent by the register",
        ),
        pytest.param(
            [*GOOD, tell("accounts", system="forge", account="cem", kind="shared")],
            "unknown", ["cem: unknown-account"], id="a shared account",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer=None, is_bot=None)],
            "unknown", ["(an account that is gone): unknown-account"], id="deleted account",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer=None, is_bot=None, commit="h0")], "not-reviewed",
            ["(an account that is gone): not-covering", "(an account that is gone): unknown-account"],
            id="deleted account, and it cannot count",
        ),
        pytest.param(
            [*GOOD, review("2", reviewer=None, is_bot=None)], "reviewed",
            ["(an account that is gone): unknown-account"], id="deleted account beside another",
        ),
        pytest.param(
            [*GOOD, commit("h0", co_authors=["Cem <cem@example.com>"])],
            "not-reviewed", ["cem: participant"], id="co-author approving",
        ),
        pytest.param(
            [*GOOD, commit("h0", committer="C. <c@home.example>", committer_login="cem")],
            "not-reviewed", ["cem: participant"], id="committer of one commit of it",
        ),
        pytest.param([*GOOD, request(author="cem", **AGAIN)], "not-reviewed", ["cem: author"], id="who opened it"),
        # A person and the agent they drive are one.
        pytest.param(
            [*NO_REVIEW, request(author="dependabot[bot]", author_kind="bot", **AGAIN), review(),
             seen(author="dependabot[bot] <support@github.com>", participants=[], attribution="automation", **AGAIN)],
            "reviewed", [], id="bot-only change approved by a person",
        ),
        pytest.param(
            [*GOOD, request(author="agent[bot]", author_kind="bot", **AGAIN), event("agent-started", OPENED, actor="cem")],
            "not-reviewed", ["cem: drives-the-agent"], id="who started the agent",
        ),
        pytest.param(
            [*GOOD, event("agent-started", OPENED, actor="cem")], "reviewed", [],
            id="an agent was asked for a review, and wrote nothing",
        ),
        pytest.param(
            [*GOOD, CEM, DRIVEN, commit("h0", author="Helper <h@x.example>", author_login="helper-app")],
            "not-reviewed", ["cem: drives-the-agent"], id="who answers for the agent",
        ),
        pytest.param(
            [*GOOD, commit("h0", author="A <a@x.example>", author_login="agent[bot]", co_authors=["C <cem@x.example>"])],
            "not-reviewed", ["cem: drives-the-agent", "cem: participant"], id="co-author beside an agent",
        ),
        # Who is who.
        pytest.param(
            [*NO_REVIEW, review(reviewer="ana-work"), commit("x", author="Ana <ana@example.com>", author_login="ana-work")],
            "not-reviewed", ["ana-work: author"], id="the forge joins a login to the address",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer="ana-new"),
             tell("request_commits", repository="r", number=3, commit="x", author="A <1+ana@users.noreply.github.com>",
                  author_login="ana-new")],
            "not-reviewed", ["ana-new: author"], id="renamed user",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer="anna"), person("ana", "anna", "private@ana.example"),
             commit("x", author="Ana <private@ana.example>", author_login="ana-2"),
             commit("y", author="Ana <ana@example.com>", author_login="ana-2")],
            "not-reviewed", ["anna: author"], id="one person with several addresses",
        ),
        pytest.param(
            [*NO_REVIEW, review(reviewer="ana"), request(author="dov", **AGAIN),
             commit(author="Ana <ana@example.com>", author_login="ana-of-another-place", **AGAIN)],
            "reviewed", [], id="a login like a local part, which the forge tells apart",
        ),
        # Entitled and active at that moment.
        pytest.param(
            [*NO_REVIEW, review(may_push=False, observed=AFTER)], "not-reviewed", ["cem: not-entitled"], id="may not push",
        ),
        pytest.param(
            [*NO_REVIEW, review(may_push=False)], "unknown", ["cem: unknown-right"], id="may not push a year later",
        ),
        pytest.param(
            [*NO_REVIEW, review(may_push=True)], "reviewed", [], id="may push a year later",
        ),
        pytest.param(
            [*NO_REVIEW, review(may_push=False), tell("path_rights", repository="r", account="Cem", can_merge=True,
             held_from=OPENED, held_until=LANDED)],
            "reviewed", [], id="might push then, and may no more",
        ),
        pytest.param(
            [*GOOD, tell("path_rights", repository="r", account="cem", can_merge=False, held_from=OPENED,
             held_until=LANDED)],
            "not-reviewed", ["cem: not-entitled"], id="the rights of that moment",
        ),
        pytest.param(
            [*GOOD, person("cem", "cem", ends_at="2026-02-01")], "not-reviewed", ["cem: not-active"], id="had left",
        ),
        pytest.param(
            [*GOOD, person("cem", "cem", starts_at="2026-02-04")], "not-reviewed", ["cem: not-active"],
            id="had not come yet",
        ),
        # Afterwards.
        pytest.param(
            [*NO_REVIEW, review(submitted_at=AFTER)], "after-review", ["cem: after-landing"], id="two-person team",
        ),
        pytest.param(
            [*NO_REVIEW, review(submitted_at=AFTER, commit="h0")], "not-reviewed", ["cem: after-landing"],
            id="afterwards, of something else",
        ),
        pytest.param(
            [*NO_REVIEW, review(submitted_at=AFTER, reviewer="ana")], "not-reviewed", ["ana: author"],
            id="afterwards, by the author",
        ),
        pytest.param(
            [*NO_REVIEW, review(is_bot=True, commit="h0", may_push=False, observed=AFTER)], "not-reviewed",
            ["cem: bot", "cem: not-covering", "cem: not-entitled"], id="every test that fails is named",
        ),
    ],
)  # fmt: skip
def test_the_verdict(records: list[Record], expected: str, rejected: list[str]) -> None:
    assert verdict(*records) == (expected, rejected)
