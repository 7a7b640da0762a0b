import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asbuilt.history.attribution.git_ai import NoteError, parse_note, read_git_ai
from asbuilt.history.attribution.line_record import parse_ranges, ranges_valid
from asbuilt.history.attribution.notes import LARGEST, list_notes
from asbuilt.history.attribution.records import LineRecord, Records, read_line_records
from asbuilt.history.git import open_repository
from asbuilt.model.attribution import Authorship, Confidence, Proves
from tests.conftest import fetched
from tests.repos import Repo

AI, HUMAN = Authorship.AI_TRACKED, Authorship.HUMAN_TRACKED
SESSION = "s_1fd2f6fcd4817a"
PERSON = "h_00112233445566"


def agent(tool: str = "claude", model: str = "claude-opus-4-5") -> dict[str, object]:
    return {
        "agent_id": {"tool": tool, "id": "conversation-1", "model": model},
        "human_author": "Ana Alves <ana@example.com>",
    }


def note(lines: str, **metadata: object) -> str:
    told = {"schema_version": "authorship/3.0.0", "base_commit_sha": "", "prompts": {}} | metadata
    return f"{lines}---\n{json.dumps(told)}\n"


def read(repo: Repo, *wanted: str) -> Records:
    with open_repository(repo.path) as repository:
        return read_line_records(repository, set(wanted))


def told(record: LineRecord) -> tuple[int, int, Authorship, str | None]:
    return record.first, record.last, record.authorship, record.tool


def test_sessions_people_and_untracked_lines(repo: Repo) -> None:
    own = repo.write("src/a b.py", "x\n" * 40).commit()
    repo.note("ai", own, note(
        f'"src/a b.py"\n  {SESSION}::t_baf1d6fd4a26dc 1-10,15\n  {PERSON} 12-13\n',
        sessions={SESSION: agent()}, humans={PERSON: {"author": "Ana Alves <ana@example.com>"}},
    ))  # fmt: skip
    records = read(repo, own)
    found = records.at(own, b"src/a b.py")
    assert [told(record) for record in found] == [
        (1, 10, AI, "claude_code"), (15, 15, AI, "claude_code"), (12, 13, HUMAN, None),
    ]  # fmt: skip
    assert found[0] == LineRecord(
        own, b"src/a b.py", 1, 10, AI, "claude_code", "claude-opus-4-5", "conversation-1", "git-ai", f"git-ai:{own}"
    )
    (signal,) = records.signals[own]
    assert (signal.source, signal.tool, signal.rule, signal.proves, signal.model, signal.session) == (
        "git-ai", "claude_code", "authorship/3.0.0", Proves.AUTHORED, "claude-opus-4-5", "conversation-1",
    )  # fmt: skip
    assert signal.text == "claude, claude-opus-4-5: 11 lines"
    assert records.gaps == ()


@pytest.mark.parametrize("key", ["0169d4b", "0169d4b8", "0169d4b8b6f761e8", "39027a7f-bbd5-45c8-b40c-fb721b3dde00"])
def test_prompt_keys_of_every_length_and_entries_in_any_order(repo: Repo, key: str) -> None:
    own = repo.write("a", "x\n").write("b", "x\n").commit()
    repo.note("ai", own, note(f"b\n  {key} 4,1-2\na\n  {key} 1\n", prompts={key: agent("codex", model="gpt-5")}))
    records = read(repo, own)
    assert [told(record) for record in records.at(own, b"b")] == [
        (4, 4, AI, "openai_codex"),
        (1, 2, AI, "openai_codex"),
    ]
    assert records.gaps == ()


@pytest.mark.parametrize(
    ("tool", "expected"),
    [
        ("cursor", "cursor"),
        ("github-copilot", "copilot_vscode"),
        ("Claude Code", "claude_code"),
        ("pi", "other_agents"),
    ],
)
def test_tools_are_named_as_the_catalogue_names_them(repo: Repo, tool: str, expected: str) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, note(f"a\n  {SESSION} 1\n", sessions={SESSION: agent(tool)}))
    assert [signal.tool for signal in read(repo, own).signals[own]] == [expected]


@pytest.mark.parametrize("tool", ["mock_ai", "test-agent"])
def test_mock_tools_are_no_evidence(repo: Repo, tool: str) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, note(f"a\n  {SESSION} 1\n", sessions={SESSION: agent(tool)}))
    records = read(repo, own)
    assert (records.lines, records.signals, records.gaps) == ({}, {}, ())


