"""Which issue or ticket a message names: numbers after a keyword, tracker keys, links.

A key such as ``ABC-123`` counts at once where only a tracker's key would stand (start of the subject, brackets,
branch, after a keyword, in a trailer); elsewhere only when the same project key stands in such a place somewhere in
the history, so that ``LVM-2`` or ``UTF-8`` in prose is no ticket.
"""

import re
from collections.abc import Mapping, Sequence

from asbuilt.history.messages import REQUEST_KEYS
from asbuilt.model.change import Mention

_BEFORE = re.compile(
    r"(?:\A|\W)(?:fix(?:e[sd]|ing)?|clos(?:e[sd]?|ing)|resolv(?:e[sd]?|ing)|refs?|references|see|issues?|bugs?|tickets?"
    r"|address(?:es)?|implements?|part of|related to|relates to|gh|bz)\b:?\s*(?:(?:issues?|bugs?|tickets?)\s*)?\Z",
    re.IGNORECASE,
)
_REFERENCE = re.compile(r"#[1-9]\d{0,6}\b")
_PROJECT = re.compile(r"(?:\A|(?<![\w./-]))[\w.-]+/[\w.-]+\Z")
_BETWEEN = re.compile(r"\s*(?:,|&|\+|and|,\s*and)\s*")
# Without a keyword a number counts where people put an issue's: first, or first in brackets ("(batch #5)" is none).
_SUBJECT_NUMBER = re.compile(r"(?:\A|[(\[]|(?<=\d), ?)#([1-9]\d{0,6})\b")
_GH = re.compile(r"\b(?:GH|ISSUE)-(\d{1,7})\b")
_AZURE = re.compile(r"\bAB#(\d{1,7})\b")
_LIGHTHOUSE = re.compile(r"\[#(\d{1,7})\b[^\]\n]{0,40}\]")
_MOZILLA = re.compile(r"\s*\[?bug[ -](\d{3,9})\b", re.IGNORECASE)
_LINK = re.compile(
    r"https?://[^\s<>()\[\]\"']{1,200}?(?:/issues/\d+|/-/work_items/\d+|/_workitems/edit/\d+|show_bug\.cgi\?id=\d+"
    r"|/ticket/\d+|/browse/(?P<key>[A-Z][A-Z0-9_]{1,14}-\d+)|/issue/(?P<linear>[A-Z][A-Z0-9_]{1,14}-\d+))"
)
_KEY = re.compile(r"(?<![\w.-])([A-Z][A-Z0-9_]{1,14})-([1-9]\d{0,6})(?!\w|-\d|\.\d)")
_HINT = re.compile(r"[A-Z0-9_]-[1-9]")  # quick to look for; a key cannot be without it
_STRONG = re.compile(
    r"(?:\A\W{0,3}|[\[(]\s*|(?i:\b(?:fix(?:e[sd])?|close[sd]?|resolve[sd]?|refs?|issue|ticket|jira|bug)\b:?\s+))\Z"
)
# What such a subject numbers is the pull request that it lands or takes back, not what was asked for.
_NO_REQUEST = ("Revert ", "Merge pull request", "Merge PR", "Merge branch", "Auto merge of", "Rollup merge of")
_VALUE = re.compile(r"#?(\d{1,9})\b(?!\s*\(\")(?![\w-])")


