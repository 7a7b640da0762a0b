"""The hands of the simulated company: branches and merges in real git, and what the forge notes of them."""

from dataclasses import dataclass, field
from pathlib import Path

from tests.forge import acts
from tests.forge.state import Account, App, Commit, Forge, Repository, Request
from tests.repos import HOUR, Repo

DAY = 24 * HOUR
START = 1_735_725_600  # 2025-01-01T10:00:00Z
WEB = "GitHub <noreply@github.com>"
FORMAT = "%H%x00%T%x00%P%x00%an%x00%ae%x00%cn%x00%ce%x00%at%x00%ct%x00%B%x1e"


@dataclass
class Story:
    """One thing that happened: ``number`` of its request (None: a direct push), the ``change`` it landed as (None: it
    did not), whether a person who may approved exactly that before (``reviewed``), and the tests that approvals fail (one of these at least).
    """

    name: str
    number: int | None
    change: str | None
    reviewed: bool | None = None
    fails: frozenset[str] = frozenset()


@dataclass
class Studio:
    """Writes one repository and what the forge knows of it; the clock is git's."""

    forge: Forge
    repository: Repository
    git: Repo
    ci: App
    stories: dict[str, Story] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)

    @classmethod
    def start(cls, path: Path, full_name: str) -> "Studio":
        """An empty repository, locally and on the forge."""
        forge = Forge(now=START)
        forge.organization(full_name.partition("/")[0])
        git = Repo(path)
        git.clock = START
        ci = App(forge.next_id(), "github-actions", "GitHub Actions", {"checks": "write", "contents": "read"})
        return cls(forge, forge.repository(full_name, created_at=START), git, ci)

    def who(self, login: str) -> str:
        """Name and address of an account, as git writes them."""
        account = self.forge.accounts[login]
        return f"{account.name} <{account.emails[0]}>"

    @property
    def now(self) -> int:
        return self.git.clock

    def later(self, minutes: int = 10) -> int:
        """Time goes by."""
        self.git.clock += 60 * minutes
        return self.git.clock

    def commit(self, author: str, message: str, *, path: str | None = None, committer: str | None = None) -> str:
        """A commit on the branch that is checked out."""
        place = path or f"src/part{len(self.known)}.py"
        self.git.write(place, f"# {message.partition(chr(10))[0]}\nvalue = {len(self.known)}\n")
        made = self.git.commit(message, author=self.who(author), committer=committer, at=self.later())
        self.known.add(made)
        return made

    def open(
        self,
        author: str,
        title: str,
        *,
        messages: tuple[str, ...] = (),
        draft: bool = False,
        fork: str | None = None,
    ) -> Request:
        """A branch with commits, and a request for it."""
        number = self.repository.last_number + 1
        branch = f"topic/{number}"
        base = self.git.git("rev-parse", "main").decode().strip()
        self.git.checkout(branch, new=True, start="main")
        made = [self.commit(author, each) for each in (messages or (title,))]
        account = self.forge.accounts[author]
        request = acts.open_request(
            self.repository, author=account, title=title, head=branch, commits=made, base_commit=base,
            at=self.later(1), draft=draft, fork=fork,
        )  # fmt: skip
        self.git.ref(f"refs/pull/{number}/head", made[-1])
        return request

    def push(self, request: Request, author: str, message: str) -> str:
        """One commit more on its branch."""
        self.git.checkout(request.head)
        made = self.commit(author, message)
        acts.push(request, [made], self.later(1), self.forge.accounts[author])
        self.git.ref(f"refs/pull/{request.number}/head", made)
        return made

    def rewrite(self, request: Request, author: str, message: str) -> str:
        """Its branch is made anew, with another content, and pushed with force."""
        self.git.checkout(request.head)
        self.git.git("reset", "-q", "--hard", request.base_commit)
        made = self.commit(author, message)
        acts.force_push(request, [made], self.later(1), self.forge.accounts[author])
        self.git.ref(f"refs/pull/{request.number}/head", made)
        return made

    def sync(self, request: Request, author: str) -> str:
        """The base is merged into its branch."""
        self.git.checkout(request.head)
        who = self.who(author)
        made = self.git.merge("main", message=f"Merge branch 'main' into {request.head}", author=who, committer=WEB)
        self.known.add(made)
        acts.push(request, [made], self.later(1), self.forge.accounts[author])
        self.git.ref(f"refs/pull/{request.number}/head", made)
        return made

    def check(self, commit: str, *, conclusion: str | None = "success") -> None:
        """The checks of a head."""
        run = acts.run_workflow(
            self.repository, commit, "ci", self.now, self.forge.accounts["ana"], event="pull_request"
        )
        for name in ("build", "test"):
            acts.check(self.repository, commit, name, self.later(1), conclusion=conclusion, app=self.ci, run=run)
        acts.status(self.repository, commit, "scan/secrets", self.now, self.forge.accounts["ana"])

    def approve(self, request: Request, login: str, *, state: str = "APPROVED", body: str = "") -> "acts.Review":
        return acts.review(request, self.forge.accounts[login], self.later(30), state=state, body=body)

    def land(self, request: Request, by: str, how: str = "merge", *, result: str = "pass") -> str:
        """It is merged: merge, squash, rebase, or queue."""
        before = self.git.checkout(request.base).head()
        actor, title = self.forge.accounts[by], f"{request.title} (#{request.number})"
        author = self.who(request.author.login) if request.author else WEB
        if how in {"merge", "queue"}:
            words = f"Merge pull request #{request.number} from {self.repository.owner}/{request.head}\n\n{request.title}"
            made = self.git.merge(request.head_commit, message=words, author=self.who(by), committer=WEB)
        elif how == "squash":
            made = self.git.squash(request.head_commit, title, author=author, committer=WEB)
        else:
            for oid in self._own(request):
                env = self.git._identity(WEB, WEB, self.later(1))
                self.git.git("cherry-pick", oid, env={key: env[key] for key in env if "COMMITTER" in key})
                self.known.add(self.git.head())
            made = self.git.head()
        self.known.add(made)
        acts.merge(request, made, self.now, actor, kind="merge_queue_merge" if how == "queue" else "pr_merge")
        self.suite(by, before, made, result)
        self.check(made)
        return made

    def _own(self, request: Request) -> list[str]:
        """Its commits that the base has not."""
        listed = self.git.git("rev-list", "--reverse", f"{request.base}..{request.head_commit}")
        return listed.decode().split()

    def direct(self, author: str, message: str, *, result: str = "bypass") -> str:
        """A commit pushed to main, without any request."""
        before = self.git.checkout("main").head() if self.known else acts.ZERO
        made = self.commit(author, message)
        acts.direct_push(self.repository, made, self.later(1), self.forge.accounts[author])
        if before != acts.ZERO:
            self.suite(author, before, made, result)
        return made

    def suite(self, actor: str, before: str, after: str, result: str) -> None:
        """The rules were held against a push."""
        account = self.forge.accounts[actor]
        at = self.now
        self.repository.suites.append(
            {
                "id": self.forge.next_id(), "actor_id": account.id, "actor_name": account.login, "before_sha": before,
                "after_sha": after, "ref": "refs/heads/main", "pushed_at": acts.rfc3339(at), "result": result,
            }
        )  # fmt: skip

    def told(
        self, name: str, request: Request | None, change: str | None, reviewed: bool | None, *fails: str
    ) -> None:
        """Write a story down."""
        number = request.number if request else None
        self.stories[name] = Story(name, number, change, reviewed, frozenset(fails))
        self.git.clock += DAY

    def register(self) -> None:
        """Every commit, from git, with the accounts that the forge joins addresses to; then its clock is set."""
        accounts = {email: each for each in self.forge.accounts.values() for email in each.emails}
        listed = self.git.git(
            "log", "--no-walk", "--stdin", f"--format={FORMAT}", stdin="\n".join(sorted(self.known)).encode()
        )
        for entry in listed.decode().split("\x1e"):
            if entry.strip():
                acts.add_commit(self.repository, read_commit(entry.lstrip("\n"), accounts))
        self.repository.branches["main"] = self.git.checkout("main").head()
        self.repository.pushed_at = self.now
        self.forge.now = START + 60 * DAY


def read_commit(entry: str, accounts: dict[str, Account]) -> Commit:
    """One entry of the log; what GitHub itself commits, it signs."""
    oid, tree, parents, an, ae, cn, ce, at, ct, message = entry.split("\x00")
    return Commit(
        oid, tree, tuple(parents.split()), (an, ae), (cn, ce), int(at), int(ct), message.rstrip("\n"),
        accounts.get(ae), accounts.get(ce), verified=ce == "noreply@github.com",
    )  # fmt: skip
