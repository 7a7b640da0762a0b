"""A company's year on the forge, in small: every way in which a change comes in, and what surrounds it."""

from pathlib import Path

from tests.forge import acts
from tests.forge.state import App
from tests.forge.studio import Studio
from tests.forge.surroundings import surround

PEOPLE = ("ana", "ben", "cleo", "dan", "eve", "fred")


def company_forge(path: Path) -> Studio:
    """``acme/harbor`` with a story for each way; read-only for all tests of a session, but for its clock."""
    studio = Studio.start(path, "acme/harbor")
    forge = studio.forge
    for login in PEOPLE:
        forge.account(login, emails=(f"{login}@example.com",), two_factor=login != "dan")
    forge.account("dependabot", kind="Bot", emails=("49699333+dependabot[bot]@users.noreply.github.com",))
    forge.account("coderabbitai", kind="Bot", emails=("136622811+coderabbitai[bot]@users.noreply.github.com",))
    forge.account(
        "github-merge-queue", kind="Bot", emails=("118344674+github-merge-queue[bot]@users.noreply.github.com",)
    )
    forge.account("copilot-swe-agent", kind="Bot", emails=("198982749+Copilot@users.noreply.github.com",))
    studio.told("initial import", None, studio.direct("ana", "Initial import"), None)
    surround(studio)
    for tell in TELLING:
        tell(studio)
    forge.accounts["eve"].gone = True
    forge.rename("fred", "frederick")
    studio.register()
    return studio


def merged(studio: Studio) -> None:
    """Reviewed, checked, merged: with a merge commit, squashed, rebased."""
    for how in ("merge", "squash", "rebase"):
        request = studio.open("ana", f"Add the {how} part", messages=(f"Add {how} one", f"Add {how} two"))
        acts.note(
            request,
            "review_requested",
            studio.later(1),
            studio.forge.accounts["ana"],
            reviewer=studio.forge.accounts["ben"],
        )
        studio.check(request.head_commit)
        studio.approve(request, "ben", body="Read it all.")
        studio.told(how, request, studio.land(request, "ana", how), True)


def queued(studio: Studio) -> None:
    """Through the merge queue, and by auto-merge."""
    request = studio.open("ben", "Go through the queue")
    studio.check(request.head_commit)
    studio.approve(request, "cleo")
    acts.note(request, "added_to_merge_queue", studio.later(), studio.forge.accounts["ben"])
    studio.told("queue", request, studio.land(request, "github-merge-queue", "queue"), True)
    request = studio.open("ben", "Merge by itself")
    acts.note(request, "auto_merge_enabled", studio.later(), studio.forge.accounts["ben"])
    request.auto_merge_by = studio.forge.accounts["ben"]
    studio.approve(request, "ana")
    studio.check(request.head_commit)
    studio.told("auto-merge", request, studio.land(request, "ben", "squash"), True)


def around(studio: Studio) -> None:
    """A push to main, and an administrator who merges without anyone."""
    studio.told("direct push", None, studio.direct("ana", "Fix it at night"), False)
    request = studio.open("ana", "No time for a review")
    studio.told("admin bypass", request, studio.land(request, "ana", "squash", result="bypass"), False)


def rewritten(studio: Studio) -> None:
    """What was approved is not what landed: a force push, and a commit more."""
    request = studio.open("ben", "Rewrite after approval")
    studio.approve(request, "ana")
    studio.rewrite(request, "ben", "Something else")
    studio.check(request.head_commit)
    studio.told("force push", request, studio.land(request, "ben", "squash"), False, "not-covering", "pushed-after")
    request = studio.open("cleo", "Push after approval")
    studio.approve(request, "ana")
    studio.push(request, "cleo", "One thing more")
    studio.check(request.head_commit)
    studio.told(
        "pushed after", request, studio.land(request, "cleo", "squash"), False, "not-covering", "pushed-after"
    )


def synced(studio: Studio) -> None:
    """The base is merged into the branch after the approval: nothing new is in it."""
    request = studio.open("cleo", "Wait for the base")
    studio.approve(request, "ben")
    studio.direct("ana", "Main goes on")
    studio.sync(request, "cleo")
    studio.check(request.head_commit)
    studio.told("base sync", request, studio.land(request, "cleo", "squash"), True)


def dismissed(studio: Studio) -> None:
    """An approval is dismissed and given again; another is dismissed and is not; changes asked for, then approved."""
    for again in (True, False):
        request = studio.open("ben", f"Dismiss it, again {again}")
        first = studio.approve(request, "cleo")
        acts.dismiss(first, studio.forge.accounts["ana"], studio.later(), message="Look closer")
        if again:
            studio.approve(request, "cleo")
        studio.check(request.head_commit)
        change = studio.land(request, "ana", "squash", result="pass" if again else "bypass")
        studio.told(f"dismissed, again {again}", request, change, again, "dismissed")
    request = studio.open("ana", "Ask for changes")
    studio.approve(request, "ben", state="CHANGES_REQUESTED", body="Not so.")
    studio.push(request, "ana", "As asked")
    studio.approve(request, "ben")
    studio.check(request.head_commit)
    studio.told("changes requested", request, studio.land(request, "ana", "squash"), True)


def participants(studio: Studio) -> None:
    """A co-author approves; only a machine approves; a bot's change is approved by a person."""
    request = studio.open("ana", "Pair on it", messages=("Pair on it\n\nCo-authored-by: Ben <ben@example.com>",))
    studio.approve(request, "ben")
    studio.check(request.head_commit)
    studio.told("co-author", request, studio.land(request, "ana", "squash"), False, "participant")
    request = studio.open("ana", "A machine reads it")
    studio.approve(request, "coderabbitai", body="LGTM")
    studio.check(request.head_commit)
    studio.told("ai reviewer", request, studio.land(request, "ana", "squash"), False, "bot")
    request = studio.open("dependabot", "Bump left-pad from 1.0.0 to 1.0.1")
    request.labels.append("dependencies")
    studio.approve(request, "cleo")
    studio.check(request.head_commit)
    studio.told("dependabot", request, studio.land(request, "cleo", "squash"), True)


