"""What is shipped: releases, the packages that came in, and models that a provider replaced."""

from collections.abc import Iterator, Mapping
from typing import Any

from asbuilt.model.record import Record
from tests.company_year.changes import unapproved
from tests.company_year.landings import COLLECTED_FROM, Landing, change_id, landed_at, landings, repository_of
from tests.company_year.world import DAY, HOUR, SEEN_UNTIL, Plant, World, at, changed, months, sha, whole, written

Row = Mapping[str, Any]

_TOLD_ONLY = "acme/web"
PRODUCTS = ("acme/checkout", "acme/ledger", "acme/web")
PACKAGES = ("pypi:httpx", "pypi:pydantic", "npm:react", "npm:vite", "actions:checkout", "oci:debian", "pypi:attrs")


def records(world: World) -> Iterator[Record]:
    """Everything about what is shipped."""
    yield from whole("releases", _releases(world), since=COLLECTED_FROM)
    kept = (own for own in _releases(world) if own["repository"] != _TOLD_ONLY)
    yield from whole("sboms", map(_list, kept), since=COLLECTED_FROM)
    yield from whole("dependencies_added", map(_package, _bringing(world)), since=COLLECTED_FROM)
    yield from whole("dependency_approvals", map(_approval, filter(_is_approved_apart, _bringing(world))))
    yield from whole("model_changes", MODEL_CHANGES, since=COLLECTED_FROM)


def _releases(world: World) -> Iterator[Row]:
    """Each month one of each product, of its newest change."""
    made = landings(world)
    for first in months(COLLECTED_FROM, SEEN_UNTIL - 6 * DAY):
        moment = first + 5 * DAY + 13 * HOUR
        for product in PRODUCTS:
            newest = max(
                (own for own in made if own.repository == product and own.landed < moment),
                key=lambda own: own.landed,
                default=None,
            )
            digest = f"sha256:{sha('release', product, moment)}"
            yield {
                "release": f"{product.removeprefix('acme/')} {moment:%Y.%m}",
                "repository": product,
                "released_at": moment,
                "artifact_digest": digest,
                "commit": newest.id if newest else None,
                "sbom_format": "CycloneDX",
                "sbom_artifact_digest": digest,
                "sbom_kept_until": moment + 3 * 365 * DAY,
                "provenance_digest": digest,
                "has_provenance": True,
                "signature_verified": True,
                "ships_models": product == "acme/web",
                "sbom_lists_models": True if product == "acme/web" else None,
            }


def _list(release: Row) -> Row:
    """The list of components that the pipeline kept in the ledger; of the web only the release's row tells of it."""
    document = sha("list", release["release"])
    return {
        "repository": release["repository"],
        "sbom": f"{document} for {release['release']}",
        "document": document,
        "format": "CycloneDX 1.6",
        "artifact_digests": [release["artifact_digest"]],
        "release": release["release"],
        "commit": release["commit"],
        "made_at": release["released_at"],
        "component_count": 120,
        "lists_models": False,
    }


def _bringing(world: World) -> Iterator[Landing]:
    return (own for own in landings(world) if own.touches("dependencies"))


def _package(own: Landing) -> Row:
    """A package that a change brought in: approved with the change, or by name."""
    named = (own.number % 25 == 4 and own.reviewers[0].login) or None
    return {
        "repository": own.repository,
        "change_id": own.id,
        "package": PACKAGES[own.number % len(PACKAGES)],
        "version": f"{own.number // 50}.{own.number % 50}.0",
        "added_at": own.landed,
        "exists_in_registry": True,
        "published_at": own.landed - (2 if _is_excepted(own) else 40 + own.number % 300) * DAY,
        "looks_like": "none",
        "licence": ("MIT", "Apache-2.0", "BSD-3-Clause")[own.number % 3],
        "blocking_findings": 0,
        "approved_by": named,
        "approved_at": own.landed - HOUR if named else None,
    }


def _is_approved_apart(own: Landing) -> bool:
    return own.attribution == "automation" and own.number % 2 == 0


def _is_excepted(own: Landing) -> bool:
    return _is_approved_apart(own) and own.number % 4 == 0


def _approval(own: Landing) -> Row:
    """An approval of one package, before it came; some are excepted from the policy until a day."""
    excepted = _is_excepted(own)
    return {
        "approval": f"PKG-{own.number}",
        "package": PACKAGES[own.number % len(PACKAGES)],
        "version": f"{own.number // 50}.{own.number % 50}.0",
        "approved_by": own.reviewers[0].login,
        "approved_at": own.landed - 2 * HOUR,
        "reason": "a fix that we cannot wait for" if excepted else "we looked at its code and at who keeps it",
        "expires_at": own.landed + 90 * DAY if excepted else None,
        "excepts": ["age"] if excepted else None,
    }


