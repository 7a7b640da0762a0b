"""``composer.lock`` of Composer."""

from typing import Any, Final

from asbuilt.model.component import Origin, Scope
from asbuilt.supply.formats import KeyLines, RefusedError, read_json, read_text
from asbuilt.supply.gathering import Gathering, Reading, gathered, text_of

READS: Final = ("composer.lock",)
_GROUPS: Final[tuple[tuple[str, Scope], ...]] = (("packages", "runtime"), ("packages-dev", "development"))


def read(data: bytes, path: str) -> Reading:
    """The components of a lock file of Composer."""
    return gathered("Packagist", path, lambda found: _fill(found, read_text(data)))


def _fill(found: Gathering, text: str) -> None:
    lock = read_json(text)
    if not isinstance(lock, dict):
        raise RefusedError("It is no lock file of Composer: no mapping.")
    lines = KeyLines(text)
    for group, scope in _GROUPS:
        for entry in found.items(lock.get(group), group):
            own = found.mapping(entry, "A package")
            line = lines.pair("name", str(own.get("name")))
            _add(found, own, line, scope)


def _add(found: Gathering, own: dict[str, Any], line: int | None, scope: Scope) -> None:
    dist = found.mapping(own.get("dist"), "dist", line)
    origin = found.mapping(own.get("source"), "source", line)
    kind: Origin = "file" if dist.get("type") == "path" else "registry"
    if not own.get("notification-url") and not dist and origin.get("type") == "git":
        kind = "git"
    licences = [each for each in found.items(own.get("license"), "license", line) if isinstance(each, str)]
    sha = text_of(dist.get("shasum"))
    found.add(
        own.get("name"),
        text_of(own.get("version")),
        line=line,
        scope=scope,
        source=kind,
        hashes=(f"sha1:{sha}",) if sha else (),
        licence=" OR ".join(licences) or None,
        origin_url=text_of(origin.get("url")) if kind == "git" else None,
    )
