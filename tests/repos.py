"""Small real repositories for tests: every commit, merge, ref and note made with git itself."""

import os
import subprocess
from pathlib import Path

HOUR = 3600
START = 1_700_000_000  # 2023-11-14T22:13:20Z


class Repo:
    """A repository under construction; the clock moves one hour with each commit."""

    def __init__(self, path: Path, *, object_format: str = "sha1", bare: bool = False) -> None:
        self.path = path
        self.clock = START
        path.mkdir(parents=True, exist_ok=True)
        self._env = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")} | {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C",
            "TZ": "UTC",
        }
        flags = ["--bare"] if bare else []
        self.git("init", "-q", "-b", "main", f"--object-format={object_format}", *flags)

    def git(self, *args: str | bytes, stdin: bytes | None = None, env: dict[str, str] | None = None) -> bytes:
        """What a git command prints; a failure is an assertion with what git said."""
        done = subprocess.run(
            ["git", *args],
            cwd=self.path,
            input=stdin,
            capture_output=True,
            env=self._env | (env or {}),
            check=False,
        )
        assert done.returncode == 0, (args, done.stderr.decode("utf-8", "replace"))
        return done.stdout

    def write(self, path: str | bytes, content: str | bytes) -> "Repo":
        """Put a file in the work tree and stage it."""
        raw = os.path.join(os.fsencode(self.path), os.fsencode(path))
        os.makedirs(os.path.dirname(raw), exist_ok=True)
        with open(raw, "wb") as file:
            file.write(content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape"))
        self.git("add", "-f", "--", path)
        return self

    def remove(self, path: str | bytes) -> "Repo":
        """Delete a file and stage that."""
        self.git("rm", "-q", "-f", "--", path)
        return self

    def rename(self, old: str | bytes, new: str | bytes) -> "Repo":
        """Move a file and stage that."""
        os.makedirs(os.path.dirname(os.path.join(os.fsencode(self.path), os.fsencode(new))), exist_ok=True)
        self.git("mv", "-f", "--", old, new)
        return self

    def commit(
        self,
        message: str = "change",
        *,
        author: str = "Ana Alves <ana@example.com>",
        committer: str | None = None,
        at: int | None = None,
        parents: tuple[str, ...] | None = None,
    ) -> str:
        """Commit what is staged; ``parents`` overrides HEAD (any shape of merge can be made by hand)."""
        env = self._identity(author, committer or author, at)
        if parents is None:
            self.git(
                "commit", "-q", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "-F", "-",
                stdin=message.encode("utf-8", "surrogateescape"), env=env,
            )  # fmt: skip
            return self.head()
        tree = self.git("write-tree").decode().strip()
        flags = [word for parent in parents for word in ("-p", parent)]
        commit = self.git(
            "commit-tree", tree, *flags, "-F", "-", stdin=message.encode("utf-8", "surrogateescape"), env=env
        ).decode().strip()  # fmt: skip
        self.git("reset", "-q", "--soft", commit)
        return commit

    def checkout(self, name: str, *, new: bool = False, start: str | None = None) -> "Repo":
        """Switch to a branch; ``new`` makes it (at ``start``)."""
        self.git("checkout", "-q", *(["-b"] if new else []), name, *([start] if start else []))
        return self

    def merge(
        self, *names: str, message: str = "Merge", author: str = "Ana Alves <ana@example.com>",
        committer: str | None = None,
    ) -> str:  # fmt: skip
        """Merge branches with a merge commit, as git does it (conflicts are an assertion)."""
        env = self._identity(author, committer or author, None)
        self.git("merge", "-q", "--no-ff", "-m", message, *names, env=env)
        return self.head()

    def squash(self, name: str, message: str, **kwargs: str) -> str:
        """Squash-merge a branch into one commit."""
        # Git asks who merges, even though nothing is committed yet.
        self.git("merge", "-q", "--squash", name, env=self._identity("N <n@example.com>", None, self.clock))
        return self.commit(message, **kwargs)

    def ref(self, name: str, commit: str) -> "Repo":
        """Point a ref (``refs/pull/7/head``) at a commit."""
        self.git("update-ref", name, commit)
        return self

    def note(self, ref: str, commit: str, text: str) -> "Repo":
        """Attach a git note (ref such as ``refs/notes/ai``)."""
        self.git(
            "notes",
            f"--ref={ref}",
            "add",
            "-f",
            "-F",
            "-",
            commit,
            stdin=text.encode(),
            env=self._identity("N <n@example.com>", None, None),
        )
        return self

    def tag(self, name: str, *, message: str | None = None, tagger: str = "Ana Alves <ana@example.com>") -> "Repo":
        """A tag on HEAD: annotated when it has a message."""
        self.git("tag", *(["-a", "-m", message] if message else []), name, env=self._identity(tagger, None, None))
        return self

    def head(self) -> str:
        """The commit id of HEAD."""
        return self.git("rev-parse", "HEAD").decode().strip()

    def _identity(self, author: str, committer: str | None, at: int | None) -> dict[str, str]:
        self.clock = at if at is not None else self.clock + HOUR
        name, _, email = author.partition(" <")
        other, _, other_email = (committer or author).partition(" <")
        return {
            "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": email.rstrip(">"), "GIT_AUTHOR_DATE": f"{self.clock} +0000",
            "GIT_COMMITTER_NAME": other, "GIT_COMMITTER_EMAIL": other_email.rstrip(">"),
            "GIT_COMMITTER_DATE": f"{self.clock} +0000",
        }  # fmt: skip
