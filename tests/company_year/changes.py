"""Changes, and what stands around each of them: reviews, checks, deployments."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.landings import (
    BOT,
    CHECKS,
    COLLECTED_FROM,
    MINUTE,
    PIPELINE,
    Landing,
    change_id,
    landed_at,
    landings,
    repository_of,
    request_of,
)
from tests.company_year.world import (
    DAY,
    HOUR,
    Plant,
    World,
    added,
    at,
    changed,
    columns_of,
    sha,
    whole,
    without,
)

Row = Mapping[str, Any]
Spoiler = Callable[[list[Record]], list[Record]]


def records(world: World) -> Iterator[Record]:
    """Everything about changes."""
    made = landings(world)
    yield from whole("changes_seen", map(_change, made), since=COLLECTED_FROM)
    yield from whole("reviews", (row for own in made for row in _reviews(own)), since=COLLECTED_FROM)
    yield from whole("checks", (row for own in made for row in _checks(own)), since=COLLECTED_FROM)
    yield from whole("deployments", (row for own in made for row in _deployments(own)), since=COLLECTED_FROM)


def _change(own: Landing) -> Row:
    signature = f"{BOT} <{BOT}@example.com>" if own.author is None else own.author.signature
    participants = [BOT] if own.author is None else [own.author.address]
    if own.beside is not None:
        participants.append(own.beside.address)
    if own.attribution == "ai-tracked" and own.number % 3:
        participants.append("coding-agent")
    is_guarded = own.touches("guarded")
    return {
        "change_id": own.id,
        "repository": own.repository,
        "landed_at": own.landed,
        "landing": own.way,
        "subject": f"Hotfix {own.number}" if own.is_emergency else f"Change {own.number}",
        "author": signature,
        "participants": participants,
        "attribution": own.attribution,
        "number": None if own.is_direct else request_of(own.number),
        "head_commit": None if own.is_direct else own.head,
        "merged_by": own.reviewers[0].login if own.reviewers and not own.is_direct else None,
        "came_by_pull_request": not own.is_direct,
        "bypassed_rules": own.is_emergency,
        "request_mentions": 1,
        "request_opened_at": own.landed - (own.number % 19 + 1) * 2 * HOUR,
        "emergency": own.is_emergency,
        "ai_tool_named": True if own.is_ai else None,
        "attribution_conflict": False,
        "guarded_paths": [".github/workflows/build.yml"] if is_guarded else [],
        "guarded_owner_approved": True if is_guarded else None,
        "required_checks": list(CHECKS),
        "touches_prompts": own.touches("prompts"),
        "touches_infrastructure": own.touches("infrastructure"),
        "touches_migrations": own.touches("migrations"),
        "touches_dependencies": own.touches("dependencies"),
    }


def _reviews(own: Landing) -> Iterator[Row]:
    """An approval by each reviewer; of some before, a comment by a bot or a wish for changes."""
    told = {"repository": own.repository, "commit": own.head, "is_bot": False}
    if not own.is_direct:
        told["number"] = request_of(own.number)
    for place, who in enumerate(own.reviewers, 1):
        before = -(30 * place) * MINUTE
        moment = own.landed + (3 * HOUR if own.is_emergency else before)
        yield told | {
            "review_id": f"R-{own.number}-{place}",
            "reviewer": who.login,
            "state": "approved",
            "submitted_at": moment,
        }
    if not own.is_direct and own.number % 4 == 0:
        earlier = {"submitted_at": own.landed - 5 * HOUR, "commit": sha("earlier", own.number)[:40]}
        wish = {"review_id": f"R-{own.number}-wish", "reviewer": own.reviewers[0].login}
        yield told | earlier | wish | {"state": "changes-requested"}
    if not own.is_direct and own.number % 7 == 0:
        remark = {"review_id": f"R-{own.number}-bot", "reviewer": "review-bot[bot]", "is_bot": True}
        yield told | remark | {"state": "commented", "submitted_at": own.landed - 4 * HOUR}


def _checks(own: Landing) -> Iterator[Row]:
    """Each required check on the head, before it landed; some failed at first, and AI features were evaluated too."""
    ran = dict(CHECKS)
    if own.touches("prompts"):
        ran["answers"] = "evaluation"
    told = {"repository": own.repository, "commit": own.head, "conclusion": "success"}
    for place, (name, kind) in enumerate(ran.items()):
        check = {"check_id": f"C-{own.number}-{name}", "name": name, "kind": kind}
        yield told | check | {"completed_at": own.landed - (12 + place) * MINUTE}
    if own.number % 11 == 0:
        first = {"check_id": f"C-{own.number}-first", "name": "tests", "kind": "tests", "conclusion": "failure"}
        yield told | first | {"completed_at": own.landed - 2 * HOUR}


def _deployments(own: Landing) -> Iterator[Row]:
    """One change in five goes to the staging environment and then to production, and emergencies at once."""
    if not own.is_deployed:
        return
    digest = f"sha256:{sha('artefact', own.id)}"
    told = {
        "repository": own.repository,
        "commit": own.id,
        "artifact_digest": digest,
        "attested_digest": digest,
        "deployed_by": PIPELINE,
        "by_pipeline": True,
        "commit_on_branch": True,
    }
    for environment, moment in (("staging", own.deployed - 20 * MINUTE), ("production", own.deployed)):
        yield told | {
            "deployment_id": f"{environment} {own.number}",
            "environment": environment,
            "is_production": environment == "production",
            "deployed_at": moment,
        }


# --- What can be made wrong -------------------------------------------------------------------------------------


def _change_of(number: int) -> dict[str, Any]:
    return {"change_id": change_id(number)}


def unapproved(number: int) -> Spoiler:
    """Nobody approved a change: its reviewers left remarks."""

    def spoil(records: list[Record]) -> list[Record]:
        names = {
            own["review_id"]
            for own in map(columns_of, (record for record in records if record.kind == "fact/reviews"))
            if own["review_id"].startswith(f"R-{number}-") and own["state"] == "approved"
        }
        for name in sorted(names):
            records = changed("reviews", {"review_id": name}, state="commented")(records)
        return records

    return spoil


def by_the_author(number: int) -> Spoiler:
    """The author of a change is the one who approved it."""

    def spoil(records: list[Record]) -> list[Record]:
        (told,) = (
            own
            for own in map(columns_of, (record for record in records if record.kind == "fact/changes_seen"))
            if own["change_id"] == change_id(number)
        )
        return changed("reviews", {"review_id": f"R-{number}-1"}, reviewer=told["participants"][0])(records)

    return spoil


def _check(number: int, name: str, **columns: Any) -> Spoiler:
    return changed("checks", {"check_id": f"C-{number}-{name}"}, **columns)


def _deployed(number: int, **columns: Any) -> Spoiler:
    return changed("deployments", {"deployment_id": f"production {number}"}, **columns)


# Which of the first changes are what a plant needs.
PLAIN = 2  # by a pull request, approved by one, not deployed itself
SOLE = 5  # the same, deployed itself
EMERGENCY = 13
GUARDED = 9

GOES_LIVE_TOO = {
    "CHG-08": "the deployment that carried it carried what nobody had approved",
    "ACC-10": "nobody but its author stood behind it when it went live",
}
NOT_OF_THIS = GOES_LIVE_TOO | {"CHG-01": "an approval of something else is no approval of this"}

PLANTS: dict[str, Plant] = {
    "nobody approved it": Plant("CHG-01", change_id(PLAIN), unapproved(PLAIN), also=GOES_LIVE_TOO),
    "the author approved it": Plant("CHG-01", change_id(PLAIN), by_the_author(PLAIN), also=GOES_LIVE_TOO),
    "approved after it had landed": Plant(
        "CHG-01",
        change_id(PLAIN),
        changed("reviews", {"review_id": f"R-{PLAIN}-1"}, submitted_at=landed_at(PLAIN) + 20 * MINUTE),
        also={"CHG-08": GOES_LIVE_TOO["CHG-08"]},
    ),
    "pushed to after the approval": Plant(
        "CHG-02",
        change_id(PLAIN),
        changed("reviews", {"review_id": f"R-{PLAIN}-1"}, commit=sha("earlier", PLAIN)[:40]),
        also=NOT_OF_THIS,
    ),
    "the tests were skipped": Plant(
        "CHG-05",
        change_id(PLAIN),
        _check(PLAIN, "tests", conclusion="skipped"),
        also={"CHG-08": "the deployment carried a change whose checks had not succeeded"},
    ),
    "the tests ended after it had landed": Plant(
        "CHG-05",
        change_id(PLAIN),
        _check(PLAIN, "tests", completed_at=landed_at(PLAIN) + 5 * MINUTE),
        also={"CHG-08": "the deployment carried a change whose checks had not succeeded"},
    ),
    "no request": Plant(
        "CHG-06",
        change_id(PLAIN),
        changed("changes_seen", _change_of(PLAIN), request_mentions=0, request_opened_at=None),
    ),
    "the request came later": Plant(
        "CHG-06",
        change_id(PLAIN),
        changed("changes_seen", _change_of(PLAIN), request_opened_at=landed_at(PLAIN) + HOUR),
    ),
    "an emergency reviewed too late": Plant(
        "CHG-07",
        change_id(EMERGENCY),
        changed("reviews", {"review_id": f"R-{EMERGENCY}-1"}, submitted_at=landed_at(EMERGENCY) + 7 * DAY),
        also={
            "CHG-01": "an emergency counts as approved only when it was reviewed in time",
            "CHG-04": "an emergency may go around the pull request only when it was reviewed in time",
        },
    ),
    "an emergency that nobody reviewed": Plant(
        "CHG-07",
        change_id(EMERGENCY),
        without("reviews", review_id=f"R-{EMERGENCY}-1"),
        also={
            "CHG-01": "nobody approved it, afterwards either",
            "CHG-04": "an emergency may go around the pull request only when it was reviewed",
            "CHG-08": "the deployment carried what nobody had approved",
        },
    ),
    "alone from the keyboard to production": Plant(
        "ACC-10",
        change_id(SOLE),
        unapproved(SOLE),
        also={
            "CHG-01": "nobody approved it",
            "CHG-08": "the deployment carried what nobody had approved",
        },
    ),
    "customers were not kept apart": Plant(
        "ACC-11",
        change_id(SOLE),
        _check(SOLE, "isolation", conclusion="failure"),
        also={
            "CHG-05": "the check is required",
            "CHG-08": "the deployment carried a change whose checks had not succeeded",
        },
    ),
    "deployed by hand": Plant("CHG-08", f"production {SOLE}", _deployed(SOLE, by_pipeline=False)),
    "not what was built": Plant(
        "CHG-08", f"production {SOLE}", _deployed(SOLE, artifact_digest=f"sha256:{sha('another')}")
    ),
    "a commit that is on no branch": Plant(
        "CHG-08",
        "production by chat",
        added(
            "deployments",
            deployment_id="production by chat",
            repository=repository_of(PLAIN, landed_at(PLAIN)),
            environment="production",
            is_production=True,
            deployed_at=at("2026-02-03T22:00"),
            commit=sha("nowhere")[:40],
            deployed_by=PIPELINE,
            by_pipeline=True,
        ),
    ),
    "the tool is not named": Plant(
        "CHG-13",
        change_id(PLAIN),
        changed("changes_seen", _change_of(PLAIN), attribution="ai-declared", ai_tool_named=False),
    ),
    "two records disagree": Plant(
        "CHG-13",
        change_id(PLAIN),
        changed(
            "changes_seen", _change_of(PLAIN), attribution="unknown", ai_tool_named=None, attribution_conflict=True
        ),
    ),
    "no owner looked at the workflow": Plant(
        "CHG-17",
        change_id(GUARDED),
        changed("changes_seen", _change_of(GUARDED), guarded_owner_approved=False),
    ),
    "no static analysis": Plant(
        "VUL-03",
        change_id(PLAIN),
        without("checks", check_id=f"C-{PLAIN}-static-analysis"),
        also={
            "CHG-05": "the check is required",
            "CHG-08": "the deployment carried a change whose checks had not succeeded",
        },
    ),
    "its author was not trained": Plant(
        "HR-05",
        change_id(PLAIN),
        changed("changes_seen", _change_of(PLAIN), participants=["yusuf.demir@example.com"]),
    ),
}
