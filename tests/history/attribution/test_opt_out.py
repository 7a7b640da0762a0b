"""Opt-outs: settings and hooks that switch disclosure off, read from the commit and never from the work tree."""

import time

import pytest

from asbuilt.history.attribution.opt_out import LARGEST, find_opt_outs
from asbuilt.history.git import open_repository
from asbuilt.model.result import Finding, Severity
from tests.repos import Repo


def findings(repo: Repo, files: dict[str, str | bytes]) -> tuple[Finding, ...]:
    for path, content in files.items():
        repo.write(path, content)
    tip = repo.commit("Files")
    with open_repository(repo.path) as opened:
        paths = [path for path in opened.run("ls-tree", "-r", "-z", "--name-only", tip).split(b"\0") if path]
        return find_opt_outs(opened, tip, paths)


SWITCHED_OFF = [
    (".claude/settings.json", '{\n  "model": "opus",\n  "includeCoAuthoredBy": false\n}\n', [3]),
    ("web/.claude/settings.local.json", '{"includeCoAuthoredBy": false}', [1]),
    (".claude/settings.json", '{\n  "attribution": {\n    "commit": "",\n    "pr": ""\n  }\n}\n', [3, 4]),
    (".claude/settings.json", '{"includeCoAuthoredBy": false, "attribution": {"commit": ""}}', [1, 1]),
    (".codex/config.toml", 'model = "gpt-5"\ncommit_attribution = ""\n', [2]),
    ("crush.json", '{"options": {"attribution": {\n"trailer_style": "none"}}}', [2]),
    (".crush.json", '{"attribution": {"co_authored_by": false}}', [1]),
    (".github/copilot/settings.json", '{"include_coauthor": false}', [1]),
    (".aider.conf.yml", "model: x\nattribute-author: false\n", [2]),
    (".aider.conf.yml", "no-attribute-co-authored-by: true\nattribute-author: false\n", [1, 2]),
    (".vscode/settings.json", '{\n  // ours\n  "git.addAICoAuthor": "off",\n}\n', [3]),
    (".husky/commit-msg", "#!/bin/sh\nsed -i '/^Co-Authored-By: Claude/d' \"$1\"\n", [2]),
    (".husky/prepare-commit-msg", "sed -i.bak -e '/Generated with \\[Claude Code\\]/Id' $1\n", [1]),
    (".githooks/commit-msg", "grep -v -i 'co-authored-by:.*claude' \"$1\" > t\nmv t \"$1\"\n", [1]),
    ("hooks/commit-msg", "awk '!/Co-authored-by/' $1 > $1.new\n", [1]),
    ("scripts/commit-msg.pl", "perl -i -ne 'print unless /noreply\\@anthropic/' $f\nperl -pi -e 's/Made-with: Cursor//' $f\n", [2]),
    ("tools/strip_coauthors_commit_msg.py", 'import re\ntext = re.sub(r"Co-authored-by: .*", "", text)\n', [2]),
    (".husky/commit-msg.js", "lines = lines.filter(l => !l.startsWith('Co-authored-by: Cursor'))\n", [1]),
    ("githooks/commit-msg", 'keep = [l for l in lines if "co-authored-by" not in l.lower()]\n', [1]),
    ("lefthook.yml", "commit-msg:\n  commands:\n    strip:\n      run: sed -i '/Co-authored-by/d' {1}\n", [4]),
    (".pre-commit-config.yaml", "- id: x\n  entry: bash -c 'sed -i \"/Claude-Session/d\" $1'\n", [2]),
    (".husky/commit-msg", "sed -i \\\n  -e '/Co-authored-by: Claude/d' \\\n  \"$1\"\n", [1]),
    (".husky/commit-msg", "sed -i 's|🤖 Generated with.*||' \"$1\"\n", [1]),
]  # fmt: skip


@pytest.mark.parametrize(("path", "content", "lines"), SWITCHED_OFF)
def test_what_switches_disclosure_off_is_a_blocking_finding(
    repo: Repo, path: str, content: str, lines: list[int]
) -> None:
    found = findings(repo, {path: content})
    assert [finding.line for finding in found] == lines
    for finding in found:
        assert (finding.code, finding.path, finding.severity) == ("AI-OPTOUT", path, Severity.BLOCKING)
        assert finding.criteria == ("CC8.1", "CC2.1")
        assert finding.remedy
        assert finding.message.startswith(path)


