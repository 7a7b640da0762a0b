"""Answers of the gate for tests of its reports, with every text as hostile as it may be."""

import msgspec

from asbuilt.model.gate import (
    SCHEMA,
    Answer,
    Brought,
    Gate,
    Looked,
    Notice,
    Override,
    Policy,
    Proposed,
    Standing,
    Test,
)
from asbuilt.model.inspection import Gap

EVIL = (
    "::error file=x::forged\n::set-output name=a::b\r\n##[error]old %0A::warning::x \x1b[31m@everyone "
    "<script>alert(1)</script> [a](https://evil.example) `code` | cell \u202e"
)


def judged(control: str, standing: Standing, *, required: bool = True) -> Test:
    """One control's test."""
    because = {"approvals_rejected_for": [EVIL], "emergency": False, "nothing": None, "word": EVIL}
    return Test(
        control, f"Title {EVIL}", standing, required, f"Message {EVIL}", f"Remedy {EVIL}", ("CC8.1",), because
    )


def things(text: str) -> tuple[Brought, ...]:
    """A finding and a package that refuse, one that is not known, and one that nothing stands against."""
    finding = Brought(
        kind="finding",
        what="finding",
        name="py-tls-off",
        standing=Standing.DEVIATION,
        blocks=True,
        message=f"Finding {text}",
        remedy=f"Remedy {text}",
        path="src/app.py",
        line=12,
        level="high",
        reasons=(text,),
    )
    package = Brought(
        kind="dependency",
        what="new",
        name=f"npm {text}",
        standing=Standing.UNKNOWN,
        blocks=False,
        message=f"Package {text}",
        remedy="",
        path=text,
        line=3,
        reasons=("not known (existence): first", text),
    )
    good = msgspec.structs.replace(package, name="npm good", standing=Standing.MET, reasons=())
    return finding, package, good


def answer(*, text: str = EVIL, blocking: int = 2, overridden: bool = False, with_brought: bool = True) -> Gate:
    """A refusal with that text wherever the change, the forge or a person may put one."""
    tests = [judged("CHG-01", Standing.DEVIATION), judged("CHG-05", Standing.UNKNOWN)][:blocking]
    tests += [judged(f"CHG-{at}", Standing.DEVIATION) for at in range(20, 18 + blocking)]
    tests += [judged("CHG-13", Standing.UNKNOWN, required=False), judged("CHG-17", Standing.MET)]
    change = Proposed(
        repository=text,
        base="b" * 40,
        head="a" * 40,
        tree="c" * 40,
        commits=2,
        paths=3,
        author=text,
        attribution="ai-declared",
        tools=("claude_code",),
        request=7,
        approvers=(text,),
        rejected=(f"{text}: author",),
        signals=(text,),
        participants=(text,),
    )
    return Gate(
        schema=SCHEMA,
        version="0",
        answer=Answer.REFUSED,
        verdict="Refused: CHG-01 does not hold.",
        next_step=f"Next {text}",
        judged_at="2023-11-18T00:00:00Z",
        change=change,
        policy=Policy("b" * 40, "asbuilt.toml", ("CHG-01",), ("CHG-13",)),
        tests=tuple(tests),
        notices=(Notice("guarded", "It changes guarded paths.", (".github/workflows/ci.yml", text), 30),),
        seen_in=("git", "request"),
        not_seen=(Gap("GAP-RECORD", text, text, text),),
        brought=things(text) if with_brought else (),
        looked=Looked(files=3, rules=40, languages=("python",), known=1, dependency_files=1, new=2, removed=1),
        override=Override(text, text, "2023-11-18T00:00:00Z", ("CHG-01",), "d" * 64) if overridden else None,
    )


def replaced(gate: Gate, **more: object) -> Gate:
    """The same with other fields."""
    return msgspec.structs.replace(gate, **more)
