"""Workflows and actions of GitHub: what ``uses:`` names. A reference that is no full commit id can move."""

import re
from typing import Any, Final

from asbuilt.supply.formats import Node, RefusedError, read_text, read_yaml
from asbuilt.supply.gathering import Gathering, Reading, gathered

READS: Final = (
    ".github/workflows/*.yml",
    ".github/workflows/*.yaml",
    "action.yml",
    "action.yaml",
)


def read(data: bytes, path: str) -> Reading:
    """The actions, reusable workflows and images that a workflow or an action uses."""
    return gathered("GitHub Actions", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    for document in read_yaml(text, aliases=True):
        if document is None:
            continue
        if not isinstance(document, Node):
            raise RefusedError("It is no workflow: no mapping.", 1)
        _walk(found, document)


def _walk(found: Gathering, root: Any) -> None:
    waiting = [root]
    while waiting:
        own = waiting.pop()
        if isinstance(own, Node):
            if isinstance(own.get("uses"), str):
                _used(found, own["uses"].strip(), own.lines["uses"])
            waiting.extend(own[key] for key in reversed(own) if key not in {"uses", "with", "env", "run"})
        elif isinstance(own, list):
            waiting.extend(reversed(own))


def _used(found: Gathering, told: str, line: int) -> None:
    if told.startswith("./"):
        return  # of this repository itself
    if told.startswith("docker://"):
        name, version = image(told[len("docker://") :])
        found.add(name, version, line=line, ecosystem="Docker", direct=True, scope="development")
        return
    name, mark, reference = told.partition("@")
    if not mark or not re.match(r"[\w.-]+/[\w.-]+(/|\Z)", name) or "${{" in told:
        found.refuse(f"It uses {told!r:.120}, which names no action and reference.", line)
        return
    found.add(name, reference, line=line, direct=True, scope="development")


def image(told: str) -> tuple[str, str | None]:
    """The name of an image and its digest or else its tag."""
    name, _, digest = told.partition("@")
    base, mark, tag = name.rpartition(":")
    if not mark or "/" in tag:
        base, tag = name, ""
    return base, digest or tag or None
