"""What is raised where a version has no place in its ecosystem's order."""

from typing import Final

LONGEST: Final = 256  # characters: more is no version


class UnorderedError(ValueError):
    """A version that cannot be ordered, and why; whoever asked shows it as unknown."""

    def __init__(self, version: str, why: str) -> None:
        super().__init__(f"{version!r} cannot be ordered: {why}")
        self.version = version
        self.why = why
