"""Other scanners, run where they are installed: how each is called, and what of a repository it must not read.

Each runs on a copy of the files without the repository's own settings for it, which could make it fetch something,
run something or look away; with its own suppressing comments ignored where it can, as they say no reason; and with
whatever keeps it from the network. See docs/reference/scan.md.
"""

from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from posixpath import basename
from typing import Final

import msgspec

from asbuilt.model.scan import ScanKind

# Files that scanners take settings from, by their names anywhere in a tree; none is in the copy.
SETTINGS: Final = (
    ".bandit", ".gitleaks.toml", "gitleaks.toml", ".gitleaksignore", ".semgrepignore", ".semgrep.yml",
    ".semgrep.yaml", ".semgrepconfig.yml", "zizmor.yml", "zizmor.yaml",
)  # fmt: skip


# Files that tell scanners what not to look at; that is decided before.
IGNORING: Final = (".gitignore", ".ignore")


class Scanner(msgspec.Struct, frozen=True, kw_only=True):
    """One scanner.

    ``program`` is its name on the path, ``format`` the reader of what it prints. ``arguments`` are given with
    ``{root}`` for the copy and ``{rules}`` for rules of the user. ``fine`` are exit codes of a run that came to its
    end. ``files`` are globs of what it looks at (of whole paths). ``needs_rules``: it has none of its own offline.
    """

    program: str
    name: str
    kind: ScanKind
    format: str
    looks_for: str
    arguments: tuple[str, ...]
    fine: tuple[int, ...] = (0,)
    files: tuple[str, ...] = ("*",)
    needs_rules: bool = False
    environment: tuple[tuple[str, str], ...] = ()
    version: tuple[str, ...] = ("--version",)

    def looks_at(self, path: str) -> bool:
        """Whether it looks at a file of that path."""
        return any(fnmatchcase(path, glob) for glob in self.files)


SCANNERS: Final = (
    Scanner(
        program="bandit",
        name="Bandit",
        kind="static-analysis",
        format="bandit",
        looks_for="weaknesses of Python code, by the call",
        arguments=("-r", "{root}", "-f", "json", "-q", "--exit-zero", "--ignore-nosec"),
        files=("*.py",),
    ),
    Scanner(
        program="gitleaks",
        name="gitleaks",
        kind="secret-scan",
        format="gitleaks",
        looks_for="secrets of some two hundred kinds, in these files and not in their history",
        arguments=(
            *("dir", "{root}", "--report-format", "json", "--report-path", "{report}", "--no-banner"),
            *("--redact=100", "--exit-code", "0", "--ignore-gitleaks-allow", "--no-color"),
        ),
        version=("version",),
    ),
    Scanner(
        program="semgrep",
        name="Semgrep",
        kind="static-analysis",
        format="semgrep",
        looks_for="what the rules say that it was given with --semgrep-rules",
        arguments=(
            *("scan", "--config", "{rules}", "--json", "--quiet", "--metrics=off", "--disable-version-check"),
            *("--no-git-ignore", "--disable-nosem", "--no-rewrite-rule-ids", "--oss-only", "--jobs=2", "{root}"),
        ),
        needs_rules=True,
        environment=(
            ("SEMGREP_SEND_METRICS", "off"),
            ("SEMGREP_ENABLE_VERSION_CHECK", "0"),
            ("SEMGREP_SETTINGS_FILE", "{home}/settings.yml"),
        ),
    ),
    Scanner(
        program="zizmor",
        name="zizmor",
        kind="static-analysis",
        format="zizmor",
        looks_for="weaknesses of workflows and actions of GitHub",
        arguments=(
            *("--offline", "--no-config", "--no-exit-codes", "--no-progress", "--color=never"),
            *("--format", "json", "--collect=all", "{root}"),
        ),
        files=(
            *(".github/workflows/*.yml", ".github/workflows/*.yaml", ".github/dependabot.y*ml"),
            *("action.yml", "action.yaml", "*/action.yml", "*/action.yaml"),
        ),
    ),
)  # fmt: skip


def is_setting(path: str) -> bool:
    """Whether a file holds settings of a scanner."""
    return basename(path).casefold() in SETTINGS


def command_of(scanner: Scanner, program: Path, places: dict[str, str]) -> list[str]:
    """The command, with places put in where they are named."""
    return [str(program), *(_placed(each, places) for each in scanner.arguments)]


def environment_of(scanner: Scanner, path: str, home: Path) -> dict[str, str]:
    """All that a scanner sees of the environment: no token, a home of its own, proxies that lead nowhere."""
    nowhere = "http://127.0.0.1:9"
    proxies = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {
        "PATH": path,
        "HOME": str(home),
        "TMPDIR": str(home),
        "XDG_CONFIG_HOME": str(home),
        "XDG_CACHE_HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONSAFEPATH": "1",
        "NO_COLOR": "1",
        **dict.fromkeys(proxies, nowhere),
        "NO_PROXY": "",
        **{name: _placed(value, {"home": str(home)}) for name, value in scanner.environment},
    }


def _placed(text: str, places: dict[str, str]) -> str:
    for name, value in places.items():
        if text == f"{{{name}}}" or text.startswith(f"{{{name}}}/"):
            return text.replace(f"{{{name}}}", value, 1)
    return text


def chosen(only: Sequence[str]) -> list[Scanner]:
    """The scanners that are asked for; all where none is named."""
    return [each for each in SCANNERS if not only or each.program in only]
