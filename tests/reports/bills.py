"""A bill of materials with one of everything."""

import msgspec

from asbuilt.model.component import Component, Unread
from asbuilt.model.deps import Dependency
from asbuilt.model.sbom import Artifact, Bill, Entry

SHA = "ab" * 32


def component(name: str, version: str | None, **more: object) -> Component:
    told = {
        "ecosystem": "npm",
        "path": "package-lock.json",
        "purl": f"pkg:npm/{name}" + (f"@{version}" if version else ""),
    }
    return Component(name=name, version=version, **(told | more))  # type: ignore[arg-type]


def bill(*, unread: bool = True) -> Bill:
    locked = component("a", "1.0.0", line=5, hashes=(f"sha256:{SHA}", "sha512:not hex"), licence="MIT", direct=True)
    words = component(
        "b", "2.0.0", licence="Ask\u202eus", source="git", hashes=("md5:" + "0" * 32, "md5:" + "1" * 32)
    )
    declared = component("c", None, declared=">=1 \x1b[31m", line=9, path="sub/x.json")
    image = component("python", "3.12", ecosystem="Docker", purl="pkg:docker/python@3.12")
    return Bill(
        product="acme",
        commit="0123456789" * 4,
        moment=1_700_000_000,
        is_work_tree=False,
        program="asbuilt 1.2.3",
        digest="00",
        files=("package-lock.json", "sub/x.json"),
        entries=(
            Entry(component=image, places=(("Dockerfile", 1),)),
            Entry(
                component=locked,
                places=(("package-lock.json", 5), ("other.json", None)),
                scope="runtime",
                licence="MIT",
            ),
            Entry(component=words, places=(("package-lock.json", None),), scope="development"),
            Entry(component=declared, places=(("sub/x.json", 9),), scope="optional"),
        ),
        unread=(Unread(path="bun.lockb", why="It is binary.", line=None, remedy="Write text."),) if unread else (),
    )


def who_bill() -> Bill:
    """The same with who brought the first three: a commit, one that is not here, and none."""
    made = bill()
    told = Dependency(
        kind="version", ecosystem="Docker", name="python", purl="pkg:docker/python@3.12", path="Dockerfile",
        previous="3.11", commit="c" * 40, at=1_700_000_000, change="d" * 40, landed_at=1_700_000_100, number=7,
        author="Ana \x1b[31m", attribution="ai-declared", tools=("claude_code",), approval="proved",
        approved_by=("dee",),
    )  # fmt: skip
    before = Dependency(kind="before", ecosystem="npm", name="a", purl="pkg:npm/a@1.0.0", path="package-lock.json")
    image, locked, *others = made.entries
    entries = (
        msgspec.structs.replace(image, brought=told),
        msgspec.structs.replace(locked, brought=before),
        *others,
    )
    return msgspec.structs.replace(made, entries=entries, tells_who=True)


def bound_bill() -> Bill:
    """The same, of an artefact that was built and released."""
    own = Artifact(digest=f"sha256:{SHA}", file="acme-1.0 \x1b[31m.whl", release="1.0")
    return msgspec.structs.replace(bill(), artifact=own)
