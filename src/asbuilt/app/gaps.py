"""What git alone cannot show of a repository, said as Gaps."""

from collections.abc import Mapping, Sequence

from asbuilt.facts.chains import open_command
from asbuilt.history.git import Repository
from asbuilt.model.attribution import Replay, SquashReplay
from asbuilt.model.commit import Commit, SignatureKind
from asbuilt.model.inspection import Gap

FETCH_PULL_REFS = "git fetch origin '+refs/pull/*/head:refs/pull/*/head'"

NO_CACHE = Gap(
    "GAP-INDEX",
    "No index is kept: the cache folder cannot be used.",
    "It cannot be written, belongs to another user, or lies inside the repository; every run starts anew.",
    "Name a private folder outside the repository in ASBUILT_CACHE.",
)


def blind_spots(
    repository: Repository,
    forge: str | None,
    project: str | None,
    replays: Mapping[str, SquashReplay],
    commits: Sequence[Commit],
) -> tuple[Gap, ...]:
    """Every Gap that the state of the repository itself opens."""
    found = [_forge_gap(forge, project)]
    if repository.shallow:
        found.append(
            Gap(
                "GAP-SHALLOW",
                "History is cut off: this is a shallow clone.",
                "Older lines are shown at the oldest commit that is here; where they come from is unknown.",
                "git fetch --unshallow",
            )
        )
    if repository.grafted:
        found.append(
            Gap(
                "GAP-GRAFT",
                "Grafts change who is whose parent in this clone.",
                "What is shown follows the grafts, as git itself does; another clone may show other origins.",
                "Remove info/grafts, or say in the audit why it is there.",
            )
        )
    if repository.partial:
        found.append(
            Gap(
                "GAP-BLOB",
                "This is a partial clone: some objects may be absent.",
                "Nothing is fetched behind your back; files whose history is absent are listed as not seen.",
                "git fetch --refetch --no-filter",
            )
        )
    lost = sum(1 for replay in replays.values() if replay.replay is Replay.MIXED_POSSIBLE)
    if lost:
        found.append(
            Gap(
                "GAP-PULLREFS",
                f"{lost} squashed pull requests have no head here.",
                "Their lines can only be attributed as a whole, though several authors may stand behind them.",
                FETCH_PULL_REFS,
                count=lost,
            )
        )
    signed = sum(1 for commit in commits if commit.signature is not SignatureKind.NONE)
    if signed:
        found.append(
            Gap(
                "GAP-SIGNATURE",
                f"{signed} commits carry a signature that was not verified.",
                "Verifying needs the keys of the signers; present is not the same as verified.",
                "asbuilt attest commits --key FILE, with the signers' keys in it",
                count=signed,
            )
        )
    return tuple(found)


def _forge_gap(forge: str | None, project: str | None) -> Gap:
    return Gap(
        "GAP-FORGE",
        "Approvals, checks, branch rules, builds and deployments were not read.",
        "They live in the forge, not in git; every link and control that needs them is unknown.",
        open_command(forge, project),
    )
