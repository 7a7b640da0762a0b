"""in-toto statements: what is stated about which digest, as far as the decision chain asks.

Sources: in-toto Statement v1 and v0.1; SLSA provenance v1 and v0.2; SLSA verification summary v1.
"""

import hashlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from asbuilt.model.attestation import Statement
from asbuilt.model.errors import SourceError
from asbuilt.model.text import visible

_TYPES: Final = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
_MOST: Final = 1_000  # subjects or materials that are read
_LONGEST: Final = 300
_GIT: Final = ("gitCommit", "sha1")


def parse_statement(payload: bytes, where: str) -> Statement:
    """The statement in a payload.

    Raises:
        SourceError: it is none.
    """
    try:
        told = msgspec.json.decode(payload)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise _refused(where, str(error)) from error
    if not isinstance(told, dict) or told.get("_type") not in _TYPES:
        raise _refused(where, "its _type is none of in-toto's")
    subjects = tuple(_subjects(told.get("subject")))
    if not subjects:
        raise _refused(where, "it is about nothing: no subject has a digest")
    predicate = told.get("predicate")
    stated: Mapping[str, Any] = predicate if isinstance(predicate, dict) else {}
    return Statement(
        digest=hashlib.sha256(payload).hexdigest(),
        predicate_type=_text(told.get("predicateType")) or "unknown",
        subjects=subjects,
        commit=_commit(stated, subjects),
        builder=_builder(stated),
        made_at=_made_at(stated),
        predicate=stated,
    )


def _subjects(told: object) -> Iterator[str]:
    for subject in _dicts(told):
        digests = subject.get("digest")
        if isinstance(digests, dict):
            for name, value in sorted(digests.items()):
                if isinstance(value, str) and value:
                    yield f"{visible(str(name), 40)}:{visible(value, 140)}"


def _commit(stated: Mapping[str, Any], subjects: tuple[str, ...]) -> str | None:
    """The commit that it names as source: a subject that is one, else the first dependency or material that is."""
    for subject in subjects:
        if subject.startswith("gitCommit:"):
            return subject.partition(":")[2]
    definition = stated.get("buildDefinition")
    sources = definition.get("resolvedDependencies") if isinstance(definition, dict) else stated.get("materials")
    for source in _dicts(sources):
        digests = source.get("digest")
        uri = source.get("uri")
        if isinstance(digests, dict) and isinstance(uri, str) and uri.startswith(("git+", "https://", "ssh://")):
            for name in _GIT:
                if isinstance(value := digests.get(name), str):
                    return visible(value, 64)
    return None


def _builder(stated: Mapping[str, Any]) -> str | None:
    run = stated.get("runDetails")
    holder = run if isinstance(run, dict) else stated
    for name in ("builder", "verifier"):
        own = holder.get(name)
        if isinstance(own, dict) and (text := _text(own.get("id"))):
            return text
    return None


def _made_at(stated: Mapping[str, Any]) -> int | None:
    run = stated.get("runDetails")
    holder = run if isinstance(run, dict) else stated
    metadata = holder.get("metadata")
    places = [*([metadata] if isinstance(metadata, dict) else []), stated]
    for place in places:
        for name in ("finishedOn", "buildFinishedOn", "timeVerified", "created_on", "createdOn", "startedOn"):
            if isinstance(text := place.get(name), str):
                try:
                    at = datetime.fromisoformat(text)
                except ValueError:
                    continue
                if at.tzinfo is not None:
                    return int(at.timestamp())
    return None


def _dicts(told: object) -> Iterator[dict[str, Any]]:
    if isinstance(told, list):
        yield from (each for each in told[:_MOST] if isinstance(each, dict))


def _text(told: object) -> str | None:
    return visible(told, _LONGEST) if isinstance(told, str) and told else None


def _refused(where: str, why: str) -> SourceError:
    return SourceError(
        "This is no in-toto statement.",
        why=f"{why[:200]}.",
        fix="Leave it out, or give the envelope that holds the statement.",
        where=where,
    )