LEFT_ON = [
    (".claude/settings.json", '{"includeCoAuthoredBy": true, "attribution": {"commit": "By AI"}}'),
    (
        ".claude/settings.json",
        '{"includeCoAuthoredBy": false, "attribution": {"commit": "By AI"}}',
    ),  # newer key wins
    (".claude/settings.json", '{"permissions": {"commit": ""}}'),
    ("docs/settings.json", '{"includeCoAuthoredBy": false}'),
    (".codex/config.toml", 'commit_attribution = "Codex <noreply@openai.com>"\n'),
    ("crush.json", '{"options": {"attribution": {"trailer_style": "assisted-by"}}}'),
    (".aider.conf.yml", "attribute-author: false\nattribute-co-authored-by: true\n"),
    (".aider.conf.yml", "# attribute-author: false\nattribute-committer: false\n"),
    (".vscode/settings.json", '{\n  // "git.addAICoAuthor": "off"\n  "git.addAICoAuthor": "all"\n}\n'),
    (".husky/commit-msg", '#!/bin/sh\nnpx commitlint --edit "$1"\ngrep -v "^#" "$1" > t\n'),
    (".husky/commit-msg", "# sed -i '/Co-authored-by/d' \"$1\"\n"),
    (".husky/commit-msg", 'if ! grep -q "^Assisted-by:" "$1"; then echo "Assisted-by: none" >> "$1"; fi\n'),
    (".husky/commit-msg", "sed -n '/Co-authored-by/p' \"$1\"\n"),
    ("src/message.py", 're.sub("Co-authored-by: .*", "", text)\n'),
]


@pytest.mark.parametrize(("path", "content"), LEFT_ON)
def test_what_leaves_disclosure_on_is_no_finding(repo: Repo, path: str, content: str) -> None:
    assert findings(repo, {path: content}) == ()


@pytest.mark.parametrize(
    ("path", "content", "why"),
    [
        (".claude/settings.json", '{"includeCoAuthoredBy": false', "not JSON"),
        (".claude/settings.json", "[" * 200_000, "not JSON"),
        (".claude/settings.json", "[]", "no JSON object"),
        (".claude/settings.json", b'{"a": "\xff"}', "not UTF-8"),
        (".codex/config.toml", "commit_attribution = \n", "not TOML"),
        (".husky/commit-msg", "x" * (LARGEST + 1), "bytes"),
    ],
)
def test_what_cannot_be_read_is_unknown_and_never_a_pass(
    repo: Repo, path: str, content: str | bytes, why: str
) -> None:
    (finding,) = findings(repo, {path: content})
    assert (finding.severity, finding.path, finding.line) == (Severity.UNKNOWN, path, None)
    assert why in finding.message


def test_the_commit_is_read_and_not_the_work_tree(repo: Repo) -> None:
    assert findings(repo, {".claude/settings.json": "{}"}) == ()
    (repo.path / ".claude/settings.json").write_text('{"includeCoAuthoredBy": false}')
    with open_repository(repo.path) as opened:
        assert find_opt_outs(opened, repo.head(), [b".claude/settings.json", b".claude/absent.json"]) == ()


def test_a_link_is_not_followed_and_odd_paths_are_read(repo: Repo) -> None:
    (repo.path / ".claude").mkdir()
    (repo.path / ".claude/settings.json").symlink_to("../elsewhere.json")
    repo.git("add", ".claude/settings.json")
    found = findings(
        repo, {"elsewhere.json": "{", "a\nb é/.claude/settings.json": '{"includeCoAuthoredBy": false}'}
    )
    assert [finding.path for finding in found] == ["a\nb é/.claude/settings.json"]
    assert "\n" not in found[0].message


def test_terminal_escapes_of_a_hook_are_shown_harmlessly(repo: Repo) -> None:
    (finding,) = findings(repo, {".husky/commit-msg": "sed '/Co-authored-by\x1b[31m/d'\n"})
    assert "\x1b" not in finding.message


@pytest.mark.parametrize(
    "bit", ["sed s/", "grep ", "sed s|a/a#a,", "for if ", "co-authored-by sed /", "perl s!", "awk ! "]
)
def test_a_hostile_hook_takes_linear_time(repo: Repo, bit: str) -> None:
    line = "co-authored-by " + bit * (1900 // len(bit))
    start = time.process_time()
    findings(repo, {".husky/commit-msg": (line + "\n") * 400, "commit-msg": bit * (900_000 // len(bit))})
    assert time.process_time() - start < 2.0