def test_a_session_without_lines_is_a_hint(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, note("", sessions={SESSION: agent()}))
    records = read(repo, own)
    assert records.lines == {}
    assert [(signal.proves, signal.confidence) for signal in records.signals[own]] == [
        (Proves.SESSION, Confidence.LOW)
    ]


def test_lines_carried_along_in_files_that_the_commit_left_alone(repo: Repo) -> None:
    repo.write("a", "x\n").write("é", "x\n").write("b", "x\n").commit()
    own = repo.write("b", "y\n").write("é", "y\n").commit()
    entries = f"a\n  {SESSION} 1\nb\n  {SESSION} 1\né\n  s_2 1\n"
    repo.note("ai", own, note(entries, sessions={SESSION: agent(), "s_2": agent("cursor")}))
    records = read(repo, own)
    assert set(records.by_commit[own]) == {b"b", "é".encode()}
    assert [signal.text for signal in records.signals[own]] == [
        "claude, claude-opus-4-5: 1 lines", "cursor, claude-opus-4-5: 1 lines",
    ]  # fmt: skip


def test_a_merge_is_given_only_what_it_changed_itself(repo: Repo) -> None:
    repo.write("a", "x\n").commit()
    repo.checkout("topic", new=True).write("b", "b\n").commit()
    repo.checkout("main").write("a", "y\n").commit()
    own = repo.merge("topic")
    repo.note("ai", own, note(f"b\n  {SESSION} 1\n", sessions={SESSION: agent()}))
    records = read(repo, own)
    assert records.lines == {}
    assert [signal.confidence for signal in records.signals[own]] == [Confidence.LOW]


def test_an_empty_note_says_nothing(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, note(""))
    records = read(repo, own)
    assert (records.lines, records.signals, records.gaps) == ({}, {}, ())


def test_a_session_that_another_note_describes(repo: Repo) -> None:
    one = repo.write("a", "x\n").commit()
    two = repo.write("a", "y\n").commit()
    repo.note("ai", one, note(f"a\n  {SESSION}::t_1 1\n"))
    repo.note("ai", two, note("", sessions={SESSION: agent("cursor")}))
    assert [told(record) for record in read(repo, one, two).at(one, b"a")] == [(1, 1, AI, "cursor")]
    # Alone, the key says that a tool wrote the line, not which.
    (record,) = read(repo, one).at(one, b"a")
    assert (record.authorship, record.tool, record.confidence) == (AI, None, Confidence.MEDIUM)


def test_the_key_human_claims_nothing(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, note("a\n  human 1\n"))
    assert read(repo, own).lines == {}


def test_remote_notes_are_read_and_local_ones_win(repo: Repo) -> None:
    one = repo.write("a", "x\n").commit()
    two = repo.write("a", "y\n").commit()
    for own in (one, two):
        repo.note("ai-remote/origin", own, note(f"a\n  {SESSION} 1\n", sessions={SESSION: agent("cursor")}))
    repo.note("ai", one, note(f"a\n  {SESSION} 1\n", sessions={SESSION: agent("claude")}))
    records = read(repo, one, two)
    assert records.at(one, b"a")[0].tool == "claude_code"
    assert records.at(two, b"a")[0].tool == "cursor"
    assert records.signals[two][0].where == "note refs/notes/ai-remote/origin"


def test_only_wanted_commits_are_read(repo: Repo) -> None:
    one = repo.write("a", "x\n").commit()
    two = repo.write("a", "y\n").commit()
    repo.note("ai", one, note(f"a\n  {SESSION} 1\n", sessions={SESSION: agent()}))
    repo.note("ai", two, "no note at all")
    records = read(repo, one)
    assert (set(records.lines), records.gaps) == ({one}, ())


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("a\n  s_1 1\n", "No line `---`"),
        ("a\n  s_1 1\n---\nnot json\n", "not what the format says"),
        ("a\n  s_1 1\n---\n[]\n", "not what the format says"),
        ("a\n  s_1 1\n---\n{}\n", "not what the format says"),
        ('---\n{"schema_version": "authorship/4.0.0"}\n', "only authorship/3.x"),
        (
            '---\n{"schema_version": "authorship/3.0.0", "prompts": {"k": '
            + "[" * 100_000
            + "]" * 100_000
            + "}}\n",
            "deeply",
        ),
        (
            '---\n{"schema_version": "authorship/3.0.0", "x": ' + '{"a":' * 90_000 + "1" + "}" * 90_000 + "}\n",
            "deeply",
        ),
    ],
)
def test_a_malformed_note_is_a_gap_with_its_commit(repo: Repo, body: str, why: str) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, body)
    records = read(repo, own)
    assert (records.lines, records.signals) == ({}, {})
    (gap,) = records.gaps
    assert gap.code == "GAP-NOTE"
    assert own in gap.what
    assert why in gap.why


