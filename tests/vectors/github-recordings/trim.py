"""Makes the recordings of this folder from a clone of hub4j/github-api.

python tests/vectors/github-recordings/trim.py CLONE
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HOME = "src/test/resources/org/kohsuke/github"
KEPT = {
    "pull.2.json": "GHPullRequestTest/wiremock/checkNonExistentAuthor/__files/4-r_h_g_pulls_2.json",
    "pull-reviews.1.json": "GHPullRequestTest/wiremock/checkNonExistentReviewer/__files/5-r_h_g_pulls_1_reviews.json",
    "pull-reviews.482.json": "GHPullRequestTest/wiremock/pullRequestReviews/__files/7-r_h_g_pulls_482_reviews.json",
    "pull-commits.473.json": "GHPullRequestTest/wiremock/getListOfCommits/__files/20-r_h_g_pulls_473_commits.json",
    "commit-check-runs.json": "GHRepositoryTest/wiremock/getCheckRunsWithParams/__files/3-r_h_g_commits_54d60fbb_check-runs.json",
    "commit-statuses.json": "GHRepositoryTest/wiremock/getLastCommitStatus/__files/4-r_h_g_statuses_8051615e.json",
}
FOLDER = Path(__file__).parent


def trimmed(value: Any) -> Any:
    """The same without addresses, but for that of a status, which alone says whose it is."""
    if isinstance(value, dict):
        return {
            name: trimmed(inner)
            for name, inner in value.items()
            if not name.endswith("_url") and name not in {"url", "_links", "gravatar_id"}
        }
    return [trimmed(inner) for inner in value] if isinstance(value, list) else value


def main(clone: str) -> None:
    """Write each recording that is kept."""
    for name, path in KEPT.items():
        told = subprocess.run(
            ["git", "-C", clone, "show", f"HEAD:{HOME}/{path}"], capture_output=True, check=True
        ).stdout
        (FOLDER / name).write_text(json.dumps(trimmed(json.loads(told)), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
