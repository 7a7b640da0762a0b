"""Frameworks whose routes are not read are said, by what files import."""

import pytest

from asbuilt.model.route import OtherFramework
from asbuilt.scans.routes.table import route_table


@pytest.mark.parametrize(
    ("path", "code", "name"),
    [
        ("a.ts", "import { Hono } from 'hono'\nexport const app = new Hono()\n", "Hono"),
        ("a.ts", "import * as trpc from '@trpc/server/adapters/next'\n", "tRPC"),
        ("a.js", "const Koa = require('koa')\n", "Koa"),
        ("a.ts", "Deno.serve(async (req) => new Response('x'))\n", "Deno.serve"),
        ("a.ts", "export default defineEventHandler((event) => 'x')\n", "Nitro"),
        ("a.py", "from aiohttp import web\n", "aiohttp"),
        ("a.py", "import tornado.web\n", "Tornado"),
        ("a.py", "import http.server as serving\n", "http.server"),
        ("a.py", "from ninja import NinjaAPI\n", "Django Ninja"),
    ],
)
def test_a_framework_is_known_by_its_import(path: str, code: str, name: str) -> None:
    assert route_table([(path, code.encode())]).others == (OtherFramework(name=name, files=1, first=path),)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("a.ts", "import express from 'express'\n// hono is another one\n"),
        ("a.ts", "my.Deno.serve(1); Deno.serveHttp(2)\n"),
        ("a.py", "from aiohttp import ClientSession\n"),
        ("a.py", "from .ninja import strike\n"),
        ("tests/a.ts", "import { Hono } from 'hono'\n"),
    ],
)
def test_a_client_a_mention_or_a_test_is_none(path: str, code: str) -> None:
    assert route_table([(path, code.encode())]).others == ()


def test_files_are_counted_and_the_first_is_named() -> None:
    code = b"import { Hono } from 'hono'\nimport { cors } from 'hono/cors'\n"
    table = route_table([("b.ts", code), ("a.ts", code), ("c.ts", b"")])
    assert table.others == (OtherFramework(name="Hono", files=2, first="a.ts"),)
