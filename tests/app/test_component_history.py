"""Which commit brought each component: against a slow recount that reads every file of every commit."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asbuilt.app.component_history import BEFORE, ComponentHistory, component_history
from asbuilt.history.git import open_repository
from asbuilt.model.component import Component
from asbuilt.supply.introductions import Identity, by_identity, compare, identity, label, versions_of
from asbuilt.supply.reading import read_file
from tests.repos import Repo

Event = tuple[str, str, Identity, str, str | None]  # commit, kind, identity, label, previous


def lock(**versions: str) -> str:
    packages = ",\n".join(f'"node_modules/{name}": {{"version": "{told}"}}' for name, told in versions.items())
    return f'{{"lockfileVersion": 3, "packages": {{{packages}}}}}'


def told(history: ComponentHistory) -> list[tuple[str, str, str, str | None]]:
    return [(own.kind, own.component.name, label(own.component), own.previous) for own in history.introductions]


def history_of(repo: Repo, folder: Path | None = None, rev: str = "HEAD") -> ComponentHistory:
    with open_repository(repo.path) as opened:
        return component_history(opened, opened.resolve(rev), folder=folder)


# A slow recount: every file of every commit is read, and every rule is told in its plainest form.


def trees_of(repo: Repo, rows: Sequence[Sequence[str]]) -> dict[str, tuple[Component, ...]]:
    """The components of each commit, parents first; of a file that tells nothing but refusals, those it had before."""
    named: dict[str, dict[str, tuple[Component, ...]]] = {}
    for commit, *parents in rows:
        files = {}
        for row in repo.git("ls-tree", "-r", "-z", commit).split(b"\0"):
            if row:
                head, _, path = row.partition(b"\t")
                files[path.decode()] = repo.git("cat-file", "blob", head.split()[2].decode())
        before = named[parents[0]] if parents else {}
        named[commit] = {}
        for name, data in files.items():
            reading = read_file(data, name, files.get)
            is_lost = reading.unread and not reading.components
            named[commit][name] = before.get(name, ()) if is_lost else reading.components
    return {own: tuple(dict.fromkeys(one for each in told.values() for one in each)) for own, told in named.items()}


def recount(repo: Repo, rev: str = "HEAD") -> tuple[set[Event], dict[tuple[Identity, str], str]]:
    """All events, and the commit that each component of the tip came with."""
    rows = [
        row.split()
        for row in repo.git("rev-list", "--topo-order", "--reverse", "--parents", rev).decode().splitlines()
    ]
    trees = trees_of(repo, rows)
    versions = {
        own: {(each, told) for each, same in by_identity(tree).items() for told in versions_of(same)}
        for own, tree in trees.items()
    }
    names = {own: {each for each, _ in those} for own, those in versions.items()}
    above: dict[str, set[str]] = {}
    events: set[Event] = set()
    origin: dict[str, dict[tuple[Identity, str], str]] = {}
    for commit, *parents in rows:
        above[commit] = {commit}.union(*(above[parent] for parent in parents))
        standing = {}
        for own in versions[commit]:
            standing[own] = next((origin[parent][own] for parent in parents if own in origin[parent]), commit)
        origin[commit] = standing
        for each in compare([one for parent in parents for one in trees[parent]], trees[commit]):
            # A range that one parent has unlocked did not come, though the lock file of another would cover it.
            here = identity(each.component), label(each.component)
            if each.kind != "removed" and not any(here in versions[parent] for parent in parents):
                events.add((commit, each.kind, identity(each.component), label(each.component), each.previous))
        first, *others = parents or [commit]
        for lost in names[first] - names[commit]:
            branch = set().union(*(above[other] - above[first] for other in others if lost not in names[other]))
            if not any(event[0] in branch and event[1] == "removed" and event[2] == lost for event in events):
                (gone,) = compare(by_identity([one for parent in parents for one in trees[parent]])[lost], [])
                events.add((commit, "removed", lost, label(gone.component), gone.previous))
    return events, origin[rows[-1][0]]


def events_of(history: ComponentHistory) -> set[Event]:
    return {
        (own.commit, own.kind, identity(own.component), label(own.component), own.previous)
        for own in history.introductions
    }


def standing_of(history: ComponentHistory) -> dict[tuple[Identity, str], str]:
    return {
        (identity(own.component), label(own.component)): history.introductions[own.brought].commit
        for own in history.standing
    }


LOCKS = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["1.0.0", "1.1.0", "2.0.0"]), max_size=3).map(
    lambda versions: lock(**versions)
)
FILES = {
    "package-lock.json": LOCKS,
    "web/package-lock.json": LOCKS,
    "web/package.json": st.sampled_from(
        ['{"dependencies": {"a": "^1"}}', '{"dependencies": {"a": "^2", "d": "*"}}']
    ),
    "requirements.txt": st.sampled_from(["-r base.in\nx==1\n", "-r base.in\n", "x==2\n"]),
    "base.in": st.sampled_from(["y==1\n", "y==2\nx==1\n", "-r deep.in\n"]),
    "deep.in": st.sampled_from(["z==1\n", "z==2\n"]),
    "App.csproj": st.just('<Project><ItemGroup><PackageReference Include="N"/></ItemGroup></Project>'),
    "Directory.Packages.props": st.sampled_from(
        [
            f'<Project><ItemGroup><PackageVersion Include="N" Version="{told}"/></ItemGroup></Project>'
            for told in ("1.0", "2.0")
        ]
    ),
}


@st.composite
def histories(draw: st.DrawFn) -> bytes:
    """A history as ``git fast-import`` takes it: branches, merges, moves, what goes and comes again."""
    trees: list[dict[str, str]] = []
    out = []
    for number in range(draw(st.integers(1, 9))):
        parents = sorted(
            draw(st.sets(st.integers(max(0, number - 3), number - 1), min_size=1, max_size=3)) if number else (),
            reverse=draw(st.booleans()),
        )
        tree = dict(trees[parents[0]]) if parents else {}
        for other in parents[1:]:
            tree |= {path: text for path, text in trees[other].items() if draw(st.booleans())}
        for path in draw(st.lists(st.sampled_from(sorted(FILES)), max_size=3)):
            if path in tree and draw(st.booleans()):
                del tree[path]
            else:
                tree[path] = draw(FILES[path])
        trees.append(tree)
        out.append(
            f"commit refs/heads/main\nmark :{number + 1}\ncommitter A <a@example.com> {1_700_000_000 + number} +0000\ndata 1\nm"
        )
        out += [f"{'merge' if place else 'from'} :{parent + 1}" for place, parent in enumerate(parents)]
        out.append("deleteall")
        out += [f"M 100644 inline {path}\ndata {len(text)}\n{text}" for path, text in tree.items()]
        out.append("")
    return "\n".join(out).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(histories())
def test_the_history_is_that_of_a_slow_recount(script: bytes) -> None:
    with TemporaryDirectory() as folder:
        repo = Repo(Path(folder) / "repo")
        repo.git("fast-import", "--quiet", "--force", stdin=script)
        kept = Path(folder) / "kept"
        kept.mkdir()
        history = history_of(repo, kept)
        events, standing = recount(repo)
        assert events_of(history) == events
        assert len(history.introductions) == len(events)
        assert standing_of(history) == standing
        assert history_of(repo, kept) == history
        for file in kept.glob("*.introductions"):
            file.unlink()
        assert history_of(repo, kept) == history


def test_what_goes_and_comes_again_is_brought_twice(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    for text in (lock(a="1.0.0"), lock(), lock(a="1.0.0"), lock(a="1.1.0")):
        repo.write("package-lock.json", text).commit("Next")
    history = history_of(repo)
    assert told(history) == [
        ("new", "a", "1.0.0", None),
        ("removed", "a", "1.0.0", "1.0.0"),
        ("new", "a", "1.0.0", None),
        ("version", "a", "1.1.0", "1.0.0"),
    ]
    (standing,) = history.standing
    assert (standing.brought, standing.first) == (3, 2)


def test_a_renamed_lock_file_brings_nothing(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", lock(a="1.0.0")).commit("First")
    repo.rename("package-lock.json", "web/package-lock.json").commit("Move")
    history = history_of(repo)
    assert told(history) == [("new", "a", "1.0.0", None)]
    assert history.standing[0].component.path == "web/package-lock.json"


def test_what_a_branch_brought_is_the_branch_commits_and_not_the_merges(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", lock(a="1.0.0", b="1.0.0")).commit("First")
    repo.checkout("topic", new=True)
    brought = repo.write("package-lock.json", lock(a="1.0.0", c="1.0.0")).commit("Take c, drop b")
    repo.checkout("main").write("README", "x").commit("Else")
    repo.merge("topic")
    history = history_of(repo)
    assert [(own.kind, own.component.name) for own in history.introductions if own.commit == brought] == [
        ("removed", "b"),
        ("new", "c"),
    ]
    assert len(history.introductions) == 4


def test_a_version_that_cannot_be_read_changes_nothing_and_is_named(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", lock(a="1.0.0")).commit("First")
    broken = repo.write("package-lock.json", "<<<<<<< HEAD").commit("Conflict")
    repo.write("package-lock.json", lock(a="1.0.0", b="1.0.0")).commit("Mend")
    history = history_of(repo)
    assert [(own.kind, own.component.name) for own in history.introductions] == [("new", "a"), ("new", "b")]
    (unread,) = history.unread
    assert unread.path == "package-lock.json"
    assert f"As of commit {broken[:12]}: " in unread.why


def test_where_history_is_cut_off_nothing_is_known_of_what_stood_there(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", lock(a="1.0.0")).commit("First")
    repo.write("package-lock.json", lock(a="1.0.0", b="1.0.0")).commit("Second")
    repo.write("package-lock.json", lock(a="1.1.0", b="1.0.0")).commit("Third")
    repo.git("clone", "-q", "--depth=2", repo.path.as_uri(), str(tmp_path / "cut"))
    with open_repository(tmp_path / "cut") as opened:
        history = component_history(opened, opened.resolve("HEAD"))
    assert told(history) == [("version", "a", "1.1.0", "1.0.0")]
    assert [(own.component.name, own.brought, own.first) for own in history.standing] == [
        ("a", 0, BEFORE),
        ("b", BEFORE, BEFORE),
    ]


@pytest.mark.parametrize("content", ["-r requirements.txt\n", "-r ../../etc/passwd\n", "-r /etc/passwd\n"])
def test_includes_that_lead_in_a_circle_or_outside_end(tmp_path: Path, content: str) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("requirements.txt", f"{content}x==1\n").commit("First")
    assert told(history_of(repo)) == [("new", "x", "1", None)]


def test_a_kept_history_that_was_altered_is_not_believed(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("package-lock.json", lock(a="1.0.0")).commit("First")
    history = history_of(repo, tmp_path)
    for file in [*tmp_path.glob("*.introductions"), *tmp_path.glob("*.readings")]:
        file.write_bytes(file.read_bytes()[:-1] + b"\xff")
    assert history_of(repo, tmp_path) == history


def test_lock_files_that_no_reader_reads_are_named(tmp_path: Path) -> None:
    repo = Repo(tmp_path / "repo")
    repo.write("Podfile.lock", "PODS:").write("setup.py", "setup()").write("vendor/Podfile.lock", "").commit(
        "First"
    )
    assert {own.path for own in history_of(repo).unread} == {"Podfile.lock", "setup.py"}
