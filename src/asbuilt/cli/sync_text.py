"""What a reading of a forge came to, in lines."""

from typing import TYPE_CHECKING

from asbuilt.cli.streams import print_text
from asbuilt.model.text import visible

if TYPE_CHECKING:
    from asbuilt.app.sync_github import Done


def print_done(done: "Done") -> None:
    """Rows, gaps, pages; the last line is the sum."""
    lines = []
    for each in done.sources:
        lines += [
            f"{table}: {count.new:,} new, {count.known:,} known"
            for table, count in sorted(each.rows.items())
            if table not in {"gaps", "extracts"}
        ]
        for gap in each.gaps:
            lines += [f"not seen: {visible(gap.what)} {visible(gap.why)}".rstrip(), f"  {visible(gap.remedy)}"]
        pages = f"{each.pages:,} page{'' if each.pages == 1 else 's'}"
        lines.append(
            f"{visible(each.source)}: {pages}, {each.new_pages:,} of them new; {len(each.gaps):,} not seen."
        )
    left = ", ".join(f"{count:,} {kind}" for kind, count in done.remaining.items())
    lines.append(f"{done.requests:,} requests" + (f"; left: {left}." if left else "."))
    print_text("\n".join(lines))
