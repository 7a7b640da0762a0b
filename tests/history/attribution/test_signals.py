"""Signals: where a signature counts, where it does not, and what is read off it."""

import time
import tomllib
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asbuilt import catalogue
from asbuilt.catalogue.signatures import LINE, load_signatures
from asbuilt.history.attribution.classify import attribute_commits, standing
from asbuilt.history.attribution.signals import Matcher, match_signals, message_lines, source_branch
from asbuilt.history.commits import read_commits
from asbuilt.history.git import open_repository
from asbuilt.model.attribution import Authorship, Confidence, Proves, Signal
from asbuilt.model.commit import Commit, Person
from tests.repos import Repo

TOOLS = load_signatures()
TRAPS = tomllib.loads(Path(catalogue.__file__).with_name("signature_traps.toml").read_text("utf-8"))["traps"]
CLAUDE = "Co-authored-by: Claude Opus 4.6 (1M context) <noreply@anthropic.com>"
ANA = "Ana Alves <ana@example.com>"


def commit(message: str, *, author: str = ANA, committer: str | None = None, at: int = 1_700_000_000) -> Commit:
    def person(text: str) -> Person:
        name, _, email = text.partition(" <")
        return Person(name, email.rstrip(">"))

    return Commit("c" * 40, (), "t" * 40, person(author), at, person(committer or author), at, message)


def signals(message: str, **kwargs: object) -> tuple[Signal, ...]:
    return match_signals([commit(message, **kwargs)], TOOLS).get("c" * 40, ())  # type: ignore[arg-type]


def rules(message: str, **kwargs: object) -> list[str]:
    return [signal.rule for signal in signals(message, **kwargs)]


def test_a_real_repository_is_matched(repo: Repo) -> None:
    repo.write("a", "1\n")
    plain = repo.commit("Plain")
    told = repo.commit(f"Told\n\n{CLAUDE}\n")
    agent = repo.commit("Agent", author="Cursor Agent <cursoragent@cursor.com>")
    with open_repository(repo.path) as opened:
        found = match_signals(read_commits(opened, [agent]), TOOLS)
    assert plain not in found
    assert [signal.rule for signal in found[agent]] == ["cursor/author_email-1"]
    assert found[told] == (
        Signal(
            "signature", "claude_code", "claude_code/trailer-1", "trailer", Proves.AUTHORED, Confidence.HIGH, CLAUDE,
            told, model="Claude Opus 4.6",
        ),
    )  # fmt: skip


def test_a_trailer_counts_on_any_line_of_the_body_at_column_0() -> None:
    assert rules(f"S\n\n{CLAUDE}\n\nMore text below.\n") == ["claude_code/trailer-1"]
    assert rules(f"S\r\n\r\n{CLAUDE}\r\n") == ["claude_code/trailer-1"]
    for quoted in (f"  {CLAUDE}", f"\t{CLAUDE}", f"* {CLAUDE}", f"- {CLAUDE}", f"> {CLAUDE}", f"`{CLAUDE}`"):
        assert rules(f"S\n\n{quoted}\n") == [], quoted
    assert rules(f"S\n\n```\n{CLAUDE}\n```\n") == []
    assert rules(f"S\n\n```\n{CLAUDE}\n") == ["claude_code/trailer-1"], "a fence that never closes hides nothing"
    assert rules(CLAUDE) == [], "a subject is no trailer"


def test_a_squash_body_gives_each_trailer_once() -> None:
    message = f"Add (#1)\n\n* One\n\n{CLAUDE}\n\n* Two\n\n{CLAUDE}\n\nMade-with: Cursor\n"
    assert rules(message) == ["claude_code/trailer-1", "cursor/trailer-2"]


def test_of_rules_that_say_the_same_the_most_trusted_is_kept() -> None:
    merged = commit("Merge pull request #7 from o/devin/1738820244-add-tests\n\nAdd tests")
    assert [s.rule for s in match_signals([merged], TOOLS)["c" * 40]] == ["devin/branch-1"]
    assert rules("S\n\nAssisted-by: Claude Opus 4.6 via Crush <crush@charm.land>") == ["crush/trailer-2"]


@pytest.mark.parametrize(
    ("line", "tool", "model", "session"),
    [
        ("Co-authored-by: Claude (fennec-v7-fast) <noreply@anthropic.com>", "claude_code", None, None),
        ("Co-authored-by: aider (gemini/gemini-2.5-pro) <aider@aider.chat>", "aider", "gemini/gemini-2.5-pro", None),
        ("Co-authored-by: x-ai/grok-4.5 <noreply@opencode.ai>", "opencode", "x-ai/grok-4.5", None),
        ("Co-authored-by: GPT-5 Codex <noreply@openai.com>", "openai_codex", "GPT-5 Codex", None),
        ("Assisted-by: Opus 4.7", "generic_disclosure", "Opus 4.7", None),
        ("Claude-Session: https://claude.ai/code/session_01Gr", "claude_code", None, "https://claude.ai/code/session_01Gr"),
        ("https://app.devin.ai/sessions/" + "0a" * 16, "devin", None, "https://app.devin.ai/sessions/" + "0a" * 16),
        ("Amp-Thread-ID: https://ampcode.com/threads/T-0a", "amp", None, "https://ampcode.com/threads/T-0a"),
        ("Entire-Checkpoint: 0123456789ab", "entire", None, "0123456789ab"),
    ],
)  # fmt: skip
def test_model_and_session_are_read_off(line: str, tool: str, model: str | None, session: str | None) -> None:
    (signal,) = signals(f"S\n\n{line}\n")
    assert (signal.tool, signal.model, signal.session) == (tool, model, session)


