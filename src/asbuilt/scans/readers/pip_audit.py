"""pip-audit's JSON, old (a list) and new (an object). A dependency with ``skip_reason`` was not checked.

Source: pip-audit, ``_format/json.py``.
"""

from collections.abc import Iterator
from typing import Any, Final

from asbuilt.model.scan import ScanResult, ScanRun
from asbuilt.scans.content import Content, dig, items, text
from asbuilt.scans.making import Making, sentences

FORMAT: Final = "pip-audit"


def recognises(content: Content) -> bool:
    """Whether it lists dependencies, each with its weaknesses or the reason for which it was skipped."""
    if content.is_xml or (content.top is not None and "dependencies" not in content.top):
        return False
    listed = _listed(content)
    return isinstance(listed, list) and (
        (content.top is not None and "fixes" in content.top) or _is_one(dig(listed, 0))
    )


def _listed(content: Content) -> Any:
    return content.document if content.top is None else dig(content.document, "dependencies")


def _is_one(first: Any) -> bool:
    return isinstance(first, dict) and "name" in first and ("vulns" in first or "skip_reason" in first)


def read(content: Content, making: Making) -> Iterator[ScanRun]:
    """The one run: it did its work only if it checked something."""
    listed = [each for each in items(_listed(content)) if isinstance(each, dict)]
    skipped = [each for each in listed if "vulns" not in each]
    yield ScanRun(
        tool="pip-audit",
        kind="dependency-scan",
        succeeded=False if skipped and len(skipped) == len(listed) else True if listed else None,
        any_rule=True,
        results=tuple(_result(each, weakness, making) for each in listed for weakness in items(each.get("vulns"))),
        unchecked=frozenset(f"PyPI:{name}" for each in skipped if (name := text(each.get("name"), 290))),
        unread=sentences(
            f"pip-audit did not check {text(each.get('name'), 200)}: "
            f"{text(each.get('skip_reason'), 300) or 'no reason given'}"
            for each in skipped
        ),
    )


def _result(dependency: dict[str, Any], weakness: Any, making: Making) -> ScanResult:
    return making.result(
        tool="pip-audit",
        rule=dig(weakness, "id"),
        message=dig(weakness, "description"),
        title=f"{dependency.get('name')}: {dig(weakness, 'id')}",
        is_secret=False,
        aliases=tuple(each for told in items(dig(weakness, "aliases")) if (each := text(told, 100))),
        fixed_in=tuple(each for told in items(dig(weakness, "fix_versions")) if (each := text(told, 100))),
        **making.package("PyPI", dependency.get("name"), dependency.get("version")),
    )
