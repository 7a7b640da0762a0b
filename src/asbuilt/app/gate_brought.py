"""What a change brings in, held against the base's rules: dependencies, and findings in its lines.

1. The files that the change touches, and which of them name packages.
2. Only where there are some: what the packages are (``gate_dependencies``). Only where a word of a rule occurs:
   what our own rules find (``gate_findings``). Only where a file speaks of routes or guards: which routes are open
   now (``gate_routes``). A change without any of it loads none of them. What the branch's commits hold besides what
   would land stays in the history: it is searched for secrets (``gate_branch``).
3. What blocks comes first; what could not be looked at is a gap, and never "nothing was found".

Nothing of the change is executed, and no rule of its own is believed.
"""

import importlib
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache, partial
from pathlib import Path
from typing import Final

import msgspec

import asbuilt.scans
from asbuilt.app.gate_change import touched_paths
from asbuilt.app.gate_content import Asked, Content, Text, Touched, is_code, unread_gap
from asbuilt.app.gate_unseen import NO_TEXT, is_shown_only, unseen
from asbuilt.history.objects import ObjectReader, read_objects
from asbuilt.model.component import Unread
from asbuilt.model.gate import Looked, Standing
from asbuilt.model.inspection import Gap
from asbuilt.model.text import path_text, visible
from asbuilt.scans.decoding import is_text

MOST_FILES: Final = 5_000
LARGEST_LIST: Final = 1 << 20  # bytes of a list of requirements
LARGEST: Final = 8 << 20  # bytes of one file that is searched
MOST_BYTES: Final = 24 << 20  # bytes of all files that are searched
_RULES: Final = Path(asbuilt.scans.__file__).with_name("rules")
_FINDINGS: Final = "asbuilt.app.gate_findings"
_BRANCH: Final = "asbuilt.app.gate_branch"
_ROUTES: Final = "asbuilt.app.gate_routes"
_SPEAKS: Final = re.compile(
    rb"\.route\(|add_url_rule|add_api_route|APIRouter|Blueprint|FastAPI|Depends\(|Security\(|before_request"
    rb"|@[\w.]+\.(?:post|put|patch|delete|api_route)\(|urlpatterns|APIView|ViewSet|MethodView|View\b|api_view"
    rb"|permission_classes|authentication_classes|login_required|LoginRequired|MIDDLEWARE|middleware|Router\("
    rb"|express|\.(?:post|put|patch|delete|use|all)\(\s*['\"`/]|use server|NextRe(?:quest|sponse)|req\.method"
    rb"|export\s+(?:async\s+)?(?:function|const)\s+(?:POST|PUT|PATCH|DELETE)\b"
)
_ORDER: Final = {Standing.DEVIATION: 0, Standing.UNKNOWN: 1}
# What names packages besides the dependency files of the catalogue: images, actions, and kinds that readers know.
_MORE: Final = re.compile(
    r"(?:^|/)(?:Dockerfile|Containerfile)(?:\.[^/]*)?$|\.[dD]ockerfile$|(?:^|/)\.github/workflows/[^/]+\.ya?ml$"
    r"|(?:^|/)action\.ya?ml$|requirements[^/]*\.txt$|constraints[^/]*\.txt$|\.pom$|gradle\.lockfile$"
    r"|(?:^|/)(?:verification-metadata\.xml|gems\.locked|Directory\.Build\.props|packages\.[^/]*lock\.json)$",
    re.IGNORECASE,
)
# Settings of package managers, which say where packages come from (``gate_sources`` reads them).
_SOURCES: Final = re.compile(
    r"(?:^|/)(?:\.npmrc|\.yarnrc(?:\.yml)?|bunfig\.toml|pip\.(?:conf|ini)|uv\.toml|\.pypirc|\.condarc|nuget\.config"
    r"|\.cargo/config(?:\.toml)?|\.mvn/[^/]+|settings\.xml|init\.gradle(?:\.kts)?|\.bundle/config)$",
    re.IGNORECASE,
)
# A line of a list of requirements: such a list has any name, and another one may read it in.
_LISTED: Final = re.compile(
    rb"\s*(?:#.*|-[a-zA-Z-].*|[A-Za-z0-9][\w.\[\],-]{0,100}\s{0,4}(?:(?:[=<>!~]=|[<>@;]).*)?)?"
)


def names_packages(path: str) -> bool:
    """Whether a file may name packages, by its path alone."""
    kinds = touched_paths().kinds
    return _MORE.search(path) is not None or any(
        "dependencies" in kinds(own.encode()) for own in (path, path.lower())
    )


def look(asked: Asked) -> Content:
    """Look at everything that the change brings in."""
    # (1)
    wanted = [own for own in asked.touched if names_packages(own.path)]
    settings = [own for own in asked.touched if not names_packages(own.path) and _SOURCES.search(own.path)]
    with read_objects(asked.repository) as objects:
        texts, unread, shown_only = _texts(objects, asked.touched)
        gaps = [unread_gap([*unread, *shown_only], "Not searched:")] if unread or shown_only else []
        found = Content(unseen(asked, unread), tuple(gaps), looked=Looked(files=len(texts), rules=rule_words()[0]))
        # (2)
        wanted += _listings(asked.touched, texts)
        if wanted or settings:
            packages: Content = importlib.import_module("asbuilt.app.gate_dependencies").packages(
                asked, wanted, objects, settings
            )
            found = _joined(found, packages)
        try:
            due = [text for text in texts if _is_due(text)]
            if due:
                before = partial(_before, objects, asked.touched)
                found = _joined(found, importlib.import_module(_FINDINGS).findings(asked, due, before))
            if asked.commits is not None:
                found = _joined(found, importlib.import_module(_BRANCH).left_behind(asked, objects, _is_due))
            if _speak_of_routes(objects, asked.touched, texts):
                found = _joined(found, importlib.import_module(_ROUTES).routes(asked, objects))
        except ImportError as error:
            found = _joined(found, Content(gaps=(_no_engine(error),), looked=Looked()))
            found = msgspec.structs.replace(found, looked=msgspec.structs.replace(found.looked, files=0, rules=0))
    # (3)
    ordered = sorted(
        found.brought,
        key=lambda own: (not own.blocks, _ORDER.get(own.standing, 2), own.kind, own.path, own.line or 0, own.name),
    )
    return msgspec.structs.replace(found, brought=tuple(ordered))


