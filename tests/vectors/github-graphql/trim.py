"""Cut GitHub's GraphQL schema down to the types that the simulator serves.

python tests/vectors/github-graphql/trim.py SCHEMA.GRAPHQL

Reads ``schema.graphql`` of the npm package ``@octokit/graphql-schema``, writes ``schema.graphql`` beside this file.
Kept: the object types below, the enums, inputs and scalars that their fields need, and the interfaces that they
implement. A field is left out when its type, or one of its required arguments, is; a union keeps the members kept.
Nothing else is changed but that descriptions are left out.
"""

import sys
from pathlib import Path

from graphql import (
    DefinitionNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    NamedTypeNode,
    Node,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

TIMELINE = """
AddedToMergeQueueEvent AutoMergeDisabledEvent AutoMergeEnabledEvent AutoRebaseEnabledEvent AutoSquashEnabledEvent
AutomaticBaseChangeFailedEvent AutomaticBaseChangeSucceededEvent BaseRefChangedEvent BaseRefDeletedEvent
BaseRefForcePushedEvent ClosedEvent ConvertToDraftEvent CrossReferencedEvent DeployedEvent HeadRefDeletedEvent
HeadRefForcePushedEvent HeadRefRestoredEvent IssueComment LabeledEvent UnlabeledEvent MergedEvent PullRequestCommit
PullRequestReview PullRequestRevisionMarker ReadyForReviewEvent ReferencedEvent RemovedFromMergeQueueEvent
RenamedTitleEvent ReopenedEvent ReviewDismissedEvent ReviewRequestRemovedEvent ReviewRequestedEvent AssignedEvent
UnassignedEvent
"""
OBJECTS = """
Query RateLimit PageInfo Repository RepositoryConnection Organization User Bot Mannequin EnterpriseUserAccount Team
TeamConnection App License Language
PullRequest PullRequestConnection PullRequestEdge PullRequestReviewConnection PullRequestReviewEdge
PullRequestReviewComment PullRequestReviewCommentConnection PullRequestCommitConnection PullRequestCommitEdge
PullRequestTimelineItemsConnection PullRequestTimelineItemsEdge
ReviewRequest ReviewRequestConnection AutoMergeRequest IssueCommentConnection Issue IssueConnection Label LabelConnection
Commit CommitConnection CommitHistoryConnection CommitEdge GitActor GitActorConnection GitActorEdge Tree Blob Tag
GpgSignature SmimeSignature SshSignature UnknownSignature Status StatusContext StatusCheckRollup
StatusCheckRollupContextConnection StatusCheckRollupContextEdge CheckRun CheckRunConnection CheckRunEdge CheckSuite
CheckSuiteConnection WorkflowRun Workflow Ref RefConnection RefEdge BranchProtectionRule
BranchProtectionRuleConnection Deployment DeploymentConnection DeploymentEdge DeploymentStatus
DeploymentStatusConnection DeploymentStatusEdge Environment MergeQueue MergeQueueEntry UserConnection UserEdge
PullRequestChangedFile PullRequestChangedFileConnection
"""


def put(node: Node, **changed: object) -> None:
    """Change a node in place, also where the library froze it."""
    for name, value in changed.items():
        object.__setattr__(node, name, value)


class Undescribed(Visitor):
    """Leaves out every description."""

    def enter(self, node: Node, *_: object) -> None:
        """Before its children."""
        if getattr(node, "description", None) is not None:
            put(node, description=None)


def named(node: TypeNode) -> str:
    """The name inside lists and non-nulls."""
    while not isinstance(node, NamedTypeNode):
        node = node.type
    return node.name.value


def trimmed(text: str) -> str:
    """The schema of the types above."""
    document = parse(text, no_location=True)
    visit(document, Undescribed())
    types: dict[str, DefinitionNode] = {
        each.name.value: each for each in document.definitions if hasattr(each, "name")
    }
    leaves = (EnumTypeDefinitionNode, ScalarTypeDefinitionNode, InputObjectTypeDefinitionNode)
    objects = set(f"{TIMELINE} {OBJECTS}".split())
    missing = objects - types.keys()
    if missing:
        raise SystemExit(f"not in the schema: {sorted(missing)}")
    interfaces = {each.name.value for name in objects for each in types[name].interfaces or ()}
    unions = {
        name
        for name, each in types.items()
        if isinstance(each, UnionTypeDefinitionNode) and any(member.name.value in objects for member in each.types)
    }
    composite = objects | interfaces | unions
    used: set[str] = set()

    def stays(field: FieldDefinitionNode) -> bool:
        name = named(field.type)
        return name in composite or name not in types or isinstance(types[name], leaves)

    def kept(node: ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode) -> None:
        put(node, fields=tuple(each for each in node.fields or () if stays(each)))
        for field in node.fields:
            used.add(named(field.type))
            used.update(named(each.type) for each in field.arguments or ())

    for name in objects | interfaces:
        kept(types[name])
    interfaces = {name for name in interfaces if types[name].fields}
    for name in objects | interfaces:
        put(
            types[name],
            interfaces=tuple(each for each in types[name].interfaces or () if each.name.value in interfaces),
        )
    for name in unions:
        put(types[name], types=tuple(each for each in types[name].types if each.name.value in objects))
    # Inputs bring the inputs and enums of their fields.
    found = {name for name in used if isinstance(types.get(name), leaves)}
    waiting = list(found)
    while waiting:
        each = types[waiting.pop()]
        for field in each.fields if isinstance(each, InputObjectTypeDefinitionNode) else ():
            name = named(field.type)
            if name in types and name not in found:
                found.add(name)
                waiting.append(name)
    wanted = objects | interfaces | (unions & used) | found
    # Directives of the schema's own making are left out with the definitions that are not types.
    definitions = (each for each in document.definitions if hasattr(each, "name") and each.name.value in wanted)
    return "\n\n".join(print_ast(each) for each in definitions) + "\n"


if __name__ == "__main__":
    here = Path(__file__).parent
    (here / "schema.graphql").write_text(trimmed(Path(sys.argv[1]).read_text("utf-8")), "utf-8")
