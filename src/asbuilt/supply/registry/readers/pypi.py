"""PyPI and whatever speaks its Simple API: existence, dates, yanked; from its JSON document owners and licence.

Sources: PyPA, "Simple repository API" (PEP 503, 592, 629, 691, 700, 792) and PyPI's own JSON API
(``/pypi/NAME/json``).
The Simple answer decides whether a project is there; the other one only adds.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from itertools import islice
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion

from asbuilt.model.registry_facts import (
    DATES,
    LICENCE,
    OWNERS,
    REPOSITORY,
    YANKED,
    PackageFacts,
    Standing,
    VersionFacts,
)
from asbuilt.supply.formats import RefusedError, read_text
from asbuilt.supply.registry.answers import (
    MOST_VERSIONS,
    Answer,
    Asked,
    Probe,
    document,
    facts_of,
    is_dated,
    items,
    licence_of,
    mapping,
    moment,
    no_more,
    reads,
    repository_of,
    text,
)

ECOSYSTEM: Final = "PyPI"
ACCEPT: Final = (
    "application/vnd.pypi.simple.v1+json, application/json;q=0.9, "
    "application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
)
asks_more = no_more
_MOST_FILES: Final = 400_000
_STANDINGS: Final[Mapping[str, Standing]] = {
    "active": "active",
    "archived": "archived",
    "quarantined": "quarantined",
    "deprecated": "deprecated",
}
_INACTIVE: Final = "Development Status :: 7 - Inactive"
_OLD_NAME: Final = re.compile(r"-(\d[^-]*)\.(?:tar\.(?:gz|bz2|xz|Z)|tgz|zip|exe|msi|egg|rpm|deb|dmg)\Z")
_EGG: Final = re.compile(r"-(\d[^-]*)-py\d[^/]*\.(?:egg|exe)\Z")
_SOURCE_WORDS: Final = ("source", "repository", "code", "github", "gitlab", "homepage", "home")


def asks(base: str, name: str) -> tuple[str, ...]:
    """The addresses of a project: its Simple page, and beside ``/simple`` its JSON document."""
    plain = re.sub(r"[-_.]+", "-", name).lower()
    simple = (f"{base}/{plain}/",)
    return (*simple, f"{base.removesuffix('/simple')}/pypi/{plain}/json") if base.endswith("/simple") else simple


@reads
def read(answers: Sequence[Answer], asked: Asked) -> PackageFacts:
    """What the Simple answer, and the document beside it, say."""
    told = _simple(answers[0])
    more: Mapping[str, Any] = {}
    why = "the index has no document of it beside the Simple page"
    if len(answers) > 1 and answers[1].status == 200:
        try:
            more = document(answers[1])
        except RefusedError as error:
            why = f"its document cannot be read: {error}"
    return _facts(told, more, why, asked)


class _Told:
    """A Simple page in either form: files by version, what it names as versions, how the project stands."""

    def __init__(self) -> None:
        self.files: dict[str, list[tuple[int | None, bool, str]]] = {}
        self.has_dates = False
        self.standing: tuple[Standing | None, str] = (None, "")

    def add(self, file: str, moment_: int | None, *, yanked: bool, why: str) -> None:
        version = _version_of(file)
        if version is not None and (version in self.files or len(self.files) < MOST_VERSIONS):
            self.has_dates |= moment_ is not None
            self.files.setdefault(version, []).append((moment_, yanked, why))


def _simple(answer: Answer) -> _Told:
    start = answer.body[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    return _simple_json(answer) if "json" in answer.kind or start.startswith(b"{") else _simple_html(answer)


def _simple_json(answer: Answer) -> _Told:
    page, told = document(answer), _Told()
    if not isinstance(page.get("files"), list):
        raise RefusedError("it is no page of the Simple API")
    for version in islice(items(page.get("versions")), MOST_VERSIONS):
        if text(version):
            told.files.setdefault(text(version), [])
    for file in islice(items(page["files"]), _MOST_FILES):
        own = mapping(file)
        yanked = own.get("yanked", False)
        told.add(
            text(own.get("filename")),
            moment(own.get("upload-time")),
            yanked=bool(yanked),
            why=text(yanked),
        )
    status = mapping(page.get("project-status"))
    told.standing = (_STANDINGS.get(text(status.get("status"))), text(status.get("reason")))
    return told


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[dict[str, str | None]] = []
        self.metas: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "a" and len(self.links) < _MOST_FILES:
            self.links.append(told)
        elif tag == "meta":
            self.metas[told.get("name") or ""] = told.get("content") or ""


def _simple_html(answer: Answer) -> _Told:
    page, told = _Page(), _Told()
    words = read_text(answer.body)
    if "<a" not in words.lower() and "<html" not in words.lower():
        raise RefusedError("it is no page of the Simple API")
    page.feed(words)
    page.close()
    for link in page.links:
        file = _file_name(link.get("href") or "")
        why = link.get("data-yanked")
        told.add(file, None, yanked="data-yanked" in link, why=text(why))
    told.standing = (
        _STANDINGS.get(page.metas.get("pypi:project-status", "")),
        text(page.metas.get("pypi:project-status-reason")),
    )
    return told


def _file_name(address: str) -> str:
    try:
        return unquote(urlsplit(address).path.rpartition("/")[2])[:1000]
    except ValueError:
        return ""


def _version_of(file: str) -> str | None:
    """The version that a file's name carries, as it is written there; None when it is no file of a release."""
    try:
        if file.endswith(".whl"):
            return str(parse_wheel_filename(file)[1])
        if file.endswith((".tar.gz", ".zip")):
            return str(parse_sdist_filename(file)[1])
    except (InvalidWheelFilename, InvalidSdistFilename, InvalidVersion):
        pass
    found = _EGG.search(file) or _OLD_NAME.search(file)
    return found[1] if found else None


