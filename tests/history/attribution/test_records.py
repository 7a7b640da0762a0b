"""Agent Trace records and Entire checkpoints."""

import json

import pytest

from asbuilt.history.attribution.agent_trace import parse_traces
from asbuilt.history.attribution.line_record import tool_id
from asbuilt.history.attribution.records import LineRecord, Records, read_line_records
from asbuilt.history.commits import read_commits
from asbuilt.history.git import open_repository
from asbuilt.model.attribution import Authorship, Confidence, Proves
from tests.conftest import fetched
from tests.repos import HOUR, START, Repo

AI, HUMAN = Authorship.AI_TRACKED, Authorship.HUMAN_TRACKED
TRACES = ".agent-trace/traces.jsonl"


def read(repo: Repo, *wanted: str, tip: str | None = None) -> Records:
    with open_repository(repo.path) as repository:
        return read_line_records(repository, set(wanted), tip=tip)


def portion(first: object, last: object, **more: object) -> dict[str, object]:
    return {"start_line": first, "end_line": last} | more


def trace(
    revision: str | None, *ranges: dict[str, object], path: str = "a.py", kind: str | None = "ai",
    tool: object = "cursor", at: str = "2023-11-14T22:00:00Z", **more: object,
) -> dict[str, object]:  # fmt: skip
    conversation: dict[str, object] = {"url": "https://api.cursor.com/v1/conversations/1", "ranges": list(ranges)}
    if kind is not None:
        conversation["contributor"] = {"type": kind, "model_id": "anthropic/claude-opus-4-5"}
    told: dict[str, object] = {
        "version": "0.1.0", "id": "550e8400", "timestamp": at, "tool": {"name": tool},
        "files": [{"path": path, "conversations": [conversation]}],
    }  # fmt: skip
    if revision is not None:
        told["vcs"] = {"type": "git", "revision": revision}
    return told | more


def told(record: LineRecord) -> tuple[int, int, Authorship, str | None]:
    return record.first, record.last, record.authorship, record.tool


def test_a_trace_in_a_note(repo: Repo) -> None:
    own = repo.write("a.py", "x\n" * 30).commit()
    override = portion(9, 9, contributor={"type": "human"})
    repo.note("agent-trace", own, json.dumps(trace(own, portion(1, 4), override)))
    records = read(repo, own)
    assert records.at(own, b"a.py") == (
        LineRecord(
            own, b"a.py", 1, 4, AI, "cursor", "anthropic/claude-opus-4-5", "https://api.cursor.com/v1/conversations/1",
            "agent-trace", "agent-trace:550e8400",
        ),
        LineRecord(own, b"a.py", 9, 9, HUMAN, None, None, None, "agent-trace", "agent-trace:550e8400"),
    )  # fmt: skip
    (signal,) = records.signals[own]
    assert (signal.source, signal.tool, signal.proves) == ("agent-trace", "cursor", Proves.AUTHORED)
    assert records.gaps == ()


@pytest.mark.parametrize("form", ["array", "lines"])
def test_several_traces_in_one_note(repo: Repo, form: str) -> None:
    own = repo.write("a.py", "x\n" * 30).commit()
    told_ = [trace(own, portion(1, 2)), trace(None, portion(5, 6), tool="claude-code")]
    text = json.dumps(told_) if form == "array" else "\n".join(json.dumps(one) for one in told_)
    repo.note("agent-trace", own, text)
    records = read(repo, own)
    assert [told(record) for record in records.at(own, b"a.py")] == [
        (1, 2, AI, "cursor"),
        (5, 6, AI, "claude_code"),
    ]


@pytest.mark.parametrize("kind", ["unknown", None, "robot"])
def test_no_contributor_claims_nothing(repo: Repo, kind: str | None) -> None:
    own = repo.write("a.py", "x\n").commit()
    repo.note("agent-trace", own, json.dumps(trace(own, portion(1, 1), kind=kind)))
    records = read(repo, own)
    assert records.lines == {}
    assert not any(records.signals.values())