def agents(studio: Studio) -> None:
    """An agent works under a person's login, through an app; a cloud agent opens a request, its driver approves."""
    app = App(studio.forge.next_id(), "claude", "Claude", {"contents": "write", "pull_requests": "write"})
    words = "Wire it up\n\nCo-Authored-By: Claude <noreply@anthropic.com>"
    request = studio.open("ana", "Wire it up", messages=(words,))
    acts.note(request, "ready_for_review", studio.later(1), studio.forge.accounts["ana"], app=app)
    studio.approve(request, "ben")
    studio.check(request.head_commit)
    studio.told("agent under a login", request, studio.land(request, "ana", "squash"), True)
    # Nothing in its commits names a tool: the app alone shows it.
    request = studio.open("cleo", "Opened and merged by an agent, as Cleo")
    request.app = app
    studio.approve(request, "ben")
    studio.check(request.head_commit)
    change = studio.land(request, "cleo", "squash")
    next(each for each in request.events if each.kind == "merged").app = app
    studio.told("agent through an app", request, change, True)
    words = "Do as told\n\nCo-authored-by: Ben <ben@example.com>"
    request = studio.open("copilot-swe-agent", "Do as told", messages=(words,))
    acts.note(request, "copilot_work_started", studio.now, studio.forge.accounts["ben"], app=app)
    studio.approve(request, "ben")
    studio.check(request.head_commit)
    studio.told(
        "driver approves", request, studio.land(request, "ben", "squash"), False, "drives-the-agent", "participant"
    )


def accounts(studio: Studio) -> None:
    """The approver's account is deleted later; another's is renamed; a person of outside approves."""
    request = studio.open("ana", "Read by one who left")
    studio.approve(request, "eve")
    studio.check(request.head_commit)
    studio.told("deleted account", request, studio.land(request, "ana", "squash"), None, "unknown-account")
    request = studio.open("eve", "Written by one who left")
    studio.approve(request, "ana")
    studio.check(request.head_commit)
    studio.told("deleted author", request, studio.land(request, "ana", "squash"), None)
    request = studio.open("ana", "Read by one who is called otherwise now")
    studio.approve(request, "fred")
    studio.check(request.head_commit)
    studio.told("renamed", request, studio.land(request, "ana", "squash"), True)
    studio.forge.account("guest", emails=("guest@example.org",))
    request = studio.open("ana", "Read by a guest", fork=None)
    studio.approve(request, "guest")
    studio.told(
        "not entitled", request, studio.land(request, "ana", "squash", result="bypass"), None, "unknown-right"
    )


def late(studio: Studio) -> None:
    """Approved after it had landed; and what never lands: closed, open with checks that run, a draft."""
    request = studio.open("ben", "Fire!")
    change = studio.land(request, "ana", "squash", result="bypass")
    studio.approve(request, "cleo", body="Looked at it afterwards.")
    studio.told("after landing", request, change, False, "after-landing")
    request = studio.open("cleo", "Never mind")
    acts.close(request, studio.later(), studio.forge.accounts["cleo"])
    studio.told("closed", request, None, None)
    request = studio.open("cleo", "Still running")
    studio.check(request.head_commit, conclusion=None)
    studio.told("open", request, None, None)
    studio.told("draft", studio.open("ben", "Not yet", draft=True), None, None)


def retargeted(studio: Studio) -> None:
    """Stacked on another branch, then sent to main; and main itself is pushed with force."""
    request = studio.open("ben", "On top of another")
    studio.approve(request, "ana")
    acts.note(
        request,
        "base_ref_changed",
        studio.later(),
        studio.forge.accounts["ben"],
        **{"from": "topic/1", "to": "main"},
    )
    studio.approve(request, "ana")
    studio.check(request.head_commit)
    studio.told("retargeted", request, studio.land(request, "ben", "squash"), True)
    made = studio.direct("ana", "Gone again")
    before = studio.git.git("rev-parse", "HEAD~1").decode().strip()
    studio.git.git("reset", "-q", "--hard", before)
    acts.direct_push(studio.repository, before, studio.later(), studio.forge.accounts["ana"], force=True)
    studio.suite("ana", made, before, "bypass")
    studio.told("main forced", None, None, None)


def reverted(studio: Studio) -> None:
    """A change is taken back; and one of main is picked for a release branch."""
    last = studio.git.checkout("main").head()
    request = studio.open(
        "cleo", "Revert the last one", messages=(f"Revert the last one\n\nThis reverts commit {last}.",)
    )
    studio.approve(request, "ana")
    studio.check(request.head_commit)
    change = studio.land(request, "cleo", "squash")
    studio.told("revert", request, change, True)
    studio.git.checkout("release/1", new=True, start=last)
    env = studio.git._identity(studio.who("ana"), studio.who("ana"), studio.later())
    studio.git.git("cherry-pick", "-x", change, env=env)
    studio.known.add(studio.git.head())
    studio.repository.branches["release/1"] = studio.git.head()
    acts.log_push(
        studio.repository,
        "release/1",
        studio.now,
        "branch_creation",
        studio.forge.accounts["ana"],
        acts.ZERO,
        studio.git.head(),
    )
    studio.told("cherry-pick", None, None, None)


TELLING = (
    merged,
    queued,
    around,
    rewritten,
    synced,
    dismissed,
    participants,
    agents,
    accounts,
    late,
    retargeted,
    reverted,
)
