"""The fact tables, declared once: what a control may ask, and what a missing value means.

Values are three-valued. NULL in a nullable column means *could not see*, never *no*: an expression over it is NULL,
and the verdict Unknown.
"""

from typing import Literal

import msgspec

Type = Literal["text", "bool", "int", "timestamp", "text[]"]


class Column(msgspec.Struct, frozen=True):
    """One column; ``doc`` is what the auditor reads, and says what NULL means where it is allowed."""

    name: str
    type: Type
    nullable: bool
    doc: str


class Table(msgspec.Struct, frozen=True):
    """One fact table; ``key`` names the column that identifies a row."""

    name: str
    key: str
    columns: tuple[Column, ...]
    doc: str


def _column(name: str, kind: Type, doc: str) -> Column:
    return Column(name, kind, nullable=False, doc=doc)


def _maybe(name: str, kind: Type, doc: str) -> Column:
    return Column(name, kind, nullable=True, doc=doc)


CHANGES = Table(
    name="changes",
    key="change_id",
    doc="One row for each change that reached the branch: merge, squash, rebased run, direct push, import.",
    columns=(
        _column("change_id", "text", "The commit on the branch; of a rebased run, the last."),
        _maybe("number", "int", "Pull or merge request. NULL: no message and no ref names one."),
        _column("landed_at", "timestamp", "When it landed, by the committer's clock, UTC."),
        _column("landing", "text", "How it landed: merge, squash, rebase, direct, initial or bot."),
        _column("subject", "text", "First line of the message."),
        _column("author", "text", "The first author, `Name <address>`."),
        _column(
            "attribution", "text", "Who wrote it: ai-tracked, ai-declared, human-tracked, automation or unknown."
        ),
        _column(
            "is_initial_import",
            "bool",
            "Whether it is the first commit: there was no way to review it on the way in.",
        ),
        _column("automation_only", "bool", "Whether every commit in it is the work of a bot that is no AI."),
        _maybe(
            "came_by_pull_request",
            "bool",
            "Whether a pull request brought it. NULL: git alone does not say; a rebased one leaves no trace.",
        ),
        _maybe(
            "independent_human_approvals",
            "int",
            "Persons who approved it and had no part in it. NULL: git names none, and the forge was not asked.",
        ),
        _column(
            "approvals_rejected_for",
            "text[]",
            "Why named approvals do not count: author, co-author, committer, drives-the-agent, bot, covers-part.",
        ),
        _maybe("approval_covers_merged", "bool", "Whether what was approved is what was merged. NULL: not known."),
        _maybe("checks_succeeded", "bool", "Whether the required checks ran on it and succeeded. NULL: not known."),
        _maybe(
            "request_mentions",
            "int",
            "Issues and tickets that its messages name. NULL: none, and the forge was not asked.",
        ),
        _column("emergency", "bool", "Whether it calls itself a hotfix, an emergency or a break-glass change."),
        _maybe("after_review_in_time", "bool", "Whether a review followed within the limit. NULL: not known."),
        _maybe("ai_tool_named", "bool", "Whether the AI tool is named. NULL: nothing says that AI took part."),
        _column("attribution_conflict", "bool", "Whether two sources disagree about who wrote it."),
        _column(
            "touches_guarded_paths", "bool", "Whether it changes paths that steer the pipeline, reviews or agents."
        ),
        _column("guarded_paths", "text[]", "Those paths."),
        _maybe("guarded_owner_approved", "bool", "Whether an owner of those paths approved. NULL: not known."),
    ),
)

AI_TOOLS = Table(
    name="ai_tools",
    key="tool",
    doc="One row for each AI tool that the repository shows: in its history, or by files that set it up.",
    columns=(
        _column("tool", "text", "The tool's id in the catalogue."),
        _column("name", "text", "The tool's name."),
        _column("vendor", "text", "Who makes it."),
        _column("commits", "int", "Commits with a signal that it wrote, helped or ran a session."),
        _column("lines", "int", "Lines of the inspected tree attributed to it."),
        _maybe("first_seen", "timestamp", "Its first such commit. NULL: it is only configured."),
        _maybe("last_seen", "timestamp", "Its last such commit. NULL: it is only configured."),
        _column("observed", "bool", "Whether a commit or a line shows it."),
        _column("configured", "bool", "Whether files set the repository up for it; that proves no use."),
        _maybe("approved", "bool", "Whether the company's inventory lists it. NULL: no inventory is declared."),
    ),
)

TABLES: dict[str, Table] = {table.name: table for table in (CHANGES, AI_TOOLS)}
