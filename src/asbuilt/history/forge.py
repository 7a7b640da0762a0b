"""Which forge a repository lives on, named from its remotes or from the words of its merges; never guessed."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from asbuilt.history.messages import read_pull_request, split_message
from asbuilt.model.commit import Commit

# Hosts whose forge is public knowledge. A company's own host is not guessed from its name.
_HOSTS = {
    "github.com": "github",
    "ssh.github.com": "github",
    "www.github.com": "github",
    "gitlab.com": "gitlab",
    "altssh.gitlab.com": "gitlab",
    "bitbucket.org": "bitbucket",
    "altssh.bitbucket.org": "bitbucket",
    "codeberg.org": "forgejo",
    "gitea.com": "gitea",
    "dev.azure.com": "azure",
    "ssh.dev.azure.com": "azure",
}
_URL = re.compile(r"(?:(?:https?|ssh|git|git\+ssh)://)(?:[^@/\s]*@)?(?P<host>[^/:\s]+)(?::\d+)?/+(?P<path>\S+)")
_SCP = re.compile(r"(?:[^@/\s]+@)?(?P<host>[A-Za-z0-9.-]+\.[A-Za-z]{2,}):(?!//)(?P<path>\S+)")
_PART = re.compile(r"[\w.~-]+")
_ENOUGH = 2000  # merges looked at; the words of a forge stand in every one


def name_forge(remotes: Mapping[str, str], commits: Iterable[Commit]) -> tuple[str | None, str | None]:
    """The forge and the project (``owner/repo``), as far as they are known.

    Forges are called github, gitlab, bitbucket, azure, gitea and forgejo. Remotes are asked first, ``origin``
    before ``upstream`` before the others by name. Where none names a public forge, the words of the merges may name
    its kind, with the project unknown.
    """
    order = sorted(remotes, key=lambda name: ({"origin": 0, "upstream": 1}.get(name, 2), name))
    for name in order:
        found = read_remote(remotes[name])
        if found is not None:
            return found
    counts: Counter[str] = Counter()
    seen = 0
    for commit in commits:
        if len(commit.parents) > 1 or commit.committer.email == "noreply@github.com":
            seen += 1
            style = _style(commit)
            if style is not None:
                counts[style] += 1
            if seen >= _ENOUGH:
                break
    best = counts.most_common(1)
    return (best[0][0], None) if best else (None, None)


def read_remote(url: str) -> tuple[str, str | None] | None:
    """Forge and project of one remote URL on a public forge; credentials in it are dropped. Else None."""
    match = _URL.fullmatch(url.strip()) or _SCP.fullmatch(url.strip())
    if not match:
        return None
    host = match["host"].casefold().rstrip(".")
    forge = _HOSTS.get(host) or ("azure" if host.endswith(".visualstudio.com") else None)
    if forge is None:
        return None
    parts = match["path"].split("?")[0].split("#")[0].strip("/").removesuffix(".git").split("/")
    if not all(_PART.fullmatch(part) for part in parts):
        return forge, None
    if forge == "azure":
        kept = [part for part in parts if part not in {"_git", "v3", "DefaultCollection"}]
        return forge, "/".join(kept) if len(kept) >= 2 else None
    if len(parts) < 2 or (forge != "gitlab" and len(parts) != 2):
        return forge, None
    return forge, "/".join(parts)


def _style(commit: Commit) -> str | None:
    subject, body = split_message(commit.message)
    mark = read_pull_request(subject, body)
    if mark is None:
        return None
    if mark.style == "github" and mark.single and commit.committer.email != "noreply@github.com":
        return None  # `(#12)` typed by anyone, on any forge
    return mark.style if mark.style in {"github", "gitlab", "bitbucket", "azure", "gitea"} else None
