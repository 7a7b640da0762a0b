"""The HTML report in a real browser: it loads nothing, fits a phone, and shows what it should."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands import asbuilt
from tests.repos import Repo

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="no Chromium here")]

# Tells how wide the page is beside how wide the window is; in a copy without the policy.
PROBE = """<script>addEventListener('load', () => {
document.documentElement.dataset.widths = document.documentElement.scrollWidth + '/' + innerWidth; });</script>"""


def look(page: Path, *flags: str) -> str:
    """What the browser made of a page."""
    assert BROWSER is not None
    profile = page.parent / "profile"
    done = subprocess.run(
        [
            BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
            f"--user-data-dir={profile}", "--virtual-time-budget=3000", *flags, "--dump-dom", page.as_uri(),
        ],
        capture_output=True, check=True, timeout=100,
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace")


@pytest.fixture
def report(repo: Repo, tmp_path: Path) -> Path:
    """The report on a repository with a long path and an AI-declared change."""
    repo.write("a.txt", "one\n").commit("Start")
    repo.write(f"{'deep/' * 20}{'long' * 20}.py", "x\n" * 30)
    repo.commit(f"{'Subject' * 30}\n\nCo-Authored-By: Claude <noreply@anthropic.com>\n")
    file = tmp_path / "report.html"
    assert asbuilt("inspect", "--exit-zero", "--quiet", "--output", f"html={file}", cwd=repo.path).code == 0
    return file


@pytest.mark.parametrize("width", [500, 1280])
def test_the_page_loads_nothing_and_fits_the_window(width: int, report: Path) -> None:
    html = report.read_text("utf-8")
    copy = re.sub(r"<meta[^>]*Content-Security-Policy[^>]*>", "", html, flags=re.IGNORECASE)
    assert copy != html, "the report has a content security policy"
    report.write_text(copy.replace("</body>", f"{PROBE}</body>"), "utf-8")
    shown = look(report, f"--window-size={width},900")
    widths = re.search(r'data-widths="(\d+)/(\d+)"', shown)
    assert widths is not None
    assert int(widths[1]) <= int(widths[2])
    assert (
        re.findall(
            r'<link(?![^>]*href="data:)|<iframe|<object|<embed|@import|url\((?!#|data:)|\bsrc=(?!\W?data:)', html
        )
        == []
    )


def test_the_browser_draws_it(report: Path) -> None:
    picture = report.with_suffix(".png")
    look(report, f"--screenshot={picture}", "--window-size=1000,1400")
    assert picture.stat().st_size > 20_000  # a blank page of this size is 7 kB
