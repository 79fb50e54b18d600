"""What `deploy/` holds, at work: the units, the proxy in front of two processes on PostgreSQL, the role, the rules."""

from __future__ import annotations

import html
import json
import os
import re
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

import postgres
from support import OK, ROOT, EndToEnd, Ended, Record, Server, environment, program, run

DEPLOY = ROOT / "deploy"
NGINX = "/usr/sbin/nginx"
PASSWORD = "correct horse battery"


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """The text with each of these replaced; one that is not there is a mistake."""
    for old, new in pairs:
        assert old in text, f"{old} is not in the file any more"
        text = text.replace(old, new)
    return text


class Units(EndToEnd):
    """The systemd units, with the program where it is here."""

    units: ClassVar[list[Path]]

    @classmethod
    def prepare(cls) -> None:
        cls.units = []
        for path in sorted((DEPLOY / "systemd").glob("*.service")):
            unit = cls.directory / path.name
            unit.write_text(replaced(path.read_text(), ("/usr/local/bin/cordon", program())))
            cls.units.append(unit)

    def test_verified(self) -> None:
        """systemd reads each unit without a remark."""
        self.assertEqual(len(self.units), 3)
        for unit in self.units:
            with self.subTest(unit.name):
                done = self.analyze("verify", "--man=no", str(unit))
                self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_planted_mistake(self) -> None:
        """A name that systemd does not know is found by the same command."""
        unit = self.directory / "wrong.service"
        unit.write_text(self.units[0].read_text().replace("NoNewPrivileges=", "NoNewPrivilege="))
        self.assertIn("NoNewPrivilege", self.analyze("verify", "--man=no", str(unit)).stderr)

    def test_sandbox(self) -> None:
        """What a unit can reach outside of itself, by systemd's own measure, is at most 2.0 of 10."""
        for unit in self.units:
            with self.subTest(unit.name):
                done = self.analyze("security", "--offline=true", "--threshold=20", "--no-pager", str(unit))
                self.assertEqual(done.returncode, 0, done.stdout[-400:] + done.stderr)

    def analyze(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)

    def test_options(self) -> None:
        """Every option that a unit gives the program is one that the program has."""
        for unit in self.units:
            (line,) = re.findall(rf"^ExecStart={re.escape(program())} (.*)$", unit.read_text(), re.MULTILINE)
            described = run(line.split()[0], "--help").out
            for option in re.findall(r"--[a-z-]+", line):
                self.assertIn(option, described, unit.name)

    def test_no_password(self) -> None:
        """No file of deploy/ holds a password; the one of the store comes as a credential."""
        for path in DEPLOY.rglob("*"):
            if path.is_file():
                # A variable of psql is none either.
                text = path.read_text().replace(":'password'", "")
                lines = [line for line in text.splitlines() if not line.lstrip().startswith(("#", "--"))]
                self.assertNotRegex("\n".join(lines), r"(?i)password\s*[:=]\s*['\"]?[a-z0-9]|://[^/\s]+:[^/\s@]+@")
        hub = [unit.read_text() for unit in self.units if "CORDON_STORE" in unit.read_text()]
        self.assertEqual(len(hub), 2)
        for text in hub:
            self.assertIn("LoadCredential=pgpass:", text)
            self.assertIn("PGPASSFILE=%d/pgpass", text)


class Capabilities(EndToEnd):
    def test_none_is_needed(self) -> None:
        """Without any capability, as the units run it, messages leave and pages are looked at as well."""
        directory = self.record().directory
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", program()] if os.geteuid() == 0 else [program()]
        done = subprocess.run(
            [*command, "exercise", "--items", "100", "--data", str(directory), "--json"],
            capture_output=True, text=True, env=environment(), check=False,
        )
        self.assertEqual(done.returncode, OK, done.stderr)
        summary = json.loads(done.stdout)
        self.assertGreater(summary["answered"], 50)
        self.assertEqual(summary["looks"], 9 * summary["referred"])


