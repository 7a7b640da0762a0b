"""One file of code as a syntax tree: read once, within bounds, and searched by the shapes of rules.

The parser goes on after what it cannot read, so that code of any version, and code that is broken, is searched as
far as it can be. Trees deeper than bounds are refused: searching them could take very long.
"""

from collections.abc import Iterator
from typing import Final, cast

from ast_grep_py import Config, SgNode, SgRoot

from asbuilt.scans.flow.code import Block, Place
from asbuilt.scans.flow.javascript import read_javascript
from asbuilt.scans.flow.nodes import place_of
from asbuilt.scans.flow.python import read_python
from asbuilt.scans.rulebook import Rule

DEEPEST: Final = 220
MOST_NODES: Final = 300_000
LANGUAGES: Final = {
    ".py": "python", ".pyi": "python", ".pyw": "python",
    ".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".jsx": "javascript",
    ".ts": "typescript", ".mts": "typescript", ".cts": "typescript", ".tsx": "tsx",
    ".go": "go", ".java": "java", ".php": "php", ".rb": "ruby", ".cs": "csharp",
}  # fmt: skip


class TooDeepError(ValueError):
    """A tree has more levels, or more parts, than are searched; its text says which."""


class Tree:
    """The syntax tree of one text.

    Raises:
        TooDeepError: it is deeper or larger than bounds.
    """

    def __init__(self, text: str, language: str) -> None:
        self.language = language
        self.root: SgNode = SgRoot(text, language).root()
        level, depth, count = [self.root], 0, 0
        while level:
            depth, count = depth + 1, count + len(level)
            if depth > DEEPEST:
                raise TooDeepError(f"It nests more than {DEEPEST} levels deep.")
            if count > MOST_NODES:
                raise TooDeepError(f"It has more than {MOST_NODES:,} parts.")
            level = [child for node in level for child in node.children()]

    def places(self, rule: Rule) -> Iterator[Place]:
        """Where a rule's shape is."""
        config = cast("Config", {"rule": rule.shape or {}, "constraints": rule.constraints})
        for node in self.root.find_all(config):
            yield place_of(node)

    def code(self) -> Block:
        """Its statements, for values to be followed through; of Python, JavaScript and TypeScript alone."""
        return read_python(self.root) if self.language == "python" else read_javascript(self.root)
