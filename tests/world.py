"""A simulated company: an Inspection and a Trace built from a short story, every total computed from its parts."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha1

from asbuilt.model.attribution import Attribution, Authorship, Confidence, Proves, Replay, Signal, SquashReplay
from asbuilt.model.chain import Chain, Evidence, Grade, Link, LinkName
from asbuilt.model.change import Basis, Change, Landing, Mention, Release
from asbuilt.model.commit import Person, SignatureKind
from asbuilt.model.inspection import (
    SCHEMA,
    ChangeRow,
    FileExposure,
    Gap,
    Inspection,
    LineTotals,
    Month,
    ReviewPair,
    Subject,
    ToolTotal,
)
from asbuilt.model.origin import LineRun
from asbuilt.model.result import Conclusion, Finding, Outcome, Result, Severity, Verdict
from asbuilt.model.trace import SCHEMA as TRACE_SCHEMA
from asbuilt.model.trace import Containment, Step, Trace

NOON = 12 * 3600
HELD = (Grade.PROVED, Grade.STATED)
AI = (Authorship.AI_TRACKED, Authorship.AI_DECLARED)
SYNC = "asbuilt sync github harbor-freight/harbor"


def moment(date: str) -> int:
    """Noon UTC of an ISO date, in Unix seconds."""
    return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()) + NOON


@dataclass
class Told:
    """One change as the story tells it."""

    change: Change
    authorship: Authorship
    tools: tuple[str, ...]
    model: str | None
    chain: Chain
    wrote: dict[str, int]


@dataclass
class World:
    """A repository's history, told one change at a time. Every method returns the world, so that calls chain."""

    name: str = "harbor"
    since: int | None = None
    forge: str | None = "github"
    project: str | None = "harbor-freight/harbor"
    people: dict[str, Person] = field(default_factory=dict)
    tools: dict[str, ToolTotal] = field(default_factory=dict)
    told: list[Told] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    boundary: int = 0
    words: tuple[str, str] | None = None

    def person(self, key: str, name: str, email: str) -> "World":
        self.people[key] = Person(name, email)
        return self

    def tool(
        self, tool: str, name: str, vendor: str, *, approved: bool | None = None, configured: tuple[str, ...] = ()
    ) -> "World":
        self.tools[tool] = ToolTotal(tool, name, vendor, 0, 0, None, None, configured, approved)
        return self

    def change(
        self,
        subject: str,
        date: str,
        by: str,
        *,
        landing: Landing = Landing.SQUASH,
        wrote: dict[str, int] | None = None,
        authorship: Authorship = Authorship.UNKNOWN,
        tool: str | None = None,
        model: str | None = None,
        reviewed_by: str | None = None,
        request: str | None = None,
        contradicted: LinkName | None = None,
    ) -> "World":
        at = len(self.told)
        commit = sha1(f"{at} {subject}".encode()).hexdigest()
        author = self.people[by]
        number = None if landing in (Landing.DIRECT, Landing.INITIAL, Landing.BOT) else 100 + at
        tools = (tool,) if tool else ()
        change = Change(
            id=commit,
            parent=self.told[-1].change.id if self.told else None,
            landing=landing,
            commits=(commit,),
            subject=f"{subject} (#{number})" if number and landing is Landing.SQUASH else subject,
            landed_at=moment(date),
            authors=(author,),
            landed_by=Person("GitHub", "noreply@github.com") if number else author,
            number=number,
            number_basis=Basis.MESSAGE if number else None,
            reviews=(
                (Mention("reviewed-by", str(self.people[reviewed_by].name), commit, self.people[reviewed_by]),)
                if reviewed_by
                else ()
            ),
            requests=(Mention("ticket", request, commit),) if request else (),
        )
        chain = self._chain(change, authorship, tools, model, contradicted)
        self.told.append(Told(change, authorship, tools, model, chain, wrote or {}))
        return self

    def release(self, name: str, date: str) -> "World":
        self.releases.append(
            Release(
                name, self.told[-1].change.id, moment(date), next(iter(self.people.values())), SignatureKind.SSH
            )
        )
        return self

    def gap(self, code: str, what: str, why: str, remedy: str, count: int = 1) -> "World":
        self.gaps.append(Gap(code, what, why, remedy, count=count))
        return self

    def finding(self, code: str, severity: Severity, message: str, remedy: str, **where: object) -> "World":
        self.findings.append(Finding(code, severity, message, ("CC8.1",), remedy, **where))  # type: ignore[arg-type]
        return self

    def said(self, verdict: str, next_step: str) -> "World":
        self.words = (verdict, next_step)
        return self

    def _chain(
        self,
        change: Change,
        authorship: Authorship,
        tools: tuple[str, ...],
        model: str | None,
        contradicted: LinkName | None,
    ) -> Chain:
        commit = change.id

        def link(name: LinkName, grade: Grade, summary: str, text: str = "", *people: Person) -> Link:
            grade = Grade.CONTRADICTED if name is contradicted else grade
            evidence = (Evidence(f"{commit[:10]}", text),) if text else ()
            return Link(name, grade, summary, evidence, people, None if grade in HELD else SYNC)

        asked, reviews = change.requests, change.reviews
        known = authorship is not Authorship.UNKNOWN
        direct = change.landing in (Landing.DIRECT, Landing.INITIAL)
        reviewer = reviews[0].person if reviews else None
        made_by = f"{self.tools[tools[0]].name if tools else authorship.value}{f', {model}' if model else ''}"
        return Chain(
            commit,
            (
                link(LinkName.REQUEST, Grade.STATED, f"{asked[0].text}", f"Closes {asked[0].text}")
                if asked
                else link(LinkName.REQUEST, Grade.MISSING, "no issue or ticket is named"),
                link(
                    LinkName.SUGGESTION,
                    Grade.PROVED if authorship is Authorship.AI_TRACKED else Grade.STATED,
                    made_by,
                    f"Co-Authored-By: {made_by} <noreply@vendor.example>",
                )
                if known
                else link(LinkName.SUGGESTION, Grade.UNKNOWN, "no signal says who or what wrote it"),
                link(LinkName.COMMIT, Grade.STATED, f"by {change.authors[0].name}", "", *change.authors),
                link(LinkName.CHANGE, Grade.MISSING, "pushed directly to the branch")
                if direct
                else link(
                    LinkName.CHANGE, Grade.STATED, f"pull request {change.number or 'of a bot'}", change.subject
                ),
                link(
                    LinkName.REVIEW,
                    Grade.STATED,
                    f"by {reviewer.name}",
                    f"Reviewed-by: {reviewer.name} <{reviewer.email}>",
                    reviewer,
                )
                if reviewer
                else link(LinkName.REVIEW, Grade.UNKNOWN, "approvals live in the forge"),
                link(LinkName.CHECKS, Grade.UNKNOWN, "check runs live in the forge"),
                link(
                    LinkName.MERGE,
                    Grade.STATED,
                    f"{change.landing.value}, landed by {change.landed_by.name}",
                    "",
                    change.landed_by,
                ),
                link(LinkName.BUILD, Grade.UNKNOWN, "attestations live in the forge"),
                link(LinkName.DEPLOYMENT, Grade.UNKNOWN, "deployments live in the forge"),
                link(LinkName.WATCH, Grade.UNKNOWN, "incidents are not recorded in git"),
            ),
        )

    # What the story comes to.

    def inspection(self) -> Inspection:
        newest = [self._row(told) for told in reversed(self.told)]
        results = self._results()
        findings = tuple(self.findings)
        blocking = sum(finding.severity is Severity.BLOCKING for finding in findings)
        unknown = sum(finding.severity is Severity.UNKNOWN for finding in findings)
        verdict, next_step = self.words or (
            (f"Deviations in {blocking} of {len(results)} controls; {unknown} could not be checked.", SYNC)
            if blocking
            else ("No deviation in what git shows.", SYNC)
        )
        return Inspection(
            schema=SCHEMA,
            version="0.1.0",
            subject=Subject(
                name=self.name,
                revision="main",
                commit=self.told[-1].change.id if self.told else sha1(b"").hexdigest(),
                committed_at=self.told[-1].change.landed_at if self.told else 0,
                since=self.since,
                commits=sum(len(told.change.commits) for told in self.told),
                forge=self.forge,
                forge_project=self.project,
            ),
            lines=self._lines(),
            links={
                name: {grade: sum(row.grades[name] == grade for row in newest) for grade in Grade}
                for name in LinkName
            },
            landings={landing: sum(t.change.landing is landing for t in self.told) for landing in Landing},
            authorships={kind: sum(t.authorship is kind for t in self.told) for kind in Authorship},
            months=self._months(),
            tools=self._tools(),
            reviewers=self._reviewers(),
            exposed=self._exposed(),
            releases=tuple(self.releases),
            replays=tuple(
                SquashReplay(t.change.id, t.change.number, Replay.MIXED_POSSIBLE)
                for t in self.told
                if t.change.landing is Landing.SQUASH and t.change.number
            ),
            changes=tuple(newest),
            results=results,
            findings=findings,
            gaps=tuple(self.gaps),
            verdict=verdict,
            next_step=next_step,
            blocking=blocking,
            unknown=unknown,
        )

    def trace(self, path: str, *, to: str | None = None) -> Trace:
        """The chains behind one file, its lines in the order in which the changes wrote them."""
        steps, first = [], 1
        for told in self.told:
            count = told.wrote.get(path, 0)
            if count:
                steps.append(self._step(told, path, first, count))
                first += count
        return Trace(
            schema=TRACE_SCHEMA,
            version="0.1.0",
            target=path,
            revision="main",
            commit=self.told[-1].change.id,
            steps=tuple(reversed(steps)),
            releases=tuple(self.releases),
            containment=Containment(to, self.releases[-1].commit, first - 1, max(first - 9, 0)) if to else None,
            gaps=tuple(self.gaps),
        )

    def _step(self, told: Told, path: str, first: int, count: int) -> Step:
        commit = told.change.id
        signals = tuple(
            Signal(
                source="signature",
                tool=tool,
                rule=f"{tool}/trailer-1",
                where="trailer",
                proves=Proves.AUTHORED,
                confidence=Confidence.HIGH,
                text=f"Co-Authored-By: {self.tools[tool].name} <noreply@vendor.example>",
                commit=commit,
                model=told.model,
            )
            for tool in told.tools
        )
        confidence = Confidence.HIGH if told.tools else None
        run = LineRun(
            path=path,
            first=first,
            last=first + count - 1,
            origin=commit,
            origin_path=path,
            origin_line=first,
            writing=commit,
            authorship=told.authorship,
            tool=told.tools[0] if told.tools else None,
            model=told.model,
            confidence=confidence,
            replay=Replay.MIXED_POSSIBLE if told.change.landing is Landing.SQUASH else None,
            evidence=tuple(f"signature:{signal.rule}@{commit}" for signal in signals),
        )
        attribution = Attribution(
            commit,
            told.authorship,
            told.tools,
            told.model,
            confidence,
            signals,
            mixed_possible=told.change.landing is Landing.SQUASH and bool(told.tools),
            answers=told.change.authors[0],
        )
        return Step(told.change, told.chain, (attribution,), None, (run,))

    def _row(self, told: Told) -> ChangeRow:
        grades = {link.name.value: link.grade.value for link in told.chain.links}
        return ChangeRow(told.change, told.authorship.value, told.tools, grades, told.chain.unbroken)

    def _lines(self) -> LineTotals:
        classes: Counter[str] = Counter()
        tools: Counter[str] = Counter()
        reviews: Counter[str] = Counter()
        for told in self.told:
            count = sum(told.wrote.values())
            classes[told.authorship.value] += count
            reviews[told.chain.link(LinkName.REVIEW).grade.value] += count
            for tool in told.tools:
                tools[tool] += count
        return LineTotals(
            total=sum(classes.values()),
            files=len({path for told in self.told for path in told.wrote}),
            by_authorship={kind.value: classes[kind.value] for kind in Authorship},
            by_tool=dict(tools.most_common()),
            by_review={grade.value: reviews[grade.value] for grade in Grade},
            boundary=self.boundary,
            unbroken=sum(sum(told.wrote.values()) for told in self.told if told.chain.unbroken),
        )

    def _months(self) -> tuple[Month, ...]:
        months: dict[str, Counter[str]] = defaultdict(Counter)
        for told in self.told:
            months[datetime.fromtimestamp(told.change.landed_at, UTC).strftime("%Y-%m")][told.authorship.value] += 1
        return tuple(
            Month(month, {kind.value: months[month][kind.value] for kind in Authorship}) for month in sorted(months)
        )

    def _tools(self) -> tuple[ToolTotal, ...]:
        totals = []
        for key, tool in self.tools.items():
            mine = [told for told in self.told if key in told.tools]
            times = [told.change.landed_at for told in mine]
            totals.append(
                ToolTotal(
                    key,
                    tool.name,
                    tool.vendor,
                    len(mine),
                    sum(sum(told.wrote.values()) for told in mine),
                    min(times, default=None),
                    max(times, default=None),
                    tool.configured,
                    tool.approved,
                )
            )
        return tuple(sorted(totals, key=lambda tool: (-tool.commits, tool.tool)))

    def _reviewers(self) -> tuple[ReviewPair, ...]:
        pairs: Counter[tuple[Person, Person]] = Counter()
        for told in self.told:
            for mention in told.change.reviews:
                if mention.person:
                    pairs[mention.person, told.change.authors[0]] += 1
        return tuple(
            ReviewPair(reviewer, author, count, reviewer != author)
            for (reviewer, author), count in pairs.most_common()
        )

    def _exposed(self) -> tuple[FileExposure, ...]:
        totals: Counter[str] = Counter()
        found: dict[str, list[tuple[int, int, str, tuple[str, ...]]]] = defaultdict(list)
        for told in self.told:
            grade = told.chain.link(LinkName.REVIEW).grade
            for path, count in told.wrote.items():
                if told.authorship in AI and grade not in HELD:
                    found[path].append((totals[path] + 1, count, grade.value, told.tools))
                totals[path] += count
        rows = [
            FileExposure(
                path,
                min(first for first, *_ in parts),
                sum(count for _, count, *_ in parts),
                totals[path],
                parts[0][2],
                tuple(sorted({tool for *_, tools in parts for tool in tools})),
            )
            for path, parts in found.items()
        ]
        return tuple(sorted(rows, key=lambda row: (-row.lines, row.path)))

    def _results(self) -> tuple[Result, ...]:
        held = {Grade.PROVED: Outcome.MET, Grade.STATED: Outcome.MET, Grade.UNKNOWN: Outcome.UNKNOWN}
        controls = (
            ("CHG-01", "A second person approved every merged change", ("CC8.1",), LinkName.REVIEW),
            ("CHG-02", "Every change came by a pull request", ("CC8.1",), LinkName.CHANGE),
            ("CHG-04", "Checks succeeded on what was merged", ("CC7.1", "CC8.1"), LinkName.CHECKS),
            ("CHG-05", "Every change answers a request", ("CC8.1",), LinkName.REQUEST),
            ("CHG-07", "An AI tool that took part is named", ("CC8.1",), LinkName.SUGGESTION),
        )
        return tuple(self._result(control, held) for control in controls) if self.told else ()

    def _result(self, control: tuple[str, str, tuple[str, ...], LinkName], held: dict[Grade, Outcome]) -> Result:
        own, title, criteria, link = control
        verdicts = [
            Verdict(
                told.change.id,
                held.get(told.chain.link(link).grade, Outcome.DEVIATION),
                told.authorship.value,
                {"grade": told.chain.link(link).grade.value},
            )
            for told in self.told
        ]
        split: dict[str, dict[str, int]] = {}
        for verdict in verdicts:
            row = split.setdefault(verdict.attribution, {outcome.value: 0 for outcome in Outcome})
            row[verdict.outcome.value] += 1
        counts = {outcome.value: sum(v.outcome is outcome for v in verdicts) for outcome in Outcome}
        return Result(
            control=own,
            title=title,
            criteria=criteria,
            population="changes",
            count=len(verdicts),
            counts=counts,
            split=split,
            verdicts=tuple(verdict for verdict in verdicts if verdict.outcome is Outcome.DEVIATION),
            conclusion=Conclusion.WITH_DEVIATIONS if counts["deviation"] else Conclusion.EVIDENCE_MISSING,
            query=f"SELECT change_id, (review = '{link.value}') AS verdict FROM changes ORDER BY change_id",
            digest=sha1(own.encode()).hexdigest() + "0" * 24,
        )