class Proxied(EndToEnd):
    """nginx with the site of `deploy/` in front of two serving processes on one PostgreSQL."""

    book: ClassVar[Record]
    servers: ClassVar[list[Server]]
    port: ClassVar[int]
    plain: ClassVar[int]
    token: ClassVar[str]

    @classmethod
    def prepare(cls) -> None:
        cls.book = Record(cls.directory / "record", postgres.make_schema())
        cls.book.imported("-", "--operation", "Spring action", stdin=b"https://chorus.example/1\n")
        added = cls.book.run(
            "user", "add", "ana", "--role", "analyst", "--password-stdin", stdin=PASSWORD.encode() + b"\n"
        )
        assert added.code == OK, added.said
        cls.token = cls.book.done("token", "create", "--user", "ana").out.strip()
        cls.servers = [Server(cls.book), Server(cls.book)]
        for server in cls.servers:
            cls.addClassCleanup(server.stop)
        cls.certificate = cls.directory / "certificate.pem"
        cls.make_certificate(cls.certificate, cls.directory / "key.pem")
        cls.port, cls.plain = free_port(), free_port()
        cls.start_nginx()

    @classmethod
    def make_certificate(cls, certificate: Path, key: Path) -> None:
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        command += ["-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=cordon.example"]
        subprocess.run([*command, "-addext", "subjectAltName=DNS:cordon.example"], capture_output=True, check=True)

    @classmethod
    def start_nginx(cls) -> None:
        site = replaced(
            (DEPLOY / "nginx/cordon.conf").read_text(),
            ("    listen [::]:80;\n", ""),
            ("    listen [::]:443 ssl http2;\n", ""),
            ("listen 80;", f"listen 127.0.0.1:{cls.plain};"),
            ("listen 443 ssl http2;", f"listen 127.0.0.1:{cls.port} ssl http2;"),
            ("127.0.0.1:8081", f"127.0.0.1:{cls.servers[0].port}"),
            ("127.0.0.1:8082", f"127.0.0.1:{cls.servers[1].port}"),
            ("/etc/ssl/cordon/fullchain.pem", str(cls.certificate)),
            ("/etc/ssl/cordon/privkey.pem", str(cls.directory / "key.pem")),
            ("/var/log/nginx/cordon.log", str(cls.directory / "access.log")),
        )
        (cls.directory / "site.conf").write_text(site)
        temporary = " ".join(f"{name}_temp_path {cls.directory}/{name};" for name in
                             ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        # Its workers have to read what only we may read.
        user = "user root; " if os.geteuid() == 0 else ""
        main = cls.directory / "nginx.conf"
        main.write_text(
            f"{user}daemon off; pid {cls.directory}/pid; error_log {cls.directory}/error.log; events {{}} "
            f"http {{ {temporary} include {cls.directory}/site.conf; }}"
        )
        command = [NGINX, "-e", str(cls.directory / "error.log"), "-c", str(main)]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0 and "warn" not in tested.stderr, tested.stderr
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        cls.addClassCleanup(process.wait)
        cls.addClassCleanup(process.terminate)
        deadline = time.monotonic() + 10
        while not cls.listens() and time.monotonic() < deadline:
            time.sleep(0.02)

    @classmethod
    def listens(cls) -> bool:
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", cls.port)) == 0

    def curl(self, path: str, *options: str, scheme: str = "https") -> Ended:
        """Headers and body of a request over the proxy."""
        port = self.port if scheme == "https" else self.plain
        command = ["curl", "-sS", "-i", "--max-time", "30", "--cacert", str(self.certificate)]
        command += ["--resolve", f"cordon.example:{port}:127.0.0.1", *options]
        done = subprocess.run(
            [*command, f"{scheme}://cordon.example:{port}{path}"], capture_output=True, text=True, check=False
        )
        return Ended(done.returncode, done.stdout.replace("\r", ""), done.stderr)

    def status(self, path: str, *options: str, scheme: str = "https") -> int:
        found = re.match(r"HTTP/\S+ (\d+)", self.curl(path, *options, scheme=scheme).out)
        return int(found[1]) if found else 0

    def wait_for(self, holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not holds() and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertTrue(holds())


class Proxy(Proxied):
    def sign_in(self) -> str:
        """Signs in by the form, over the proxy, and returns the session's secret."""
        page = self.curl("/sign-in").out
        (mark,) = re.findall(r"set-cookie: (cordon_form=\w+)", page)
        (token,) = re.findall(r'name="token" value="([^"]+)"', page)
        fields = [part for name, value in (("token", html.unescape(token)), ("name", "ana"), ("password", PASSWORD))
                  for part in ("--data-urlencode", f"{name}={value}")]
        answer = self.curl("/sign-in", "--cookie", mark, *fields).out
        self.assertRegex(answer, r"HTTP/2 303")
        # The program has been told that the visitor came over TLS.
        (cookie,) = re.findall(r"set-cookie: (cordon_session=.*)", answer)
        self.assertIn("; Secure", cookie)
        return cookie.split(";")[0].split("=", 1)[1]

    def test_tls(self) -> None:
        """Pages come over TLS 1.3 alone, with HSTS; without TLS there is only the way to it."""
        page = self.curl("/sign-in")
        self.assertRegex(page.out, r"^HTTP/2 200")
        self.assertIn("strict-transport-security: max-age=63072000", page.out)
        self.assertIn("content-security-policy: ", page.out)
        self.assertNotRegex(page.out, r"server: nginx/")
        self.assertEqual(self.curl("/sign-in", "--tls-max", "1.2").code, 35)
        self.assertIn("Location: https://cordon.example/sign-in", self.curl("/sign-in", scheme="http").out)

    def test_internal_pages(self) -> None:
        """What is for the machine's own programs is not there from outside; the rest of the API is."""
        for path in ("/metrics", "/healthz", "/readyz", "//metrics", "/./metrics", "/%6detrics"):
            self.assertEqual(self.status(path), 404, path)
        self.assertEqual(self.status("/api/v1/me", "-H", f"Authorization: Bearer {self.token}"), 200)
        self.assertEqual(self.status("/api/v1/me"), 401)

    def test_sizes(self) -> None:
        """The largest request of the API passes; a larger one is turned away by the proxy."""
        for size, status in ((8 << 20, 200), ((8 << 20) + 1, 413)):
            items = [{"address": f"https://size.example/{size}/{number}"} for number in range(1_000)]
            body = json.dumps({"items": items})
            file = self.file("body.json", body + " " * (size - len(body)))
            found = self.status(
                "/api/v1/items", "-H", f"Authorization: Bearer {self.token}", "-H", f"Idempotency-Key: {size}",
                "-H", "Content-Type: application/json", "--data-binary", f"@{file}",
            )
            self.assertEqual(found, status)

    def test_stream(self) -> None:
        """The live board comes through event by event, while the stream stays open."""
        session = self.sign_in()
        page = self.curl("/operations", "-b", f"cordon_session={session}").out
        path = re.search(r'href="(/operations/[0-9a-f-]{36})"', page)
        assert path is not None
        process = subprocess.Popen(
            ["curl", "-sSN", "--cacert", str(self.certificate), "-b", f"cordon_session={session}",
             "--resolve", f"cordon.example:{self.port}:127.0.0.1",
             f"https://cordon.example:{self.port}{path[1]}/events"],
            stdout=subprocess.PIPE, text=True,
        )
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        events: list[float] = []
        threading.Thread(target=self.read_events, args=(process, events), daemon=True).start()
        self.wait_for(lambda: len(events) == 1)
        reported = time.monotonic()
        self.servers[0].report(self.token, "stream", "https://chorus.example/2", operation="Spring action")
        self.wait_for(lambda: len(events) == 2)
        self.assertLess(events[1] - reported, 3)

    @staticmethod
    def read_events(process: subprocess.Popen[str], events: list[float]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("event: board"):
                events.append(time.monotonic())

    def test_visits_are_written_down(self) -> None:
        """The proxy's log holds no query and no secret."""
        self.curl("/queue?search=somebody", "-H", f"Authorization: Bearer {self.token}")
        self.wait_for(lambda: "/queue" in (self.directory / "access.log").read_text())
        log = (self.directory / "access.log").read_text()
        self.assertNotIn("somebody", log)
        self.assertNotIn(self.token, log)


class Trouble(Proxied):
    def test_one_process_is_gone(self) -> None:
        """Every request is answered by the other process, with the same bytes where it is one that was answered."""
        answer = self.servers[0].report(self.token, "before", "https://chorus.example/before")
        self.servers[0].stop(9)
        for number in range(10):
            again = self.curl(
                "/api/v1/items", "-H", f"Authorization: Bearer {self.token}", "-H", "Idempotency-Key: before",
                "-H", "Content-Type: application/json", "-d", '{"address": "https://chorus.example/before"}',
            )
            self.assertRegex(again.out, r"^HTTP/2 200", f"request {number}")
            self.assertEqual(again.out.split("\n\n", 1)[1].encode(), answer.body)

    def test_passwords(self) -> None:
        """Whoever tries passwords is slowed down, and nobody else with them."""
        tries = [
            self.status("/api/v1/sessions", "-H", "Content-Type: application/json", "-d", '{"name":"x","password":"y"}')
            for _ in range(14)
        ]
        self.assertIn(429, tries)
        self.assertEqual(self.status("/api/v1/me", "-H", f"Authorization: Bearer {self.token}"), 200)


class Database(EndToEnd):
    def test_role(self) -> None:
        """The role of deploy/ can do what the program needs, and nothing outside of its schema."""
        name = f"cordon_{os.getpid()}"
        # The tests' server has a superuser of that name.
        text = re.sub(r"\bcordon\b", name, (DEPLOY / "postgresql/role.sql").read_text())
        file = self.file("role.sql", text)
        self.psql(postgres.server(), "-v", "password=secret", "-f", str(file))
        address = re.sub(r"user=\w+", f"user={name}", postgres.server()).replace("/postgres?", f"/{name}?")
        try:
            record = Record(self.directory / "role", address)
            record.imported("-", stdin=b"https://a.example/1\n")
            self.assertSound(record)
            for sql in ("CREATE TABLE public.x (a int)", "CREATE SCHEMA other", "CREATE ROLE x", "CREATE DATABASE x"):
                self.assertRegex(self.psql(address, "-c", sql, fails=True), "permission denied")
        finally:
            self.psql(postgres.server(), "-c", f"DROP DATABASE {name}")
            self.psql(postgres.server(), "-c", f"DROP ROLE {name}")

    def psql(self, address: str, *arguments: str, fails: bool = False) -> str:
        done = subprocess.run(
            ["psql", "-Xq", "-v", "ON_ERROR_STOP=1", address, *arguments], capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode != 0, fails, done.stderr)
        return done.stderr


class Monitoring(EndToEnd):
    def test_rules(self) -> None:
        """Every metric that a rule asks for is one that docs/metrics.md describes."""
        described = set(re.findall(r"^\| `(\w+)`", (ROOT / "docs/metrics.md").read_text(), re.MULTILINE))
        rules = (DEPLOY / "prometheus/rules.yml").read_text()
        asked = set(re.findall(r"\b(?:cordon|process)_\w+", rules))
        self.assertGreater(len(asked), 8)
        self.assertEqual({name.removesuffix("_bucket") for name in asked} - described, set())
        self.assertEqual(rules.count("- alert: "), rules.count("summary: "))
        self.assertEqual(rules.count("- alert: "), rules.count("action: "))
