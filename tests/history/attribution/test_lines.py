"""Lines joined with records, commit-level signals and squash replays, on small real repositories."""

import json
import re
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.catalogue.signatures import load_signatures
from asbuilt.history.attribution.classify import attribute_commits
from asbuilt.history.attribution.line_map import map_lines
from asbuilt.history.attribution.line_record import CommitLines, Writer
from asbuilt.history.attribution.lines import LineAttribution, attribute_lines
from asbuilt.history.attribution.records import Records, read_line_records
from asbuilt.history.attribution.signals import match_signals
from asbuilt.history.commits import read_commit_set, read_commits
from asbuilt.history.git import Repository, open_repository
from asbuilt.history.origins.lines import line_origins
from asbuilt.history.origins.table import LineOrigins
from asbuilt.history.pull_refs import pull_heads
from asbuilt.history.squash import replay_squashes
from asbuilt.model.attribution import Attribution, Authorship, Confidence, Replay, SquashReplay
from asbuilt.model.origin import LineRun
from tests.conftest import fetched
from tests.repos import Repo

TRACKED, DECLARED, HUMAN, UNKNOWN = (
    Authorship.AI_TRACKED, Authorship.AI_DECLARED, Authorship.HUMAN_TRACKED, Authorship.UNKNOWN,
)  # fmt: skip
CLAUDE = "\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n"
CURSOR = "\n\nCo-authored-by: Cursor <cursoragent@cursor.com>\n"
SUBJECT = re.compile(r"\(#([1-9][0-9]*)\)$")


def attribute(repository: Repository) -> LineAttribution:
    tip = repository.resolve("HEAD")
    commits = read_commits(repository, [tip])
    candidates = {
        commit.id: int(match[1])
        for commit in commits
        if len(commit.parents) == 1 and (match := SUBJECT.search(commit.subject))
    }
    replays = replay_squashes(repository, commits, candidates, pull_heads(repository))
    known = {commit.id: commit for commit in commits}
    known |= read_commit_set(
        repository, sorted({own for one in replays.values() for own in one.commits} - known.keys())
    )
    records = read_line_records(repository, known.keys(), tip=tip, commits=known.values())
    signals = match_signals(list(known.values()), load_signatures())
    attributions = attribute_commits(known.values(), signals, records.signals, squashes=replays)
    return attribute_lines(repository, line_origins(repository, tip), attributions, records, replays)


def runs(repo: Repo, path: str = "a") -> list[LineRun]:
    with open_repository(repo.path) as repository:
        found = attribute(repository)
    return list(found.runs(path.encode()))


def each(found: list[LineRun]) -> list[tuple[str, Authorship, str | None]]:
    """(writing commit, class, tool) of every line."""
    return [(run.writing, run.authorship, run.tool) for run in found for _ in range(run.count)]


def note(repo: Repo, commit: str, lines: str, **sessions: str) -> None:
    told = {
        "schema_version": "authorship/3.0.0",
        "sessions": {key: {"agent_id": {"tool": tool, "id": key}} for key, tool in sessions.items()},
    }
    repo.note("ai", commit, f"{lines}---\n{json.dumps(told)}\n")


def numbered(first: int, last: int) -> str:
    return "".join(f"line {number}\n" for number in range(first, last + 1))


def test_commit_level_classes(repo: Repo) -> None:
    one = repo.write("a", "1\n").commit("by hand")
    two = repo.write("a", "1\n2\n").commit(f"with a tool{CLAUDE}")
    found = runs(repo)
    assert each(found) == [(one, UNKNOWN, None), (two, DECLARED, "claude_code")]
    assert found[0] == LineRun("a", 1, 1, one, "a", 1, one, UNKNOWN)
    assert found[1].confidence is Confidence.HIGH
    assert [item.partition("-")[0] for item in found[1].evidence] == ["signature:claude_code/trailer"]
    assert found[1].evidence[0].endswith(f"@{two}")


