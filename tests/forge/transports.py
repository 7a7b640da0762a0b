"""The forge behind an httpx client in memory, or on the loopback."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx

from tests.forge.service import CutError, Service


class InMemory(httpx.BaseTransport):
    """``httpx.Client(transport=InMemory(service))``: no socket at all."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            found = self.service.answer(request.method, str(request.url), dict(request.headers), request.read())
        except CutError as cut:
            raise httpx.ReadError("the connection broke", request=request) from cut
        return httpx.Response(found.status, headers=dict(found.headers), content=found.body, request=request)


@contextmanager
def serving(service: Service) -> Iterator[str]:
    """The forge's address on the loopback, while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            url = f"http://{self.headers.get('Host', 'localhost')}{self.path}"
            try:
                found = service.answer(self.command, url, dict(self.headers.items()), body)
            except CutError:
                self.close_connection = True
                self.connection.close()
                return
            self.send_response_only(found.status)
            for name, value in found.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(found.body)))
            self.end_headers()
            self.wfile.write(found.body)
            self.wfile.flush()

        do_POST = do_GET  # noqa: N815  (the name that http.server looks for)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
