"""Attribution against public histories, when copies are at hand (ASBUILT_REPOS)."""

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from asbuilt.catalogue.signatures import load_signatures, record_names
from asbuilt.history.attribution.classify import attribute_commits, standing
from asbuilt.history.attribution.opt_out import find_opt_outs
from asbuilt.history.attribution.signals import match_signals
from asbuilt.history.commits import read_commit_set, read_commits
from asbuilt.history.git import Repository, open_repository
from asbuilt.model.attribution import Authorship
from tests.conftest import fetched

pytestmark = [pytest.mark.fetched, pytest.mark.slow]

TOOLS = load_signatures()
YEAR_2020 = 1_577_836_800
MOCKS = {"mock_ai", "test-agent"}  # what the tests of git-ai leave in notes


def notes(repository: Repository) -> Iterator[tuple[str, bytes]]:
    """Annotated commit and note, for every note of git-ai."""
    listing = [entry.split(b"\t") for entry in repository.run("ls-tree", "-r", "refs/notes/ai").splitlines()]
    asked = b"".join(head.split()[2] + b"\n" for head, _ in listing)
    contents = repository.run("cat-file", "--batch", "--buffer", stdin=asked)
    at = 0
    for _, path in listing:
        end = contents.index(b"\n", at)
        size = int(contents[at:end].split()[2])
        yield path.replace(b"/", b"").decode(), contents[end + 1 : end + 1 + size]
        at = end + size + 2


def attesting_tools(note: bytes) -> set[str]:
    """Our ids of the tools to which the note gives at least one line."""
    attested, divider, metadata = note.rpartition(b"\n---\n")
    if not divider:
        return set()
    keys = {line.split()[0].split(b"::")[0].decode() for line in attested.split(b"\n") if line.startswith(b" ")}
    told = json.loads(metadata)
    agents = {**(told.get("prompts") or {}), **(told.get("sessions") or {})}
    names = {agent["agent_id"]["tool"] for key, agent in agents.items() if key in keys} - MOCKS
    ids = record_names(TOOLS)
    return {ids.get(name.lower(), name) for name in names}


def test_where_git_ai_and_a_signal_speak_they_name_the_same_tool() -> None:
    # Counted: commits that are here, are no merges, whose note gives lines to a tool, and that carry a standing
    # signal. They agree when one of the tools of the note is one of the tools of the signals.
    with open_repository(fetched("git-ai-project+git-ai")) as repository:
        tools = {commit: found for commit, note in notes(repository) if (found := attesting_tools(note))}
        commits = [c for c in read_commit_set(repository, list(tools)).values() if len(c.parents) < 2]
    found = match_signals(commits, TOOLS)
    signalled = {own: {s.tool for s in signals if standing(s)} for own, signals in found.items()}
    both = [commit.id for commit in commits if signalled.get(commit.id)]
    agree = sum(not tools[own].isdisjoint(signalled[own]) for own in both)
    assert len(commits) >= 2_700
    assert len(both) >= 1_400
    assert agree / len(both) >= 0.96, f"{agree} of {len(both)}"
    # A missing signal says nothing: nearly half of what git-ai attests carries none.
    assert 0.4 < len(both) / len(commits) < 0.7


@pytest.mark.parametrize("name", ["ansible+ansible", "rails+rails", "git+git", "pallets+flask", "simonw+datasette"])
def test_no_commit_from_before_2020_is_called_ai(name: str) -> None:
    with open_repository(fetched(name)) as repository:
        commits = [c for c in read_commits(repository, ["HEAD"]) if max(c.author_time, c.commit_time) < YEAR_2020]
    found = attribute_commits(commits, match_signals(commits, TOOLS))
    assert len(found) >= 800
    ai = {Authorship.AI_DECLARED, Authorship.AI_TRACKED}
    assert [own for own, attribution in found.items() if attribution.authorship in ai] == []


def test_what_git_says_of_ai_is_what_its_authors_disclosed() -> None:
    with open_repository(fetched("git+git")) as repository:
        commits = read_commits(repository, ["HEAD"])
    found = attribute_commits(commits, match_signals(commits, TOOLS))
    texts = Counter(
        s.text for own in found.values() for s in own.signals if own.authorship is Authorship.AI_DECLARED
    )
    assert sum(texts.values()) >= 50
    assert texts["Assisted-by: Claude Opus 4.6"] >= 28
    assert texts["Assisted-by: Opus 4.7"] >= 18
    named = [text for text in texts if text.startswith(("Assisted-by: ", "Co-authored-by: ", "Co-Authored-By: "))]
    assert sorted(named) == sorted(texts)
    assert not any("gitster" in text or "weakcamel" in text for text in texts), "people are thanked, not tools"


@pytest.mark.parametrize(
    ("commit", "lines"), [("226a30d2^", []), ("226a30d2", [22]), ("3b17346f^", [39]), ("3b17346f", [])]
)
def test_a_real_repository_switched_disclosure_off_and_on_again(commit: str, lines: list[int]) -> None:
    with open_repository(fetched("getsentry+sentry-mcp")) as repository:
        tip = repository.resolve(commit)
        paths = repository.run("ls-tree", "-r", "-z", "--name-only", tip).split(b"\0")[:-1]
        found = find_opt_outs(repository, tip, paths)
    assert [(finding.path, finding.line) for finding in found] == [
        (".claude/settings.json", line) for line in lines
    ]
