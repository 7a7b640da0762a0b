"""Several configured indexes, one answer: the first that has the package, and what the others say beside it."""

from collections.abc import Sequence

import msgspec

from asbuilt.model.registry_facts import EXISTS, PackageFacts


def join_indexes(told: Sequence[PackageFacts]) -> PackageFacts:
    """What the indexes say together, in the order in which they are configured (private ones first).

    Absent is what all of them do not have. Where none has it and one could not be asked, it is not known whether
    it exists. What one has and another does not is told: whoever takes the name there is asked for it next.
    """
    there = [own for own in told if own.exists]
    absent = tuple(own.index for own in told if own.exists is False)
    if there:
        first, *others = there
        return msgspec.structs.replace(first, absent_at=absent, also_at=tuple(own.index for own in others))
    unseen = [own for own in told if own.exists is None]
    if not unseen:
        return msgspec.structs.replace(told[0], absent_at=absent[1:])
    why = "; ".join(f"{own.index}: {own.why(EXISTS)}" for own in unseen) if len(told) > 1 else unseen[0].why(EXISTS)
    return msgspec.structs.replace(unseen[0], absent_at=absent, unknown={EXISTS: why})