def _listings(touched: Iterable[Touched], texts: Iterable[Text]) -> list[Touched]:
    """Changed files that may be lists of requirements under any name, by their first lines."""
    listed = {
        path
        for path, data in texts
        if len(data) < LARGEST_LIST
        and not names_packages(path)
        and not is_code(path)
        and all(len(line) < 2_000 and _LISTED.fullmatch(line) for line in data.split(b"\n", 50)[:50])
    }
    return [own for own in touched if own.path in listed]


def _texts(objects: ObjectReader, touched: Iterable[Touched]) -> tuple[list[Text], list[Unread], list[Unread]]:
    """The changed files that can be searched; what of them cannot; and what holds no text, as its name says."""
    found: list[Text] = []
    unread: list[Unread] = []
    shown_only: list[Unread] = []
    size = 0
    for own in touched:
        if own.is_link:
            unread.append(Unread(path=own.path, why="It is another repository: what moves there is not seen here."))
        if own.after is None and own.target is None:
            continue
        if len(found) >= MOST_FILES or size > MOST_BYTES:
            why = f"The change is larger than {MOST_FILES:,} files or {MOST_BYTES >> 20} MiB."
            unread.append(Unread(path=own.path, why=why))
            continue
        try:
            data = objects.read(own.after or own.target or "", LARGEST)
        except OSError as error:
            unread.append(Unread(path=own.path, why=f"It cannot be read: {error.strerror or error}."))
            continue
        size += len(data)
        if own.target is not None:
            unread += _leads_astray(own.path, path_text(data))
        if not is_text(data):
            (shown_only if is_shown_only(own.path, data) else unread).append(Unread(path=own.path, why=NO_TEXT))
        else:
            found.append((own.path, data))
    return found, unread, shown_only


def _leads_astray(path: str, target: str) -> Iterator[Unread]:
    """A link in the place of what is read by its name: what it leads to is not read under that name."""
    if names_packages(path) or (is_code(path) and not is_code(target)):
        why = f"It is a link to {visible(target, 200)!r}, which is not read under this name."
        yield Unread(path=path, why=why, remedy="Put the file there, and no link.")


def _before(objects: ObjectReader, touched: Iterable[Touched]) -> list[Text]:
    """The changed files as they were, those that are gone too; what cannot be read tells of nothing known."""
    found: list[Text] = []
    size = 0
    for own in touched:
        if own.before is None or size > MOST_BYTES:
            continue
        try:
            data = objects.read(own.before, LARGEST)
        except OSError:
            continue
        size += len(data)
        if _is_due((own.path, data)):
            found.append((own.path, data))
    return found


def _speak_of_routes(objects: ObjectReader, touched: Iterable[Touched], texts: Iterable[Text]) -> bool:
    """Whether a changed file may hold a route or a guard of one, as it would land or as it was."""
    if any(is_code(path) and _SPEAKS.search(data) for path, data in texts):
        return True
    for own in touched:
        if own.before is not None and is_code(own.path):
            try:
                data = objects.read(own.before, LARGEST)
            except OSError:
                continue
            if _SPEAKS.search(data):
                return True
    return False


def _no_engine(error: ImportError) -> Gap:
    return Gap(
        "GAP-CONTENT",
        "The changed files were not searched: the engine of our own rules is not installed.",
        visible(f"{error}.", 200),
        "Install it: pip install 'asbuilt[scans]'.",
    )


def _is_due(text: Text) -> bool:
    """Whether any rule could find anything: each looks only at files that hold one of its words."""
    lowered = text[1].lower()
    if b"\0" in lowered:  # UTF-16 and its like hold the words between zeros
        lowered = lowered.translate(None, b"\0")
    return any(word in lowered for word in rule_words()[1])


@cache
def rule_words() -> tuple[int, frozenset[bytes]]:
    """How many rules there are, and every word without which none of them finds anything.

    Only the head of each file is read, in which they stand: to load the rules whole takes several times as long,
    and most changes hold none of the words.
    """
    heads = [file.read_text("utf-8").partition("\n[")[0] for file in _RULES.glob("*.toml")]
    words = (word for head in heads for word in tomllib.loads(head)["words"])
    return len(heads), frozenset(word.casefold().encode() for word in words)


def _joined(one: Content, other: Content) -> Content:
    told = {
        name: value
        for name in Looked.__struct_fields__
        if (value := getattr(other.looked, name)) != getattr(Looked(), name)
    }
    return Content(
        (*one.brought, *other.brought), (*one.gaps, *other.gaps), msgspec.structs.replace(one.looked, **told)
    )
