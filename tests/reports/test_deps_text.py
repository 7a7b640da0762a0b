"""The list of dependencies as text: grouped by commit, safe, and honest about what is not known."""

from typing import Any

import msgspec

from asbuilt.model.component import Unread
from asbuilt.model.deps import SCHEMA, Dependency, DependencyList
from asbuilt.model.inspection import Gap
from asbuilt.reports.deps_text import render_deps

COMMIT = "a" * 40


def row(**more: Any) -> Dependency:
    usual: dict[str, Any] = {
        "kind": "new", "ecosystem": "npm", "name": "left-pad", "purl": "pkg:npm/left-pad@1.3.0", "version": "1.3.0",
        "path": "package-lock.json", "line": 7, "commit": COMMIT, "change": COMMIT, "at": 1_700_000_000,
        "landed_at": 1_700_000_000, "landing": "squash", "number": 12, "subject": "Pad", "author": "Ana Alves",
        "attribution": "ai-declared", "tools": ("claude_code",), "why": "x",
    }  # fmt: skip
    return Dependency(**(usual | more))


def listing(*rows: Dependency, **more: Any) -> DependencyList:
    usual: dict[str, Any] = {
        "schema": SCHEMA, "version": "1", "product": "shop", "commit": COMMIT, "source": "git",
        "whole_history": False, "since": None, "total": len(rows), "dependencies": rows,
        "attributions": {}, "approvals": dict.fromkeys(("proved", "stated", "missing", "unknown"), 0),
    }  # fmt: skip
    return DependencyList(**(usual | more))


def test_components_stand_under_the_commit_that_brought_them() -> None:
    other = row(kind="version", name="right-pad", version="2.0.0", previous="1.0.0")
    proved = row(name="mid-pad", approval="proved", approved_by=("dee",))
    text = render_deps(listing(row(), other, proved), width=80, color=False)
    assert text.count("aaaaaaaaaa  #12") == 1
    assert "AI, declared: claude_code  Ana Alves" in text
    assert "+ npm left-pad  1.3.0         package-lock.json:7" in text
    assert "~ npm right-pad 1.0.0 → 2.0.0 package-lock.json:7" in text
    assert "● approved: dee" in text
    assert "AI, declared       1       –        –        2    3" in text


def test_a_mixed_squash_a_removal_and_what_stood_before_are_said() -> None:
    gone = row(kind="removed", stands=False, mixed=True)
    before = msgspec.structs.replace(
        row(name="old"), kind="before", commit=None, change=None, at=None, landed_at=None, attribution="unknown"
    )
    text = render_deps(listing(gone, before), width=80, color=False)
    assert "- npm left-pad" in text
    assert "before the history that is here begins" in text
    assert "Of 1 only the squash is known" in text


def test_hostile_texts_are_made_safe_and_digests_are_cut() -> None:
    odd = row(name="\x1b[31mx\n", author="\u202eevil", subject="a\nb", version=f"sha256:{'0' * 64}")
    text = render_deps(listing(odd), width=80, color=False)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "sha256:00000000…" in text
    assert all(len(line) <= 81 for line in text.splitlines())


def test_what_could_not_be_seen_ends_the_list() -> None:
    gaps = (Gap("GAP-LEDGER", "No ledger.", "x", "asbuilt ledger init"),)
    unread = tuple(Unread(path=f"{number}/yarn.lock", why="It is damaged.") for number in range(12))
    text = render_deps(listing(gaps=gaps, unread=unread), width=80, color=False)
    assert "? GAP-LEDGER No ledger." in text
    assert "0/yarn.lock: It is damaged." in text
    assert "2 files more" in text
    old = tuple(Unread(path="yarn.lock", why=f"As of commit {each}: It is damaged.") for each in "abc")
    text = render_deps(listing(unread=(*old, *unread[:1])), width=80, color=False)
    assert "yarn.lock: As of commit a: It is damaged. And 2 more of its versions." in text
    assert "0/yarn.lock: It is damaged.\n" in text
    assert "\x1b" in render_deps(listing(row()), width=80, color=True)
