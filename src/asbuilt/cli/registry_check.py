"""``asbuilt registry check``: what speaks against the dependencies of a repository, by nine rules."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from asbuilt.model.text import visible

if TYPE_CHECKING:
    from asbuilt.app.suspecting import SuspicionList

_MOST = 8  # reasons that are listed


@click.command("check")
@click.argument("path", default=".", type=click.Path(path_type=Path, exists=True), metavar="[REPOSITORY]")
@click.option("--rev", default="HEAD", help="Branch, tag or commit; else HEAD.")
@click.option("--store", type=click.Path(path_type=Path), metavar="FILE", help="The store of registry facts.")
@click.option("--no-index", is_flag=True, help="Read and keep nothing in the user's cache.")
@click.option("--format", "form", type=click.Choice(("text", "json")), default="text", help="How.")
def check(*, path: Path, rev: str, store: Path | None, no_index: bool, form: str) -> int:
    """Say which dependencies look invented, look alike, or were taken back; nothing is asked over the network.

    Exit codes: 0; 1 when one weighs block or high; 3 when a rule could not be tested.
    """
    from asbuilt.app.suspecting import suspect_dependencies
    from asbuilt.cli.documents import print_json
    from asbuilt.cli.exit_status import suspicions_status
    from asbuilt.cli.progress import progress
    from asbuilt.cli.streams import print_text

    with progress(quiet=form == "json", verbose=False) as listener:
        found = suspect_dependencies(path, rev=rev, store=store, keep_index=not no_index, on=listener)
    print_json(found) if form == "json" else print_text("\n".join(suspicion_lines(found)))
    return suspicions_status(found)


def suspicion_lines(found: "SuspicionList") -> list[str]:
    """The heaviest first, each with its evidence and place; then what could not be tested, and the sum."""
    lines = []
    for own in found.suspected:
        version = f"@{visible(own.version, 40)}" if own.version else ""
        where = f"{visible(own.path, 100)}{f':{own.line}' if own.line else ''}"
        brought = f", brought by {own.commit[:10]} ({own.attribution})" if own.commit else ""
        lines.append(f"{visible(own.package, 100)}{version}  {where}{brought}")
        lines += [
            f"    {each.weight} (rule {each.rule}): {visible(each.evidence, 300)}"
            for each in own.suspicions
            if each.weight != "unknown"
        ]
    reasons = sorted(found.untested, key=lambda own: (-own[2], own[0], own[1]))
    lines += [
        f"Not tested: rule {rule}, {count:,} times: {visible(why, 200)}" for rule, why, count in reasons[:_MOST]
    ]
    if len(reasons) > _MOST:
        lines.append(f"Not tested: {sum(own[2] for own in reasons[_MOST:]):,} more times (--format json)")
    lines += [f"Not read: {visible(own, 200)}" for own in found.unread[:_MOST]]
    if not found.asked:
        lines.append("No registry was asked: `asbuilt registry fetch` asks through your own indexes.")
    lines.append(
        f"{found.packages:,} packages: {found.count('block'):,} to block, {found.count('high'):,} high, "
        f"{found.count('medium'):,} medium, {found.count('low'):,} low."
    )
    return lines
