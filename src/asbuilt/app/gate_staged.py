"""What is staged, looked at before a commit is made of it: paths that need somebody else, and what it brings in.

There is no commit yet, so that no control can be tested: approvals, checks and who wrote it come later. What would
be refused later for a reason that is known now is said now: a package or a finding that the policy refuses, guarded
paths, dependency files, a policy that means nothing.
"""

import asbuilt
from asbuilt.app.config import read_config
from asbuilt.app.gate import brings, notices_of
from asbuilt.app.gate_brought import look
from asbuilt.app.gate_change import dependency_files, written
from asbuilt.app.gate_content import Asked, touched_files
from asbuilt.catalogue.guarded_paths import load_guarded_paths
from asbuilt.history.git import Repository, open_repository
from asbuilt.history.guarded import split_steps
from asbuilt.model.errors import SourceError
from asbuilt.model.gate import SCHEMA, Answer, Gate, Policy, Proposed
from asbuilt.model.inspection import Gap
from asbuilt.model.text import path_text


def gate_staged(path: str, now: int) -> Gate:
    """Look at the index of the repository at ``path``; its hooks and filters are not run.

    Raises:
        UsageError, SourceError: there is no repository, or no index that can be read.
        ConfigError: the policy that is staged means nothing.
    """
    with open_repository(path, as_written=True) as repository:
        head = repository.resolve("HEAD")
        tree = _staged_tree(repository)
        listing = repository.run("diff-tree", "-r", "-z", "--raw", "--no-renames", f"{head}^{{tree}}", tree)
        config = read_config(repository, head)
        read_config(repository, tree)  # a policy that would mean nothing once it is committed is refused now
        name = (repository.work_tree or repository.common_dir).name
        content = look(Asked(repository, head, tree, tuple(touched_files(listing)), config, now))
    paths = tuple(path for _, path in split_steps(listing))
    refused = [own for own in content.brought if own.blocks]
    guards = load_guarded_paths()
    guarded = tuple(path_text(part) for part in paths if guards.kind(part) is not None)
    count = f"{len(paths):,} file{'' if len(paths) == 1 else 's'}"
    return Gate(
        schema=SCHEMA,
        version=asbuilt.__version__,
        answer=Answer.REFUSED if refused else Answer.MAY_LAND,
        verdict=f"Refused: {brings(refused)}."
        if refused
        else f"Staged: {count}; nothing that is known before a commit stands against it.",
        next_step=refused[0].remedy if refused else "",
        judged_at=written(now),
        change=Proposed(name, head, None, tree, 0, len(paths), "", "unknown"),
        policy=Policy(head, config.source, config.gate.require, config.gate.report),
        tests=(),
        notices=tuple(notices_of(guarded, dependency_files(paths))),
        seen_in=("index",),
        not_seen=(_LATER, *content.gaps),
        brought=content.brought,
        looked=content.looked,
    )


def _staged_tree(repository: Repository) -> str:
    """The index as a tree, written to this process's private folder."""
    index = repository.git_dir / "index"
    if not index.is_file():
        raise SourceError("Nothing is staged: there is no index.", fix="git add what is to be committed.")
    private = repository.private_dir / "index"
    private.write_bytes(index.read_bytes())
    return repository.run("write-tree").decode("ascii").strip()


_LATER = Gap(
    "GAP-STAGED",
    "No control was tested: approvals, checks and who wrote it are known only once there is a commit.",
    "This is a look ahead, and no answer about landing.",
    "The gate in the pipeline of the request gives that.",
)