@pytest.mark.parametrize(
    "entry",
    [
        "  s_1 0", "  s_1 5-2", "  s_1 -3", "  s_1 1-", "  s_1 x", "  s_1", "  s_1 1,,2", "  s_1 " + "9" * 5000,
        "  s_1 1-9999999999", "  s_1 ١",
    ],
)  # fmt: skip
def test_a_malformed_entry_is_a_gap_and_the_rest_is_read(repo: Repo, entry: str) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, note(f"a\n{entry}\n  {SESSION} 1\n", sessions={SESSION: agent()}))
    records = read(repo, own)
    assert [told(record) for record in records.at(own, b"a")] == [(1, 1, AI, "claude_code")]
    (gap,) = records.gaps
    assert own in gap.what


def test_an_entry_before_any_file_and_a_session_that_is_no_session(repo: Repo) -> None:
    one = repo.write("a", "x\n").commit()
    two = repo.write("a", "y\n").commit()
    repo.note("ai", one, note(f"  {SESSION} 1\n", sessions={SESSION: agent()}))
    repo.note("ai", two, note(f"a\n  {SESSION} 1\n", sessions={SESSION: 7}))
    records = read(repo, one, two)
    assert {gap.what for gap in records.gaps} == {
        f"The git-ai note of {own} cannot be read whole." for own in (one, two)
    }
    assert read(repo, two).at(two, b"a")[0].tool is None


def test_enormous_ranges_stay_small(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, note(f"a\n  {SESSION} 1-999999999\n", sessions={SESSION: agent()}))
    assert [told(record)[:2] for record in read(repo, own).at(own, b"a")] == [(1, 999_999_999)]


