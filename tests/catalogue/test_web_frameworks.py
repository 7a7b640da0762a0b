"""Frameworks whose routes are not read."""

import pytest

from asbuilt.catalogue.web_frameworks import framework_of, frameworks_by_module


@pytest.mark.parametrize(
    ("module", "language", "framework"),
    [
        ("hono", "script", "Hono"),
        ("hono/cors", "script", "Hono"),
        ("@trpc/server/adapters/next", "script", "tRPC"),
        ("honolulu", "script", None),
        ("@hono/zod-validator", "script", None),
        ("express", "script", None),
        ("", "script", None),
        ("aiohttp.web", "python", "aiohttp"),
        ("aiohttp.client", "python", None),
        ("aiohttp", "python", None),
        ("tornado.web.RequestHandler", "python", "Tornado"),
        (".ninja", "python", None),
        ("flask", "python", None),
    ],
)
def test_a_module_is_of_a_framework_or_of_none(module: str, language: str, framework: str | None) -> None:
    assert framework_of(module, "python" if language == "python" else "script") == framework


def test_no_framework_whose_routes_are_read_is_listed() -> None:
    read = {"flask", "fastapi", "django", "rest_framework", "express", "next"}
    assert not read & {*frameworks_by_module("python"), *frameworks_by_module("script")}
