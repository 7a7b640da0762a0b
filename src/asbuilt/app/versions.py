"""Which versions are at work."""

import platform
import subprocess
from importlib.metadata import PackageNotFoundError, version

import asbuilt

LIBRARIES = (
    "click",
    "msgspec",
    "pygit2",
    "numpy",
    "duckdb",
    "sqlglot",
    "rich",
    "cryptography",
    "rfc8785",
    "PyYAML",
    "packageurl-python",
    "license-expression",
    "XlsxWriter",
    "httpcore",
    "httpx",
    "packaging",
)


def versions() -> tuple[str, str, str]:
    """AsBuilt's, Python's and git's version; git's is ``not found`` when there is none on the path."""
    return asbuilt.__version__, platform.python_version(), git_on_path() or "not found"


def git_on_path() -> str | None:
    """What the git on the path calls its version, or None."""
    try:
        said = subprocess.run(["git", "--version"], capture_output=True, check=False).stdout
    except OSError:
        return None
    return said.decode("utf-8", "replace").removeprefix("git version ").strip() or None


def library_versions() -> dict[str, str | None]:
    """The installed version of every library that AsBuilt stands on; None where one is absent."""
    found: dict[str, str | None] = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found