def harbor() -> World:
    """Two years of a small company: four people, three tools, a bot, squashes, stated reviews, and gaps."""
    world = (
        World()
        .person("ada", "Ada Lovelace", "ada@harbor.example")
        .person("grace", "Grace Hopper", "grace@harbor.example")
        .person("yukihiro", "松本 行弘", "matz@harbor.example")
        .person("noor", "نور الهدى", "noor@harbor.example")
        .person("bot", "dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com")
        .tool("claude_code", "Claude Code", "Anthropic", approved=True, configured=("CLAUDE.md",))
        .tool("copilot", "GitHub Copilot", "GitHub", approved=True)
        .tool("cursor", "Cursor", "Anysphere", approved=False, configured=(".cursor/rules/harbor.mdc",))
        .tool("aider", "aider", "aider", configured=(".aider.conf.yml",))
        .change("Import the booking prototype", "2024-12-02", "ada", landing=Landing.INITIAL, wrote=_wrote(4200, 0))
    )
    ideas = (
        "Price quotes in the carrier's currency",
        "Retry a failed customs filing",
        "Show the berth plan as a timeline",
        "Cut the start-up time of the worker",
        "Keep container events in order",
        "Let a shipper cancel before loading",
        "Round weights as the carrier does",
        "Send the arrival notice once",
    )
    people = ("ada", "grace", "yukihiro", "noor")
    for at in range(96):
        year, month = divmod(at // 4, 12)
        date = f"{2024 + (year + (month + 11) // 12)}-{(month + 11) % 12 + 1:02d}-{3 + 7 * (at % 4):02d}"
        by = people[(at * 5 + at // 7) % 4]
        late = at / 96
        tool, authorship, model = None, Authorship.UNKNOWN, None
        if at % 11 == 10:
            world.change(
                f"Bump httpx from 0.27.{at} to 0.27.{at + 1}",
                date,
                "bot",
                landing=Landing.BOT,
                wrote={"uv.lock": 6},
                authorship=Authorship.AUTOMATION,
            )
            continue
        if (at * 7) % 10 < 10 * late:
            tool = ("claude_code", "claude_code", "copilot", "cursor")[at % 4]
            authorship = Authorship.AI_TRACKED if tool == "claude_code" and at % 3 == 0 else Authorship.AI_DECLARED
            model = "claude-opus-4-1" if tool == "claude_code" else None
        elif at % 13 == 5:
            authorship = Authorship.HUMAN_TRACKED
        landing = (Landing.SQUASH, Landing.SQUASH, Landing.MERGE, Landing.REBASE, Landing.SQUASH, Landing.DIRECT)[
            at % 6
        ]
        reviewer = people[(at * 5 + at // 7 + 1 + at % 3) % 4] if at % 5 in (0, 3) else None
        world.change(
            f"{ideas[at % 8]}{', part ' + str(at // 8 + 1) if at >= 8 else ''}",
            date,
            by,
            landing=landing,
            wrote=_wrote(20 + (at * 37) % 160, at),
            authorship=authorship,
            tool=tool,
            model=model,
            reviewed_by=by if at == 43 else reviewer,
            request=f"HRB-{200 + at}" if at % 3 else None,
            contradicted=LinkName.SUGGESTION if at == 61 else None,
        )
        if at % 24 == 23:
            world.release(f"v1.{at // 24}.0", date)
    return (
        world.gap(
            "GAP-FORGE",
            "Approvals, checks, branch rules, builds and deployments were not read.",
            "They live in the forge, not in git; every link and control that needs them is unknown.",
            SYNC,
        )
        .gap(
            "GAP-PULLREFS",
            "47 squashed pull requests have no head here.",
            "Their lines can only be attributed as a whole, though several authors may stand behind them.",
            "git fetch origin '+refs/pull/*/head:refs/pull/*/head'",
            count=47,
        )
        .finding(
            "CHG-02",
            Severity.BLOCKING,
            "16 changes were pushed directly to the branch.",
            "Protect the branch.",
            count=16,
            commit=world.told[-7].change.id,
        )
        .finding(
            "VEN-05",
            Severity.BLOCKING,
            "Cursor wrote code and is not in the inventory of approved tools.",
            "Approve it in asbuilt.toml, or stop its use.",
        )
        .finding(
            "AI-UNREVIEWED",
            Severity.UNKNOWN,
            "AI-written lines with no review in sight: 1,204 in this file.",
            "asbuilt trace src/harbor/quotes.py",
            path="src/harbor/quotes.py",
            line=812,
        )
        .finding(
            "AI-OPTOUT",
            Severity.NOTE,
            "Disclosure is switched off: includeCoAuthoredBy is false.",
            "Remove the setting.",
            path=".claude/settings.json",
            line=4,
        )
        .said(
            "Deviations in 2 of 5 controls; git alone cannot show approvals or checks, so 3 more are unknown.",
            f"Read the forge's side of the story: {SYNC}",
        )
    )


FILES = (
    "src/harbor/quotes.py",
    "src/harbor/customs/filing.py",
    "src/harbor/berths/timeline.tsx",
    "src/harbor/worker.py",
    "src/harbor/events/order.py",
    "tests/test_quotes.py",
    "docs/運賃/見積もり.md",
    "infra/terraform/modules/very_long_module_name_for_the_container_registry/policies/main.tf",
)


def _wrote(count: int, at: int) -> dict[str, int]:
    files = (FILES[at % 8], FILES[(at * 3 + 1) % 8])
    return {files[0]: count} if files[0] == files[1] else {files[0]: count - count // 3, files[1]: count // 3}


HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "javascript:alert(1)",
    "[x](javascript:alert(1)) `code` | pipe | **bold**",
    "\x1b]0;owned\x07\x1b[31mred\x1b[0m",
    "admin\u202etxt.exe\u202c\u2066",
    "https://evil.example/?q=1",
    "</style></title></textarea>&lt;b&amp;",
    '=HYPERLINK("https://evil.example")',
    "line\nbreak\r\nand\ttab",
    "e" + "\u0301" * 400,
    "{{7*7}}${7*7}%s$name",
)


def hostile() -> World:
    """Every text that a repository can choose is an attack."""
    world = World(name=HOSTILE[0], project=HOSTILE[1], forge=HOSTILE[2])
    for at, text in enumerate(HOSTILE):
        world.person(f"p{at}", text, f"{text}@evil.example")
    for at, text in enumerate(HOSTILE):
        world.tool(f"t{at}", text, text, configured=(text,))
        world.change(
            text,
            "2025-03-0" + str(1 + at % 9),
            f"p{at}",
            wrote={f"{text}/{text}": 10, text: 5},
            authorship=Authorship.AI_DECLARED,
            tool=f"t{at}",
            model=text,
            reviewed_by=f"p{(at + 1) % len(HOSTILE)}" if at % 2 else None,
            request=text,
        )
        world.gap(text, text, text, text)
        world.finding(text, Severity.BLOCKING, text, text, path=text, line=at)
        world.release(text, "2025-04-01")
    return world.said(" ".join(HOSTILE), " ".join(HOSTILE))


def tiny() -> World:
    """One commit, no forge, nothing known."""
    return (
        World(name="one", forge=None, project=None)
        .person("ada", "Ada Lovelace", "ada@harbor.example")
        .change("First", "2026-01-05", "ada", landing=Landing.INITIAL, wrote={"README": 1})
        .said("1 change, and nothing to compare it with.", "asbuilt inspect --help")
    )


def large(changes: int) -> World:
    """A history of so many changes."""
    world = World(name="leviathan", since=moment("2016-01-01"))
    for at in range(40):
        world.person(f"p{at}", f"Person {at} of a long and distinguished family name", f"p{at}@leviathan.example")
    world.tool("claude_code", "Claude Code", "Anthropic", approved=True)
    for at in range(changes):
        month = 1 + (at * 12 * 10 // changes) % 12
        world.change(
            f"Change {at} of a subject that is neither short nor, as these things go, very long",
            f"{2016 + at * 10 // changes}-{month:02d}-{1 + at % 28:02d}",
            f"p{at % 40}",
            wrote={f"src/module_{at % 997}/component_{at % 31}.py": 7 + at % 50},
            authorship=Authorship.AI_DECLARED if at % 3 == 0 else Authorship.UNKNOWN,
            tool="claude_code" if at % 3 == 0 else None,
            reviewed_by=f"p{at * 7 % 40}" if at % 4 == 0 else None,
        )
    return world
