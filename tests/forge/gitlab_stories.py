"""A project of GitLab with its stories: what happened to each merge request, and what is to be found."""

from pathlib import Path

import msgspec

from tests.forge.gitlab_simulator import PROJECT, GitLab
from tests.repos import Repo


class Told(msgspec.Struct):
    """The commit by which it landed, its number, whether it was reviewed, the tests that must be named."""

    change: str
    number: int | None
    verdict: str
    fails: frozenset[str] = frozenset()


class Stories:
    """``told`` by name; ``forge`` and ``repo`` as they ended."""

    def __init__(self, folder: Path, *, per_page: int = 100) -> None:
        self.repo = Repo(folder)
        self.told: dict[str, Told] = {}
        self.repo.write("README.md", "harbor\n").commit("Start", author="Ana Alves <ana@example.com>")
        self.forge = GitLab(self.repo, per_page=per_page)
        self._approved("approved by another")
        self._self_approved()
        self._pushed_after()
        self._reset_by_push()
        self._unapproved()
        self._by_bot("approved by a project's bot", "project_7_bot_0a1b")
        self._by_bot("approved by a service account", "release-robot")
        self._squashed()
        self._squashed_and_merged()
        self._fast_forward()
        self._after_landing()
        self._only_said()
        self._direct()

    def _branch(self, name: str) -> str:
        branch = name.replace(" ", "-").replace("'", "")
        self.repo.clock = max(self.repo.clock, int(self.forge.now) + 60)
        self.repo.checkout(branch, new=True, start="main")
        self.repo.write(f"{branch}.txt", f"{name}\n").commit(
            f"Work on {name}", author="Ana Alves <ana@example.com>"
        )
        self.forge.now = max(self.forge.now, self.repo.clock)
        return branch

    def _more(self, branch: str) -> None:
        self.repo.checkout(branch)
        self.repo.clock = max(self.repo.clock, int(self.forge.now) + 60)
        self.repo.write(f"{branch}.txt", "other\n").commit("More", author="Ana Alves <ana@example.com>")
        self.forge.now = max(self.forge.now, self.repo.clock)

    def _merge(self, number: int, branch: str, by: str = "ben") -> str:
        self.repo.checkout("main")
        self.repo.clock = max(self.repo.clock, int(self.forge.now) + 60)
        commit = self.repo.merge(
            branch,
            message=f"Merge branch '{branch}' into 'main'\n\nBring it\n\nSee merge request {PROJECT}!{number}",
            author="Ben Berg <ben@example.com>",
        )
        self.repo.ref(f"refs/merge-requests/{number}/head", self.forge.requests[number]["sha"])
        self.forge.merged(number, by, commit=commit, at=self.repo.clock)
        return commit

    def _start(self, name: str) -> tuple[str, int]:
        branch = self._branch(name)
        number = self.forge.open(branch, "ana")
        self.forge.pipeline(number)
        return branch, number

    def _tell(self, name: str, change: str, number: int | None, verdict: str, *fails: str) -> None:
        self.told[name] = Told(change, number, verdict, frozenset(fails))

    def _approved(self, name: str) -> None:
        branch, number = self._start(name)
        self.forge.note(number, "ben", "Why this name?", system=False, kind="DiffNote")
        self.forge.approve(number, "ben")
        self._tell(name, self._merge(number, branch), number, "reviewed")

    def _self_approved(self) -> None:
        branch, number = self._start("self-approved")
        self.forge.approve(number, "ana")
        self._tell("self-approved", self._merge(number, branch, "ana"), number, "not-reviewed", "author")

    def _pushed_after(self) -> None:
        branch, number = self._start("approved then pushed")
        self.forge.approve(number, "ben")
        self._more(branch)
        self.forge.push(number, "ana")
        change = self._merge(number, branch)
        self._tell("approved then pushed", change, number, "not-reviewed", "pushed-after")

    def _reset_by_push(self) -> None:
        branch, number = self._start("reset by a push")
        self.forge.approve(number, "ben")
        self.forge.approve(number, "cleo")
        self._more(branch)
        self.forge.resets_on_push = True
        self.forge.push(number, "ana")
        self.forge.resets_on_push = False
        self._tell("reset by a push", self._merge(number, branch), number, "not-reviewed", "dismissed")

    def _unapproved(self) -> None:
        branch, number = self._start("unapproved")
        self.forge.approve(number, "ben")
        self.forge.unapprove(number, "ben")
        self._tell("unapproved", self._merge(number, branch), number, "not-reviewed", "withdrawn")

    def _by_bot(self, name: str, login: str) -> None:
        branch, number = self._start(name)
        self.forge.user(login)
        self.forge.users[login]["bot"] = True
        self.forge.approve(number, login)
        self._tell(name, self._merge(number, branch), number, "not-reviewed", "bot")

    def _squashed(self) -> None:
        branch, number = self._start("squashed")
        self._more(branch)
        self.forge.push(number, "ana")
        self.forge.approve(number, "ben")
        self.repo.checkout("main")
        self.repo.clock = max(self.repo.clock, int(self.forge.now) + 60)
        commit = self.repo.squash(
            branch,
            f"Bring it\n\nSee merge request {PROJECT}!{number}",
            author="Ana Alves <ana@example.com>",
            committer="Ben Berg <ben@example.com>",
        )
        self.repo.ref(f"refs/merge-requests/{number}/head", self.forge.requests[number]["sha"])
        self.forge.merged(number, "ben", commit=None, squash=commit, at=self.repo.clock)
        self._tell("squashed", commit, number, "reviewed")

    def _squashed_and_merged(self) -> None:
        """Squashed on a commit of its own, and that brought by a merge commit: GitLab's way unless it is set else."""
        branch, number = self._start("squashed and merged")
        self._more(branch)
        self.forge.push(number, "ana")
        self.forge.approve(number, "ben")
        self.repo.clock = max(self.repo.clock, int(self.forge.now) + 60)
        self.repo.checkout("squashing", new=True, start="main")
        squash = self.repo.squash(branch, "Bring it", author="Ana Alves <ana@example.com>")
        self.repo.checkout("main")
        commit = self.repo.merge(
            "squashing",
            message=f"Merge branch '{branch}' into 'main'\n\nBring it\n\nSee merge request {PROJECT}!{number}",
            author="Ben Berg <ben@example.com>",
        )
        self.repo.ref(f"refs/merge-requests/{number}/head", self.forge.requests[number]["sha"])
        self.forge.merged(number, "ben", commit=commit, squash=squash, at=self.repo.clock)
        self._tell("squashed and merged", commit, number, "reviewed")

    def _fast_forward(self) -> None:
        branch, number = self._start("fast-forward")
        self.forge.approve(number, "ben")
        self.repo.checkout("main")
        self.repo.git("merge", "-q", "--ff-only", branch)
        self.repo.ref(f"refs/merge-requests/{number}/head", self.forge.requests[number]["sha"])
        self.forge.merged(number, "ben", commit=None)
        self._tell("fast-forward", self.repo.head(), number, "reviewed")

    def _after_landing(self) -> None:
        branch, number = self._start("after landing")
        change = self._merge(number, branch, "ana")
        self.forge.approve(number, "ben")
        self._tell("after landing", change, number, "after-review", "after-landing")

    def _only_said(self) -> None:
        """A comment that says what GitLab's own note would say."""
        branch, number = self._start("only said so")
        self.forge.note(number, "ben", "approved this merge request", system=False)
        self._tell("only said so", self._merge(number, branch, "ana"), number, "not-reviewed")

    def _direct(self) -> None:
        self.repo.checkout("main")
        self.repo.clock = max(self.repo.clock, int(self.forge.now) + 60)
        commit = self.repo.write("hot.txt", "fix\n").commit("Hot fix", author="Ana Alves <ana@example.com>")
        self.forge.now = max(self.forge.now, self.repo.clock) + 60
        self._tell("direct push", commit, None, "not-reviewed")