def test_a_record_names_lines_and_leaves_the_rest_unknown(repo: Repo) -> None:
    own = repo.write("a", numbered(1, 10)).commit(f"work{CLAUDE}")
    note(repo, own, "a\n  s_1::t_1 2-4,9\n  h_1 6\n", s_1="claude")
    found = runs(repo)
    assert [(run.first, run.last, run.authorship, run.tool) for run in found] == [
        (1, 1, UNKNOWN, None), (2, 4, TRACKED, "claude_code"), (5, 5, UNKNOWN, None), (6, 6, HUMAN, None),
        (7, 8, UNKNOWN, None), (9, 9, TRACKED, "claude_code"), (10, 10, UNKNOWN, None),
    ]  # fmt: skip
    assert [run.origin_line for run in found] == [1, 2, 5, 6, 7, 9, 10]
    # The record decides; the trailer stays in sight.
    assert found[1].evidence[0] == f"git-ai:{own}"
    assert found[1].evidence[1].startswith("signature:claude_code/")


def test_a_declared_tool_that_the_record_does_not_know(repo: Repo) -> None:
    own = repo.write("a", numbered(1, 4)).commit(f"work{CURSOR}")
    note(repo, own, "a\n  s_1::t_1 2\n", s_1="claude")
    found = runs(repo)
    assert [(run.authorship, run.tool) for run in found] == [
        (DECLARED, "cursor"), (TRACKED, "claude_code"), (DECLARED, "cursor"),
    ]  # fmt: skip
    assert all(f"git-ai:{own}" in run.evidence for run in found)
    assert all(any(item.startswith("signature:cursor/") for item in run.evidence) for run in found)


def test_an_empty_note_leaves_the_commits_own_statement(repo: Repo) -> None:
    own = repo.write("a", "1\n").commit(f"work{CLAUDE}")
    note(repo, own, "")
    assert each(runs(repo)) == [(own, DECLARED, "claude_code")]


def test_records_follow_lines_that_moved_since(repo: Repo) -> None:
    own = repo.write("a", numbered(1, 6)).commit("work")
    note(repo, own, "a\n  s_1::t_1 3-4\n", s_1="codex")
    repo.rename("a", "b")
    repo.commit("rename")
    later = repo.write("b", "top\n" + numbered(1, 3) + "between\n" + numbered(4, 6)).commit("more")
    found = runs(repo, "b")
    assert each(found) == [
        (later, UNKNOWN, None), (own, UNKNOWN, None), (own, UNKNOWN, None), (own, TRACKED, "openai_codex"),
        (later, UNKNOWN, None), (own, TRACKED, "openai_codex"), (own, UNKNOWN, None), (own, UNKNOWN, None),
    ]  # fmt: skip
    assert {run.origin_path for run in found if run.origin == own} == {"a"}


@pytest.mark.parametrize("ranges", ["1-999999999", "1,3-4,7-999999999"])
def test_ranges_beyond_the_file_end_with_it(repo: Repo, ranges: str) -> None:
    own = repo.write("a", numbered(1, 3)).commit("work")
    note(repo, own, f"a\n  s_1::t_1 {ranges}\n", s_1="claude")
    found = runs(repo)
    assert sum(run.count for run in found) == 3
    assert found[0].authorship is TRACKED


def test_overlapping_records_keep_both_in_sight(repo: Repo) -> None:
    own = repo.write("a", numbered(1, 9)).commit("work")
    note(repo, own, "a\n  h_1 1-6\n  s_1 4-8\n  s_2 5\n", s_1="claude", s_2="cursor")
    found = runs(repo)
    assert [(run.first, run.last, run.authorship, run.tool, run.confidence) for run in found] == [
        (1, 3, HUMAN, None, Confidence.HIGH),
        (4, 4, TRACKED, "claude_code", Confidence.MEDIUM),
        (5, 5, TRACKED, "claude_code", Confidence.MEDIUM),
        (6, 6, TRACKED, "claude_code", Confidence.MEDIUM),
        (7, 8, TRACKED, "claude_code", Confidence.HIGH),
        (9, 9, UNKNOWN, None, None),
    ]


def test_a_hundred_thousand_nested_ranges_take_no_time() -> None:
    held = CommitLines("c", "git-ai")
    count = 100_000
    for number, tool in enumerate(("cursor", "claude_code")):
        ranges = ",".join(f"{first}-{2 * count - first}" for first in range(1 + number, count, 2))
        held.add(b"a", Writer(TRACKED, tool), ranges.encode(), "git-ai:c")
    started = time.process_time()
    found = join(table(50), Records({"c": (held,)}), {}, {})
    assert time.process_time() - started < 10
    assert found.by_authorship()[TRACKED] == 50


