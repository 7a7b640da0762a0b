"""Answers of registries, written for tests."""

import json
from typing import Any

from asbuilt.model.registry_facts import PackageFacts
from asbuilt.supply.registry.answers import Answer, Asked
from asbuilt.supply.registry.reading import list_readers

NOW = 1_790_000_000
INDEX = "https://registry.example"


def asked(ecosystem: str, name: str) -> Asked:
    return Asked(ecosystem, name, INDEX, NOW)


def answer(body: Any, status: int = 200, kind: str = "application/json") -> Answer:
    return Answer(status, body if isinstance(body, bytes) else json.dumps(body).encode(), kind)


def read(ecosystem: str, name: str, *bodies: Any) -> PackageFacts:
    """What the reader of an ecosystem makes of these bodies, each answered with 200."""
    answers = [own if isinstance(own, Answer) else answer(own) for own in bodies]
    return list_readers()[ecosystem].read(answers, asked(ecosystem, name))
