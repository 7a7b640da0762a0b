"""OSV records of our own writing, for tests: each says no more than its test needs."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from asbuilt.model.component import Component

NOW = 1_790_000_000  # 2026-09-21
TODAY = "2026-09-20T00:00:00Z"


def affected(
    ecosystem: str,
    name: str,
    *ranges: Iterable[Mapping[str, str]],
    versions: Iterable[str] = (),
    kind: str = "ECOSYSTEM",
) -> dict[str, Any]:
    told: dict[str, Any] = {"package": {"ecosystem": ecosystem, "name": name}}
    if ranges:
        told["ranges"] = [{"type": kind, "events": list(events)} for events in ranges]
    if versions:
        told["versions"] = list(versions)
    return told


def record(own: str, *what: Mapping[str, Any], modified: str = TODAY, **more: Any) -> dict[str, Any]:
    return {"schema_version": "1.7.0", "id": own, "modified": modified, "affected": list(what), **more}


def before(fixed: str) -> list[dict[str, str]]:
    return [{"introduced": "0"}, {"fixed": fixed}]


def write_zip(file: Path, records: Iterable[Mapping[str, Any]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in records:
            archive.writestr(f"{each['id']}.json", json.dumps(each))
    return file


def component(ecosystem: str, name: str, version: str | None, **more: Any) -> Component:
    return Component(
        ecosystem=ecosystem, name=name, version=version, path="lock", purl=f"pkg:x/{name}@{version}", **more
    )