def test_a_shallow_boundary_is_unknown(repo: Repo, tmp_path: Path) -> None:
    repo.write("a", "1\n").commit(f"far{CLAUDE}")
    cut = repo.write("b", "2\n").commit(f"near{CLAUDE}")
    repo.git("clone", "-q", "--depth=1", f"file://{repo.path}", str(tmp_path / "shallow"))
    with open_repository(tmp_path / "shallow") as repository:
        found = list(attribute(repository).runs())
    assert [(run.path, run.authorship, run.boundary, run.evidence) for run in found] == [
        ("a", UNKNOWN, True, ()), ("b", UNKNOWN, True, ()),
    ]  # fmt: skip
    assert {run.origin for run in found} == {cut}


# --- Squashes ---


def mixed_branch(repo: Repo) -> tuple[str, str, str]:
    """A person, then Claude, then Cursor write below two old lines; pull request 7."""
    repo.write("a", "old 1\nold 2\n").commit("start")
    repo.checkout("topic", new=True)
    person = repo.write("a", "old 1\nold 2\nperson 1\nperson 2\n").commit("by hand")
    claude = repo.write("a", "old 1\nold 2\nperson 1\nclaude 1\nperson 2\n").commit(f"tool{CLAUDE}")
    cursor = repo.write("a", "old 1\nold 2\nperson 1\nclaude 1\nperson 2\ncursor 1\n").commit(f"tool{CURSOR}")
    repo.ref("refs/pull/7/head", cursor).checkout("main")
    return person, claude, cursor


@pytest.mark.parametrize("moved", [None, "elsewhere", "above"])
def test_a_mixed_branch_is_told_apart_line_by_line(repo: Repo, moved: str | None) -> None:
    person, claude, cursor = mixed_branch(repo)
    if moved == "elsewhere":
        repo.write("b", "b\n").commit("moved")
    top = "new top\n" if moved == "above" else ""
    if top:
        repo.write("a", f"{top}old 1\nold 2\n").commit("moved")
        repo.write("a", f"{top}old 1\nold 2\nperson 1\nclaude 1\nperson 2\ncursor 1\n")
        squash = repo.commit(f"Work (#7){CLAUDE}")
    else:
        squash = repo.squash("topic", f"Work (#7){CLAUDE}")
    found = [run for run in runs(repo) if run.origin == squash]
    assert each(found) == [
        (person, UNKNOWN, None), (claude, DECLARED, "claude_code"), (person, UNKNOWN, None),
        (cursor, DECLARED, "cursor"),
    ]  # fmt: skip
    assert {run.replay for run in found} <= {Replay.IDENTITY, Replay.PATCH_ID, Replay.MERGE_TREE}
    assert [(run.origin_path, run.origin_line - bool(top)) for run in found] == [
        ("a", 3),
        ("a", 4),
        ("a", 5),
        ("a", 6),
    ]


def test_a_merge_replayed_squash(repo: Repo) -> None:
    person, claude, cursor = mixed_branch(repo)
    repo.write("a", "old 1\nold 2 moved\n").commit("moved")
    repo.write("a", "old 1\nold 2 moved\nperson 1\nclaude 1\nperson 2\ncursor 1\n")
    squash = repo.commit("Work (#7)")
    found = [run for run in runs(repo) if run.origin == squash]
    # Neighbouring changes conflict in a merge: only lines that survive between the versions are followed.
    assert {run.replay for run in found} == {Replay.RESIDUAL}
    assert each(found) == [
        (person, UNKNOWN, None), (claude, DECLARED, "claude_code"), (person, UNKNOWN, None),
        (cursor, DECLARED, "cursor"),
    ]  # fmt: skip


def test_notes_on_branch_commits_reach_the_tree(repo: Repo) -> None:
    repo.write("a", "old\n").commit("start")
    repo.checkout("topic", new=True)
    own = repo.write("a", "old\n" + numbered(1, 4)).commit("work")
    note(repo, own, "a\n  s_1::t_1 3-4\n", s_1="claude")
    last = repo.write("a", "top\nold\n" + numbered(1, 4)).commit("more")
    repo.ref("refs/pull/7/head", last).checkout("main")
    squash = repo.squash("topic", "Work (#7)")
    found = runs(repo)
    assert each(found)[2:] == [
        (own, UNKNOWN, None), (own, TRACKED, "claude_code"), (own, TRACKED, "claude_code"), (own, UNKNOWN, None),
    ]  # fmt: skip
    assert each(found)[0] == (last, UNKNOWN, None)
    tracked = next(run for run in found if run.authorship is TRACKED)
    assert (tracked.origin, tracked.origin_line, tracked.evidence) == (squash, 4, (f"git-ai:{own}",))


