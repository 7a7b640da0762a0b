"""What speaks against packages, in lines: the evidence, who brought it, and what is to be done about it."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from asbuilt.model.text import visible

if TYPE_CHECKING:
    from asbuilt.app.suspecting import Suspected, SuspicionList, Untested
    from asbuilt.model.registry_facts import Suspicion

_UNASKED: Final = "no registry was asked about it."
_MOST = 8  # reasons that are listed
_LOOK: Final = (
    "Ask whoever brought it why this one; if it may stay, record who approves it: "
    "asbuilt record dependency_approvals"
)
_MEANT: Final = "Ask whoever brought it which package was meant, and take that one; or approve this one"
# What to do, by rule and weight; the heaviest suspicion of a package decides.
_DO: Final = {
    (1, "block"): "Take it out, or correct its name: whoever registers that name decides what runs here. If it is "
    "your own, name the index that has it: --index ECOSYSTEM=ADDRESS",
    (1, "low"): "Register the name there too, or bind the package to its index (a scope, an explicit index)",
    (2, "high"): _LOOK,
    (3, "block"): "Pin a version that the index gives out",
    (3, "high"): "Pin another version: this one was taken back",
    (4, "medium"): _LOOK,
    (5, "high"): _MEANT,
    (5, "medium"): _MEANT,
    (6, "high"): _MEANT,
    (6, "medium"): _MEANT,
    (7, "block"): "Take it out now, and treat every machine that installed it as broken into",
    (7, "high"): "Take it out, unless it is your own",
    (8, "high"): "Take it out: nothing needs it",
    (8, "low"): "Take it out, if nothing loads it by its name",
    (9, "high"): "Take it out: nobody gives out a package of that name",
}
_WEIGHTS: Final = ("block", "high", "medium", "low")
_SPEAKING: Final = (7, 1, 9, 3, 6, 5, 8, 4, 2)  # of rules that weigh the same, the one that says most goes first
_UNDECLARED: Final = "Declare it in the manifest, or take the import out"
_IDLE_HEAD: Final = (
    "low (rule 8): brought by an AI-written commit, and nothing imports it. To do: take it out, if nothing loads "
    "it by its name."
)
_UNDECLARED_HEAD: Final = (
    "low (rule 8): imported, and no manifest declares it. To do: declare it, or take the import out; what is not "
    "declared is whatever somebody registers under that name."
)


def suspicion_lines(found: "SuspicionList") -> list[str]:
    """The heaviest first, each with its evidence and what to do; then what could not be tested, and the sum."""
    single = [own for own in found.suspected if not _is_hint(own)]
    lines = [line for own in single for line in _suspected(own)]
    hints = [own for own in found.suspected if _is_hint(own)]
    for told, head in ((True, _IDLE_HEAD), (False, _UNDECLARED_HEAD)):
        alike = [own for own in hints if own.declared is told]
        lines += [head, *(f"    {_head(own)}" for own in alike)] if alike else []
    lines += _untested(found)
    lines += [f"Not read: {visible(own, 200)}" for own in found.unread[:_MOST]]
    if len(found.unread) > _MOST:
        lines.append(f"Not read: {len(found.unread) - _MOST:,} files more (--format json)")
    lines.append(
        f"{found.packages:,} packages: {found.count('block'):,} to block, {found.count('high'):,} high, "
        f"{found.count('medium'):,} medium, {found.count('low'):,} low."
    )
    return lines


def _is_hint(own: "Suspected") -> bool:
    """Whether nothing but rule 8 speaks against it, lightly: those are told together."""
    return [(each.rule, each.weight) for each in own.suspicions if each.weight != "unknown"] == [(8, "low")]


def _head(own: "Suspected") -> str:
    version = f"@{visible(own.version, 40)}" if own.version else ""
    where = f"{visible(own.path, 100)}{f':{own.line}' if own.line else ''}"
    return f"{visible(own.package, 100)}{version}  {where}{_brought(own)}"


def _suspected(own: "Suspected") -> Iterable[str]:
    yield _head(own)
    told = [each for each in own.suspicions if each.weight != "unknown"]
    for each in told:
        yield f"    {each.weight} (rule {each.rule}): {visible(each.evidence, 300)}"
    yield f"    To do: {_to_do(own, told)}."


def _brought(own: "Suspected") -> str:
    if own.commit is None:
        return ""
    by = f" of {visible(own.author, 60)}" if own.author else ""
    verb = "brought" if own.declared else "written"
    return f", {verb} by {own.commit[:10]}{by} ({own.attribution})"


def _to_do(own: "Suspected", told: "Iterable[Suspicion]") -> str:
    first = min(told, key=lambda each: (_WEIGHTS.index(each.weight), _SPEAKING.index(each.rule)))
    if not own.declared and first.rule == 8:
        return _UNDECLARED
    return _DO[first.rule, first.weight]


def _some(own: "Untested") -> str:
    names = ", ".join(visible(name, 80) for name in own.packages)
    return f"{names} and {own.count - len(own.packages):,} more" if own.count > len(own.packages) else names


def _untested(found: "SuspicionList") -> Iterable[str]:
    if not found.asked:
        yield "Rules 1 to 4 were not tested: no registry was asked. To do: asbuilt registry fetch"
    if found.advisories:
        why = visible(found.advisories, 200)
        yield f"Harmful packages were not looked up: {why} To do: asbuilt advisories import"
    reasons = sorted(found.untested, key=lambda own: (-own.count, own.rule, own.why))
    unasked = [own for own in reasons if own.rule <= 4 and own.why.endswith(_UNASKED)]
    for own in unasked if found.asked else ():
        if own.rule == 1:  # the other three are untested for the same reason
            rules = f"Rules 1 to 4 were not tested of {_some(own)}"
            yield f"{rules}: no registry was asked. To do: asbuilt registry fetch"
    reasons = [own for own in reasons if own not in unasked]
    for own in reasons[:_MOST]:
        yield f"Not tested: rule {own.rule} of {_some(own)}: {visible(own.why, 200)}"
    if len(reasons) > _MOST:
        yield f"Not tested: {sum(own.count for own in reasons[_MOST:]):,} more times (--format json)"
