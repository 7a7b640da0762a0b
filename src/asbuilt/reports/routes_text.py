"""The table of routes for a terminal: what anybody may call first, then what is unknown, open and guarded."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from asbuilt.model.route import Route, RouteTable
from asbuilt.model.text import visible

_HEADS: Final = (
    ("unguarded", "Open to anybody, and nothing says that it is meant"),
    ("unknown", "Unknown: something may stand before it that is not followed; name it in [scan] guards"),
    ("public", "Open by declaration or by nature"),
    ("guarded", "Guarded"),
)
_MOST_UNREAD: Final = 20
_PLAIN: Final = "nothing stands before it"  # the heading says as much


def routes_text(table: RouteTable, *, reads: bool = False) -> str:
    """Routes that change something, by verdict, each with the reason; then the sum.

    ``reads``: routes that only read as well.
    """
    return "\n".join(_rows(table, reads)) + "\n"


def _rows(table: RouteTable, reads: bool) -> Iterator[str]:
    listed = [route for route in table.routes if reads or route.changes]
    yield "Routes" if reads else "Routes that change something"
    for verdict, head in _HEADS:
        own = [route for route in listed if route.verdict == verdict]
        if own:
            yield ""
            yield f"{head}: {len(own):,}"
            for route in own:
                yield from _route(route)
    yield ""
    yield from _sum(table, reads)


def _route(route: Route) -> Iterator[str]:
    mark = "  " if not route.flagged else "! "
    named = f"{'/'.join(route.methods)} {visible(route.path, 100)}"
    yield f"{mark}{named:44}  {visible(route.file)}:{route.line}  {visible(route.handler, 60)}".rstrip()
    if route.because != _PLAIN:
        yield f"      {visible(route.because, 300)}"


def _sum(table: RouteTable, reads: bool) -> Iterator[str]:
    counts = Counter(route.framework for route in table.routes)
    frameworks = ", ".join(f"{name} {count:,}" for name, count in counts.most_common())
    changing = sum(route.changes for route in table.routes)
    yield (
        f"{len(table.routes):,} routes in {table.files:,} files"
        + (f" ({frameworks})" if frameworks else "")
        + f"; {changing:,} change something; {len(table.flagged):,} of them are open and not declared so."
    )
    if not table.routes:
        yield "Routes of Flask, FastAPI, Django, REST framework, Express and Next.js are looked for; of no others."
    elif not reads:
        yield f"{len(table.routes) - changing:,} routes that only read are not listed."
    for other in table.others:
        more = "" if other.files == 1 else f" and {_count(other.files - 1, 'more file')}"
        yield f"not read: the routes of {visible(other.name)}: {visible(other.first)}{more}"
    if table.left_out:
        yield f"{table.left_out:,} files of tests and of other packages were left out."
    for each in table.unread[:_MOST_UNREAD]:
        yield f"not read: {visible(each.path)}: {visible(each.why, 200)}"
    if len(table.unread) > _MOST_UNREAD:
        yield f"and {len(table.unread) - _MOST_UNREAD:,} more were not read; JSON lists them."


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
