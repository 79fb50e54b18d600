"""The program under test, its record directory, and its HTTP server."""

from __future__ import annotations

import http.client
import json
import os
import re
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import postgres

ROOT = Path(__file__).resolve().parents[2]
OK, CHECK_FAILED, USAGE, BAD_INPUT, NO_INPUT, UNAVAILABLE = 0, 1, 64, 65, 66, 69
CANNOT_CREATE, INPUT_OUTPUT, NOT_PERMITTED, CONFIGURATION = 73, 74, 77, 78


def program() -> str:
    """The path of the built program."""
    return os.environ["CORDON"]


def environment(**more: str) -> dict[str, str]:
    """What the program sees: nothing of the caller's own record or token."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CORDON")}
    return {**kept, "SWIFT_BACKTRACE": "enable=no", **more}


@dataclass(frozen=True)
class Ended:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    def json(self) -> Any:
        return json.loads(self.out)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.split("\n") if line]


@dataclass
class Record:
    """A data directory and the commands on it; with a store, its journal and tables lie in PostgreSQL."""

    directory: Path
    store: str | None = None

    @property
    def database(self) -> Path:
        assert self.store is None, "this test is of a database file: it belongs to SQLite alone"
        return self.directory / "cordon.db"

    @property
    def where(self) -> list[str]:
        """The options that say where the record is."""
        return [*(["--store", self.store] if self.store else []), "--data", str(self.directory)]

    def run(
        self,
        *arguments: str | Path,
        stdin: bytes | None = None,
        token: str | None = None,
        timeout: float = 60,
        before: Callable[[], None] | None = None,
        **env: str,
    ) -> Ended:
        """Runs `cordon ARGUMENTS` on this record."""
        if token is not None:
            env["CORDON_TOKEN"] = token
        return run(*arguments, *self.where, stdin=stdin, timeout=timeout, before=before, **env)

    def done(self, *arguments: str | Path, stdin: bytes | None = None, token: str | None = None) -> Ended:
        """Runs a command that must end well."""
        ended = self.run(*arguments, stdin=stdin, token=token)
        if ended.code != OK:
            raise AssertionError(f"cordon {arguments} ended with {ended.code}: {ended.said}")
        return ended

    def imported(
        self, *arguments: str | Path, stdin: bytes | None = None, token: str | None = None
    ) -> dict[str, Any]:
        """Imports and returns the counts."""
        return self.done("import", *arguments, "--json", stdin=stdin, token=token).json()

    def items(self, token: str | None = None) -> list[dict[str, Any]]:
        return self.done("item", "list", "--json", token=token).lines()

    def locators(self, token: str | None = None) -> list[str]:
        return [item["locator"] for item in self.items(token)]

    def token(self, user: str, *roles: str, agency: str | None = None) -> str:
        """The secret of a token of a new user."""
        options = [part for role in roles for part in ("--role", role)]
        if agency is not None:
            options += ["--agency", agency]
        self.done("user", "add", user, *options)
        return self.done("token", "create", "--user", user).out.strip()

    def size(self) -> int:
        """How many leaves the journal has, as the tables say."""
        return self.query("SELECT count(*) FROM journal")[0][0]

    def query(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        if self.store:
            return postgres.query(self.store, sql, *values)
        with closing(sqlite3.connect(self.database, timeout=10)) as connection:
            return connection.execute(sql, values).fetchall()

    def change(self, sql: str, *values: Any) -> None:
        """Changes the database behind the program's back."""
        if self.store:
            return postgres.change(self.store, sql, *values)
        with closing(sqlite3.connect(self.database, timeout=10)) as connection, connection:
            connection.execute(sql, values)

    def copy(self, to: Path) -> "Record":
        shutil.copytree(self.directory, to)
        return Record(to)


def run(
    *arguments: str | Path,
    stdin: bytes | None = None,
    timeout: float = 60,
    before: Callable[[], None] | None = None,
    **env: str,
) -> Ended:
    """Runs the program and waits for it."""
    process = subprocess.run(
        [program(), *map(str, arguments)],
        input=b"" if stdin is None else stdin,
        capture_output=True,
        timeout=timeout,
        env=environment(**env),
        preexec_fn=before,
        check=False,
    )
    return Ended(
        process.returncode, process.stdout.decode(errors="replace"), process.stderr.decode(errors="replace")
    )


