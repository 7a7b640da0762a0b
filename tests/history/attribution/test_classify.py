"""Attribution: what makes a commit AI, what never does, conflicts, squashes, and who answers."""

import pytest

from asbuilt.catalogue.signatures import load_signatures
from asbuilt.history.attribution.classify import attribute_commits
from asbuilt.history.attribution.signals import match_signals
from asbuilt.model.attribution import (
    Attribution,
    Authorship,
    Confidence,
    Proves,
    Replay,
    Signal,
    SquashReplay,
)
from asbuilt.model.commit import Commit, Person

TOOLS = load_signatures()
ID = "c" * 40
ANA = Person("Ana Alves", "ana@example.com")
BO = Person("Bo Berg", "bo@example.com")
WEB = Person("GitHub", "noreply@github.com")
CLAUDE = "Co-authored-by: Claude <noreply@anthropic.com>"
DEVIN = Person("Devin AI", "158243242+devin-ai-integration[bot]@users.noreply.github.com")
DEPENDABOT = Person("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
ACTIONS = Person("github-actions[bot]", "41898282+github-actions[bot]@users.noreply.github.com")


def record(
    tool: str, *, source: str = "git-ai", proves: Proves = Proves.AUTHORED, model: str | None = None
) -> Signal:
    return Signal(source, tool, "authorship/3.0.0", "note", proves, Confidence.HIGH, "12 lines", ID, model)


def attribution(
    message: str = "S",
    *,
    author: Person = ANA,
    committer: Person | None = None,
    parents: tuple[str, ...] = ("p" * 40,),
    records: tuple[Signal, ...] = (),
    replay: Replay | None = None,
    unreplayed: bool = False,
) -> Attribution:
    commit = Commit(ID, parents, "t" * 40, author, 1_700_000_000, committer or author, 1_700_000_000, message)
    squashes = {ID: SquashReplay(ID, 1, replay)} if replay else (frozenset({ID}) if unreplayed else frozenset())
    return attribute_commits(
        [commit], match_signals([commit], TOOLS), {ID: records} if records else {}, squashes=squashes
    )[ID]


def test_no_signal_is_unknown_and_the_author_answers() -> None:
    assert attribution() == Attribution(ID, Authorship.UNKNOWN, answers=ANA)


@pytest.mark.parametrize(
    ("message", "author"),
    [
        (f"S\n\n{CLAUDE}", ANA),
        ("S\n\nMade-with: Cursor", ANA),
        ("S\n\nAssisted-by: Claude Opus 4.6", ANA),
        ("S\n\nClaude-Session: https://claude.ai/code/session_01Gr", ANA),
        ("S", DEVIN),
        ("S", Person("Ana (aider)", "ana@example.com")),
        (f"S\n\n{CLAUDE}", ACTIONS),
    ],
)
def test_a_standing_signal_declares_ai(message: str, author: Person) -> None:
    found = attribution(message, author=author)
    assert found.authorship is Authorship.AI_DECLARED
    assert found.tool


@pytest.mark.parametrize(
    ("message", "author", "committer"),
    [
        ("S\n\nAssisted-by: Some Thing", ANA, ANA),  # low confidence
        (
            "S\n\nCo-authored-by: Copilot <175728472+Copilot@users.noreply.github.com>",
            ANA,
            ANA,
        ),  # suggestion applied
        ("S", ANA, Person("Ana Alves (aider)", "ana@example.com")),  # transport
        ("S", ANA, WEB),
        ("S\n\nSigned-off-by: dependabot[bot] <support@github.com>", ANA, ANA),  # typed by a person
    ],
)
def test_what_never_makes_a_commit_ai_stays_listed(message: str, author: Person, committer: Person) -> None:
    found = attribution(message, author=author, committer=committer)
    assert found.authorship is Authorship.UNKNOWN
    assert len(found.signals) == 1
    assert (found.tools, found.confidence, found.conflict) == ((), None, None)
    assert found.answers == ANA


def test_a_bot_that_is_no_ai_is_automation_unless_a_tool_is_named() -> None:
    assert attribution("Bump x", author=DEPENDABOT, committer=WEB).authorship is Authorship.AUTOMATION
    assert attribution("Bump x", author=DEPENDABOT, committer=WEB).answers is None
    merge = "Merge pull request #3 from o/dependabot/pip/flask-3.0"
    assert attribution(merge, parents=("p" * 40, "q" * 40)).authorship is Authorship.AUTOMATION
    assert attribution(merge).authorship is Authorship.UNKNOWN
    assert attribution(f"S\n\n{CLAUDE}", author=DEPENDABOT).authorship is Authorship.AI_DECLARED


def test_a_line_record_tracks_and_a_session_without_lines_declares() -> None:
    tracked = attribution(records=(record("cursor", model="gpt-5"),))
    assert (tracked.authorship, tracked.tools, tracked.model) == (Authorship.AI_TRACKED, ("cursor",), "gpt-5")
    assert attribution(records=(record("cursor", proves=Proves.SESSION),)).authorship is Authorship.AI_DECLARED
    assert attribution(records=(record("claude_code", source="entire"),)).authorship is Authorship.AI_DECLARED


def test_the_best_evidence_comes_first() -> None:
    message = f"S\n\nEntire-Checkpoint: 0123456789ab\nAssisted-by: Opus 4.7\nMade-with: Cursor\n{CLAUDE}"
    assert attribution(message).tools == ("cursor", "claude_code", "entire", "generic_disclosure")
    found = attribution(message, records=(record("claude_code", model="opus"),))
    assert found.tools[0] == "claude_code"
    assert found.model == "opus"
    assert attribution(message, author=DEVIN).tool == "devin"
    branch = "Merge pull request #1 from o/codex/x\n\nMade-with: Cursor"
    assert attribution(branch, parents=("p" * 40, "q" * 40)).tools == ("cursor", "openai_codex")


def test_sources_that_name_different_tools_conflict_and_nothing_is_dropped() -> None:
    found = attribution(f"S\n\n{CLAUDE}", records=(record("cursor"),))
    assert found.conflict is not None
    assert found.conflict.endswith(".")
    assert "git-ai record names Cursor" in found.conflict
    assert "the commit itself names Claude Code" in found.conflict
    assert {signal.tool for signal in found.signals} == {"cursor", "claude_code"}
    assert found.authorship is Authorship.AI_TRACKED


@pytest.mark.parametrize(
    ("message", "records"),
    [
        (f"S\n\n{CLAUDE}", (record("claude_code"),)),
        (f"S\n\n{CLAUDE}\nMade-with: Cursor", ()),  # two tools at work, one source
        (f"S\n\n{CLAUDE}\nMade-with: Cursor", (record("cursor"),)),
        ("S\n\nAssisted-by: Claude Opus 4.6", (record("cursor"),)),  # a convention names no tool of its own
        ("S\n\nEntire-Checkpoint: 0123456789ab", (record("cursor"),)),
        ("S\n\nCo-authored-by: Happy <yesreply@happy.engineering>", (record("claude_code"),)),
        (f"S\n\n{CLAUDE}", (record("claude_github_app"),)),
        ("S\n\nAssisted-by: Some Thing", (record("cursor"),)),
    ],
)
def test_tools_that_go_together_are_no_conflict(message: str, records: tuple[Signal, ...]) -> None:
    assert attribution(message, records=records).conflict is None


@pytest.mark.parametrize(
    ("replay", "mixed"),
    [
        (Replay.IDENTITY, False), (Replay.PATCH_ID, False), (Replay.MERGE_TREE, False),
        (Replay.RESIDUAL, True), (Replay.MIXED_POSSIBLE, True), (None, True),
    ],
)  # fmt: skip
def test_a_squash_without_a_replay_may_be_mixed(replay: Replay | None, mixed: bool) -> None:
    assert attribution(f"Add (#1)\n\n{CLAUDE}", replay=replay).mixed_possible is mixed
    assert attribution("Add (#1)", replay=replay).mixed_possible is False, "no signal can belong to a part"


def test_any_form_of_squash_may_be_mixed_and_a_merge_is_none() -> None:
    assert attribution(f"S\n\n{CLAUDE}", unreplayed=True).mixed_possible
    assert attribution(f"S\n\n* One\n\n* Two\n\n{CLAUDE}").mixed_possible
    assert attribution(f"S\n\n---------\n\n{CLAUDE}").mixed_possible
    assert not attribution(f"S\n\n{CLAUDE}").mixed_possible
    assert not attribution(f"Merge (#1)\n\n{CLAUDE}", parents=("p" * 40, "q" * 40)).mixed_possible
    assert not attribution(f"S (#1)\n\n{CLAUDE}", records=(record("claude_code"),)).mixed_possible


def test_behind_an_agent_the_person_who_asked_or_committed_answers() -> None:
    asked = "S\n\nCo-Authored-By: Bo Berg <bo@example.com>\nCo-authored-by: Ana Alves <ana@example.com>"
    assert attribution(asked, author=DEVIN, committer=WEB).answers == BO
    assert attribution("S", author=DEVIN, committer=ANA).answers == ANA
    assert attribution("S\n\nSigned-off-by: Bo Berg <bo@example.com>", author=DEVIN, committer=WEB).answers == BO
    assert attribution("S", author=DEVIN, committer=DEVIN).answers is None
    assert attribution("S", author=DEVIN, committer=WEB).answers is None
    nobody = "S\n\nCo-authored-by: renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>\n" + CLAUDE
    assert attribution(nobody, author=DEVIN, committer=WEB).answers is None
    assert attribution(f"S\n\n  {asked[3:]}", author=DEVIN, committer=WEB).answers == ANA, "the first is indented"


def test_behind_aider_the_person_who_ran_it_answers() -> None:
    ran = Person("Ana Alves (aider)", "ana@example.com")
    assert attribution("S", author=ran).answers == ANA


def test_every_commit_is_answered_for_in_the_result() -> None:
    commits = [Commit(char * 40, (), "t" * 40, ANA, 0, ANA, 0, "S") for char in "abc"]
    assert list(attribute_commits(commits, {})) == [commit.id for commit in commits]