def test_a_line_written_by_an_editors_fault_is_void_in_its_window() -> None:
    message = "S\n\nCo-authored-by: Copilot <copilot@github.com>\n"
    for day, void in (("2026-04-21T23:59:59", False), ("2026-04-22T00:00:00", True), ("2026-05-06T23:59:59", True),
                      ("2026-05-07T00:00:00", False)):  # fmt: skip
        (signal,) = signals(message, at=int(datetime.fromisoformat(day + "+00:00").timestamp()))
        assert (signal.void is not None) is void, day
        assert standing(signal) is not void


@pytest.mark.parametrize(
    ("subject", "branch"),
    [
        ("Merge pull request #12 from octo/claude/fix-it-8Rub5", "claude/fix-it-8Rub5"),
        ("Merge branch 'devin/1738820244-x' into 'main'", "devin/1738820244-x"),
        ("Merge branch 'main' into cursor/x", "main"),
        ("Merge remote-tracking branch 'origin/codex/x'", "codex/x"),
        ("Merge branch 'claude/x' of github.com:o/r", "claude/x"),
        ("Merged in jules/x (pull request #5)", "jules/x"),
        ("Merge pull request 'Fix it' (#5) from ana/copilot/x into main", "copilot/x"),
        ("Merge pull request 'Fix it' (#5) from ana:x into main", "x"),
        ("Merge the two lists", None),
        ("Fix merge branch 'x'", None),
    ],
)
def test_the_source_branch_is_read_off_merge_subjects(subject: str, branch: str | None) -> None:
    assert source_branch(commit(subject + "\n\nBody")) == branch


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: trap["why"][:40])
def test_no_trap_is_called_ai(trap: dict[str, str]) -> None:
    at = int(datetime.fromisoformat(trap["date"]).timestamp()) if "date" in trap else 1_700_000_000
    author = trap.get("author", ANA)
    made = commit(trap.get("message", "S"), author=author, committer=trap.get("committer"), at=at)
    found = match_signals([made], TOOLS)
    assert attribute_commits([made], found)[made.id].authorship in {Authorship.UNKNOWN, Authorship.AUTOMATION}
    assert [signal for signal in found.get(made.id, ()) if standing(signal)] == []


def slow_lines(message: str) -> set[tuple[str, Proves]]:
    """What every rule alone says of every line: no needles, no cache."""
    found = set()
    for number, line in enumerate(message_lines(message)):
        for tool in TOOLS:
            for rule in tool.rules:
                if rule.where in LINE and (rule.where == "subject") == (number == 0) and rule.find(line):
                    found.add((line[:200], tool.id, rule.proves))
    return found


EXAMPLES = sorted({t for tool in TOOLS for r in tool.rules if r.where in LINE for t in (*r.hits, *r.near_misses)})


@settings(max_examples=150, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(EXAMPLES), st.text(max_size=20), st.just("```")), max_size=8))
def test_the_quick_way_finds_what_the_slow_way_finds(lines: list[str]) -> None:
    message = "\n".join(lines)
    quick = {(signal.text, signal.tool, signal.proves) for signal in signals(message)}
    slow = slow_lines(message)
    named = {text for text, tool, _ in slow if tool not in {"generic_disclosure", "agents_md"}}
    assert quick == {entry for entry in slow if entry[0] not in named or entry[1] != "generic_disclosure"}


def test_an_order_of_commits_or_a_shared_matcher_changes_nothing() -> None:
    texts = [f"S{number}\n\n{line}" for number, line in enumerate(EXAMPLES)]
    alone = [match_signals([commit(text)], TOOLS).get("c" * 40, ()) for text in texts]
    matcher = Matcher(TOOLS)
    assert [matcher.signals(commit(text)) for text in reversed(texts)] == alone[::-1]


def test_a_hostile_message_takes_linear_time() -> None:
    bad = "S\n\n" + "\n".join(
        f"Co-authored-by: {char * 20_000}" for char in (" ", "a", "<", "(", "claude ", "gpt-5 ")
    )
    start = time.process_time()
    signals(bad)
    assert time.process_time() - start < 1.0


def test_needles_and_caches_save_most_of_the_work() -> None:
    prose = "".join(f"This line {number} says what was done and why it was done so.\n" for number in range(12))
    commits = [commit(f"Change {number}\n\n{prose}\n{EXAMPLES[number % 40]}\n") for number in range(300)]
    start = time.process_time()
    match_signals(commits, TOOLS)
    quick = time.process_time() - start
    start = time.process_time()
    for one in commits:
        slow_lines(one.message)
    assert quick * 5 < time.process_time() - start
