"""A small company's repository, made with git: one change of every kind that an inspection tells apart."""

from pathlib import Path

from tests.repos import Repo

ANA, BO, CY = "Ana Alves <ana@example.com>", "Bo Berg <bo@example.com>", "Cy Cole <cy@example.com>"
WEB = "GitHub <noreply@github.com>"
CLAUDE = "Co-Authored-By: Claude Opus 4.6 <noreply@anthropic.com>"
BOT = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"


class Company:
    """The repository and the commits worth naming."""

    def __init__(self, path: Path) -> None:
        repo = self.repo = Repo(path)
        # An initial import.
        repo.write("app.py", "".join(f"line {number}\n" for number in range(1, 21)))
        self.initial = repo.write("README.md", "Harbor\n").commit("Import")
        # A direct push, disclosed as Claude's.
        self.direct = repo.write("direct.py", "one\ntwo\nthree\n").commit(f"Add direct\n\nRefs #12\n\n{CLAUDE}\n")
        # A pull request merged with a merge commit, reviewed by Bo.
        repo.checkout("feature", new=True)
        self.feature = repo.write("feature.py", "def feature():\n    return 1\n").commit("Add feature", author=ANA)
        repo.checkout("main")
        self.merge = repo.merge(
            "feature",
            message="Merge pull request #3 from ana/feature\n\nAdd feature\n\nReviewed-by: Bo Berg <bo@example.com>\n",
        )
        # A squashed pull request of two commits, one of them Claude's; its head is here.
        repo.checkout("squashed", new=True)
        self.by_hand = repo.write("squashed.py", "human = 1\n").commit("By hand", author=CY)
        self.by_tool = repo.write("squashed.py", "human = 1\ntool = 2\n").commit(
            f"By tool\n\n{CLAUDE}\n", author=CY
        )
        repo.ref("refs/pull/4/head", self.by_tool)
        repo.checkout("main")
        self.squash = repo.squash("squashed", f"Add squashed (#4)\n\n{CLAUDE}\n", author=CY, committer=WEB)
        # A squashed pull request whose head is lost.
        self.lost = repo.write("lost.py", "lost = 1\n").commit(
            f"Add lost (#5)\n\n{CLAUDE}\n", author=CY, committer=WEB
        )
        # A self-review.
        self.own_review = repo.write("own.py", "own = 1\n").commit(
            "Add own (#6)\n\nReviewed-by: Ana Alves <ana@example.com>\n"
        )
        # A bot.
        self.bot = repo.write("requirements.txt", "click==8\n").commit("Bump click (#7)", author=BOT, committer=WEB)
        # The pipeline, and disclosure switched off.
        self.guarded = repo.write(".github/workflows/ci.yml", "on: push\n").commit("Change CI", author=CY)
        self.opt_out = repo.write(".claude/settings.json", '{\n  "includeCoAuthoredBy": false\n}\n').commit(
            "Settings"
        )
        # Lines that a record names.
        self.noted = repo.write("noted.py", "a = 1\nb = 2\nc = 3\n").commit("Add noted")
        session = '{"agent_id": {"tool": "claude", "id": "c1", "model": "claude-opus-4-6"}, "human_author": "Ana Alves <ana@example.com>"}'
        repo.note(
            "refs/notes/ai",
            self.noted,
            f"noted.py\n  s_0123456789abcd::t_0123456789abcd 1-2\n---\n"
            f'{{"schema_version": "authorship/3.0.0", "base_commit_sha": "{self.noted}", "prompts": {{}}, '
            f'"sessions": {{"s_0123456789abcd": {session}}}}}\n',
        )
        repo.tag("v1.0", message="First release")
        # After the release: a revert.
        self.revert = repo.remove("lost.py").commit(f'Revert "Add lost (#5)"\n\nThis reverts commit {self.lost}.\n')
