"""What a reading of a forge came to, in lines."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from asbuilt.cli.streams import print_text
from asbuilt.model.text import visible

if TYPE_CHECKING:
    from asbuilt.app.sync import Synced
    from asbuilt.app.sync_asking import Done
    from asbuilt.app.sync_export import Imported
    from asbuilt.app.sync_plan import Need
    from asbuilt.app.taking import Recorded
    from asbuilt.model.inspection import Gap

_OWN = {"gaps", "extracts"}  # what every reading leaves besides
_MOST = 40  # gaps that are shown; the others are counted


def print_plan(subject: str, needs: "Sequence[Need]") -> None:
    """The rights of a token, least first, and what each opens."""
    lines = [f"Rights that a token needs for {visible(subject)}, least first. Nothing was asked."]
    profile = None
    for need in needs:
        if need.profile != profile:
            profile = need.profile
            head = "Profile base" if profile == "base" else f"Profile {profile}, only with --profile {profile}"
            lines += ["", head]
        lines.append(f"  {need.right}")
        lines += [
            f"      {name}: {why}" + (f" ({', '.join(tables)})" if tables else "")
            for name, why, tables in need.opens
        ]
    lines += ["", "Leave a right out, and what it opens is a gap; everything else is read all the same."]
    print_text("\n".join(lines))


def print_done(done: "Done", *, clone: str | None) -> None:
    """Rows, gaps, pages; the last line is the sum."""
    lines: list[str] = []
    for each in done.sources:
        lines += _lines(each, each.gaps)
    lines += _history(done.history, done.coverings)
    if clone is not None:
        lines.append(f"This folder is a clone of it: `{visible(clone)}` records its history beside.")
    left = ", ".join(f"{count:,} {kind}" for kind, count in done.remaining.items())
    one = done.requests == 1
    lines.append(f"{done.requests:,} request{'' if one else 's'} made" + (f"; left: {left}." if left else "."))
    print_text("\n".join(lines))


def print_imported(done: "Imported") -> None:
    """What came of an export."""
    if done.unchanged:
        print_text(f"{visible(done.synced.source)}: nothing in it is new.")
        return
    lines = _lines(done.synced, [*done.faults, *done.blind])
    print_text("\n".join([*lines, *_history(done.history, done.coverings)]))


def _lines(done: "Synced", gaps: "Sequence[Gap]") -> list[str]:
    lines = [
        f"{table}: {count.new:,} new, {count.known:,} known"
        for table, count in sorted(done.rows.items())
        if table not in _OWN
    ]
    for gap in gaps[:_MOST]:
        lines.append(f"not seen ({gap.code}): {visible(gap.what)} {visible(gap.why)}".rstrip())
        lines.append(f"    {visible(gap.remedy)}")
    if len(gaps) > _MOST:
        lines.append(f"… and {len(gaps) - _MOST:,} more that were not seen.")
    pages = f"{done.pages:,} page{'' if done.pages == 1 else 's'} read"
    return [*lines, f"{visible(done.source)}: {pages}, {done.new_pages:,} of them new; {len(gaps):,} not seen."]


def _history(done: "Recorded | None", coverings: "Recorded | None") -> list[str]:
    lines: list[str] = []
    if done is not None:
        lines += [f"git: {done.new:,} new, {done.known:,} known records of its history.", *map(visible, done.notes)]
    if coverings is not None:
        new, known = coverings.new, coverings.known
        lines.append(f"git: {new:,} new, {known:,} known records of what was approved, held against what landed.")
        lines += map(visible, coverings.notes)
    return lines