def test_mixed_lines_are_tracked_with_less_confidence(repo: Repo) -> None:
    own = repo.write("a.py", "x\n").commit()
    repo.note("agent-trace", own, json.dumps(trace(own, portion(1, 1), kind="mixed")))
    (record,) = read(repo, own).at(own, b"a.py")
    assert (record.authorship, record.confidence) == (AI, Confidence.MEDIUM)


def test_a_mock_tool_is_no_evidence(repo: Repo) -> None:
    own = repo.write("a.py", "x\n").commit()
    repo.note("agent-trace", own, json.dumps(trace(own, portion(1, 1), tool="mock_ai")))
    assert read(repo, own).lines == {}


def test_a_note_that_speaks_of_another_commit_places_no_lines(repo: Repo) -> None:
    one = repo.write("a.py", "x\n").commit()
    two = repo.write("a.py", "x\ny\n").commit()
    repo.note("agent-trace", two, json.dumps(trace(one, portion(1, 1))))
    records = read(repo, one, two)
    assert records.lines == {}
    assert [signal.tool for signal in records.signals[two]] == ["cursor"]
    assert ["cannot be placed" in gap.what for gap in records.gaps] == [True]


def test_a_trace_in_the_tree_of_a_commit_made_after_it(repo: Repo) -> None:
    own = repo.write("a.py", "x\n" * 30).commit(at=START + HOUR)
    tip = repo.write(TRACES, json.dumps(trace(own, portion(2, 3))) + "\n").commit()
    records = read(repo, own, tip, tip=tip)
    assert [told(record) for record in records.at(own, b"a.py")] == [(2, 3, AI, "cursor")]
    assert records.gaps == ()
    assert read(repo, own, tip).lines == {}  # without a tip only notes are read


def test_a_trace_written_while_editing_speaks_for_the_commit_that_brought_it(repo: Repo) -> None:
    # The reference implementation records HEAD at the time of the edit: its line numbers mean no commit's file.
    before = repo.write("a.py", "x\n" * 30).commit(at=START)
    written = trace(before, portion(2, 3), at="2023-11-14T22:30:00Z")
    own = repo.write("a.py", "y\n" * 30).write(TRACES, json.dumps(written) + "\n").commit(at=START + HOUR)
    tip = repo.write(
        TRACES, json.dumps(written) + "\n" + json.dumps(trace(None, portion(1, 1), id="2")) + "\n"
    ).commit()
    records = read(repo, before, own, tip, tip=tip)
    assert records.lines == {}
    assert {commit: [signal.tool for signal in found] for commit, found in records.signals.items()} == {
        own: ["cursor"], tip: ["cursor"],
    }  # fmt: skip
    assert ["cannot be placed" in gap.what for gap in records.gaps] == [True, True]


@pytest.mark.parametrize(
    "text",
    [
        "nothing", "{}", "[1]", '{"files": 7}', "[" * 100_000, '{"files":[' + '{"a":' * 90_000 + "}" * 90_000 + "]}",
        '{"files": []}\nnothing\n',
    ],
)  # fmt: skip
def test_malformed_traces_are_gaps(repo: Repo, text: str) -> None:
    own = repo.write("a.py", "x\n").write(TRACES, text).commit()
    repo.note("agent-trace", own, text)
    gaps = read(repo, own, tip=own).gaps
    assert [gap.code for gap in gaps if "cannot be read" in gap.what] == ["GAP-NOTE", "GAP-NOTE"]
    assert own in gaps[0].what
    assert TRACES in gaps[1].what


@pytest.mark.parametrize(
    "odd",
    [
        {"files": [7, {"path": 7}, {"path": "a.py"}, {"path": "a.py", "conversations": [7, {"ranges": 7}]}]},
        {"files": [{"path": "a.py", "conversations": [{"contributor": {"type": "ai"}, "ranges": [7, {}]}]}]},
        {"vcs": 7, "tool": 7},
        {"vcs": {"type": "git", "revision": "abc"}, "tool": {"name": 7}},
    ],
)
def test_odd_shapes_do_no_harm(repo: Repo, odd: dict[str, object]) -> None:
    own = repo.write("a.py", "x\n").commit()
    repo.note("agent-trace", own, json.dumps(trace(own, portion(1, 1)) | odd))
    records = read(repo, own)
    assert [told(record)[:3] for record in records.at(own, b"a.py")] in ([], [(1, 1, AI)])


