"""What a change brings in, in words that every report of the gate uses."""

from collections.abc import Iterator, Sequence

from asbuilt.model.gate import Brought, Gate, Looked, Standing

LISTED = 20  # things that a page lists; the rest are counted


def sign(own: Brought) -> str:
    """One word for where it stands."""
    if own.standing is Standing.MET:
        return "nothing against it" if own.kind == "dependency" else "accepted"
    if own.standing is Standing.UNKNOWN:
        return "not known: refused" if own.blocks else "not known"
    return "refused" if own.blocks else "look at it"


def place(own: Brought) -> str:
    """Its file and line."""
    return f"{own.path}:{own.line}" if own.line else own.path


def listed(gate: Gate) -> tuple[tuple[Brought, ...], int]:
    """What a page lists, and how many more there are; what blocks comes first, and what stands well is left out."""
    wanted = tuple(own for own in gate.brought if own.standing is not Standing.MET or own.reasons)
    return wanted[:LISTED], max(len(wanted) - LISTED, 0)


def grouped(shown: Sequence[Brought]) -> list[tuple[tuple[str, ...], list[Brought]]]:
    """What a page lists, the packages about which the same is not known together; each group with its reasons."""
    found: list[tuple[tuple[str, ...], list[Brought]]] = []
    together: dict[tuple[str, ...], list[Brought]] = {}
    for own in shown:
        if own.kind == "dependency" and own.standing is Standing.UNKNOWN:
            if own.reasons not in together:
                together[own.reasons] = []
                found.append((own.reasons, together[own.reasons]))
            together[own.reasons].append(own)
        else:
            found.append((own.reasons, [own]))
    return found


def looked(told: Looked) -> Iterator[str]:
    """How much was looked at, in sentences; no finding is never called secure."""
    if told.files:
        languages = f" (code: {', '.join(told.languages)})" if told.languages else ""
        known = f"; {_count(told.known, 'finding')} there were on the base too" if told.known else ""
        yield (
            f"{_count(told.files, 'changed file')} searched by {told.rules} rules{languages}{known}. "
            "What no rule looks for was not looked for."
        )
    if told.dependency_files:
        counts = (
            f"{_count(told.new, 'new package')}, {_count(told.versions, 'other version')}, {told.removed:,} removed"
        )
        stores = [f"advisories as of {told.advisories_as_of}"] if told.advisories_as_of else []
        stores += ["facts of registries"] if told.registry else []
        against = " and ".join(stores) if stores else "neither advisories nor facts of registries"
        held = f"; held against {against}" if told.new or told.versions else ""
        yield f"{_count(told.dependency_files, 'changed file')} may name packages: {counts}{held}."


def _count(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
