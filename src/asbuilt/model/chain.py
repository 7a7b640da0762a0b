"""The decision chain of a change: ten links, each with a grade."""

from enum import StrEnum

import msgspec

from asbuilt.model.commit import Person


class Grade(StrEnum):
    """How well a link stands."""

    PROVED = "proved"  # a record from the system where the act happened, or a verified signature
    STATED = "stated"  # text in a commit, which anyone could have typed
    MISSING = "missing"  # the source was read, and it is not there
    CONTRADICTED = "contradicted"  # two sources disagree
    UNKNOWN = "unknown"  # the source could not be read


class LinkName(StrEnum):
    """The links, in order (design: the decision chain)."""

    REQUEST = "request"
    SUGGESTION = "suggestion"
    COMMIT = "commit"
    CHANGE = "change"
    REVIEW = "review"
    CHECKS = "checks"
    MERGE = "merge"
    BUILD = "build"
    DEPLOYMENT = "deployment"
    WATCH = "watch"


class Evidence(msgspec.Struct, frozen=True):
    """What a link cites: ``ref`` finds it again (commit, ref, rule), ``text`` is what stands there."""

    ref: str
    text: str


class Link(msgspec.Struct, frozen=True):
    """One link: what is known, how well, from what, who answers, and what would open it when it is not known."""

    name: LinkName
    grade: Grade
    summary: str
    evidence: tuple[Evidence, ...] = ()
    people: tuple[Person, ...] = ()
    remedy: str | None = None


# Links 2 to 7 must be proved or stated for a chain to be unbroken (design: the decision chain).
REQUIRED = (
    LinkName.SUGGESTION,
    LinkName.COMMIT,
    LinkName.CHANGE,
    LinkName.REVIEW,
    LinkName.CHECKS,
    LinkName.MERGE,
)


class Chain(msgspec.Struct, frozen=True):
    """All ten links of one change, in order."""

    change: str
    links: tuple[Link, ...]

    def link(self, name: LinkName) -> Link:
        """The link of that name."""
        return next(link for link in self.links if link.name is name)

    @property
    def unbroken(self) -> bool:
        """True when links 2 to 7 are proved or stated and no link is contradicted."""
        held = {Grade.PROVED, Grade.STATED}
        return all(self.link(name).grade in held for name in REQUIRED) and not any(
            link.grade is Grade.CONTRADICTED for link in self.links
        )