@pytest.mark.parametrize(("first", "last"), [(0, 1), (5, 2), ("x", 3), (None, 3), (1, 10**12), (True, 2)])
def test_ranges_that_are_none_are_left_out(repo: Repo, first: object, last: object) -> None:
    own = repo.write("a.py", "x\n").commit()
    repo.note("agent-trace", own, json.dumps(trace(own, portion(first, last), portion(1, 1))))
    assert [told(record)[:2] for record in read(repo, own).at(own, b"a.py")] == [(1, 1)]


def test_files_that_are_no_traces_are_not_read(repo: Repo) -> None:
    own = repo.write(".agent-trace/raw/cursor/x.jsonl", "no").write(".agent-trace/README.md", "no").commit()
    assert read(repo, own, tip=own).gaps == ()


def test_records_of_two_kinds_stand_side_by_side(repo: Repo) -> None:
    own = repo.write("a.py", "x\n" * 3).commit()
    repo.note("agent-trace", own, json.dumps(trace(own, portion(1, 2))))
    metadata = {"schema_version": "authorship/3.0.0", "sessions": {"s_1": {"agent_id": {"tool": "codex"}}}}
    repo.note("ai", own, f"a.py\n  s_1 2-3\n---\n{json.dumps(metadata)}\n")
    records = read(repo, own)
    assert [record.source for record in records.at(own, b"a.py")] == ["git-ai", "agent-trace"]
    assert records.by_commit == {own: {b"a.py": records.at(own, b"a.py")}}
    assert [signal.source for signal in records.signals[own]] == ["git-ai", "agent-trace"]


def test_one_trace_or_none_out_of_any_text() -> None:
    assert [trace is None for trace, _ in parse_traces(b'{"files": []}')] == [False]
    assert [trace is None for trace, _ in parse_traces(b"")] == [True]


# --- Entire ---

CHECKPOINT = "0e6b66910244"


def checkpoints(repo: Repo, **files: dict[str, object]) -> None:
    """The branch with checkpoints; keys are paths with ``__`` for a slash, without ``metadata.json``."""
    repo.git("checkout", "-q", "--orphan", "entire/checkpoints/v1")
    for name, content in files.items():
        repo.write(f"{name.lstrip('_').replace('__', '/')}/metadata.json", json.dumps(content))
    repo.commit("checkpoints")
    repo.git("checkout", "-q", "-f", "main")


def session(agent: str = "Claude Code", lines: int | None = 3, total: int = 4) -> dict[str, object]:
    told: dict[str, object] = {"session_id": "253fd5ef", "agent": agent, "checkpoint_id": CHECKPOINT}
    if lines is not None:
        told["initial_attribution"] = {"agent_lines": lines, "total_committed": total, "agent_percentage": 75.0}
    return told


