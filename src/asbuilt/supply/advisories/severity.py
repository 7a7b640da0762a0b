"""How bad an advisory says it is: the publisher's own word, else what its CVSS 3 vector comes to.

Source: FIRST, CVSS 3.1 specification, sections 7.1 (base score) and 5 (the words); appendix A for rounding up.
"""

from collections.abc import Iterable
from typing import Final

from asbuilt.model.advisory import Level, Severity

_WORDS: Final[dict[str, Level]] = {
    "critical": "critical",
    "high": "high",
    "important": "high",
    "moderate": "medium",
    "medium": "medium",
    "low": "low",
}
_WEIGHTS: Final = {
    "AV": {"N": 0.85, "A": 0.62, "L": 0.55, "P": 0.2},
    "AC": {"L": 0.77, "H": 0.44},
    "UI": {"N": 0.85, "R": 0.62},
    "C": {"H": 0.56, "L": 0.22, "N": 0.0},
    "I": {"H": 0.56, "L": 0.22, "N": 0.0},
    "A": {"H": 0.56, "L": 0.22, "N": 0.0},
}
_RIGHTS: Final = {"U": {"N": 0.85, "L": 0.62, "H": 0.27}, "C": {"N": 0.85, "L": 0.68, "H": 0.5}}


def level_of(words: Iterable[object], severity: Iterable[Severity]) -> Level | None:
    """The level that a publisher's words give, else the worst of the CVSS 3 vectors, else None.

    ``words`` are in the order in which they are believed; anything but text is passed over. Vectors of CVSS 2 and 4
    are kept as given, and come to no level of ours.
    """
    for word in words:
        if isinstance(word, str) and word.lower() in _WORDS:
            return _WORDS[word.lower()]
    scores = [score for each in severity if (score := base_score(each.score)) is not None]
    if not scores:
        return None
    worst = max(scores)
    if worst >= 9.0:
        return "critical"
    if worst >= 7.0:
        return "high"
    return "medium" if worst >= 4.0 else "low"


def base_score(vector: str) -> float | None:
    """The base score of a CVSS 3.0 or 3.1 vector; None where it is none or says too little."""
    start, *parts = vector.split("/")
    if start not in {"CVSS:3.0", "CVSS:3.1"}:
        return None
    said = dict(part.split(":", 1) for part in parts if ":" in part)
    try:
        weights = {name: choices[said[name]] for name, choices in _WEIGHTS.items()}
        rights = _RIGHTS[said["S"]][said["PR"]]
    except KeyError:
        return None
    changed = said["S"] == "C"
    # (1) What is lost.
    lost = 1 - (1 - weights["C"]) * (1 - weights["I"]) * (1 - weights["A"])
    impact = 7.52 * (lost - 0.029) - 3.25 * (lost - 0.02) ** 15 if changed else 6.42 * lost
    if impact <= 0:
        return 0.0
    # (2) How easily.
    ease = 8.22 * weights["AV"] * weights["AC"] * rights * weights["UI"]
    # (3) Together, rounded up to one decimal in whole numbers, so that no machine rounds otherwise.
    score = min((1.08 if changed else 1.0) * (impact + ease), 10.0)
    whole = round(score * 100_000)
    return whole / 100_000 if whole % 10_000 == 0 else (whole // 10_000 + 1) / 10