class RequestReader:
    """Reads requests out of messages; project keys in doubtful places are settled at the end by ``settle``."""

    __slots__ = ("_established", "_never", "_pulls")

    def __init__(self, never: frozenset[str], pulls: Mapping[int, str]) -> None:
        self._never = never
        self._pulls = pulls
        self._established: set[str] = set()

    def read(
        self, commit: str, message: str, trailers: Sequence[tuple[str, str]], branch: str | None
    ) -> list[Mention]:
        """What one message names, doubtful keys included (kind ``maybe-ticket``)."""
        found: dict[tuple[str, str], None] = {}
        if "#" in message:
            self._numbers(message, found)
        if "GH-" in message or "ISSUE-" in message:
            found.update({("issue", f"#{number}"): None for number in _GH.findall(message)})
        if "://" in message:
            self._links(message, found)
        if message[:4].lower().strip("[ ") in {"bug", "bug-", "bu"} and (match := _MOZILLA.match(message)):
            found["issue", f"bug {match[1]}"] = None
        for key, value in trailers:
            if key in REQUEST_KEYS:
                self._trailer(key, value, found)
        self._keys(message, found)
        if branch:
            for match in _KEY.finditer(branch.replace("/", " ").replace("_", " ")):
                self._key(match[1], f"{match[1]}-{match[2]}", found, sure=True)
        return [Mention(kind, text, commit) for kind, text in found]

    def settle(self, mentions: Sequence[Mention], own: int | None) -> tuple[Mention, ...]:
        """The mentions of one change, once each: doubtful keys decided, the change's own number left out."""
        kept: dict[tuple[str, str], Mention] = {}
        for mention in mentions:
            kind = mention.kind
            if kind == "maybe-ticket":
                if mention.text.rpartition("-")[0] not in self._established:
                    continue
                kind = "ticket"
            if own is not None and mention.text == f"#{own}":
                continue
            kept.setdefault(
                (kind, mention.text),
                mention if kind == mention.kind else Mention(kind, mention.text, mention.commit),
            )
        return tuple(kept.values())

    def _numbers(self, message: str, found: dict[tuple[str, str], None]) -> None:
        last = -1  # where the last named reference ended: a list goes on from there
        for match in _REFERENCE.finditer(message):
            at = match.start()
            before = message[max(at - 96, 0) : at]
            project = _PROJECT.search(before) if before[-1:].isalnum() else None
            start = at - len(project[0]) if project else at
            if (last >= 0 and _BETWEEN.fullmatch(message, last, start)) or (
                message[start - 1 : start] != "(" and _BEFORE.search(message[max(start - 24, 0) : start])
            ):
                self._number((project[0] if project else "") + match[0], found)
                last = match.end()
            else:
                last = -1
        end = message.find("\n")
        subject = message if end < 0 else message[:end]
        if "#" in subject and not subject.startswith(_NO_REQUEST):
            for number in _SUBJECT_NUMBER.findall(subject):
                self._number(f"#{number}", found)
        if "[#" in message:
            found.update({("issue", f"#{number}"): None for number in _LIGHTHOUSE.findall(message)})
        if "AB#" in message:
            found.update({("ticket", f"AB#{number}"): None for number in _AZURE.findall(message)})

    def _number(self, reference: str, found: dict[tuple[str, str], None]) -> None:
        project, _, number = reference.partition("#")
        if int(number) == 0:
            return
        own = not project and int(number) in self._pulls
        found["pull-request" if own else "issue", reference] = None

    def _links(self, message: str, found: dict[tuple[str, str], None]) -> None:
        for match in _LINK.finditer(message):
            key = match["key"] or match["linear"]
            if key:
                self._key(key.rpartition("-")[0], key, found, sure=True)
            else:
                found["issue", match[0]] = None

    def _trailer(self, key: str, value: str, found: dict[tuple[str, str], None]) -> None:
        if key in {"entire-checkpoint", "change-request", "requested-by"}:
            found[key, value[:200]] = None
            return
        for part in re.split(r"[,\s]+", value):
            number = _VALUE.fullmatch(part)
            match = _KEY.fullmatch(part)
            if match:
                self._key(match[1], part, found, sure=True)
            elif number and '("' not in value:
                self._number(f"#{number[1]}", found)

    def _keys(self, message: str, found: dict[tuple[str, str], None]) -> None:
        if _HINT.search(message) is None:
            return
        for match in _KEY.finditer(message):
            at = match.start()
            sure = _STRONG.search(message[max(at - 12, 0) : at]) is not None
            self._key(match[1], match[0], found, sure=sure)

    def _key(self, project: str, key: str, found: dict[tuple[str, str], None], *, sure: bool) -> None:
        if project in self._never:
            return
        if sure:
            self._established.add(project)
            found.pop(("maybe-ticket", key), None)
            found["ticket", key] = None
        elif ("ticket", key) not in found:
            found["maybe-ticket", key] = None
