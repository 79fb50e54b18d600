"""`cordon look`: verdicts over real sockets, and no connection where the policy does not admit one."""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import http.server
import importlib.util
import json
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import unittest
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import BAD_INPUT, OK, ROOT, USAGE, EndToEnd, run

PAGE = b"<html><title>Tea &amp; houses</title><p>A page.</p></html>"
SCRAP_IS_GONE = b"<p>This scrap has expired or was removed</p>"


class Pages(http.server.BaseHTTPRequestHandler):
    """What a provider's pages look like, by path."""

    protocol_version = "HTTP/1.1"
    replies: dict[str, tuple[int, dict[str, str], bytes]] = {
        "/live": (200, {}, PAGE),
        "/missing": (404, {}, b"not found"),
        "/gone": (410, {}, b""),
        "/law": (451, {}, b""),
        "/wall": (302, {"Location": "/login?next=/wall"}, b""),
        "/moved": (301, {"Location": "/live"}, b""),
        "/inside": (302, {"Location": "http://10.0.0.1/"}, b""),
        "/broken": (500, {}, b"oops"),
        "/expired": (200, {}, SCRAP_IS_GONE),
    }

    def do_GET(self) -> None:  # noqa: N802 (the name is http.server's)
        status, fields, body = self.replies[self.path]
        self.send_response(status)
        for name, value in fields.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64
    accepted = 0

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        self.accepted += 1
        return super().get_request()

    def handle_error(self, request: object, client_address: object) -> None:
        """A visitor that does not like the certificate is no error of the test's."""


@contextmanager
def pages(context: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server on a free loopback port."""
    server = Server(("127.0.0.1", 0), Pages)
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Look(EndToEnd):
    """Looks at pages of a server on this machine."""

    def test_verdicts(self) -> None:
        """Each page has the verdict of its sign, in the order of the addresses."""
        expected = {
            "/live": ("live", "page", 200),
            "/missing": ("removed", "status_404", 404),
            "/gone": ("removed", "status_410", 410),
            "/law": ("restricted", "status_451", 451),
            "/wall": ("restricted", "login_wall", 302),
            "/moved": ("moved", "redirect", 200),
            "/inside": ("unreachable", "refused", 302),
            "/broken": ("unreachable", "server_error", 500),
        }
        with pages() as server:
            origin = f"http://127.0.0.1:{server.server_address[1]}"
            lines = "".join(f"{origin}{path}\n" for path in expected).encode()
            ended = run("look", "-", "--json", "--allow-loopback", stdin=lines)
            plain = run("look", origin + "/live", origin + "/gone", "--allow-loopback")
        self.assertEqual(ended.code, OK, ended.said)
        found = ended.lines()
        self.assertEqual([line["address"] for line in found], [origin + path for path in expected])
        self.assertEqual([(f["verdict"], f["basis"], f["status"]) for f in found], list(expected.values()))
        self.assertEqual(found[0]["title"], "Tea & houses")
        self.assertEqual(found[0]["page_sha256"], hashlib.sha256(PAGE).hexdigest())
        self.assertEqual(found[0]["page_bytes"], len(PAGE))
        self.assertEqual([line.split()[:3] for line in plain.out.splitlines()],
                         [["live", "page", "200"], ["removed", "status_410", "410"]])

    def test_nothing_inside(self) -> None:
        """Without a word about tests, no address of this machine is connected to."""
        with pages() as server:
            port = server.server_address[1]
            hosts = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "0", "a.localhost"]
            ended = run("look", *(f"http://{host}:{port}/live" for host in hosts), "--json")
            self.assertEqual(server.accepted, 0)
        self.assertEqual(ended.code, OK, ended.said)
        self.assertEqual({(f["verdict"], f["basis"]) for f in ended.lines()}, {("unreachable", "refused")})

    def test_range(self) -> None:
        """Hosts of a range are looked at there, by their packs; every other host is refused."""
        with pages() as server:
            place = ["--range-hosts", "scrap.example", "--range", f"127.0.0.1:{server.server_address[1]}"]
            ended = run("look", "https://scrap.example/expired", "https://quill.example/live", "--json", *place)
        found = ended.lines()
        self.assertEqual((found[0]["verdict"], found[0]["basis"]), ("removed", "soft_404"))
        self.assertEqual(found[1]["basis"], "refused")

    def test_certificate(self) -> None:
        """A certificate that nobody vouches for is no connection."""
        certificate, key = self.directory / "certificate.pem", self.directory / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        with pages(context) as server:
            address = f"https://127.0.0.1:{server.server_address[1]}/live"
            ended = run("look", address, "--json", "--allow-loopback")
        self.assertEqual([(f["verdict"], f["basis"]) for f in ended.lines()], [("unreachable", "tls")])

    def test_usage(self) -> None:
        """What can't be meant is told with the code for it."""
        self.assertEnds(run("look", "https://a.example/", "--range", "127.0.0.1:80"), USAGE, "--range-hosts")
        self.assertEnds(
            run("look", "https://a.example/", "--range", "192.0.2.1:80", "--range-hosts", "a.example"), USAGE,
            "loopback")
        self.assertEnds(run("look", "https://a.example/", "--concurrency", "0"), USAGE, "1 to 1000")
        self.assertEnds(run("look", "-", stdin=b"not an address\n"), BAD_INPUT, "address")


class Webhooks(unittest.TestCase):
    """The signatures that `GatewaysTests` holds the courier to, made by other hands."""

    vectors = json.loads((ROOT / "Tests/Vectors/webhooks.json").read_text())

    def test_by_the_specification(self) -> None:
        """HMAC-SHA-256 over identifier, time and body, as the specification says."""
        for vector in self.vectors:
            key = base64.b64decode(vector["key"])
            self.assertEqual(key.hex(), vector["key_hex"])
            signed = f"{vector['id']}.{vector['seconds']}.{vector['body']}".encode()
            code = hmac.new(key, signed, hashlib.sha256).digest()
            self.assertEqual(vector["signature"], "v1," + base64.b64encode(code).decode())

    def test_by_the_reference_library(self) -> None:
        """PyPI's standardwebhooks makes the same."""
        if importlib.util.find_spec("standardwebhooks") is None:
            added = sorted((ROOT / ".tools/venv/lib").glob("python3*/site-packages/standardwebhooks"))
            if not added:
                self.skipTest("standardwebhooks is not installed: scripts/setup-browser does it")
            sys.path.append(str(Path(added[0]).parent))
        from standardwebhooks import Webhook

        for vector in self.vectors:
            instant = datetime.datetime.fromtimestamp(vector["seconds"], datetime.UTC)
            self.assertEqual(Webhook(vector["key"]).sign(vector["id"], instant, vector["body"]), vector["signature"])


if __name__ == "__main__":
    unittest.main()
