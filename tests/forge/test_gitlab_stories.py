"""A project of GitLab end to end: read from the forge and from git, joined, and each change judged as it was told."""

import copy
from pathlib import Path
from typing import Any

import pytest

from asbuilt.app.sync_asking import Asked, Done, Surroundings
from asbuilt.app.sync_gitlab import sync_gitlab
from asbuilt.facts.store import open_facts, update_facts
from asbuilt.ledger.ledger import open_ledger
from tests.forge.gitlab_simulator import PROJECT, TOKEN, GitLab
from tests.forge.gitlab_stories import Stories
from tests.forge.syncing import new_ledger

Changes = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Stories:
    return Stories(tmp_path_factory.mktemp("gitlab") / "harbor")


def read(forge: GitLab, ledger: Path, token: Path, **more: Any) -> Done:
    token.write_text(TOKEN)
    token.chmod(0o600)

    def sleep(seconds: float) -> None:
        forge.now += 0 if forge.is_still else seconds

    around = Surroundings(
        transport=forge.transport(), clock=lambda: forge.now, ticks=lambda: 0.0, sleep=sleep, draw=lambda: 0.5
    )
    return sync_gitlab(PROJECT, ledger, Asked(token_file=token, **more), around=around)


def judged(forge: GitLab, stories: Stories, folder: Path) -> Changes:
    """Each change as it is judged once the forge and git were read."""
    ledger = new_ledger(folder / "ledger")
    read(forge, ledger, folder / "token", git=stories.repo.path)
    return changes_of(ledger)


def changes_of(ledger: Path) -> Changes:
    """Each change of a ledger as it is judged."""
    with open_ledger(ledger) as opened, open_facts(None, origin=opened.origin) as store:
        update_facts(store, opened.entries)
        found = store.connection.execute("SELECT * FROM changes")
        names = [each[0] for each in found.description]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return {row["change_id"]: row for row in rows}


@pytest.fixture(scope="module")
def changes(stories: Stories, tmp_path_factory: pytest.TempPathFactory) -> Changes:
    return judged(stories.forge, stories, tmp_path_factory.mktemp("ledger"))


def test_each_is_judged_as_it_was_told(stories: Stories, changes: Changes) -> None:
    wrong = {}
    for name, story in stories.told.items():
        row = changes[story.change]
        tests = {each.rpartition(": ")[2] for each in row["rejected_approvals"]}
        if (row["review_verdict"], row["number"]) != (story.verdict, story.number) or not story.fails <= tests:
            wrong[name] = (row["review_verdict"], row["number"], row["rejected_approvals"], row["landing"])
    assert wrong == {}


def test_who_is_not_shown_may_be_a_bot_and_reviews_nothing(stories: Stories, tmp_path: Path) -> None:
    forge = copy.copy(stories.forge)
    forge.hidden = {str(forge.users["ben"]["id"]), str(forge.users["release-robot"]["id"])}
    found = judged(forge, stories, tmp_path)
    for name, verdict in (
        ("approved by another", "unknown"),
        ("approved by a service account", "unknown"),
        ("approved by a project's bot", "not-reviewed"),  # its name alone tells
    ):
        row = found[stories.told[name].change]
        assert (name, row["review_verdict"]) == (name, verdict)
        test = "unknown-account" if verdict == "unknown" else "bot"
        assert any(each.endswith(test) for each in row["rejected_approvals"]), row["rejected_approvals"]


def test_rules_that_were_not_met_when_it_was_merged_were_gone_around(stories: Stories, tmp_path: Path) -> None:
    forge = copy.copy(stories.forge)
    forge.asks = 1
    found = judged(forge, stories, tmp_path)
    told = {
        name: found[story.change]["bypassed_rules"]
        for name, story in stories.told.items()
        if story.number is not None
    }
    assert (told["approved by another"], told["unapproved"], told["only said so"]) == (False, True, True)
