"""Running git on a repository that may be hostile.

Nothing of the repository's own configuration is ever read by the git processes started here. Each ``Repository``
gets a *private git directory*: a temporary directory with a ``config`` of our own, the original's objects as
alternates, and links to its refs, packed refs, shallow file and grafts. Objects that a git command writes
(``merge-tree``) stay in the private directory: the repository is never written to. So no hook, filter, textconv,
external diff, merge driver, fsmonitor, signing program, alias, include or promisor remote that the repository
configures can run, whatever its name; a missing object is an error and never a fetch; ownership checks
(``safe.directory``) do not arise, because nothing that they guard against is read.
"""

import atexit
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from asbuilt.model.errors import SourceError, UsageError
from asbuilt.model.text import path_quoted

# 2.38 brought `git merge-tree --write-tree`, which squash replay needs.
OLDEST_GIT = (2, 38)

_PRIVATE_CONFIG = """\
[core]
\trepositoryformatversion = {version}
\tbare = true
\tlogAllRefUpdates = false
\tfsmonitor = false
\thooksPath = /dev/null
\tquotePath = true
\tdeltaBaseCacheLimit = 256m
[diff]
\talgorithm = myers
\tindentHeuristic = true
\trenames = true
\trenameLimit = 0
[protocol]
\tallow = never
[log]
\tshowSignature = false
\tmailmap = false
[gc]
\tauto = 0
[maintenance]
\tauto = false
[i18n]
\tlogOutputEncoding = UTF-8
"""

# What a private git directory takes over from the original. Not here on purpose: config, hooks, info/attributes.
_LINKED = ("refs", "packed-refs", "shallow", "reftable")