def _model(changed_at: str, old: str, new: str) -> Row:
    moment = at(changed_at)
    return {
        "feature": "assistant",
        "changed_at": moment,
        "old_model": old,
        "new_model": new,
        "evaluated_at": moment + 2 * DAY,
        "evaluation_passed": True,
        "accepted_by": "sam",
    }


MODEL_CHANGES = (
    _model("2026-02-19T06:00", "large-2026-01", "large-2026-02"),
    _model("2026-06-25T06:00", "large-2026-02", "large-2026-06"),
)

_PROMPTS = 66  # of the first changes one that touches prompts
_ADDED = 4  # and one that brought a package, by name
_EXCEPTED = 8  # and one whose package was excepted from its age
_RELEASE = {"release": "web 2026.03"}
_MODEL = {"changed_at": MODEL_CHANGES[0]["changed_at"]}


def _dependency(number: int) -> str:
    version = f"{number // 50}.{number % 50}.0"
    where = repository_of(number, landed_at(number))
    return f"{where} | {change_id(number)} | {PACKAGES[number % len(PACKAGES)]} | {version}"


def _came(**columns: Any) -> Plant:
    return Plant(
        "CHG-14", _dependency(_ADDED), changed("dependencies_added", {"change_id": change_id(_ADDED)}, **columns)
    )


def _excepted(**columns: Any) -> Plant:
    told = changed("dependency_approvals", {"approval": f"PKG-{_EXCEPTED}"}, **columns)
    return Plant("CHG-14", _dependency(_EXCEPTED), told)


def _released(**columns: Any) -> Plant:
    return Plant("CHG-15", "acme/web | web 2026.03", changed("releases", _RELEASE, **columns))


def _replaced(**columns: Any) -> Plant:
    item = f"provider | assistant | {written(_MODEL['changed_at'])}"
    return Plant("CHG-16", item, changed("model_changes", _MODEL, **columns))


PLANTS: dict[str, Plant] = {
    "a package that was brand new": _came(published_at=landed_at(_ADDED) - 2 * DAY),
    "a package that the registry does not know": _came(exists_in_registry=False),
    "a name with one letter off": _came(looks_like="actions:checkout"),
    "a finding that blocks": _came(blocking_findings=1),
    "a licence that is refused": _came(licence="AGPL-3.0-only"),
    "a package approved by nobody at work": _came(approved_by="erik", approved_at=at("2023-01-01")),
    "a package approved after it had come": _came(approved_at=landed_at(_ADDED) + HOUR),
    "an exception that had run out": _excepted(expires_at=landed_at(_EXCEPTED) - HOUR),
    "an exception without an end": _excepted(expires_at=None),
    "an exception without a reason": _excepted(reason=None),
    "an exception of another version": _excepted(version="9.9.9"),
    "an exception after the package had come": _excepted(approved_at=landed_at(_EXCEPTED) + HOUR),
    "an exception by nobody at work": _excepted(approved_by="erik", approved_at=at("2023-01-01")),
    "an exception from another rule": _excepted(excepts=["licence"]),
    "a release without a list": _released(sbom_format="none", sbom_artifact_digest=None),
    "a list of another artefact": _released(sbom_artifact_digest=f"sha256:{sha('another')}"),
    "a release without provenance": _released(has_provenance=False, provenance_digest=None),
    "a signature that does not hold": _released(signature_verified=False),
    "a list that is thrown away": _released(sbom_kept_until=at("2026-06-01")),
    "models that stand on no list": _released(sbom_lists_models=False),
    "a prompt without an evaluation": Plant(
        "CHG-16",
        f"own | {change_id(_PROMPTS)}",
        changed("checks", {"check_id": f"C-{_PROMPTS}-answers"}, conclusion="failure"),
    ),
    "a prompt that nobody approved": Plant(
        "CHG-16",
        f"own | {change_id(_PROMPTS)}",
        unapproved(_PROMPTS),
        also={"CHG-01": "it is a change like any other"},
    ),
    "a new model that nobody evaluated": _replaced(evaluated_at=None, evaluation_passed=None),
    "a new model evaluated too late": _replaced(evaluated_at=_MODEL["changed_at"] + 9 * DAY),
    "a new model that nobody accepted": _replaced(accepted_by=None),
    "a new model that fell short": _replaced(evaluation_passed=False),
}
