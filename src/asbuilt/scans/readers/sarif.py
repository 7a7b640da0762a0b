"""SARIF 2.1.0, tolerantly: each run by itself, each result by itself, so that memory follows what is kept.

Sources: OASIS SARIF 2.1.0, sections 3.14 (run), 3.19 (tool component), 3.20 (invocation), 3.27 (result), 3.35
(suppression); GitHub's ``security-severity`` property. Drafts before 2.1.0 are refused by their version.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Final, NamedTuple
from urllib.parse import unquote

import msgspec

from asbuilt.catalogue.check_kinds import check_kind
from asbuilt.model.scan import ScanKind, ScanResult, ScanRun, Suppressed
from asbuilt.scans.content import Content, Part, dig, items, moment, pairs, text
from asbuilt.scans.identity import tool_family
from asbuilt.scans.making import (
    Making,
    Sentences,
    commit_id,
    cwes,
    files,
    plain_path,
    severity,
    suppressed,
    web_address,
)
from asbuilt.scans.sarif_rewriting import Marks, rewritten
from asbuilt.scans.secrecy import is_masked, is_secret_rule

FORMAT: Final = "sarif"
_LEVELS: Final = {"error": "high", "warning": "medium", "note": "low", "none": "info"}
_KINDS: Final[dict[str, ScanKind]] = {
    "tests": "tests",
    "static-analysis": "static-analysis",
    "dependency-scan": "dependency-scan",
    "secret-scan": "secret-scan",
}
# Tools that say by no word of their name what they do.
_STATIC: Final = frozenset({"snykcode", "nodejsscan", "mobsfscan", "flawfinder", "lgtm.com", "asbuilt"})
_REFERENCE = re.compile(r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})+")
_READ: Final = frozenset({
    "tool", "artifacts", "originalUriBaseIds", "results", "invocations", "versionControlProvenance",
})  # fmt: skip
_MOST_RULES: Final = 100_000
_FINGERPRINTS: Final = 10
_NO_FINDING: Final = frozenset({"pass", "notApplicable", "informational"})


def recognises(content: Content) -> bool:
    """Whether it is a SARIF log: it has runs, and says so by its version or its schema."""
    top = content.top
    if top is None or "runs" not in top:
        return False
    told = [content.value(top[name]) for name in ("version", "$schema") if name in top]
    return any(isinstance(each, str) and ("sarif" in each or each.startswith(("1.0", "2."))) for each in told)


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The runs of a log.

    Raises:
        SourceError: it is of another version, or its runs are none.
    """
    top = content.top or {}
    version = content.value(top["version"]) if "version" in top else None
    if version != "2.1.0":
        raise content.refused(
            f"It is SARIF {text(version, 40) or 'of no version'}; 2.1.0 is read.",
            "Have the tool write SARIF 2.1.0.",
        )
    runs = content.elements(top["runs"]) if "runs" in top else None
    if runs is None:
        raise content.refused("Its runs are no list.", "Write the report again.")
    marked: dict[int, Marks] = {}
    making.rewrite = partial(rewritten, content, marked)
    for place, part in enumerate(runs):
        members = content.members(part, _READ)
        if members is None:
            raise content.refused(f"Run {place + 1} is no object.", "Write the report again.")
        yield _Run(content, making, members, marked.setdefault(place, Marks())).read()


class _About(NamedTuple):
    """What a rule tells: weaknesses, the words that may speak of secrets, a title, an address."""

    cwe: tuple[str, ...]
    words: str
    title: Any
    url: str | None