def test_a_note_on_the_squash_itself_wins(repo: Repo) -> None:
    mixed_branch(repo)
    squash = repo.squash("topic", f"Work (#7){CLAUDE}")
    note(repo, squash, "a\n  s_1::t_1 3\n", s_1="codex")
    found = [run for run in runs(repo) if run.origin == squash]
    assert {run.writing for run in found} == {squash}
    assert [(run.first, run.last, run.tool) for run in found] == [(3, 3, "openai_codex"), (4, 6, "claude_code")]


def test_a_hand_edit_while_squashing_is_residual(repo: Repo) -> None:
    person, _, cursor = mixed_branch(repo)
    repo.git("merge", "-q", "--squash", "topic")
    repo.write("a", "old 1\nold 2\nperson 1\nclaude 1 by hand\nperson 2\ncursor 1\n")
    squash = repo.commit(f"Work (#7){CLAUDE}")
    found = [run for run in runs(repo) if run.origin == squash]
    assert each(found) == [
        (person, UNKNOWN, None), (squash, DECLARED, "claude_code"), (person, UNKNOWN, None),
        (cursor, DECLARED, "cursor"),
    ]  # fmt: skip
    assert {run.replay for run in found} == {Replay.RESIDUAL}


def test_no_head_is_marked_mixed_possible(repo: Repo) -> None:
    repo.write("a", "old\n").commit("start")
    squash = repo.write("a", "old\nnew\n").commit(f"Work (#7){CLAUDE}")
    found = runs(repo)
    assert each(found)[1] == (squash, DECLARED, "claude_code")
    assert [run.replay for run in found] == [None, Replay.MIXED_POSSIBLE]


def test_a_tool_that_only_the_squash_declares(repo: Repo) -> None:
    repo.write("a", "old\n").commit("start")
    repo.checkout("topic", new=True)
    own = repo.write("a", "old\nnew\n").commit("work")
    repo.ref("refs/pull/7/head", own).checkout("main")
    squash = repo.squash("topic", f"Work (#7){CLAUDE}")
    run = runs(repo)[1]
    assert (run.origin, run.writing, run.authorship, run.tool, run.confidence) == (
        squash, own, DECLARED, "claude_code", Confidence.MEDIUM,
    )  # fmt: skip
    assert run.evidence[0].endswith(f"@{squash}")


def test_the_target_merged_into_the_branch_is_not_the_branchs(repo: Repo) -> None:
    repo.write("a", numbered(1, 9)).commit("start")
    repo.checkout("topic", new=True)
    one = repo.write("a", "top\n" + numbered(1, 9)).commit("one")
    repo.checkout("main").write("a", numbered(1, 9) + "main\n")
    moved = repo.commit("elsewhere")
    repo.checkout("topic")
    repo.merge("main")
    two = repo.write("a", "top\n" + numbered(1, 9) + "main\nend\n").commit("two")
    repo.ref("refs/pull/7/head", two).checkout("main")
    repo.squash("topic", "Work (#7)")
    lines = each(runs(repo))
    assert [writing for writing, _, _ in lines] == [one, *[lines[1][0]] * 9, moved, two]


def test_a_pull_request_stacked_on_another(repo: Repo) -> None:
    repo.write("a", "old\n").commit("start")
    repo.checkout("first", new=True)
    one = repo.write("a", "old\none\n").commit(f"one{CLAUDE}")
    repo.ref("refs/pull/7/head", one).checkout("second", new=True)
    two = repo.write("a", "old\none\ntwo\n").commit("two")
    repo.ref("refs/pull/8/head", two).checkout("main")
    first = repo.squash("first", "One (#7)")
    second = repo.write("a", "old\none\ntwo\n").commit("Two (#8)")
    found = runs(repo)
    assert [(run.origin, run.writing) for run in found][1:] == [(first, one), (second, two)]