def test_a_checkpoint_counts_lines_of_its_commit(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit(f"work\n\nEntire-Checkpoint: {CHECKPOINT}\n")
    checkpoints(
        repo, _0e__6b66910244={"checkpoint_id": CHECKPOINT}, _0e__6b66910244__0=session(),
        _0e__6b66910244__1=session("Gemini CLI", lines=0),
    )  # fmt: skip
    records = read(repo, own)
    assert records.lines == {}
    assert [(signal.tool, signal.proves, signal.text) for signal in records.signals[own]] == [
        ("claude_code", Proves.AUTHORED, "Claude Code: 3 of 4 lines"),
        ("gemini_cli", Proves.SESSION, "Gemini CLI: 0 of 4 lines"),
    ]
    first = records.signals[own][0]
    assert (first.source, first.rule, first.where, first.session, first.confidence) == (
        "entire", "entire/checkpoints/v1", f"Entire-Checkpoint: {CHECKPOINT}", "253fd5ef", Confidence.HIGH,
    )  # fmt: skip
    assert records.gaps == ()


def test_a_checkpoint_on_several_commits_is_said_so(repo: Repo) -> None:
    one = repo.write("a", "x\n").commit(f"work\n\nEntire-Checkpoint: {CHECKPOINT}\n")
    two = repo.write("a", "y\n").commit(f"more\n\nEntire-Checkpoint: {CHECKPOINT}\n")
    checkpoints(repo, _0e__6b66910244__0=session("Agent"))
    records = read(repo, one, two)
    (signal,) = records.signals[one]
    assert (signal.tool, signal.confidence) == ("entire", Confidence.MEDIUM)
    assert signal.text == "Agent: 3 of 4 lines; the checkpoint stands on 2 commits"
    assert [("more than one commit" in gap.what, gap.count) for gap in records.gaps] == [(True, 1)]


def test_a_checkpoint_without_a_record_is_said_so(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit(f"work\n\nEntire-Checkpoint: {CHECKPOINT}\n")
    records = read(repo, own)
    assert records.signals == {}
    assert [("are not here" in gap.what, gap.count) for gap in records.gaps] == [(True, 1)]


def test_a_lone_file_is_the_session_and_a_remote_branch_is_read(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit(f"work\n\nEntire-Checkpoint: {CHECKPOINT}\n")
    checkpoints(repo, _0e__6b66910244=session(lines=None))
    repo.git("update-ref", "refs/remotes/origin/entire/checkpoints/v1", "entire/checkpoints/v1")
    repo.git("update-ref", "-d", "refs/heads/entire/checkpoints/v1")
    (signal,) = read(repo, own).signals[own]
    assert (signal.tool, signal.proves, signal.text) == ("claude_code", Proves.SESSION, "Claude Code")


@pytest.mark.parametrize(
    "content", ["nothing", "[]", '{"agent": ' + "[" * 100_000, '{"initial_attribution": {"agent_lines": "x"}}']
)
def test_malformed_sessions_are_gaps(repo: Repo, content: str) -> None:
    own = repo.write("a", "x\n").commit(f"work\n\nEntire-Checkpoint: {CHECKPOINT}\n")
    repo.git("checkout", "-q", "--orphan", "entire/checkpoints/v1")
    repo.write("0e/6b66910244/0/metadata.json", content).commit("checkpoints")
    repo.git("checkout", "-q", "-f", "main")
    records = read(repo, own)
    assert records.signals == {}
    assert [gap.code for gap in records.gaps] == ["GAP-NOTE"]
    assert CHECKPOINT in records.gaps[0].what


@pytest.mark.parametrize("message", ["Entire-Checkpoint: 0e6b6691024", "see Entire-Checkpoint: 0e6b66910244", "x"])
def test_what_is_no_checkpoint(repo: Repo, message: str) -> None:
    own = repo.write("a", "x\n").commit(message)
    assert read(repo, own).gaps == ()


@pytest.mark.fetched
def test_the_checkpoints_of_a_real_history() -> None:
    with open_repository(fetched("entireio+cli")) as repository:
        commits = read_commits(repository, ["refs/heads/main"])
        records = read_line_records(repository, {commit.id for commit in commits}, commits=commits)
    assert len(records.signals) == 476
    assert sorted((gap.count, "are not here" in gap.what) for gap in records.gaps) == [(26, True), (38, False)]


@pytest.mark.parametrize(
    ("name", "tool"),
    [
        ("claude", "claude_code"), (" Codex ", "openai_codex"), ("cursor-agent", "cursor"), ("qwen-code", "qwen_code"),
        ("some new thing", "other_agents"), ("unknown", None), ("", None), (None, None),
    ],
)  # fmt: skip
def test_a_records_name_of_a_tool_is_read_by_the_catalogue(name: str | None, tool: str | None) -> None:
    assert tool_id(name) == tool