def _facts(told: _Told, more: Mapping[str, Any], why: str, asked: Asked) -> PackageFacts:
    documented = _dates(more)
    versions = {
        version: _version(files, documented.get(version, ()))
        for version, files in _with(told.files, documented).items()
    }
    info = mapping(more.get("info"))
    unknown = {}
    if not more:
        unknown = {OWNERS: why, REPOSITORY: why, LICENCE: why}
    owners = _owners(more)
    if more and owners is None:
        unknown[OWNERS] = "the index does not tell who owns it"
    classifiers = [text(own) for own in items(info.get("classifiers"))]
    standing = told.standing
    if standing[0] is None and _INACTIVE in classifiers:
        standing = ("deprecated", f"it calls itself '{_INACTIVE}'")
    if not told.files and not documented:
        unknown[DATES] = unknown[YANKED] = "the index lists no file of it"
    urls = mapping(info.get("project_urls"))
    named = sorted(
        urls, key=lambda key: next((n for n, word in enumerate(_SOURCE_WORDS) if word in key.lower()), 99)
    )
    named_licences = (own.rpartition("::")[2] for own in classifiers if own.startswith("License ::"))
    return facts_of(
        asked,
        versions,
        latest=text(info.get("version")) or None,
        standing=standing,
        owners=owners,
        repository_url=repository_of(*(urls[key] for key in named), info.get("home_page")),
        licence=licence_of(info.get("license_expression"), info.get("license"), *named_licences),
        unknown=unknown,
    )


def _with(
    files: Mapping[str, list[tuple[int | None, bool, str]]], documented: Mapping[str, Sequence[Any]]
) -> dict[str, list[tuple[int | None, bool, str]]]:
    return {**{version: [] for version in documented}, **files}


def _version(
    files: Sequence[tuple[int | None, bool, str]], more: Sequence[tuple[int | None, bool, str]]
) -> VersionFacts:
    """One version out of its files: released when the first of them was, yanked when all of them are (PEP 592)."""
    dates = [date for date, _, _ in (*files, *more) if date is not None]
    source = files or more
    yanked = all(own for _, own, _ in source) if source else None
    why = next((own for _, gone, own in (*files, *more) if gone and own), "")
    return VersionFacts(
        released_at=min(dates, default=None),
        yanked=yanked,
        yanked_why=why if yanked else "",
        deprecated=False,  # no version is, there: it is yanked, or the project has a standing
    )


def _dates(more: Mapping[str, Any]) -> dict[str, list[tuple[int | None, bool, str]]]:
    found: dict[str, list[tuple[int | None, bool, str]]] = {}
    for version, files in islice(mapping(more.get("releases")).items(), MOST_VERSIONS):
        found[version[:100]] = [
            (moment(own.get("upload_time_iso_8601")), own.get("yanked") is True, text(own.get("yanked_reason")))
            for own in _files(files)
        ]
    return found


def _files(files: object) -> Iterator[Mapping[str, Any]]:
    return (own for own in islice(items(files), 2_000) if isinstance(own, dict))


def _owners(more: Mapping[str, Any]) -> int | None:
    told = mapping(more.get("ownership"))
    people = {text(mapping(own).get("user")) for own in items(told.get("roles"))} - {""}
    return len(people) + bool(text(told.get("organization"))) or None


def _tells_yanked(facts: PackageFacts) -> bool:
    told = facts.versions.get("2.32.0")
    return told is not None and told.yanked is True


PROBES: Final = (
    Probe("requests", (DATES,), "requests 2.31.0 was uploaded on 2023-05-22", is_dated("2.31.0", 19_499)),
    Probe("requests", (YANKED,), "requests 2.32.0 is yanked", _tells_yanked),
)