class Repository:
    """One git repository, opened for reading only.

    Attributes:
        path: where the user pointed, resolved.
        git_dir: the repository's own git directory (of a linked worktree: the worktree's).
        common_dir: where its objects and refs are.
        work_tree: the top of the work tree, or None for a bare repository.
        object_format: ``sha1`` or ``sha256``.
        shallow: whether history is cut off.
        partial: whether objects may be absent (partial clone).
        git_version: of the git on the path.
        as_written: whether objects are read as they are, whatever replace refs and grafts of this clone say.
    """

    def __init__(self, path: Path, git_dir: Path, work_tree: Path | None, *, as_written: bool = False) -> None:
        self.path = path
        self.as_written = as_written
        self.git_dir = git_dir
        self.common_dir = _common_dir(git_dir)
        self.work_tree = work_tree
        self.git_version = git_version()
        own = _read_config(self.common_dir / "config")
        self.object_format = own.get("extensions.objectformat", ["sha1"])[-1].lower()
        self.partial = "extensions.partialclone" in own or any(
            key.startswith("remote.") and key.endswith(".promisor") for key in own
        )
        self.remotes = {
            key[len("remote.") : -len(".url")]: values[0]
            for key, values in own.items()
            if key.startswith("remote.") and key.endswith(".url")
        }
        self.shallow = (self.common_dir / "shallow").is_file()
        self.grafted = not as_written and (self.common_dir / "info" / "grafts").is_file()
        self._private = _private_git_dir(self, own.get("extensions.refstorage", ["files"])[-1].lower())

    def close(self) -> None:
        """Remove the private git directory. Safe to call twice."""
        shutil.rmtree(self._private, ignore_errors=True)
        atexit.unregister(self.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def private_dir(self) -> Path:
        """The private git directory: what libgit2 may open too."""
        return self._private

    @property
    def id_length(self) -> int:
        """Hex digits of an object id."""
        return 64 if self.object_format == "sha256" else 40

    @property
    def environment(self) -> dict[str, str]:
        """The environment of every git process: nothing of the user's git settings is left in it."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        return kept | {
            "GIT_DIR": str(self._private),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_OPTIONAL_LOCKS": "0",
            "GIT_NO_LAZY_FETCH": "1",
            **({"GIT_NO_REPLACE_OBJECTS": "1"} if self.as_written else {}),
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_PAGER": "cat",
            "LC_ALL": "C",
            "TZ": "UTC",
        }

    def run(self, *args: str, stdin: bytes | None = None, ok: Sequence[int] = (0,)) -> bytes:
        """What one git command printed.

        Raises:
            SourceError: git left with a status that is not in ``ok``.
        """
        done = subprocess.run(
            ["git", "--literal-pathspecs", *args],
            input=stdin if stdin is not None else b"",
            capture_output=True,
            env=self.environment,
            check=False,
        )
        if done.returncode not in ok:
            raise git_failed(args, done.returncode, done.stderr)
        return done.stdout

    @contextmanager
    def stream(self, *args: str, stdin: IO[bytes] | None = None) -> Iterator[IO[bytes]]:
        """The output of a git command as it comes; a failure raises ``SourceError`` when the block ends whole."""
        with tempfile.TemporaryFile() as errors:
            process = subprocess.Popen(
                ["git", "--literal-pathspecs", *args],
                stdin=stdin if stdin is not None else subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=self.environment,
                bufsize=1 << 20,
            )
            if process.stdout is None:  # pragma: no cover - stdout=PIPE always gives one
                raise SourceError("git gave no output stream.")
            whole = False
            try:
                yield process.stdout
                whole = True
            finally:
                process.stdout.close()
                if not whole:
                    process.kill()
                status = process.wait()
            errors.seek(0)
            if status != 0:
                raise git_failed(args, status, errors.read())

    def start(self, *args: str) -> "subprocess.Popen[bytes]":
        """A git process with both pipes open (``cat-file --batch`` and its kin); the caller ends it."""
        return subprocess.Popen(
            ["git", "--literal-pathspecs", *args],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=self.environment,
            bufsize=1 << 20,
        )

    def resolve(self, revision: str) -> str:
        """The id of the commit that a revision names.

        Raises:
            UsageError: no commit has that name, or the repository has no commit yet.
        """
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}"],
            capture_output=True,
            env=self.environment,
            check=False,
        )
        found = done.stdout.decode("ascii", "replace").strip()
        if done.returncode == 0 and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", found):
            return found
        if not self.has_commits():
            raise SourceError(
                "The repository has no commit yet.", fix="Commit something, then run the command again."
            )
        self._expect_readable(revision)
        raise UsageError(
            f"No commit is called {revision!r} here.",
            fix="Name a branch, a tag or a commit id (`git log` lists them).",
        )

    def _expect_readable(self, revision: str) -> None:
        """Tell a ref whose object cannot be read from a name that means nothing."""
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", "--end-of-options", revision],
            capture_output=True,
            env=self.environment,
            check=False,
        )
        named = done.stdout.decode("ascii", "replace").strip()
        if done.returncode == 0 and named != revision and re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", named):
            self.run("cat-file", "-t", named)  # an object that is there and is no commit: not our matter

    def has_commits(self) -> bool:
        """Whether any ref leads to a commit."""
        head = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", "HEAD"],
            capture_output=True,
            env=self.environment,
            check=False,
        )
        return head.returncode == 0 or bool(self.run("for-each-ref", "--count=1").strip())


def open_repository(path: str | os.PathLike[str], *, as_written: bool = False) -> Repository:
    """Open the repository that ``path`` lies in, without asking git (whose discovery reads configuration).

    Args:
        path: a folder or file in it.
        as_written: read objects as they are: what is pushed is these, and not what replace refs and grafts of this
            clone make of them. A judgement about what would land asks for it.

    Raises:
        UsageError: ``path`` does not exist.
        SourceError: it lies in no repository, git is missing or too old, or the repository cannot be read.
    """
    start = Path(path)
    if not start.exists():
        raise UsageError(f"{str(path)!r} does not exist.", fix="Name a folder inside a git repository.")
    start = start.resolve()
    for folder in (start, *start.parents):
        inner = folder / ".git"
        try:
            if _is_git_dir(inner):
                return Repository(start, inner, folder, as_written=as_written)
            if inner.is_file():
                return Repository(start, _follow_git_file(inner), folder, as_written=as_written)
            if _is_git_dir(folder):
                return Repository(start, folder, None, as_written=as_written)
        except PermissionError as error:
            raise SourceError(
                f"{str(folder)!r} may not be read.", why=str(error.strerror), fix="Grant read access to it."
            ) from error
    raise SourceError(
        f"{str(path)!r} is not in a git repository.",
        fix="Run the command inside one, or name one: asbuilt inspect PATH.",
    )


def git_version() -> tuple[int, int]:
    """Major and minor version of the git on the path.

    Raises:
        SourceError: there is none, or it is older than ``OLDEST_GIT``.
    """
    try:
        said = subprocess.run(["git", "--version"], capture_output=True, check=False).stdout.decode(
            "ascii", "replace"
        )
    except FileNotFoundError:
        raise SourceError("No git is on the path.", fix="Install git 2.38 or newer.") from None
    numbers = re.search(r"(\d+)\.(\d+)", said)
    if not numbers:
        raise SourceError(f"`git --version` says {said.strip()!r}.", fix="Install git 2.38 or newer.")
    version = int(numbers[1]), int(numbers[2])
    if version < OLDEST_GIT:
        raise SourceError(f"git {version[0]}.{version[1]} is too old.", fix="Install git 2.38 or newer.")
    return version


def git_failed(args: Sequence[str], status: int, stderr: bytes) -> SourceError:
    """A failed git command as an error that says what git said."""
    said = stderr.decode("utf-8", "replace").strip().splitlines()
    verb = next((arg for arg in args if not arg.startswith("-")), "git")
    return SourceError(
        f"`git {verb}` could not read the repository (status {status}).",
        why=" ".join(said[-3:])[:500],
        fix="Grant read access to it."
        if b"Permission denied" in stderr
        else "`git fsck` names what is damaged or absent; a fresh full clone repairs it.",
    )


def _is_git_dir(path: Path) -> bool:
    return (path / "HEAD").is_file() and ((path / "objects").is_dir() or (path / "commondir").is_file())


def _follow_git_file(file: Path) -> Path:
    text = file.read_bytes()[:4096].decode("utf-8", "surrogateescape").strip()
    if not text.startswith("gitdir:"):
        raise SourceError(f"{str(file)!r} is not a git directory.", fix="Clone the repository again.")
    target = (file.parent / text[len("gitdir:") :].strip()).resolve()
    if not _is_git_dir(target):
        raise SourceError(
            f"{str(file)!r} points to a git directory that is not there.",
            fix="Run the command in the main clone.",
        )
    return target


def _common_dir(git_dir: Path) -> Path:
    pointer = git_dir / "commondir"
    if pointer.is_file():
        return (git_dir / pointer.read_text("utf-8", "surrogateescape").strip()).resolve()
    return git_dir


def _read_config(file: Path) -> dict[str, list[str]]:
    """Every key of one configuration file, includes not followed; git parses it and acts on none of it."""
    if not file.is_file():
        return {}
    done = subprocess.run(
        ["git", "config", "--no-includes", "--null", "--list", "--file", str(file)],
        capture_output=True,
        cwd="/",
        env={
            "PATH": os.environ.get("PATH", ""),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "LC_ALL": "C",
        },
        check=False,
    )
    if done.returncode != 0:
        raise SourceError(
            "The repository's configuration cannot be parsed.",
            why=done.stderr.decode("utf-8", "replace").strip(),
            fix="Mend the file.",
            where="config",
        )
    found: dict[str, list[str]] = {}
    for entry in done.stdout.decode("utf-8", "replace").split("\0"):
        key, _, value = entry.partition("\n")
        if key:
            found.setdefault(key, []).append(value)
    return found


def _private_git_dir(repository: Repository, ref_storage: str) -> Path:
    private = Path(tempfile.mkdtemp(prefix="asbuilt-"))
    atexit.register(repository.close)
    common = repository.common_dir
    extensions = ""
    if repository.object_format != "sha1":
        extensions += f"\tobjectFormat = {repository.object_format}\n"
    if ref_storage != "files":
        extensions += f"\trefStorage = {ref_storage}\n"
    config = _PRIVATE_CONFIG.format(version=1 if extensions else 0)
    (private / "config").write_text(config + (f"[extensions]\n{extensions}" if extensions else ""))
    for name in _LINKED:
        if (common / name).exists():
            (private / name).symlink_to(common / name)
    (private / "refs").mkdir(exist_ok=True)  # git wants the folder even when all refs are packed
    (private / "objects" / "info").mkdir(parents=True)
    (private / "objects" / "info" / "alternates").write_bytes(_alternate(common / "objects"))
    (private / "info").mkdir()
    if repository.grafted:
        (private / "info" / "grafts").symlink_to(common / "info" / "grafts")
    shutil.copyfile(repository.git_dir / "HEAD", private / "HEAD")
    return private


def _alternate(objects: Path) -> bytes:
    """One line of an alternates file: the path, in C-style quotes where it needs them (gitrepository-layout)."""
    path = os.fsencode(objects)
    if path.startswith(b'"') or b"\n" in path:
        return path_quoted(path).encode("ascii") + b"\n"
    return path + b"\n"