class _Run:
    """One run while it is read."""

    def __init__(self, content: Content, making: Making, run: Mapping[str, Part], marked: Marks) -> None:
        self._content, self._making, self._members, self._marked = content, making, run, marked
        self._tool = self._part("tool")
        driver = dig(self._tool, "driver")
        self.name = text(dig(driver, "name"), 100) or "?"
        self.version = text(dig(driver, "semanticVersion"), 60) or text(dig(driver, "version"), 60)
        self._components = [driver, *items(dig(self._tool, "extensions"))]
        self._by_id: dict[str, Any] = {}
        for component in self._components:
            for rule in items(dig(component, "rules"))[:_MOST_RULES]:
                if isinstance(own := dig(rule, "id"), str):
                    self._by_id.setdefault(own, rule)
        self._artifacts = [dig(content.value(each), "location", "uri") for each in self._elements("artifacts")]
        self._bases = [
            text_of
            for _, base in pairs(self._part("originalUriBaseIds"))
            if isinstance(text_of := dig(base, "uri"), str)
        ]
        self._unread = Sentences()
        self._shows_secrets = tool_family(self.name) == "gitleaks"  # its snippet is the secret, and not its line
        self._has_null_results = False
        self._rules: dict[tuple[str | None, int], _About] = {}

    def _part(self, name: str) -> Any:
        raw = self._members.get(name)
        return None if raw is None else self._content.value(raw)

    def _elements(self, name: str) -> Iterator[Part]:
        return (self._content.elements(self._members[name]) if name in self._members else None) or iter(())

    def read(self) -> ScanRun:
        """The run, with its results."""
        results = self._making.gather(self._results())
        invocations = [each for each in items(self._part("invocations")) if isinstance(each, dict)]
        told = [each.get("executionSuccessful") for each in invocations]
        succeeded = False if False in told else True if told and all(each is True for each in told) else None
        for sentence in (said for each in invocations for said in self._failures(each)):
            self._unread.add(sentence)
        if self._has_null_results:
            succeeded = False  # 3.14.23: null, when the tool could not begin to look
            self._unread.add(f"{self.name} says that it could not compute its results.")
        if "externalPropertyFileReferences" in self._members:
            self._unread.add("Parts of the run lie in other files, which are not read.")
        scanned = {uri for uri in self._artifacts if isinstance(uri, str)}
        controlled = items(self._part("versionControlProvenance"))
        return ScanRun(
            tool=self.name,
            kind=_kind(self.name),
            version=self.version,
            started=moment(dig(invocations, 0, "startTimeUtc")),
            ended=moment(dig(invocations, -1 + len(invocations), "endTimeUtc")) if invocations else None,
            commit=commit_id(dig(controlled, 0, "revisionId")) if len(controlled) == 1 else None,
            succeeded=succeeded,
            rules=frozenset(self._by_id) or None,
            files=files(map(self._path, scanned)),
            results=results,
            unread=self._unread.told(),
        )

    def _failures(self, invocation: dict[str, Any]) -> Iterator[str]:
        for name in ("toolExecutionNotifications", "toolConfigurationNotifications"):
            for told in items(invocation.get(name)):
                if dig(told, "level") == "error":
                    said = text(dig(told, "message", "text"), 300) or text(dig(told, "descriptor", "id"), 100)
                    yield f"{self.name} reports an error: {said or 'it does not say which'}."

    def _results(self) -> Iterator[ScanResult]:
        parts = self._content.elements(self._members["results"]) if "results" in self._members else iter(())
        if parts is None:
            parts = iter(())
            part = self._members["results"]
            self._has_null_results = isinstance(part, msgspec.Raw) and self._content.value(part) is None
            if not self._has_null_results:
                self._unread.add("The results of a run are no list; none was read.")
        for number, part in enumerate(parts):
            result = self._content.value(part)
            if not isinstance(result, dict):
                self._unread.add(f"Result {number + 1} is no object.")
            elif not (isinstance(kind := result.get("kind"), str) and kind in _NO_FINDING):
                made = self._result(result)
                if made.is_secret:
                    self._marked.append(number)
                yield made

    def _rule(self, result: dict[str, Any]) -> tuple[str | None, Any]:
        """A result's rule, by id or by index; an id may go on after the rule's own, with a slash (3.27.5)."""
        told, index = result.get("ruleId"), result.get("ruleIndex")
        own = result.get("rule")
        told = told if isinstance(told, str) else dig(own, "id")
        index = index if isinstance(index, int) else dig(own, "index")
        component: Any = self._components[0]
        extension = dig(own, "toolComponent", "index")
        if isinstance(extension, int) and 0 <= extension < len(self._components) - 1:
            component = self._components[extension + 1]
        found = dig(component, "rules", index) if isinstance(index, int) else None
        if isinstance(told, str):
            by_id = self._by_id.get(told) or self._by_id.get(told.rpartition("/")[0])
            return told, found if dig(found, "id") == told else by_id or found
        return text(dig(found, "id"), 300), found

    def _result(self, result: dict[str, Any]) -> ScanResult:
        name, rule = self._rule(result)
        physical = dig(result, "locations", 0, "physicalLocation")
        region = dig(physical, "region")
        about = self._about(name, rule)
        told = [
            *(f"CWE-{dig(taxon, 'id')}" for taxon in items(result.get("taxa")) if _is_cwe(taxon)),
            dig(result, "properties", "cwe"),
        ]
        weak = about.cwe + tuple(each for each in cwes(told) if each not in about.cwe)
        snippet = dig(region, "snippet", "text")
        is_secret = is_secret_rule(self.name, about.words, weak)
        hashed = self._making.snippet(snippet)
        value = None
        if is_secret:
            value = self._making.secret(*_texts_of(region), *_texts_of(dig(physical, "contextRegion")))
        return self._making.result(
            tool=self.name,
            tool_version=self.version,
            rule=name,
            message=self._message(result, rule),
            title=about.title,
            path=self._place(dig(physical, "artifactLocation")),
            line=dig(region, "startLine"),
            end_line=dig(region, "endLine"),
            cwe=weak,
            is_secret=is_secret,
            secret=value if self._shows_secrets else None,
            is_masked=is_secret and is_masked(snippet),
            severity=self._severity(result, rule, is_secret),
            snippet=hashed,
            fingerprints=() if is_secret else tuple(_fingerprints(result)),
            suppressed=_suppressed(result.get("suppressions")),
            url=about.url,
            state="absent" if result.get("baselineState") == "absent" else "open",
        )

    def _about(self, name: str | None, rule: Any) -> _About:
        """What the rule alone tells, once for all of its results."""
        known = self._rules.get((name, id(rule)))
        if known is None:
            tags = [tag for tag in items(dig(rule, "properties", "tags")) if isinstance(tag, str)]
            related = (dig(each, "target") for each in items(dig(rule, "relationships")))
            told = [tag for tag in tags if "cwe" in tag.casefold()]
            told += [f"CWE-{dig(each, 'id')}" for each in related if _is_cwe(each)]
            title = (
                dig(rule, "shortDescription", "text") or dig(rule, "fullDescription", "text") or dig(rule, "name")
            )
            if len(self._rules) > _MOST_RULES:
                self._rules.clear()
            known = self._rules[name, id(rule)] = _About(
                cwes([*told, dig(rule, "properties", "cwe")]),
                f"{name} {' '.join(tags)[:2000]}",
                title,
                web_address(dig(rule, "helpUri")),
            )
        return known

    def _severity(self, result: dict[str, Any], rule: Any, is_secret: bool) -> Any:
        scored = severity(
            dig(rule, "properties", "security-severity") or dig(result, "properties", "security-severity")
        )
        if scored is not None:
            return scored
        if is_secret:
            return "high"
        level = result.get("level") or dig(rule, "defaultConfiguration", "level") or "warning"  # 3.27.10
        return _LEVELS.get(level) if isinstance(level, str) else None

    def _message(self, result: dict[str, Any], rule: Any) -> str | None:
        """The text, or that of the rule's message (3.11.6), with its arguments in their places."""
        message = result.get("message")
        told = dig(message, "text") or dig(message, "markdown")
        if not isinstance(told, str):
            told = dig(rule, "messageStrings", str(dig(message, "id")), "text")
        if not isinstance(told, str):
            return None
        for number, argument in enumerate(items(dig(message, "arguments"))[:20]):
            if isinstance(argument, str):
                told = told[:5000].replace(f"{{{number}}}", argument[:500])
        return told

    def _place(self, location: Any) -> str | None:
        """Where an artifact is: told here, or in the list of artifacts (3.4.5)."""
        uri = dig(location, "uri")
        index = dig(location, "index")
        if not isinstance(uri, str) and isinstance(index, int):
            uri = dig(self._artifacts, index)
        return self._path(uri) if isinstance(uri, str) else None

    def _path(self, uri: str) -> str | None:
        # 3.4.3: a reference (RFC 3986), so its percents are escapes, unless it holds what no reference may.
        is_escaped = "%" in uri and not uri.startswith("file:") and _REFERENCE.fullmatch(uri[:4000]) is not None
        return plain_path(unquote(uri) if is_escaped else uri, self._bases)


def _is_cwe(told: Any) -> bool:
    return bool(dig(told, "toolComponent", "name") == "CWE")


def _kind(tool: str) -> ScanKind:
    return "static-analysis" if tool.casefold() in _STATIC else _KINDS.get(check_kind(tool, None), "other")


def _texts_of(region: Any) -> tuple[Any, Any]:
    return dig(region, "snippet", "text"), dig(region, "snippet", "rendered", "text")


def _fingerprints(result: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for kind in ("fingerprints", "partialFingerprints"):
        for name, value in list(pairs(result.get(kind)))[:_FINGERPRINTS]:
            if isinstance(value, str):
                yield sys.intern(f"{kind}/{text(name, 100)}"), text(value, 200) or ""


def _suppressed(told: Any) -> Suppressed | None:
    """Set aside when it has a suppression and none is under review or rejected (3.27.23)."""
    found = [each for each in items(told) if isinstance(each, dict)]
    if not found or any(str(each.get("status")) in {"underReview", "rejected"} for each in found):
        return None
    first = found[0]
    kind = "in-source" if first.get("kind") == "inSource" else "external"
    return suppressed(kind, dig(first, "properties", "by"), first.get("justification"))
