"""What people decided of weaknesses in the product's packages, as statements that can be handed on (VEX)."""

from typing import Final, Literal

import msgspec

from asbuilt.model.advisory import VexStatus

Justification = Literal[
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
]
# Before a day in words, and as the name of a property: until when a statement of ours holds. Neither OpenVEX nor
# CycloneDX has a member for it.
UNTIL: Final = "Holds until"
UNTIL_PROPERTY: Final = "asbuilt:holds-until"
AUTHOR_PROPERTY: Final = "asbuilt:stated-by"


class VexStatement(msgspec.Struct, frozen=True, kw_only=True):
    """One statement: a weakness, the package URL that it is in, and what a person stated of it, when and why.

    ``at`` and ``until`` are Unix seconds; ``until`` None: it has no end.
    """

    vulnerability: str
    purl: str
    status: VexStatus
    by: str
    at: int
    reason: str
    justification: Justification | None = None
    until: int | None = None


class VexDocument(msgspec.Struct, frozen=True, kw_only=True):
    """All statements about one product.

    ``product`` is its name, or a package URL; ``author`` who hands the document out. ``left_out`` says, a sentence
    each, which decisions are no statements, and why.
    """

    product: str
    author: str
    moment: int
    program: str
    statements: tuple[VexStatement, ...]
    left_out: tuple[str, ...] = ()
