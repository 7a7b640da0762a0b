"""Secrets in reports: known when seen, hashed with a key, and taken out of whatever is kept or shown.

1. Values that a report itself calls secrets are collected while it is read.
2. Of a result about a secret, only members that are known to be harmless are kept; all else goes.
3. What is left is searched for the collected values, and for texts that look like well-known kinds of secrets.
"""

import hashlib
import hmac
import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final

REDACTED: Final = "[redacted]"
SHORTEST: Final = 4  # characters of a value that is searched for elsewhere

# Tokens that their issuers made recognisable, and keys in PEM; sources: the issuers' own published formats.
_KNOWN = (
    r"(?:AKIA|ASIA)[0-9A-Z]{16}"
    r"|gh[pousr]_[0-9A-Za-z]{30,255}|github_pat_[0-9A-Za-z_]{30,255}"
    r"|glpat-[0-9A-Za-z_\-]{20,}"
    r"|xox[abeoprs]-[0-9A-Za-z\-]{10,}"
    r"|(?:sk|rk|pk)_(?:live|test)_[0-9A-Za-z]{16,}"
    r"|sk-(?:ant-|proj-)?[0-9A-Za-z_\-]{24,}"
    r"|AIza[0-9A-Za-z_\-]{35}"
    r"|npm_[0-9A-Za-z]{36}|pypi-[0-9A-Za-z_\-]{50,}"
    r"|SG\.[0-9A-Za-z_\-]{16,}\.[0-9A-Za-z_\-]{16,}"
    r"|eyJ[0-9A-Za-z_\-]{10,}\.eyJ[0-9A-Za-z_\-]{10,}\.[0-9A-Za-z_\-]{10,}"
    r"|-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[0-9A-Za-z+/=\s\\\-,:]{0,8000}"
)
_IN_TEXT, _IN_BYTES = re.compile(_KNOWN), re.compile(_KNOWN.encode())
# What every one of them holds: to look for these first is many times as quick.
_MARKS: Final = (
    "AKIA", "ASIA", "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "xox", "k_live_", "k_test_",
    "sk-", "AIza", "npm_", "pypi-", "SG.", ".eyJ", "PRIVATE KEY-----",
)  # fmt: skip
_MARKED: Final = re.compile(
    r"AKIA|ASIA|gh[pousr]_|github_pat_|glpat-|xox|k_live_|k_test_|sk-|AIza|npm_|pypi-|SG\.|\.eyJ|PRIVATE KEY-----"
)
_BYTE_MARKS: Final = tuple(mark.encode() for mark in _MARKS)
# A name and a password in an address.
_LOGIN = r"://[^\s/:@\"'\\]{1,100}:[^\s/@\"'\\]{3,200}(?=@)"
_LOGIN_TEXT, _LOGIN_BYTES = re.compile(_LOGIN), re.compile(_LOGIN.encode())

# A rule that looks for secrets, by its name; the numbers are CWE-259, 321, 798 and 1391 (credentials in code).
_RULE = re.compile(
    r"secret|passw(?:or)?d|passphrase|credential|api[-_.]?key|access[-_.]?key|private[-_.]?key|hard-?coded[-_.]?(?:key|token)"
    r"|(?:auth|access|bearer|oauth|jwt)[-_.]?token|\bB10[567]\b",
    re.IGNORECASE,
)
_CWES = frozenset({"CWE-259", "CWE-321", "CWE-798", "CWE-1391"})
_TOOLS = re.compile(r"git-?leaks|truffle-?hog|detect-?secrets|git-?guardian|ggshield|secret", re.IGNORECASE)


# How tools mask: gitleaks (REDACTED, or the beginning and three points), Trivy (stars), others.
_MASKED: Final = re.compile(r"\*{3}|\bREDACTED\b|<redacted>|\[redacted\]|\.\.\.$|…$|^[xX]{4,}$|•{3}", re.IGNORECASE)


@lru_cache(1 << 12)  # a report has few rules
def is_secret_rule(tool: str, rule: str, cwe: tuple[str, ...] = ()) -> bool:
    """Whether what that rule reports is, or stands beside, a secret; rather too often than too seldom."""
    return not _CWES.isdisjoint(cwe) or _TOOLS.search(tool) is not None or _RULE.search(rule) is not None


def keyed_hash(salt: bytes, *parts: str) -> str:
    """HMAC-SHA-256 of some texts, cut to 128 bits: without the key nobody can try what a short secret may be."""
    joined = b"".join(
        len(part.encode("utf-8", "replace")).to_bytes(8, "big") + part.encode("utf-8", "replace") for part in parts
    )
    return hmac.new(salt, joined, hashlib.sha256).hexdigest()[:32]


def is_masked(value: object) -> bool:
    """Whether a tool took the secret out of what it tells, all of it or some: then it is not known which it is."""
    return not isinstance(value, str) or not value.strip() or _MASKED.search(value) is not None


def scrub(text: str) -> str:
    """The text without whatever looks like a well-known kind of secret, or a password in an address."""
    if _MARKED.search(text) is not None:
        text = _IN_TEXT.sub(REDACTED, text)
    return _LOGIN_TEXT.sub(f"://{REDACTED}", text) if "://" in text else text


def holds_known(data: bytes) -> bool:
    """Whether the bytes hold what looks like a well-known kind of secret, or a password in an address."""
    marked = any(mark in data for mark in _BYTE_MARKS)
    return (marked and _IN_BYTES.search(data) is not None) or _LOGIN_BYTES.search(data) is not None


def scrub_bytes(data: bytes) -> bytes:
    """The bytes without whatever looks like a well-known kind of secret, or a password in an address."""
    return _LOGIN_BYTES.sub(b"://" + REDACTED.encode(), _IN_BYTES.sub(REDACTED.encode(), data))


def keep_only(result: object, harmless: Collection[str]) -> None:
    """Take every other member out of an object, where it stands."""
    if isinstance(result, dict):
        for name in [name for name in result if name not in harmless]:
            result[name] = REDACTED


class Redaction:
    """Takes collected values, and well-known kinds of secrets, out of all texts of a document."""

    def __init__(self, values: Collection[str]) -> None:
        # By their first characters, and by length, the longest first: thousands of values cost no more than one.
        by_start: dict[str, dict[int, set[str]]] = {}
        for value in values:
            if len(value) >= SHORTEST:
                by_start.setdefault(value[:SHORTEST], {}).setdefault(len(value), set()).add(value)
        self._values = {start: sorted(lengths.items(), reverse=True) for start, lengths in by_start.items()}

    def text(self, told: str) -> str:
        """One text."""
        return scrub(self._without_values(told) if self._values else told)

    def _without_values(self, told: str) -> str:
        starts = self._values
        kept, done = [], 0
        for at in range(len(told) - SHORTEST + 1):
            if at >= done and (begun := told[at : at + SHORTEST]) in starts:
                length = next((size for size, values in starts[begun] if told[at : at + size] in values), None)
                if length is not None:
                    kept += [told[done:at], REDACTED]
                    done = at + length
        return "".join([*kept, told[done:]]) if kept else told

    def document(self, value: Any) -> Any:
        """A whole document, names of members too; its depth is bounded by ``content``."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.document(each) for each in value]
        if isinstance(value, dict):
            return {self.text(name): self.document(each) for name, each in value.items()}
        return value
