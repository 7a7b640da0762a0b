"""Words of a report that are no codes: classes of authorship, grades of links, verdicts of items."""

from typing import Final

# word -> (kind, title, meaning)
WORDS: Final[dict[str, tuple[str, str, str]]] = {
    "ai-tracked": (
        "class",
        "A record names these very lines as written by a tool",
        (
            "A line-level record, such as a git-ai note or an Agent Trace, covers the line. The strongest "
            "evidence there is, as good as the record."
        ),
    ),
    "ai-declared": (
        "class",
        "The commit as a whole says that a tool took part",
        (
            "A trailer, a bot's identity or a vendor's line in the message names a tool. Which of the commit's "
            "lines the tool wrote is not known."
        ),
    ),
    "human-tracked": (
        "class",
        "A record names these very lines as typed by a person",
        "Only a line-level record can say so. The absence of a signal never does.",
    ),
    "automation": (
        "class",
        "A bot that is no AI wrote it",
        "Dependency updates, release scripts, formatters.",
    ),
    "proved": (
        "grade",
        "A record from the system where the act happened, or a verified signature",
        "From git alone, few links can be proved.",
    ),
    "stated": (
        "grade",
        "Text in a commit, which anyone could have typed",
        "A trailer, a subject, a merge message. It supports a link; it does not prove it.",
    ),
    "missing": (
        "grade",
        "The source was read, and it is not there",
        "Not the same as unknown: here it is known that there is nothing.",
    ),
    "contradicted": (
        "grade",
        "Two sources disagree",
        "Both are shown; neither is silently preferred.",
    ),
    "met": (
        "verdict",
        "The item does what the control expects",
        "The expression of the control is TRUE for it.",
    ),
    "deviation": (
        "verdict",
        "The item does not do what the control expects",
        "The expression is FALSE for it. A later fix stands beside it and does not erase it.",
    ),
    "unknown": (
        "class, grade, verdict",
        "Could not be seen",
        (
            "As a class: no signal, which is never taken for a person. As a grade: the source could not be read. "
            "As a verdict: the expression is NULL. Unknown is never a pass."
        ),
    ),
}
