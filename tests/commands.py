"""Running the real command line in a process of its own, as a user would."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: bytes
    err: bytes

    @property
    def text(self) -> str:
        """What it printed."""
        return self.out.decode("utf-8")

    @property
    def said(self) -> str:
        """What it said on standard error."""
        return self.err.decode("utf-8")


def environment(cache: Path, **more: str) -> dict[str, str]:
    """A plain environment: no colour asked for, a cache of the test's own, nothing of the user's git."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.startswith(("GIT_", "ASBUILT_CACHE", "_ASBUILT", "COV"))
        and key not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LC_ALL", "LANG", "PYTHONIOENCODING"}
    }
    return kept | {"ASBUILT_CACHE": str(cache), "LC_ALL": "C.UTF-8"} | more


def asbuilt(*words: str | bytes, cwd: Path, cache: Path | None = None, **more: str) -> Done:
    """Run ``asbuilt`` in a folder; ``more`` is added to the environment."""
    done = subprocess.run(
        [sys.executable, "-m", "asbuilt", *words],
        cwd=cwd,
        env=environment(cache or cwd.parent / "cache", **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)
