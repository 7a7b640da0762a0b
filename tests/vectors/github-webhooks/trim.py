"""Makes the examples of this folder from the package's ``api.github.com/index.json``.

python tests/vectors/github-webhooks/trim.py INDEX_JSON
"""

import json
import sys
from pathlib import Path
from typing import Any

# Which of an event's examples are kept, by their place in the package.
KEPT = {
    "check_run": (1, 5),
    "deployment_review": (0,),
    "deployment_status": (0,),
    "pull_request": (4, 7, 14, 21),
    "pull_request_review": (0, 1),
    "status": (0,),
}
FOLDER = Path(__file__).parent


def trimmed(value: Any) -> Any:
    """The same without addresses: they are half of it, and nothing is read from them."""
    if isinstance(value, dict):
        return {
            name: trimmed(inner)
            for name, inner in value.items()
            if not name.endswith("_url") and name not in {"url", "_links", "gravatar_id", "repo", "repository"}
        } | {
            name: {"full_name": value[name].get("full_name")} for name in ("repo", "repository") if value.get(name)
        }
    return [trimmed(inner) for inner in value] if isinstance(value, list) else value


def main(index: str) -> None:
    """Write each example that is kept."""
    for event in json.loads(Path(index).read_text("utf-8")):
        for place in KEPT.get(event["name"], ()):
            file = FOLDER / f"{event['name']}.{place}.json"
            file.write_text(json.dumps(trimmed(event["examples"][place]), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
