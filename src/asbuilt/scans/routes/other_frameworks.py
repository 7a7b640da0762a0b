"""Which files use a framework whose routes are not read: what the table of routes does not know about.

A file counts by what it imports or calls: that it answers requests is likely, and not looked at.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from asbuilt.catalogue.web_frameworks import framework_of, frameworks_by_module
from asbuilt.model.route import OtherFramework
from asbuilt.scans.routes.code import CodeFile, named
from asbuilt.scans.routes.python_code import PythonFile
from asbuilt.scans.routes.script_code import ScriptFile

# Any mention; only then are the imports of a file gone through.
_MENTION: Final = {
    language: re.compile("|".join(re.escape(module.split(".")[0]) for module in frameworks_by_module(language)))
    for language in ("python", "script")
}
_CALL: Final = re.compile(
    rf"(?<![\w.])({'|'.join(re.escape(call) for call in frameworks_by_module('calls'))})[ \t]*\(",
)


def other_frameworks(files: Iterable[CodeFile]) -> tuple[OtherFramework, ...]:
    """Frameworks whose routes are not read, with how many files import them and the first of these, by name."""
    found: dict[str, list[str]] = {}
    for file in files:
        for name in {name for name in _frameworks(file) if name is not None}:
            found.setdefault(name, []).append(file.path)
    return tuple(
        OtherFramework(name=name, files=len(paths), first=min(paths)) for name, paths in sorted(found.items())
    )


def _frameworks(file: CodeFile) -> Iterator[str | None]:
    if isinstance(file, PythonFile) and _MENTION["python"].search(file.text):
        yield from (framework_of(module, "python") for module in _python_modules(file))
    elif isinstance(file, ScriptFile):
        if _MENTION["script"].search(file.text):
            yield from (framework_of(imported.module, "script") for imported in file.imports.values())
        yield from {frameworks_by_module("calls")[call] for call in _CALL.findall(file.text)}


def _python_modules(file: PythonFile) -> Iterator[str]:
    for module, own in file.imports.values():
        yield module if own is None else f"{module}.{own}"
    for node in file.root.find_all(kind="import_statement"):  # `import tornado.web` makes the name tornado alone
        for each in named(node):
            name = each.field("name") if each.kind() == "aliased_import" else each
            if name is not None:
                yield name.text()
