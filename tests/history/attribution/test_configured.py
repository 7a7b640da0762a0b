"""Configured tools: files prove configuration, each for the tool whose rule names it."""

import time

from asbuilt.catalogue.signatures import Where, load_signatures
from asbuilt.history.attribution.configured import configured_tools

TOOLS = load_signatures()


def test_files_configure_tools() -> None:
    paths = [
        b"AGENTS.md",
        b"CLAUDE.md",
        b"docs/x.md",
        b"web/.claude/settings.json",
        b".cursorrules",
        b"src/cursor.py",
    ]
    assert configured_tools(paths, TOOLS) == {
        "agents_md": ("AGENTS.md",),
        "claude_code": ("CLAUDE.md", "web/.claude/settings.json"),
        "cursor": (".cursorrules",),
    }


def test_a_store_of_records_configures_nothing_and_no_rules_find_nothing() -> None:
    assert configured_tools([b".agent-trace/traces.jsonl"], TOOLS) == {}
    assert configured_tools([b"CLAUDE.md"], ()) == {}


def test_paths_that_are_no_text_are_shown_as_git_quotes_them() -> None:
    assert configured_tools([b"\xff/CLAUDE.md"], TOOLS) == {}
    assert configured_tools([b"\xc3\xa9/CLAUDE.md"], TOOLS) == {"claude_code": ("é/CLAUDE.md",)}


def test_every_example_of_a_file_rule_is_found_among_all_others() -> None:
    rules = [(tool.id, rule) for tool in TOOLS for rule in tool.rules if rule.where is Where.FILE]
    paths = [text for _, rule in rules for text in (*rule.hits, *rule.near_misses)]
    found = configured_tools([path.encode() for path in paths], TOOLS)
    for tool, rule in rules:
        if rule.proves == "configured":
            assert set(rule.hits) <= set(found[tool])
            assert not set(rule.near_misses) & set(found[tool])


def test_a_large_tree_is_quick() -> None:
    paths = [f"src/package{number % 97}/module_{number}.py".encode() for number in range(20_000)]
    start = time.process_time()
    assert configured_tools(paths, TOOLS) == {}
    assert time.process_time() - start < 2.0
