"""The code that answers a request: a handler, and what it calls that is defined here, one step further."""

from typing import Final

from ast_grep_py import SgNode

from asbuilt.scans.routes.code import calls, dotted, plain
from asbuilt.scans.routes.python_code import PythonFile, PythonProject

_MOST: Final = 12  # functions followed
APART: Final = "\n\f\n"  # what lies between the code of a handler and that of what it calls
_LONGEST: Final = 40_000  # characters


def code_of(project: PythonProject, file: PythonFile, node: SgNode) -> str:
    """The code of a handler, and of the functions that it calls."""
    body = node.field("body")  # its own name is no evidence
    parts = [plain(node if body is None else body, "python")]
    for call in calls(node, "python")[:_MOST]:
        found = project.resolve(file, dotted(call))
        if found is not None and found.node.kind() == "function_definition":
            parts.append(plain(found.node, "python"))
    return (parts[0] + APART + "\n".join(parts[1:]))[:_LONGEST]