def test_a_head_that_another_branch_grew_from_and_that_was_merged_later(repo: Repo) -> None:
    repo.write("a", "old\n").commit("start")
    repo.checkout("topic", new=True)
    one = repo.write("a", "old\none\n").commit("one")
    repo.ref("refs/pull/7/head", one).checkout("main")
    squash = repo.squash("topic", "One (#7)")
    repo.git(
        "merge", "-q", "-s", "ours", "-m", "late", "topic", env=repo._identity("A <a@example.com>", None, None)
    )
    repo.checkout("more", new=True)
    more = repo.write("b", "b\n").commit("more")
    repo.ref("refs/pull/8/head", more).checkout("main")
    repo.squash("more", "More (#8)")
    found = runs(repo)
    assert found[1].origin == squash
    assert found[1].writing in {squash, one}  # the branch is behind the later base: never another commit
    assert sum(run.count for run in found) == 2


def test_paths_that_cannot_be_asked_for_stay_with_the_squash(repo: Repo) -> None:
    repo.write("a\nb", numbered(1, 9)).commit("start")
    repo.checkout("topic", new=True)
    head = repo.write("a\nb", numbered(1, 9) + "new\n").commit("work")
    repo.ref("refs/pull/7/head", head).checkout("main")
    repo.write("a\nb", "top\n" + numbered(1, 9)).commit("moved")
    squash = repo.write("a\nb", "top\n" + numbered(1, 9) + "new\n").commit("Work (#7)")
    found = runs(repo, "a\nb")
    assert (found[-1].origin, found[-1].writing, found[-1].replay) == (squash, squash, Replay.RESIDUAL)


# --- Totals ---


def test_totals_agree_with_runs(repo: Repo) -> None:
    person, claude, cursor = mixed_branch(repo)
    repo.squash("topic", "Work (#7)")
    own = repo.write("b", numbered(1, 5)).commit("more")
    note(repo, own, "b\n  s_1 2-3\n", s_1="claude")
    with open_repository(repo.path) as repository:
        found = attribute(repository)
    listed = list(found.runs())
    classes: Counter[Authorship] = Counter()
    tools: Counter[str | None] = Counter()
    for run in listed:
        classes[run.authorship] += run.count
        if run.authorship in {TRACKED, DECLARED}:
            tools[run.tool] += run.count
    assert found.by_authorship() == {authorship: classes[authorship] for authorship in Authorship}
    assert found.by_tool() == dict(tools) == {"claude_code": 3, "cursor": 1}
    assert dict(found.files()) == {b"a": {DECLARED: 2, UNKNOWN: 4}, b"b": {TRACKED: 2, UNKNOWN: 3}}
    assert [run for path in found.paths for run in found.runs(path)] == listed
    assert list(found.runs(b"absent")) == []
    assert {found.commits[number] for number in found.writing} >= {person, claude, cursor}


def test_an_empty_tree(repo: Repo) -> None:
    repo.commit("nothing")
    with open_repository(repo.path) as repository:
        found = attribute(repository)
    assert list(found.runs()) == []
    assert set(found.by_authorship().values()) == {0}
    assert (found.by_tool(), list(found.files())) == ({}, [])


# --- Laws ---


@given(st.lists(st.sampled_from("abc\n"), max_size=40), st.lists(st.sampled_from("abc\n"), max_size=40))
def test_a_mapped_line_is_the_same_line(one: list[str], two: list[str]) -> None:
    before, after = "".join(one).encode(), "".join(two).encode()
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found = map_lines(before, after).tolist()
    assert len(found) == len(old)
    kept = [(at, to) for at, to in enumerate(found) if to >= 0]
    assert all(old[at] == new[to] for at, to in kept)
    assert [to for _, to in kept] == sorted({to for _, to in kept})
    if before == after:
        assert len(kept) == len(old)


def table(lines: int) -> LineOrigins:
    return LineOrigins(
        tip="t", object_format="sha1", paths=[b"a"], blobs=[""], file_start=np.array([0, 1], np.int64),
        first=np.array([1], np.int32), count=np.array([lines], np.int32), commit=np.array([0], np.int32),
        origin_path=np.array([0], np.int32), origin_line=np.array([1], np.int32), commits=["c"], origin_paths=[b"a"],
    )  # fmt: skip