def start(*arguments: str | Path, **env: str) -> subprocess.Popen[bytes]:
    """Starts the program without waiting; what it says is not kept."""
    return subprocess.Popen(
        [program(), *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment(**env),
    )


def limit_file_size(limit: int) -> Callable[[], None]:
    """Run in the child before it starts: no file grows beyond `limit` bytes, as on a full disk."""

    def apply() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    return apply


class EndToEnd(unittest.TestCase):
    """A test class with a temporary directory of its own."""

    directory: Path

    @classmethod
    def setUpClass(cls) -> None:
        cls.directory = Path(tempfile.mkdtemp(prefix=f"cordon-{cls.__name__}-"))
        cls.addClassCleanup(shutil.rmtree, cls.directory, ignore_errors=True)
        cls.prepare()

    @classmethod
    def prepare(cls) -> None:
        """What the tests of the class have in common."""

    def record(self) -> Record:
        """A directory for the record of this test alone, not made yet; and its schema, on PostgreSQL."""
        store = postgres.make_schema() if postgres.is_chosen() else None
        return Record(Path(tempfile.mkdtemp(dir=self.directory)) / "record", store)

    def file(self, name: str, content: str | bytes) -> Path:
        path = Path(tempfile.mkdtemp(dir=self.directory)) / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def assertSound(self, record: Record, *options: str | Path) -> None:  # noqa: N802
        ended = record.run("verify", "--replay", *options)
        self.assertEqual(ended.code, OK, ended.said)

    def assertEnds(self, ended: Ended, code: int, *phrases: str) -> None:  # noqa: N802
        """Ends with `code`, tells each phrase, and is no crash."""
        self.assertEqual(ended.code, code, ended.said)
        for phrase in phrases:
            self.assertRegex(ended.said, phrase)
        self.assertNotIn("this should not have happened", ended.said)


@dataclass(frozen=True)
class Response:
    """An HTTP response, read to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Description:
    """The statuses that `openapi.yaml` lists for each path and method, and the examples of request bodies."""

    def __init__(self, text: str) -> None:
        self.operations: dict[tuple[str, str], set[int]] = {}
        self.examples: dict[tuple[str, str], dict[str, Any]] = {}
        example: str | None = None
        path = method = ""
        for line in text.split("components:\n")[0].splitlines():
            if line.startswith("            example:"):
                example = line.partition("example:")[2]
            elif example is not None and line.startswith("              "):
                example += line
            elif example is not None:
                # Examples are written as JSON, which is YAML too.
                self.examples[path, method] = json.loads(example)
                example = None
            if found := re.match(r"  (/\S*):$", line):
                path = found[1]
            elif found := re.match(r"    (get|post|put|patch|delete):$", line):
                method = found[1].upper()
                self.operations[path, method] = set()
            elif found := re.match(r"        '(\d{3})':", line):
                self.operations[path, method].add(int(found[1]))
        self.paths = sorted({path for path, _ in self.operations})

    @classmethod
    def of_sources(cls) -> "Description":
        return cls((ROOT / "Sources/CResources/openapi.yaml").read_text())

    def allows(self, method: str, target: str, status: int) -> bool:
        """Whether this status may answer; anything else than a described operation is 404 or 405."""
        target = target.split("?")[0]
        described = [path for path in self.paths if self._matches(path, target)]
        # A fixed path is described more exactly than one with a parameter.
        for path in sorted(described, key=lambda path: path.count("{")):
            statuses = self.operations.get((path, method))
            return status in statuses if statuses is not None else status in (404, 405)
        return status in (404, 405)

    @staticmethod
    def _matches(path: str, target: str) -> bool:
        pattern = re.escape(path).replace(r"\{path\}", ".+")
        return re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", pattern), target) is not None


class Server:
    """`cordon serve` on a port of its own."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.violations: list[str] = []
        self._description = Description.of_sources()
        self._local = threading.local()
        record.directory.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=record.directory.parent, suffix=".log")
        self.log = Path(name)
        self.process = subprocess.Popen(
            [program(), "serve", *record.where, "--port", "0"],
            stdin=subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            env=environment(),
        )
        os.close(descriptor)
        self.port = self._await_port()

    def _await_port(self) -> int:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and self.process.poll() is None:
            if found := re.search(r"Listening on http://127\.0\.0\.1:(\d+)", self.said()):
                return int(found[1])
            time.sleep(0.01)
        self.process.kill()
        self.process.wait()
        raise AssertionError(f"serve does not listen: {self.said()}")

    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def request(
        self,
        method: str,
        target: str,
        *,
        token: str | None = None,
        body: Any = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        fresh: bool = False,
    ) -> Response:
        """Asks over this thread's connection; `body` is sent as it is when it is bytes, else as JSON."""
        sent = dict(headers or {})
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        if key is not None:
            sent["Idempotency-Key"] = key
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
        if body is not None:
            sent.setdefault("Content-Type", "application/json")
        connection = self._connection(fresh)
        try:
            connection.request(method, target, body=body, headers=sent)
            answer = connection.getresponse()
            response = Response(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException):
            self._local.connection = None
            raise
        self._check(method, target, response)
        return response

    def _connection(self, fresh: bool) -> http.client.HTTPConnection:
        connection = getattr(self._local, "connection", None)
        if connection is None or fresh:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self._local.connection = connection
        return connection

    def _check(self, method: str, target: str, response: Response) -> None:
        where = f"{method} {target} -> {response.status}"
        if not self._description.allows(method, target, response.status):
            self.violations.append(f"{where} is not in openapi.yaml")
        if response.status >= 400 and method != "HEAD":
            kind = response.headers.get("content-type", "")
            if response.status in (409, 422) and kind == "application/json" and response.json()["results"]:
                return
            if kind != "application/problem+json":
                self.violations.append(f"{where} is {kind!r}, not a problem")
            elif (problem := response.json()).get("status") != response.status or not problem.get("title"):
                self.violations.append(f"{where} has the problem {problem}")

    def report(self, token: str, key: str, *addresses: str, **terms: Any) -> Response:
        """Posts one address, or several."""
        body = (
            {"address": addresses[0]}
            if len(addresses) == 1
            else {"items": [{"address": a} for a in addresses]}
        )
        return self.request("POST", "/api/v1/items", token=token, key=key, body={**body, **terms})

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Sends a signal and returns how the process ended."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=30)


@contextmanager
def serving(record: Record) -> Iterator[Server]:
    """A server that is stopped at the end, and whose every answer was one that is described."""
    server = Server(record)
    try:
        yield server
    finally:
        server.stop()
    if server.violations:
        raise AssertionError("\n".join(sorted(set(server.violations))))