def test_paths_that_lead_elsewhere_are_only_names(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit()
    tricks = ["../../etc/passwd", "/etc/passwd", "a\0b", "./a", "con", '"', '""', '"unclosed']
    repo.note("ai", own, note("".join(f"{path}\n  {SESSION} 1\n" for path in tricks), sessions={SESSION: agent()}))
    records = read(repo, own)
    assert (records.lines, records.gaps) == ({}, ())


def test_quoted_paths(repo: Repo) -> None:
    own = repo.write("café 1.txt", "x\n").write('a "b" c', "x\n").write("café.txt", "x\n").commit()
    lines = f'"caf\\303\\251 1.txt"\n  {SESSION} 1\n"a "b" c"\n  {SESSION} 2\ncafé.txt\n  {SESSION} 3\n'
    repo.note("ai", own, note(lines, sessions={SESSION: agent()}))
    records = read(repo, own)
    for path, line in (("café 1.txt", 1), ('a "b" c', 2), ("café.txt", 3)):
        assert [told(record)[0] for record in records.at(own, path.encode())] == [line]


def test_a_huge_note_is_not_read(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, "x" * (LARGEST + 1))
    (gap,) = read(repo, own).gaps
    assert gap.code == "GAP-NOTE"
    assert own in gap.what


def test_many_malformed_notes_are_told_and_then_counted(repo: Repo) -> None:
    commits = [repo.commit(str(number)) for number in range(25)]
    for own in commits:
        repo.note("ai", own, "nothing of the kind")
    gaps = read(repo, *commits).gaps
    assert len(gaps) == 21
    assert sum(gap.count for gap in gaps) == 25


def test_a_ref_that_holds_no_notes_is_a_gap(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit()
    blob = repo.git("rev-parse", f"{own}:a").decode().strip()
    repo.ref("refs/notes/ai", blob)
    (gap,) = read(repo, own).gaps
    assert "refs/notes/ai cannot be read as notes" in gap.what


def test_hostile_text_in_a_note_is_shown_as_escapes(repo: Repo) -> None:
    own = repo.write("a", "x\n").commit()
    repo.note(
        "ai", own, note(f"a\n  {SESSION} 1\n", sessions={SESSION: agent("\x1b[2J\u202e", model="\x1b]0;x\x07")})
    )
    (signal,) = read(repo, own).signals[own]
    assert "\x1b" not in signal.text
    assert "\u202e" not in signal.text


def first_days(repo: Repo, own: str, told: object) -> None:
    blob = repo.git("hash-object", "-w", "--stdin", stdin=json.dumps(told).encode()).decode().strip()
    repo.ref(f"refs/ai/authorship/{own}", blob)


def test_records_of_the_first_days(repo: Repo) -> None:
    one = repo.write("a", "x\n" * 9).commit()
    authors = [
        {"author": "Cursor", "lines": [1, [3, 5]], "agent_metadata": None},
        {"author": "Ana Alves", "lines": [2], "agent_metadata": None},
        {"author": "Claude", "lines": [6], "agent_metadata": None},
        {"author": "claude", "lines": [7], "agent_metadata": {"model": "opus"}},
    ]
    first_days(repo, one, {"files": {"a": {"file": "a", "authors": authors}}, "schema_version": "authorship/0.0.1"})
    records = read(repo, one)
    assert [told(record) for record in records.at(one, b"a")] == [
        (1, 1, AI, "cursor"), (3, 5, AI, "cursor"), (7, 7, AI, "claude_code"),
    ]  # fmt: skip
    assert records.signals[one][0].rule == "authorship/0.0.1"
    (gap,) = records.gaps  # "Claude" alone may be a person
    assert one in gap.what
    assert "Claude" in gap.why


@pytest.mark.parametrize(
    "told", [[], 7, {"schema_version": "authorship/9"}, {"files": [], "schema_version": "authorship/9.0"}]
)
def test_malformed_records_of_the_first_days(repo: Repo, told: object) -> None:
    one = repo.write("a", "x\n").commit()
    first_days(repo, one, told)
    records = read(repo, one)
    assert records.lines == {}
    assert [gap.code for gap in records.gaps] == ["GAP-NOTE"]


def test_odd_shapes_of_the_first_days_do_no_harm(repo: Repo) -> None:
    one = repo.write("a", "x\n").commit()
    first_days(
        repo,
        one,
        {"files": {"a": 7, "b": {"authors": 7}, "c": {"authors": [7, {"author": "Cursor", "lines": [[]]}]}}},
    )
    assert read(repo, one).lines == {}


@given(st.binary(max_size=300))
def test_any_bytes_give_a_note_or_an_error(body: bytes) -> None:
    try:
        parse_note(body)
    except NoteError:
        return
    assert b"authorship/3." in body


@given(st.lists(st.tuples(st.integers(1, 10**8), st.integers(0, 10**8)), min_size=1, max_size=9))
def test_ranges_read_back(pairs: list[tuple[int, int]]) -> None:
    ranges = [(first, first + more) for first, more in pairs]
    text = ",".join(f"{first}-{last}" if last > first else str(first) for first, last in ranges).encode()
    assert ranges_valid(text)
    assert parse_ranges(text) == ranges


@pytest.mark.fetched
@pytest.mark.slow
def test_every_note_of_a_real_history_is_read() -> None:
    with open_repository(fetched("git-ai-project+git-ai")) as repository:
        notes = list_notes(repository, "refs/notes/ai")
        reading = read_git_ai(repository, notes.keys())
    assert len(notes) == 10_685
    assert reading.gaps == []
    assert len(reading.lines) == 8_521  # 342 more only carry lines of other commits along
    assert {signal.tool for told in reading.signals.values() for signal in told} >= {
        "claude_code",
        "cursor",
        "openai_codex",
    }


def test_a_sha256_repository(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "bare", object_format="sha256")
    own = repo.write("a", "x\n").commit()
    repo.note("ai", own, note(f"a\n  {SESSION} 1\n", sessions={SESSION: agent()}))
    assert [told(record)[0] for record in read(repo, own).at(own, b"a")] == [1]


def test_a_note_of_the_present_form_where_the_first_days_kept_theirs(repo: Repo) -> None:
    one = repo.write("a", "x\n" * 3).commit()
    body = note(f"a\n  {SESSION} 1-2\n", sessions={SESSION: agent()}).encode()
    repo.ref(f"refs/ai/authorship/{one}", repo.git("hash-object", "-w", "--stdin", stdin=body).decode().strip())
    records = read(repo, one)
    assert [told(record) for record in records.at(one, b"a")] == [(1, 2, AI, "claude_code")]
    assert records.gaps == ()