@given(
    st.integers(1, 30),
    st.lists(st.tuples(st.booleans(), st.integers(1, 40), st.integers(0, 40)), min_size=1, max_size=8),
)
def test_every_line_takes_the_best_record_that_names_it(lines: int, named: list[tuple[bool, int, int]]) -> None:
    held = CommitLines("c", "git-ai")
    for number, (person, first, more) in enumerate(named):
        writer = Writer(HUMAN if person else TRACKED, None if person else f"tool{number}")
        held.add(b"a", writer, f"{first}-{first + more}".encode(), "git-ai:c")
    expected: list[tuple[Authorship, str | None]] = []
    for line in range(1, lines + 1):
        here = [
            (person, number) for number, (person, first, more) in enumerate(named) if first <= line <= first + more
        ]
        person, number = min(here, default=(False, -1))
        expected.append((UNKNOWN, None) if number < 0 else (HUMAN, None) if person else (TRACKED, f"tool{number}"))
    found = join(table(lines), Records({"c": (held,)}), {}, {})
    assert [(run.authorship, run.tool) for run in found.runs() for _ in range(run.count)] == expected
    assert [(run.first, run.origin_line) for run in found.runs()] == [
        (run.first, run.first) for run in found.runs()
    ]


def join(
    origins: LineOrigins,
    records: Records,
    attributions: Mapping[str, Attribution],
    replays: Mapping[str, SquashReplay],
) -> LineAttribution:
    """Without squashes to follow no repository is looked at."""
    return attribute_lines(None, origins, attributions, records, replays)  # type: ignore[arg-type]


@pytest.mark.slow
def test_half_a_million_runs_take_about_a_second() -> None:
    runs, commits, files = 500_000, 5_000, 2_000
    rng = np.random.default_rng(7)
    per_file = runs // files
    first = np.tile(np.arange(per_file) * 3 + 1, files).astype(np.int32)
    commit = rng.integers(0, commits, runs).astype(np.int32)
    path = np.repeat(np.arange(files), per_file).astype(np.int32)
    names = [f"f{number}".encode() for number in range(files)]
    origins = LineOrigins(
        tip="t", object_format="sha1", paths=names, blobs=[""] * files,
        file_start=np.arange(files + 1, dtype=np.int64) * per_file, first=first, count=np.full(runs, 3, np.int32),
        commit=commit, origin_path=path, origin_line=first, commits=[f"c{number}" for number in range(commits)],
        origin_paths=names,
    )  # fmt: skip
    held = {}
    for number in range(0, commits, 50):
        lines = CommitLines(f"c{number}", "git-ai")
        for name in names[::20]:
            lines.add(name, Writer(TRACKED, "cursor"), b"2-100,200", "git-ai:x")
        held[f"c{number}"] = (lines,)
    attributions = {own: Attribution(own, DECLARED, ("claude_code",)) for own in origins.commits}
    started = time.process_time()
    found = join(origins, Records(held), attributions, {})
    took = time.process_time() - started
    assert sum(found.by_authorship().values()) == 3 * runs
    assert found.by_authorship()[TRACKED] > 0
    assert took < 3


# --- Public histories ---


@pytest.mark.fetched
@pytest.mark.slow
def test_lines_of_a_public_history_are_followed_as_git_blame_would() -> None:
    """For every squash whose tree is the head's: the writing commit is the one that blame names in the branch."""
    with open_repository(fetched("cloudflare+workers-oauth-provider")) as repository:
        found = attribute(repository)
        assert found.by_authorship()[TRACKED] == 3_900  # no note stands on the main line: all came through replays
        commits = read_commits(repository, ["HEAD"])
        heads = pull_heads(repository)
        numbers = {commit.id: int(match[1]) for commit in commits if (match := SUBJECT.search(commit.subject))}
        replays = replay_squashes(repository, commits, numbers, heads)
        asked = 0
        for run in list(found.runs())[::10]:
            if run.replay is not Replay.IDENTITY:
                continue
            replay = replays[run.origin]
            said = repository.run(
                "blame", "--porcelain", "-L", f"{run.origin_line},+{run.count}", f"{replay.base}..{replay.head}", "--",
                run.origin_path,
            )  # fmt: skip
            named = {line[:40].decode() for line in said.splitlines() if re.match(rb"[0-9a-f]{40} \d+ \d+", line)}
            assert named == {run.writing}
            asked += 1
    assert asked > 300
