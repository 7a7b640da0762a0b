"""Advisories in lines: what a store holds, and what became of the components."""

import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from asbuilt.app.advisories import alarm_age
from asbuilt.cli.documents import print_json
from asbuilt.cli.exit_status import store_status
from asbuilt.cli.streams import print_text
from asbuilt.model.advisory import urgency
from asbuilt.model.text import visible

if TYPE_CHECKING:
    from asbuilt.app.advisories import CheckedAll
    from asbuilt.model.advisory import Checked, Match
    from asbuilt.supply.advisories.store import Status

_WITHOUT = {  # what is missed where a list of weaknesses in use is not there
    "KEV": "what is known to be exploited is not told, and its level not lifted",
    "EPSS": "within a level nothing is sorted by how likely it is exploited",
}
_MOST = 20  # bad records, and names of what was not checked for one reason; the others are counted


def show_status(held: "Status", form: str) -> int:
    """Print what a store holds; the exit code of it."""
    if form == "json":
        print_json(held)
    else:
        print_text("\n".join(status_lines(held, int(time.time()), alarm_age())))
    return store_status(held)


def status_lines(held: "Status", now: int, old_after: int = 7) -> list[str]:
    """What a store holds, ecosystem by ecosystem, how old it is, and what of it is older than so many days."""
    lines = [
        f"{held.records:,} advisories, {held.withdrawn:,} of them withdrawn, in {held.rows:,} rows: {held.path}",
        f"Newest change {_day(held.newest)} ({_days(held.days_old(now))} ago), imported {_day(held.imported)}.",
    ]
    for each in held.ecosystems:
        whole = f"all as of {_day(each.as_of)}" if each.whole else f"a part: {each.why}"
        lines.append(f"  {visible(each.ecosystem, 40):20} {each.records:>9,}  {visible(whole)}")
    named = {each.name: each for each in held.threats}
    for name, without in _WITHOUT.items():
        own = named.get(name)
        if own is None:
            lines.append(f"  {name}: not imported: {without}.")
        else:
            since = f"as of {own.as_of} ({_days(own.days_old(now))} ago)"
            lines.append(f"  {name}: {own.entries:,} weaknesses {since} {visible(own.version, 60)}".rstrip())
    ages = {"The store": held.days_old(now), **{each.name: each.days_old(now) for each in held.threats}}
    lines += [f"{name} is OLD: more than {old_after:,} days." for name, age in ages.items() if age > old_after]
    if held.sample:
        lines.append("This is a sample, to try it with. Nothing is clean by it.")
    if held.bad:
        lines.append(f"{len(held.bad):,} records could not be read and are kept out:")
        lines += [f"  {visible(name, 80)}: {visible(why, 120)}" for _, name, why in held.bad[:_MOST]]
        lines += [f"  … and {len(held.bad) - _MOST:,} more (--format json)"] * (len(held.bad) > _MOST)
    return lines


def checked_lines(found: "CheckedAll") -> list[str]:
    """The matches first, the worst on top; then what was not checked and why; the last line is the sum."""
    lines = []
    if found.sample:
        lines += [
            "Held against a SAMPLE of a few advisories: it shows how this looks, and nothing is clean by it.",
            "",
        ]
    matches = [(match, each) for each in found.components for match in each.matches]
    for match, each in sorted(matches, key=lambda own: urgency(own[0])):
        lines += _match_lines(each, match)
    why = Counter(each.why for each in found.components if each.coverage == "not_checked")
    if why:
        lines.append("Not checked:")
    for reason, count in why.most_common():
        names = [each.purl or each.name for each in found.components if each.why == reason][:3]
        more = ", …" if count > len(names) else ""
        lines.append(f"  {count:,}: {visible(reason, 300)}")
        lines.append(f"      {', '.join(visible(name, 80) for name in names)}{more}")
    lines += [f"Not read: {visible(each.path)}: {visible(each.why)}" for each in found.unread]
    if found.old and not found.sample:
        lines.append(f"The store is OLD: its newest change is of {_day(found.as_of)}. Import newer advisories.")
    lines += [f"Statement not taken: {visible(each, 300)}" for each in found.ignored]
    lines += [f"Statement not used: {visible(each, 300)}" for each in found.unused]
    if not found.sample and matches:
        lines += [f"{name} is OLD or not imported: {_WITHOUT[name]}." for name in found.old_threats]
    counts = f"{found.count('clean'):,} clean as of {_day(found.as_of)}, {found.count('not_checked'):,} not checked"
    answered = f" ({found.answered:,} more stated not to concern the product)" if found.answered else ""
    matched = f"{found.count('matched'):,} matched by {found.affected:,}{answered}"
    lines.append(f"{len(found.components):,} components: {matched}, {counts}.")
    return lines


def _match_lines(each: "Checked", match: "Match") -> list[str]:
    kind: str = "harmful package" if match.malicious else match.level or "no level given"
    if match.is_unmaintained:
        kind = "unmaintained"
    if match.kev_since and match.told_level != match.level:
        kind = f"critical, as it is exploited; the advisory says {match.told_level or 'no level'}"
    head = f"{visible(each.purl or each.name, 120)}: {visible(match.advisories[0].id, 60)} ({kind})"
    if match.certainty == "unknown":
        head += f", UNKNOWN: {visible(match.why, 200)}"
    lines = [head]
    summary = next((own.summary for own in match.advisories if own.summary), "")
    others = [name for name in match.names if name != match.advisories[0].id]
    lines += [f"    {visible(summary, 110)}"] * bool(summary)
    lines += [f"    also {visible(', '.join(others), 110)}"] * bool(others)
    used = [f"known to be exploited since {match.kev_since} (KEV)"] if match.kev_since else []
    used += [f"exploitation within 30 days {match.epss:.2%} (EPSS)"] if match.epss is not None else []
    lines += [f"    {', '.join(used)}"] * bool(used)
    lines += [f"    {own.kind}: {visible(own.text, 100)} ({visible(own.advisory, 60)})" for own in match.evidence]
    lines += [f"    fixed in {visible(', '.join(match.fixed_in), 100)}"] * bool(match.fixed_in)
    for vex in match.vex:
        words = "; ".join(part for part in (vex.justification, vex.statement) if part)
        until = "" if vex.until is None else f" until {_day(vex.until)}"
        ended = ", which is over: it counts no more" if vex.expired else ""
        who = visible(vex.by or vex.source, 60)
        lines.append(f"    stated {vex.status} by {who}{until}{ended}: {visible(words, 200)}")
    return lines


def _days(count: int) -> str:
    return f"{count:,} day{'' if count == 1 else 's'}"


def _day(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%d")
