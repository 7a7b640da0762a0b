"""Reading one repository's history whole: commits, people, signals, replays, changes.

This is the first half of every use case that answers from git; nothing here judges.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from asbuilt.app.config import Config, read_config
from asbuilt.app.gaps import blind_spots
from asbuilt.catalogue.signatures import Tool, load_signatures
from asbuilt.facts.chains import open_command
from asbuilt.history.attribution.classify import attribute_commits, bot_test
from asbuilt.history.attribution.records import Records, read_line_records
from asbuilt.history.attribution.signals import match_signals
from asbuilt.history.changes import pull_request_number, read_changes
from asbuilt.history.commits import read_commit_set, read_commits
from asbuilt.history.forge import name_forge
from asbuilt.history.git import Repository
from asbuilt.history.people import People, join_people
from asbuilt.history.pull_refs import pull_heads
from asbuilt.history.releases import read_releases
from asbuilt.history.squash import replay_squashes
from asbuilt.model.attribution import Attribution, Authorship, SquashReplay
from asbuilt.model.change import Change, Release
from asbuilt.model.commit import Commit, Person
from asbuilt.model.inspection import Gap
from asbuilt.model.progress import Listener, silent


@dataclass(frozen=True, slots=True)
class Gathered:
    """What the history of one revision tells, before anything is judged.

    ``commits`` are those reachable from ``tip``, children first; ``by_id`` holds them and the branch commits,
    reachable only through a pull request's ref, that a replayed squash came from. ``is_bot`` says whether no
    human types with an account.
    """

    repository: Repository
    tip: str
    config: Config
    tools: tuple[Tool, ...]
    commits: list[Commit]
    by_id: Mapping[str, Commit]
    records: Records
    attributions: Mapping[str, Attribution]
    replays: Mapping[str, SquashReplay]
    people: People
    is_bot: Callable[[Person], bool]
    changes: tuple[Change, ...]
    releases: tuple[Release, ...]
    forge: str | None
    project: str | None
    gaps: tuple[Gap, ...]

    @property
    def sync_command(self) -> str:
        """The command that would open what only the forge can tell."""
        return open_command(self.forge, self.project)


def gather(
    repository: Repository,
    revision: str,
    on: Listener = silent,
    *,
    earlier: Mapping[str, SquashReplay] | None = None,
) -> Gathered:
    """Read the history behind a revision; ``earlier`` are replays of an earlier time (``kept.kept_replays``).

    Raises:
        SourceError: the repository cannot be read.
        UsageError: it has no such revision.
        ConfigError: its asbuilt.toml is malformed.
    """
    tip = repository.resolve(revision)
    config = read_config(repository, tip)
    tools = load_signatures()
    on("Reading commits", 0, None)
    commits = read_commits(repository, [tip])
    heads = pull_heads(repository)
    replays = replay_squashes(repository, commits, squash_candidates(commits), heads, on, earlier=earlier)
    by_id = {commit.id: commit for commit in commits}
    by_id |= read_commit_set(repository, sorted(_branch_commits(replays) - by_id.keys()))
    on("Reading attribution", 0, None)
    records = read_line_records(repository, by_id, tip=tip, commits=by_id.values())
    signals = match_signals(by_id.values(), tools)
    attributions = attribute_commits(by_id.values(), signals, records.signals, squashes=replays, tools=tools)
    on("Reading changes", 0, None)
    # Oldest first: the first spelling of a person is the one shown, and stays so as history grows.
    persons = _persons([*reversed(commits), *by_id.values()])
    people = join_people(repository, persons, revision=tip, also=config.same_people)
    changes = read_changes(
        repository,
        tip,
        commits,
        people=people,
        is_automation=lambda commit: _authorship(attributions, commit) is Authorship.AUTOMATION,
        heads=heads,
    )
    forge, project = name_forge(repository.remotes, commits)
    return Gathered(
        repository=repository,
        tip=tip,
        config=config,
        tools=tools,
        commits=commits,
        by_id=by_id,
        records=records,
        attributions=attributions,
        replays=replays,
        people=people,
        is_bot=bot_test(tools),
        changes=changes,
        releases=read_releases(repository),
        forge=forge,
        project=project,
        gaps=(*records.gaps, *blind_spots(repository, forge, project, replays, commits)),
    )


def squash_candidates(commits: Iterable[Commit]) -> dict[str, int]:
    """Commits with one parent whose message names a pull request: what a forge's squash looks like."""
    found = {}
    for commit in commits:
        if len(commit.parents) == 1:
            number = pull_request_number(commit.subject, commit.message)
            if number is not None:
                found[commit.id] = number
    return found


def _branch_commits(replays: Mapping[str, SquashReplay]) -> set[str]:
    return {own for replay in replays.values() for own in replay.commits}


def _persons(commits: Iterable[Commit]) -> list[Person]:
    return list(dict.fromkeys(person for commit in commits for person in (commit.author, commit.committer)))


def _authorship(attributions: Mapping[str, Attribution], commit: Commit) -> Authorship:
    known = attributions.get(commit.id)
    return known.authorship if known else Authorship.UNKNOWN
